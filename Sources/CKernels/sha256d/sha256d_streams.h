/// SHA-256d over a range of nonces, one hash per lane, in streams whose rounds alternate. A template: needs HW_SCAN (the
/// function to define), HW_LANES, HW_STREAMS (independent sets of lanes) and HW_PARTIAL (1: words 16 to 31 of the
/// schedules leave out what is constant; 0: they are computed like all others, which is some more arithmetic and much less
/// code).
///
/// Written so that little code serves both hashes. A core runs at full speed only what fits the cache of its decoded
/// instructions, and how much of longer code misses it depends on addresses: the limits of size are beside the list of
/// kernels, and tests hold them. Hence
/// - the rounds that both hashes have in common are one loop and one straight piece, entered twice;
/// - the schedule lies in memory, word `i` at place `i`, so that no register is spilled and no place depends on the round.
///
/// Per hash: rounds 3 to 63 of the header's second block, and rounds 0 to 60 of the second hash, whose word 7 is
/// final then. Only that word, the most significant of the hash, is tested here; candidates are confirmed in scalar code.

#if defined(HW_ARITHMETIC)

/// One pass: a hash in each lane. `partial` is HW_PARTIAL.
static arithmetic sha256d_streams_arithmetic(bool partial) {
  if (partial) {
    // As in sha256d_lanes.h, but word 32 is a general one: one addition more, and the sum of a word that is constant.
    arithmetic sum = plus(sha256d_lanes_arithmetic(), small_sigma_arithmetic);
    sum.adds += 1;
    return sum;
  }
  arithmetic sum = {0};
  // First hash: two additions of the nonce; rounds 4 to 63, 12 of them with a constant word; words 16 to 63, of two sums
  // and three additions each; 8 additions of the midstate.
  sum = plus(sum, times(sha256_round_arithmetic, 60));
  sum = plus(sum, times(small_sigma_arithmetic, 2 * 48));
  sum.adds += 2 - 12 + 3 * 48 + 8;
  // Second hash: round 0 from constants (2 additions), rounds 1 to 56, of which 8 have a constant word, and rounds 57 to
  // 60 as far as they reach `e`; words 16 to 60; one addition to the result.
  sum = plus(sum, times(sha256_round_arithmetic, 56));
  sum = plus(sum, (arithmetic){.adds = 2 - 8 + 4 * 5, .rotates = 4 * 3, .xor3 = 4, .choices = 4});
  sum = plus(sum, times(small_sigma_arithmetic, 2 * 45));
  sum.adds += 3 * 45 + 1;
  return sum;
}

#else

#define HW_PLACES 64
#include "hw_sha256_lanes.h"
#include "sha256d_parts.h"

/// The first round of the loop, and how many rounds one turn of it does: after so many the state's names are back.
enum { loop_begin = HW_PARTIAL ? 32 : 16, loop_rounds = 8 };

/// All streams. The schedules and the round constants are behind pointers of which the compiler knows nothing, so that it
/// neither carries words in registers nor spreads constants over the code.
typedef struct streams {
  rotating_state s[HW_STREAMS];
  schedule *w;
  const uint32_t *k;
} streams;

/// Round `i`, modulo 8, of one stream. It ends the stream's turn: between streams the compiler may not mix the rounds,
/// which would spill the state.
HW_INLINE void stream_round(rotating_state s, unsigned i, vec kw) {
  sha256_round(s, i, kw);
  __asm__ volatile(""
                   : HW_VECTOR_CONSTRAINT(s[(3 - i) & 7]),
                     HW_VECTOR_CONSTRAINT(s[(7 - i) & 7])::"memory");
}

/// Round `i` in all streams, with the same sum of constant and word.
HW_INLINE void constant_round(streams *x, unsigned i, uint32_t kw) {
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) stream_round(x->s[k], i, splat(kw));
}

/// Round `i` in all streams, with a word of which a part is constant.
HW_INLINE void partial_round(streams *x, unsigned i, uint64_t varying, int has_constant,
                             uint32_t constant) {
  vec kw[HW_STREAMS];
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) kw[k] =
      partial_schedule(x->w[k], i, varying, has_constant, constant) + x->k[i];
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) stream_round(x->s[k], i, kw[k]);
}

/// Steps the schedule of stream `k` to word `i`; gives that with its round's constant.
HW_INLINE vec general_word(streams *x, unsigned k, unsigned i) {
  const vec *before = &x->w[k][i - 16];
  vec word = sha256_word(before[14], before[9], before[1], before[0]);
  x->w[k][i] = word;
  return word + x->k[i];
}

