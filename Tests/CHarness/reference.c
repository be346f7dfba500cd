#include "reference.h"

#include <stdlib.h>
#include <string.h>

// SHA-256: constants derived as FIPS 180-4 defines them, from the roots of the first primes, in integers.

static uint32_t k[64], iv[8];

/// The first 32 bits of the fraction of the `root`-th root of `n`, for roots 2 and 3.
static uint32_t root_fraction(unsigned n, int root) {
  // The largest x with x^root <= n * 2^(32 * root), by bits from above; x has 3 + 32 bits at most.
  unsigned __int128 x = 0;
  for (int bit = 36; bit >= 0; bit--) {
    unsigned __int128 candidate = x | (unsigned __int128)1 << bit;
    if (root == 2) {
      if (candidate * candidate <= (unsigned __int128)n << 64) x = candidate;
    } else if (candidate < (unsigned __int128)1 << 36) {
      // candidate^3 has up to 108 bits.
      if (candidate * candidate * candidate <= (unsigned __int128)n << 96) x = candidate;
    }
  }
  return (uint32_t)x;
}

static void make_constants(void) {
  unsigned found = 0;
  for (unsigned n = 2; found < 64; n++) {
    int prime = 1;
    for (unsigned d = 2; d * d <= n; d++) prime &= n % d != 0;
    if (!prime) continue;
    k[found] = root_fraction(n, 3);
    if (found < 8) iv[found] = root_fraction(n, 2);
    found++;
  }
}

static uint32_t ror(uint32_t x, int n) { return (x >> n) | (x << (32 - n)); }

