#ifndef KECCAK256_WORK_H
#define KECCAK256_WORK_H

#include "hw_scan.h"

/// What all nonces of one header have in common. Lane `x + 5 * y` of the state is A[x, y] of the specification.
typedef struct keccak256_work {
  /// The padded block with a nonce of zero.
  uint64_t block[25];
  /// After theta and rho of round 0 with a nonce of zero, at the places where pi puts them.
  uint64_t first[25];
} keccak256_work;

/// Round constants of iota. In the header, so that the compiler sees the values.
static const uint64_t keccak256_iota[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/// How far rho rotates each lane to the left.
static const uint8_t keccak256_rho[25] = {
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
};

/// Where pi takes each place's lane from: B[x, y] is A[x + 3 y, x].
static const uint8_t keccak256_pi[25] = {
    0, 6, 12, 18, 24, 3, 9, 10, 16, 22, 1, 7, 13, 19, 20, 4, 5, 11, 17, 23, 2, 8, 14, 15, 21,
};

/// Computes once per call what does not depend on the nonce.
void keccak256_prepare(keccak256_work *work, const uint8_t *header);

/// Hashes one nonce in scalar code and reports it if it meets the target.
void keccak256_confirm(const keccak256_work *work, const hw_scan_request *request,
                       hw_scan_result *result, uint32_t nonce);

#endif
