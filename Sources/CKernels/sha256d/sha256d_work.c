#include "sha256d_work.h"

#include "hw_sha256.h"

void sha256d_prepare(sha256d_work *work, const uint8_t *header) {
  uint32_t block[16];
  for (unsigned i = 0; i < 16; i++) block[i] = hw_load_be32(header + 4 * i);
  for (unsigned i = 0; i < 8; i++) work->midstate[i] = hw_sha256_iv[i];
  hw_sha256_compress(work->midstate, block);
  for (unsigned i = 0; i < 3; i++) work->tail[i] = hw_load_be32(header + 64 + 4 * i);

  uint32_t *s = work->after_round2;
  for (unsigned i = 0; i < 8; i++) s[i] = work->midstate[i];
  for (unsigned i = 0; i < 3; i++) hw_sha256_round(s, hw_sha256_k[i] + work->tail[i]);
  // Round 3 with a schedule word of zero; the nonce is then added to `a` and to `e`.
  uint32_t round3[8];
  for (unsigned i = 0; i < 8; i++) round3[i] = s[i];
  hw_sha256_round(round3, hw_sha256_k[3]);
  work->round3_a = round3[0];
  work->round3_e = round3[4];

  // The second block with a nonce of zero. Words 16 and 17 hold no nonce at all. The nonce itself is left out of
  // words 18 and 19, and the words that depend on it are left out of 20 to 33: what remains is constant.
  uint32_t w[18] = {work->tail[0], work->tail[1], work->tail[2], 0, 0x80000000u};
  w[15] = 640;
  for (unsigned i = 16; i < 18; i++)
    w[i] = hw_sha256_s1(w[i - 2]) + w[i - 7] + hw_sha256_s0(w[i - 15]) + w[i - 16];
  for (unsigned i = 0; i < 18; i++) work->kw[i] = hw_sha256_k[i] + w[i];
  for (unsigned i = 0; i < 32; i++)
    work->second_kw[i] = hw_sha256_k[i] + (i == 8 ? 0x80000000u : 0) + (i == 15 ? 256 : 0);
  for (unsigned i = 0; i < 18; i++) {
    unsigned round = i + 16;
    uint32_t sum = 0;
    if (round - 2 < 18) sum += hw_sha256_s1(w[round - 2]);
    if (round - 7 < 18) sum += w[round - 7];
    if (round - 15 < 18 && round - 15 != 3) sum += hw_sha256_s0(w[round - 15]);
    if (round - 16 < 18 && round - 16 != 3) sum += w[round - 16];
    work->schedule[i] = sum;
  }
}

void sha256d_confirm(const sha256d_work *work, const hw_scan_request *request,
                     hw_scan_result *result, uint32_t nonce) {
  uint32_t first[16] = {work->tail[0], work->tail[1], work->tail[2], __builtin_bswap32(nonce),
                        0x80000000u};
  first[15] = 640;
  uint32_t second[16] = {0};
  for (unsigned i = 0; i < 8; i++) second[i] = work->midstate[i];
  hw_sha256_compress(second, first);
  second[8] = 0x80000000u;
  second[15] = 256;
  uint32_t state[8];
  for (unsigned i = 0; i < 8; i++) state[i] = hw_sha256_iv[i];
  hw_sha256_compress(state, second);
  uint8_t hash[32];
  for (unsigned i = 0; i < 8; i++) hw_store_be32(hash + 4 * i, state[i]);
  if (hw_meets_target(hash, request->target)) hw_scan_report(request, result, nonce);
}
