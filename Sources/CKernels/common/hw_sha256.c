#include "hw_sha256.h"

void hw_sha256_round(uint32_t s[8], uint32_t kw) {
  uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
  uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
  uint32_t t1 = s[7] + hw_sha256_S1(s[4]) + choice + kw;
  uint32_t t2 = hw_sha256_S0(s[0]) + majority;
  for (unsigned i = 7; i > 0; i--) s[i] = s[i - 1];
  s[4] += t1;
  s[0] = t1 + t2;
}

void hw_sha256_compress(uint32_t state[8], const uint32_t block[16]) {
  uint32_t w[64], s[8];
  for (unsigned i = 0; i < 16; i++) w[i] = block[i];
  for (unsigned i = 16; i < 64; i++)
    w[i] = hw_sha256_s1(w[i - 2]) + w[i - 7] + hw_sha256_s0(w[i - 15]) + w[i - 16];
  for (unsigned i = 0; i < 8; i++) s[i] = state[i];
  for (unsigned i = 0; i < 64; i++) hw_sha256_round(s, hw_sha256_k[i] + w[i]);
  for (unsigned i = 0; i < 8; i++) state[i] += s[i];
}
