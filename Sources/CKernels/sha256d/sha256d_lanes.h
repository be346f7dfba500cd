/// SHA-256d over a range of nonces, one hash per lane, one set of lanes at a time, without a loop. A template: needs HW_SCAN
/// (the function to define) and HW_LANES. For registers that hold state and schedule together, on cores whose vector
/// operations have a latency so short that one chain of rounds keeps them busy; others take sha256d_streams.h.
///
/// Per hash: rounds 3 to 63 of the header's second block, and rounds 0 to 60 of the second hash, whose word 7 is
/// final then. Only that word, the most significant of the hash, is tested here; candidates are confirmed in scalar code.

#if defined(HW_ARITHMETIC)

/// One pass: a hash in each lane.
static arithmetic sha256d_lanes_arithmetic(void) {
  arithmetic sum = {0};
  // First hash: two additions of the nonce; rounds 4 to 63, 14 of them with a constant word; its 44 and 32 sums, and the
  // additions in words 18 (1), 19 (1), 20 (1), 22 to 24 (1 each, but 24 has 2), 25 to 29 (1 each), 30 to 32 (2 each),
  // 33 (3) and 34 to 63 (3 each); 8 additions of the midstate.
  sum = plus(sum, times(sha256_round_arithmetic, 60));
  sum = plus(sum, times(small_sigma_arithmetic, 44 + 32));
  sum.adds += 2 - 14 + (3 + 2 + 2 + 5 + 6 + 3 + 90) + 8;
  // Second hash: round 0 from constants (2 additions), rounds 1 to 56, of which 8 have a constant word, and rounds 57 to
  // 60 as far as they reach `e`; 43 and 37 sums, and the additions in words 16 (1), 17 (2), 18 to 21 (2 each),
  // 22 and 23 (3 each), 24 (2), 25 to 29 (1 each), 30 (2), 31 (3) and 32 to 60 (3 each); one to the result.
  sum = plus(sum, times(sha256_round_arithmetic, 56));
  sum = plus(sum, (arithmetic){.adds = 2 - 8 + 4 * 5, .rotates = 4 * 3, .xor3 = 4, .choices = 4});
  sum = plus(sum, times(small_sigma_arithmetic, 43 + 37));
  sum.adds += 1 + 2 + 8 + 6 + 2 + 5 + 2 + 3 + 87 + 1;
  return sum;
}

#else

#define HW_STREAMS 1
#define HW_PLACES 16
#define HW_ORDERED
#include "hw_sha256_lanes.h"
#include "sha256d_parts.h"

/// The header's second block; leaves the first hash in words 0 to 7 of the schedule.
HW_INLINE void first_hash(schedule w, const sha256d_work *work, uint32_t first_nonce) {
  const uint32_t *p = work->after_round2;
  rotating_state s;
  vec nonce = byte_swap(lane_numbers() + first_nonce);
  w[3] = nonce;
  vec after_round3[8] = {nonce + work->round3_a, splat(p[0]), splat(p[1]), splat(p[2]),
                         nonce + work->round3_e, splat(p[4]), splat(p[5]), splat(p[6])};
  sha256_begin(s, 4, after_round3);
  HW_UNROLL for (unsigned i = 4; i < 18; i++) sha256_round(s, i, splat(work->kw[i]));
  HW_UNROLL for (unsigned i = 18; i < 34; i++) {
    vec word = partial_schedule(w, i, HW_FIRST_VARYING, HW_FIRST_CONSTANTS >> i & 1,
                                work->schedule[i - 16]);
    sha256_round(s, i, word + hw_sha256_k[i]);
  }
  HW_UNROLL for (unsigned i = 34; i < 64; i++)
      sha256_round(s, i, sha256_schedule(w, i) + hw_sha256_k[i]);
  HW_UNROLL for (unsigned i = 0; i < 8; i++) w[i] = s[i] + work->midstate[i];
}

/// The hash of the first hash, up to the most significant word.
HW_INLINE vec second_hash(schedule w, const sha256d_work *work) {
  vec iv[8];
  rotating_state s;
  HW_UNROLL for (unsigned i = 0; i < 8; i++) iv[i] = splat(hw_sha256_iv[i]);
  sha256_begin(s, 0, iv);
  // Round 0 is two additions when the compiler knows its constant. The others load theirs, which is shorter code.
  sha256_round(s, 0, w[0] + hw_sha256_k[0]);
  HW_UNROLL for (unsigned i = 1; i < 8; i++) sha256_round(s, i, w[i] + work->second_kw[i]);
  HW_UNROLL for (unsigned i = 8; i < 16; i++) sha256_round(s, i, splat(work->second_kw[i]));
  HW_UNROLL for (unsigned i = 16; i < 32; i++) {
    vec word =
        partial_schedule(w, i, HW_SECOND_VARYING, second_constant(i) != 0, second_constant(i));
    sha256_round(s, i, word + work->second_kw[i]);
  }
  // The last four rounds matter only for what reaches `e`; the compiler drops the rest.
  HW_UNROLL for (unsigned i = 32; i < 61; i++)
      sha256_round(s, i, sha256_schedule(w, i) + hw_sha256_k[i]);
  return s[7] + hw_sha256_iv[7];
}

/// Both hashes; leaves their most significant words in `top`.
HW_INLINE void hash_streams(const sha256d_work *work, uint32_t first_nonce, vec top[1]) {
  schedule w;
  first_hash(w, work, first_nonce);
  top[0] = second_hash(w, work);
}

#include "sha256d_scan.h"

#endif
