#include "keccak256_work.h"

static uint64_t rotl(uint64_t x, unsigned n) { return n == 0 ? x : x << n | x >> (64 - n); }

/// Theta, rho and pi of the state `a` into `b`.
static void linear_steps(const uint64_t a[25], uint64_t b[25]) {
  uint64_t column[5], after[25];
  for (unsigned x = 0; x < 5; x++) column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
  for (unsigned i = 0; i < 25; i++)
    after[i] = rotl(a[i] ^ column[(i + 4) % 5] ^ rotl(column[(i + 1) % 5], 1), keccak256_rho[i]);
  for (unsigned i = 0; i < 25; i++) b[i] = after[keccak256_pi[i]];
}

void keccak256_prepare(keccak256_work *work, const uint8_t *header) {
  for (unsigned i = 0; i < 25; i++) work->block[i] = 0;
  for (unsigned i = 0; i < 9; i++) work->block[i] = hw_load_le64(header + 8 * i);
  work->block[9] = hw_load_le32(header + 72);
  work->block[10] = 0x01;              // the first bit of the padding, after 80 bytes
  work->block[16] = UINT64_C(1) << 63; // and its last, at the end of the 136-byte rate
  linear_steps(work->block, work->first);
}

void keccak256_confirm(const keccak256_work *work, const hw_scan_request *request,
                       hw_scan_result *result, uint32_t nonce) {
  uint64_t a[25], b[25];
  for (unsigned i = 0; i < 25; i++) a[i] = work->block[i];
  a[9] |= (uint64_t)nonce << 32;
  for (unsigned round = 0; round < 24; round++) {
    linear_steps(a, b);
    for (unsigned i = 0; i < 25; i++) {
      unsigned row = i - i % 5;
      a[i] = b[i] ^ (~b[row + (i + 1) % 5] & b[row + (i + 2) % 5]);
    }
    a[0] ^= keccak256_iota[round];
  }
  uint8_t hash[32];
  for (unsigned i = 0; i < 4; i++) hw_store_le64(hash + 8 * i, a[i]);
  if (hw_meets_target(hash, request->target)) hw_scan_report(request, result, nonce);
}
