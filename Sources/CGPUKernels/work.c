#include <string.h>

#include "hw_gpu_kernels.h"
#include "hw_scan.h"
#include "hw_sha256.h"

// Each struct below is the one of the same name in its kernel file; the assertions hold what both assume.

typedef struct sha256d_gpu_work {
  uint32_t midstate[8];
  uint32_t after_round2[8];
  uint32_t round3_a, round3_e;
  uint32_t kw16, kw17;
  uint32_t word16, word17;
  uint32_t word18, word19, word31, word32;
  uint32_t limit, capacity;
  uint32_t one;
} sha256d_gpu_work;

typedef struct keccak256_gpu_work {
  uint64_t first[25];
  uint32_t limit, capacity;
  uint32_t power[32];
} keccak256_gpu_work;

typedef struct scrypt_gpu_work {
  uint32_t midstate[8];
  uint32_t header[16];
  uint32_t tail[3];
  uint32_t limit, capacity;
} scrypt_gpu_work;

typedef struct etchash_gpu_work {
  uint64_t header[4];
  uint32_t nonce_high;
  uint32_t limit, capacity;
  uint32_t unused;
} etchash_gpu_work;

_Static_assert(sizeof(etchash_gpu_work) == 4 * 8 + 4 * 4, "as in etchash.cl");
_Static_assert(sizeof(sha256d_gpu_work) == 29 * 4, "as in sha256d.cl");
_Static_assert(sizeof(keccak256_gpu_work) == 25 * 8 + 34 * 4, "as in keccak256.cl");
_Static_assert(sizeof(scrypt_gpu_work) == 29 * 4, "as in scrypt.cl");
_Static_assert(sizeof(keccak256_gpu_work) <= hw_gpu_work_room, "room for each");

static void midstate_of(const uint8_t *header, uint32_t words[16], uint32_t midstate[8]) {
  for (unsigned i = 0; i < 16; i++) words[i] = hw_load_be32(header + 4 * i);
  memcpy(midstate, hw_sha256_iv, 32);
  hw_sha256_compress(midstate, words);
}

static void prepare_sha256d(sha256d_gpu_work *work, const uint8_t *header) {
  uint32_t words[16], w[20] = {0};
  midstate_of(header, words, work->midstate);
  for (unsigned i = 0; i < 3; i++) w[i] = hw_load_be32(header + 64 + 4 * i);
  w[4] = 0x80000000u;
  w[15] = 640;

  uint32_t s[8];
  memcpy(s, work->midstate, sizeof s);
  for (unsigned i = 0; i < 3; i++) hw_sha256_round(s, hw_sha256_k[i] + w[i]);
  memcpy(work->after_round2, s, sizeof s);
  // Round 3 with a nonce of zero; the nonce is then added to `a` and to `e`.
  hw_sha256_round(s, hw_sha256_k[3]);
  work->round3_a = s[0];
  work->round3_e = s[4];

  // Words 16 and 17 hold no nonce; of those after them this is the constant part.
  for (unsigned i = 16; i < 18; i++)
    w[i] = hw_sha256_s1(w[i - 2]) + w[i - 7] + hw_sha256_s0(w[i - 15]) + w[i - 16];
  work->word16 = w[16];
  work->word17 = w[17];
  work->kw16 = w[16] + hw_sha256_k[16];
  work->kw17 = w[17] + hw_sha256_k[17];
  work->word18 = hw_sha256_s1(w[16]) + w[2];
  work->word19 = hw_sha256_s1(w[17]) + hw_sha256_s0(w[4]);
  work->word31 = hw_sha256_s0(w[16]) + w[15];
  work->word32 = hw_sha256_s0(w[17]) + w[16];

  work->one = 1;
}

static uint64_t rotate64(uint64_t x, unsigned n) { return n == 0 ? x : x << n | x >> (64 - n); }

static void prepare_keccak256(keccak256_gpu_work *work, const uint8_t *header) {
  uint64_t a[25] = {0};
  for (unsigned i = 0; i < 9; i++) a[i] = hw_load_le64(header + 8 * i);
  a[9] = hw_load_le32(header + 72);
  a[10] = 1;
  a[16] = UINT64_C(1) << 63;
  uint64_t parity[5];
  for (unsigned x = 0; x < 5; x++) parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
  // Theta, then rho and pi along their common path: lane (x, y) goes to (y, 2 x + 3 y).
  for (unsigned i = 0; i < 25; i++) a[i] ^= parity[(i + 4) % 5] ^ rotate64(parity[(i + 1) % 5], 1);
  work->first[0] = a[0];
  unsigned x = 1, y = 0;
  for (unsigned t = 0; t < 24; t++) {
    unsigned to_y = (2 * x + 3 * y) % 5;
    work->first[y + 5 * to_y] = rotate64(a[x + 5 * y], (t + 1) * (t + 2) / 2 % 64);
    x = y;
    y = to_y;
  }
  for (unsigned n = 0; n < 32; n++) work->power[n] = 1u << n;
}

static void prepare_scrypt(scrypt_gpu_work *work, const uint8_t *header) {
  midstate_of(header, work->header, work->midstate);
  for (unsigned i = 0; i < 3; i++) work->tail[i] = hw_load_be32(header + 64 + 4 * i);
}

size_t hw_gpu_prepare(const char *algorithm, const uint8_t *header, const uint8_t *target,
                      uint32_t capacity, void *work) {
  uint32_t limit = hw_load_le32(target + 28);
  if (strcmp(algorithm, "sha256d") == 0) {
    sha256d_gpu_work made;
    prepare_sha256d(&made, header);
    made.limit = limit;
    made.capacity = capacity;
    memcpy(work, &made, sizeof made);
    return sizeof made;
  }
  if (strcmp(algorithm, "keccak256") == 0) {
    keccak256_gpu_work made;
    prepare_keccak256(&made, header);
    made.limit = limit;
    made.capacity = capacity;
    memcpy(work, &made, sizeof made);
    return sizeof made;
  }
  if (strcmp(algorithm, "etchash") == 0 || strcmp(algorithm, "etchash-test") == 0) {
    etchash_gpu_work made = {.limit = limit, .capacity = capacity};
    for (unsigned i = 0; i < 4; i++) made.header[i] = hw_load_le64(header + 8 * i);
    made.nonce_high = hw_load_le32(header + 36);
    memcpy(work, &made, sizeof made);
    return sizeof made;
  }
  if (strcmp(algorithm, "scrypt-1024-1-1") == 0) {
    scrypt_gpu_work made;
    prepare_scrypt(&made, header);
    made.limit = limit;
    made.capacity = capacity;
    memcpy(work, &made, sizeof made);
    return sizeof made;
  }
  return 0;
}
