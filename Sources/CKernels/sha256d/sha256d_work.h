#ifndef SHA256D_WORK_H
#define SHA256D_WORK_H

#include <stdint.h>

#include "hw_scan.h"

/// What all nonces of one header have in common.
typedef struct sha256d_work {
  /// State after the first 64 bytes.
  uint32_t midstate[8];
  /// State inside the second block after rounds 0 to 2, whose schedule words hold no nonce.
  uint32_t after_round2[8];
  /// Words 16 to 18 of the header; the nonce is word 19.
  uint32_t tail[3];
  /// Round 3 without the nonce: what its `a` and its `e` have besides.
  uint32_t round3_a, round3_e;
  /// Constant plus schedule word of rounds 4 to 17, at their own indices.
  uint32_t kw[18];
  /// Of the second hash's rounds 0 to 31: constant plus schedule word where that is padding (8 to 15), else the constant.
  uint32_t second_kw[32];
  /// Constant parts of schedule words 16 to 33, at the index of the word less 16.
  uint32_t schedule[18];
} sha256d_work;

/// Computes once per call what does not depend on the nonce.
void sha256d_prepare(sha256d_work *work, const uint8_t *header);

/// Hashes one nonce in scalar code and reports it if it meets the target.
void sha256d_confirm(const sha256d_work *work, const hw_scan_request *request,
                     hw_scan_result *result, uint32_t nonce);

#endif
