/// What the templates of SHA-256d in lanes share: the schedule words of which a part is constant. Needs HW_PLACES (places
/// of a schedule in memory: 64, or 16 that are used in turn), is included inside a target region, and includes nothing.

/// One stream's schedule: word `i` is at `i` modulo HW_PLACES.
typedef vec schedule[HW_PLACES];

/// Which schedule words depend on the nonce, by round: the others are constants of the work or of the padding.
#define HW_FIRST_VARYING (UINT64_C(1) << 3 | ~UINT64_C(0) << 18)
#define HW_SECOND_VARYING (UINT64_C(0xff) | ~UINT64_C(0) << 16)
/// Which of the first hash's words 18 to 33 have a constant part.
#define HW_FIRST_CONSTANTS (UINT64_C(7) << 18 | UINT64_C(7) << 22 | UINT64_C(0xf) << 30)

/// Words 4 to 15 of the header's second block: the padding of a message of 80 bytes.
HW_INLINE uint32_t first_padding(unsigned i) { return i == 4 ? 0x80000000u : i == 15 ? 640 : 0; }

/// Words 8 to 15 of the second hash: the padding of a message of 32 bytes.
HW_INLINE uint32_t second_padding(unsigned i) { return i == 8 ? 0x80000000u : i == 15 ? 256 : 0; }

/// The constant parts of the second hash's words, from its padding: 0x80000000 in word 8 and 256 in word 15.
HW_INLINE uint32_t second_constant(unsigned i) {
  switch (i) {
  case 17:
    return 0x00a00000; // small_sigma1(256)
  case 22:
    return 256;
  case 23:
    return 0x11002000; // small_sigma0(0x80000000)
  case 24:
    return 0x80000000;
  case 30:
    return 0x00400022; // small_sigma0(256)
  case 31:
    return 256;
  default:
    return 0;
  }
}

/// Word `i`, 16 to 33, of a schedule in which only the words in `varying` are vectors; `constant` is the sum of
/// what the others give.
HW_INLINE vec partial_schedule(schedule w, unsigned i, uint64_t varying, int has_constant,
                               uint32_t constant) {
  vec sum = {0};
  if (varying >> (i - 16) & 1) sum += w[(i - 16) % HW_PLACES];
  if (varying >> (i - 15) & 1) sum += small_sigma0(w[(i - 15) % HW_PLACES]);
  if (varying >> (i - 7) & 1) sum += w[(i - 7) % HW_PLACES];
  if (has_constant) sum += constant;
  if (varying >> (i - 2) & 1) sum += small_sigma1(w[(i - 2) % HW_PLACES]);
  return w[i % HW_PLACES] = sum;
}