static void sha256(const uint8_t *message, size_t length, uint8_t digest[32]) {
  if (k[0] == 0) make_constants();
  uint8_t padded[320] = {0};
  size_t total = (length + 9 + 63) / 64 * 64;
  memcpy(padded, message, length);
  padded[length] = 0x80;
  for (int i = 0; i < 8; i++) padded[total - 1 - i] = (uint8_t)((uint64_t)length * 8 >> (8 * i));
  uint32_t state[8];
  memcpy(state, iv, sizeof iv);
  for (size_t at = 0; at < total; at += 64) {
    uint32_t w[64];
    for (int t = 0; t < 16; t++)
      w[t] = (uint32_t)padded[at + 4 * t] << 24 | padded[at + 4 * t + 1] << 16 |
             padded[at + 4 * t + 2] << 8 | padded[at + 4 * t + 3];
    for (int t = 16; t < 64; t++) {
      uint32_t s1 = ror(w[t - 2], 17) ^ ror(w[t - 2], 19) ^ (w[t - 2] >> 10);
      uint32_t s0 = ror(w[t - 15], 7) ^ ror(w[t - 15], 18) ^ (w[t - 15] >> 3);
      w[t] = s1 + w[t - 7] + s0 + w[t - 16];
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; t++) {
      uint32_t t1 = h + (ror(e, 6) ^ ror(e, 11) ^ ror(e, 25)) + ((e & f) ^ (~e & g)) + k[t] + w[t];
      uint32_t t2 = (ror(a, 2) ^ ror(a, 13) ^ ror(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    uint32_t sum[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; i++) state[i] += sum[i];
  }
  for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

void reference_sha256d(const uint8_t header[80], uint8_t hash[32]) {
  uint8_t once[32];
  sha256(header, 80, once);
  sha256(once, 32, hash);
}

// RFC 2104, RFC 8018, RFC 7914.

static void hmac_sha256(const uint8_t *key, size_t key_length, const uint8_t *message,
                        size_t length, uint8_t mac[32]) {
  uint8_t short_key[64] = {0}, inner[320], outer[96];
  if (key_length > 64)
    sha256(key, key_length, short_key);
  else
    memcpy(short_key, key, key_length);
  for (int i = 0; i < 64; i++) inner[i] = short_key[i] ^ 0x36, outer[i] = short_key[i] ^ 0x5c;
  memcpy(inner + 64, message, length);
  sha256(inner, 64 + length, outer + 64);
  sha256(outer, 96, mac);
}

static void pbkdf2(const uint8_t *password, size_t password_length, const uint8_t *salt,
                   size_t salt_length, uint8_t *out, size_t blocks) {
  for (size_t block = 1; block <= blocks; block++) {
    uint8_t message[256];
    memcpy(message, salt, salt_length);
    message[salt_length] = message[salt_length + 1] = message[salt_length + 2] = 0;
    message[salt_length + 3] = (uint8_t)block;
    hmac_sha256(password, password_length, message, salt_length + 4, out + 32 * (block - 1));
  }
}

static uint32_t rol(uint32_t x, int n) { return (x << n) | (x >> (32 - n)); }

static void salsa20_8(uint32_t b[16]) {
  uint32_t x[16];
  memcpy(x, b, sizeof x);
  for (int i = 0; i < 4; i++) {
    x[4] ^= rol(x[0] + x[12], 7), x[8] ^= rol(x[4] + x[0], 9);
    x[12] ^= rol(x[8] + x[4], 13), x[0] ^= rol(x[12] + x[8], 18);
    x[9] ^= rol(x[5] + x[1], 7), x[13] ^= rol(x[9] + x[5], 9);
    x[1] ^= rol(x[13] + x[9], 13), x[5] ^= rol(x[1] + x[13], 18);
    x[14] ^= rol(x[10] + x[6], 7), x[2] ^= rol(x[14] + x[10], 9);
    x[6] ^= rol(x[2] + x[14], 13), x[10] ^= rol(x[6] + x[2], 18);
    x[3] ^= rol(x[15] + x[11], 7), x[7] ^= rol(x[3] + x[15], 9);
    x[11] ^= rol(x[7] + x[3], 13), x[15] ^= rol(x[11] + x[7], 18);
    x[1] ^= rol(x[0] + x[3], 7), x[2] ^= rol(x[1] + x[0], 9);
    x[3] ^= rol(x[2] + x[1], 13), x[0] ^= rol(x[3] + x[2], 18);
    x[6] ^= rol(x[5] + x[4], 7), x[7] ^= rol(x[6] + x[5], 9);
    x[4] ^= rol(x[7] + x[6], 13), x[5] ^= rol(x[4] + x[7], 18);
    x[11] ^= rol(x[10] + x[9], 7), x[8] ^= rol(x[11] + x[10], 9);
    x[9] ^= rol(x[8] + x[11], 13), x[10] ^= rol(x[9] + x[8], 18);
    x[12] ^= rol(x[15] + x[14], 7), x[13] ^= rol(x[12] + x[15], 9);
    x[14] ^= rol(x[13] + x[12], 13), x[15] ^= rol(x[14] + x[13], 18);
  }
  for (int i = 0; i < 16; i++) b[i] += x[i];
}

static void block_mix(uint32_t b[32]) {
  for (int half = 0; half < 2; half++) {
    for (int i = 0; i < 16; i++) b[16 * half + i] ^= b[16 * (1 - half) + i];
    salsa20_8(b + 16 * half);
  }
}

void reference_scrypt(const uint8_t header[80], uint8_t hash[32]) {
  uint8_t bytes[128];
  uint32_t x[32];
  uint32_t (*v)[32] = malloc(1024 * sizeof *v);
  if (v == NULL) abort();
  pbkdf2(header, 80, header, 80, bytes, 4);
  for (int i = 0; i < 32; i++)
    x[i] = bytes[4 * i] | bytes[4 * i + 1] << 8 | bytes[4 * i + 2] << 16 |
           (uint32_t)bytes[4 * i + 3] << 24;
  for (int i = 0; i < 1024; i++) {
    memcpy(v[i], x, sizeof x);
    block_mix(x);
  }
  for (int i = 0; i < 1024; i++) {
    const uint32_t *row = v[x[16] % 1024];
    for (int j = 0; j < 32; j++) x[j] ^= row[j];
    block_mix(x);
  }
  free(v);
  for (int i = 0; i < 128; i++) bytes[i] = (uint8_t)(x[i / 4] >> (8 * (i % 4)));
  pbkdf2(header, 80, bytes, 128, hash, 1);
}

// Keccak, with the constants of the specification's generators: iota from its shift register, rho from its walk.

static int iota_bit(unsigned t) {
  unsigned r = 1;
  for (unsigned i = 0; i < t % 255; i++) r = r << 1 ^ (r >> 7 & 1) * 0x171;
  return r & 1;
}

void reference_keccak256(const uint8_t header[80], uint8_t hash[32]) {
  uint64_t a[5][5] = {{0}};
  uint8_t block[136] = {0};
  memcpy(block, header, 80);
  block[80] ^= 0x01;
  block[135] ^= 0x80;
  for (int i = 0; i < 136; i++) a[i / 8 % 5][i / 40] ^= (uint64_t)block[i] << (8 * (i % 8));
  for (unsigned round = 0; round < 24; round++) {
    uint64_t c[5], b[5][5];
    for (int x = 0; x < 5; x++) c[x] = a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4];
    for (int x = 0; x < 5; x++)
      for (int y = 0; y < 5; y++)
        a[x][y] ^= c[(x + 4) % 5] ^ (c[(x + 1) % 5] << 1 | c[(x + 1) % 5] >> 63);
    b[0][0] = a[0][0];
    int x = 1, y = 0;
    for (int t = 0; t < 24; t++) {
      int n = (t + 1) * (t + 2) / 2 % 64;
      b[y][(2 * x + 3 * y) % 5] = a[x][y] << n | a[x][y] >> (64 - n);
      int next = (2 * x + 3 * y) % 5;
      x = y, y = next;
    }
    for (int i = 0; i < 5; i++)
      for (int j = 0; j < 5; j++) a[i][j] = b[i][j] ^ (~b[(i + 1) % 5][j] & b[(i + 2) % 5][j]);
    for (unsigned j = 0; j < 7; j++)
      a[0][0] ^= (uint64_t)iota_bit(j + 7 * round) << ((1u << j) - 1);
  }
  for (int i = 0; i < 32; i++) hash[i] = (uint8_t)(a[i / 8][0] >> (8 * (i % 8)));
}

reference_hash reference_for(const char *algorithm) {
  if (strcmp(algorithm, "sha256d") == 0) return reference_sha256d;
  if (strcmp(algorithm, "scrypt-1024-1-1") == 0) return reference_scrypt;
  if (strcmp(algorithm, "keccak256") == 0) return reference_keccak256;
  return NULL;
}
