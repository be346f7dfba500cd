/// SHA-256's functions on vectors of words: one hash in each lane. A template: needs HW_LANES, is included inside
/// a target region, and includes nothing but what needs no region.

#if defined(__aarch64__)
#include "hw_neon.h"
#endif

typedef uint32_t vec __attribute__((vector_size(4 * HW_LANES)));

HW_INLINE vec splat(uint32_t x) { return x - (vec){0}; }
HW_INLINE vec rotr(vec x, unsigned n) { return x >> n | x << (32 - n); }
HW_INLINE vec big_sigma0(vec x) { return rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22); }
HW_INLINE vec big_sigma1(vec x) { return rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25); }
HW_INLINE vec small_sigma0(vec x) { return rotr(x, 7) ^ rotr(x, 18) ^ x >> 3; }
HW_INLINE vec small_sigma1(vec x) { return rotr(x, 17) ^ rotr(x, 19) ^ x >> 10; }

#if defined(__aarch64__)
HW_INLINE vec choice(vec e, vec f, vec g) { return hw_neon_select(e, f, g); }
#else
HW_INLINE vec choice(vec e, vec f, vec g) { return ((f ^ g) & e) ^ g; }
#endif

HW_INLINE vec byte_swap(vec x) {
  return x << 24 | (x & 0xff00u) << 8 | (x >> 8 & 0xff00u) | x >> 24;
}

/// 0, 1, 2, ... in the lanes.
HW_INLINE vec lane_numbers(void) {
  vec x;
  for (unsigned i = 0; i < HW_LANES; i++) x[i] = i;
  return x;
}

/// A state whose places rotate in the names: nothing is moved. Place 8 holds what majority keeps from the round before.
typedef vec rotating_state[9];

/// The majority of a, b and c. Without logic of three inputs, b ^ c is what a ^ b was in the round before.
HW_INLINE vec majority(vec a, vec b, vec c, vec *kept) {
#if defined(HW_TERNARY_LOGIC)
  (void)kept;
  return HW_TERNARY_LOGIC(a, b, c, 0xe8);
#elif defined(__aarch64__)
  (void)kept;
  return hw_neon_select(a ^ b, c, b);
#else
  (void)c;
  vec difference = a ^ b;
  vec result = (difference & *kept) ^ b;
  *kept = difference;
  return result;
#endif
}

/// Begins with round `i`, whose a to h are `words`.
HW_INLINE void sha256_begin(rotating_state s, unsigned i, const vec words[8]) {
  HW_UNROLL for (unsigned j = 0; j < 8; j++) s[(j - i) & 7] = words[j];
  s[8] = words[1] ^ words[2];
}

#if defined(HW_ORDERED)

// Of several addends the compiler takes the latest first, unless each sum is opaque to it. For code that waits for its
// chain of rounds; other code only loses memory operands by it.

HW_INLINE vec sum(vec x, vec y) {
  vec both = x + y;
  __asm__("" : HW_VECTOR_CONSTRAINT(both));
  return both;
}
#else
HW_INLINE vec sum(vec x, vec y) { return x + y; }
#endif

/// Round `i`. `kw` is constant plus schedule word. What depends on the round before is added last.
HW_INLINE void sha256_round(rotating_state s, unsigned i, vec kw) {
  vec a = s[(0 - i) & 7], b = s[(1 - i) & 7], c = s[(2 - i) & 7], *d = &s[(3 - i) & 7];
  vec e = s[(4 - i) & 7], f = s[(5 - i) & 7], g = s[(6 - i) & 7], *h = &s[(7 - i) & 7];
  vec t1 = sum(sum(sum(*h, kw), choice(e, f, g)), big_sigma1(e));
  *d += t1;
#if defined(HW_ORDERED)
  *h = t1 + sum(majority(a, b, c, &s[8]), big_sigma0(a));
#else
  *h = t1 + majority(a, b, c, &s[8]) + big_sigma0(a);
#endif
}

/// A general word of the schedule from those 2, 7, 15 and 16 before it.
HW_INLINE vec sha256_word(vec w2, vec w7, vec w15, vec w16) {
#if defined(HW_ORDERED)
  return sum(sum(sum(w16, w7), small_sigma0(w15)), small_sigma1(w2));
#else
  return small_sigma1(w2) + w7 + small_sigma0(w15) + w16;
#endif
}

/// Steps the schedule: the word of round `i` (16 or later) replaces that of round `i - 16`.
HW_INLINE vec sha256_schedule(vec w[16], unsigned i) {
  return w[i & 15] = sha256_word(w[(i - 2) & 15], w[(i - 7) & 15], w[(i - 15) & 15], w[i & 15]);
}
