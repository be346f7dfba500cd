#ifndef SCRYPT_WORK_H
#define SCRYPT_WORK_H

#include "hw_scan.h"

#if !defined(HW_SCRYPT_ROWS)
/// Another number only for the test that counts executed instructions one by one.
#define HW_SCRYPT_ROWS 1024
#endif

enum {
  /// Rows of 128 bytes in one hash's table (N).
  SCRYPT_ROWS = HW_SCRYPT_ROWS,
  /// Bytes of one row.
  SCRYPT_ROW_SIZE = 128,
};

/// Bytes of scratch for `hashes` hashes at a time, and its alignment.
#define SCRYPT_SCRATCH(hashes, gap) ((uint64_t)(hashes) * SCRYPT_ROW_SIZE * (SCRYPT_ROWS / (gap)))
#define SCRYPT_SCRATCH_ALIGNMENT 64

/// What all nonces of one header have in common.
typedef struct scrypt_work {
  /// The header with a nonce of zero, as big-endian words.
  uint32_t words[20];
  /// SHA-256's state after the first 64 bytes of the header.
  uint32_t midstate[8];
} scrypt_work;

/// Computes once per call what does not depend on the nonce.
void scrypt_prepare(scrypt_work *work, const uint8_t *header);

/// Finishes one hash in scalar code from its 32 mixed words (in natural order) and reports it if it meets the target.
void scrypt_confirm(const scrypt_work *work, const hw_scan_request *request, hw_scan_result *result,
                    uint32_t nonce, const uint32_t mixed[32]);

#endif
