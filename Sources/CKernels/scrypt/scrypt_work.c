#include "scrypt_work.h"

#include "hw_sha256.h"

void scrypt_prepare(scrypt_work *work, const uint8_t *header) {
  for (unsigned i = 0; i < 19; i++) work->words[i] = hw_load_be32(header + 4 * i);
  work->words[19] = 0;
  for (unsigned i = 0; i < 8; i++) work->midstate[i] = hw_sha256_iv[i];
  hw_sha256_compress(work->midstate, work->words);
}

/// State after the key block of HMAC, every word of which is xored with `pad`.
static void keyed(uint32_t state[8], const uint32_t key[8], uint32_t pad) {
  uint32_t block[16];
  for (unsigned i = 0; i < 16; i++) block[i] = (i < 8 ? key[i] : 0) ^ pad;
  for (unsigned i = 0; i < 8; i++) state[i] = hw_sha256_iv[i];
  hw_sha256_compress(state, block);
}

void scrypt_confirm(const scrypt_work *work, const hw_scan_request *request, hw_scan_result *result,
                    uint32_t nonce, const uint32_t mixed[32]) {
  // The header is longer than a block, so HMAC's key is its hash.
  uint32_t tail[16] = {work->words[16], work->words[17], work->words[18], __builtin_bswap32(nonce),
                       0x80000000u};
  tail[15] = 640;
  uint32_t key[8];
  for (unsigned i = 0; i < 8; i++) key[i] = work->midstate[i];
  hw_sha256_compress(key, tail);

  uint32_t inner[8], outer[8], block[16];
  keyed(inner, key, 0x36363636u);
  keyed(outer, key, 0x5c5c5c5cu);
  for (unsigned half = 0; half < 2; half++) {
    for (unsigned i = 0; i < 16; i++) block[i] = __builtin_bswap32(mixed[16 * half + i]);
    hw_sha256_compress(inner, block);
  }
  // Salt's end: the number of PBKDF2's block, and the length of 64 + 128 + 4 bytes.
  uint32_t last[16] = {1, 0x80000000u};
  last[15] = 8 * (64 + 128 + 4);
  hw_sha256_compress(inner, last);
  uint32_t final[16] = {0};
  for (unsigned i = 0; i < 8; i++) final[i] = inner[i];
  final[8] = 0x80000000u;
  final[15] = 8 * (64 + 32);
  hw_sha256_compress(outer, final);

  uint8_t hash[32];
  for (unsigned i = 0; i < 8; i++) hw_store_be32(hash + 4 * i, outer[i]);
  if (hw_meets_target(hash, request->target)) hw_scan_report(request, result, nonce);
}