/// Round `base + j` in all streams, `base` a multiple of 8: first all words, then all rounds, so that each stream's chain
/// of rounds hides the others'.
HW_INLINE void general_round(streams *x, unsigned base, unsigned j) {
  vec kw[HW_STREAMS];
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) kw[k] = general_word(x, k, base + j);
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) stream_round(x->s[k], j, kw[k]);
}

/// Begins the header's second block: up to round 7.
HW_INLINE void first_begin(streams *x, const sha256d_work *work, uint32_t first_nonce) {
  const uint32_t *p = work->after_round2;
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    vec nonce = byte_swap(lane_numbers() + (first_nonce + k * HW_LANES));
    x->w[k][3] = nonce;
    vec after_round3[8] = {nonce + work->round3_a, splat(p[0]), splat(p[1]), splat(p[2]),
                           nonce + work->round3_e, splat(p[4]), splat(p[5]), splat(p[6])};
    sha256_begin(x->s[k], 4, after_round3);
  }
  HW_UNROLL for (unsigned i = 4; i < 8; i++) constant_round(x, i, work->kw[i]);
}

/// From round 16 to the loop, which then finds the words that it needs.
HW_INLINE void first_middle(streams *x, const sha256d_work *work) {
#if HW_PARTIAL
  HW_UNROLL for (unsigned i = 16; i < 18; i++) {
    HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) x->w[k][i] = splat(work->schedule[i - 16]);
    constant_round(x, i, work->kw[i]);
  }
  HW_UNROLL for (unsigned i = 18; i < 32; i++)
      partial_round(x, i, HW_FIRST_VARYING, HW_FIRST_CONSTANTS >> i & 1, work->schedule[i - 16]);
#else
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      HW_UNROLL for (unsigned i = 0; i < 16; i++) if (i != 3)
          x->w[k][i] = splat(i < 3 ? work->tail[i] : first_padding(i));
#endif
}

/// Leaves the first hash in words 0 to 7 of the schedule.
HW_INLINE void first_end(streams *x, const sha256d_work *work) {
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) HW_UNROLL for (unsigned i = 0; i < 8; i++)
      x->w[k][i] = x->s[k][i] + work->midstate[i];
}

/// Begins the second hash: up to round 7.
HW_INLINE void second_begin(streams *x) {
  vec iv[8];
  HW_UNROLL for (unsigned i = 0; i < 8; i++) iv[i] = splat(hw_sha256_iv[i]);
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) sha256_begin(x->s[k], 0, iv);
  HW_UNROLL for (unsigned i = 0; i < 8; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    // Round 0 is two additions when the compiler knows its constant.
    uint32_t constant = i == 0 ? hw_sha256_k[0] : x->k[i];
    stream_round(x->s[k], i, x->w[k][i] + constant);
  }
}

/// From round 16 to the loop, which then finds the words that it needs.
HW_INLINE void second_middle(streams *x) {
#if HW_PARTIAL
  HW_UNROLL for (unsigned i = 16; i < 32; i++)
      partial_round(x, i, HW_SECOND_VARYING, second_constant(i) != 0, second_constant(i));
#else
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) HW_UNROLL for (unsigned i = 8; i < 16; i++)
      x->w[k][i] = splat(second_padding(i));
#endif
}

/// Both hashes in all streams; leaves their most significant words in `top`.
HW_INLINE void hash_streams(const sha256d_work *work, uint32_t first_nonce, vec top[HW_STREAMS]) {
  schedule memory[HW_STREAMS];
  streams x = {.w = memory, .k = hw_sha256_k};
  __asm__ volatile("" : "+r"(x.w), "+r"(x.k)::"memory");
  first_begin(&x, work, first_nonce);
  HW_ROLL for (unsigned pass = 0;; pass++) {
    // Else the compiler makes two copies of what both passes share.
    __asm__ volatile("" : "+r"(pass));
    const uint32_t *kw = pass == 0 ? work->kw : work->second_kw;
    HW_UNROLL for (unsigned i = 8; i < 16; i++) constant_round(&x, i, kw[i]);
    if (pass == 0)
      first_middle(&x, work);
    else
      second_middle(&x);
    const unsigned end = pass == 0 ? 64 : 56;
    HW_ROLL for (unsigned base = loop_begin; base < end; base += loop_rounds)
        HW_UNROLL for (unsigned j = 0; j < loop_rounds; j++) general_round(&x, base, j);
    if (pass != 0) break;
    first_end(&x, work);
    second_begin(&x);
  }
  general_round(&x, 56, 0);
  // The last four rounds matter only for what reaches `e`; without a barrier the compiler drops the rest.
  HW_UNROLL for (unsigned i = 57; i < 61; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      sha256_round(x.s[k], i, general_word(&x, k, i));
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) top[k] = x.s[k][7] + hw_sha256_iv[7];
}

#include "sha256d_scan.h"

#endif
