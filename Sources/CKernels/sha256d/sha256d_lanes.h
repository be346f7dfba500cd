/// SHA-256d over a range of nonces, one hash per lane. A template: needs HW_SCAN (the function to define), HW_LANES,
/// HW_STREAMS (independent sets of lanes whose rounds alternate, to hide the latency of one chain of rounds) and
/// HW_ROLLED (1: the general rounds are loops, so that several streams still fit the instruction cache).
///
/// Per hash: rounds 3 to 63 of the header's second block, and rounds 0 to 60 of the second hash, whose word 7 is
/// final then. Only that word, the most significant of the hash, is tested here; candidates are confirmed in scalar code.

#include "hw_sha256_lanes.h"

/// One set of lanes. Word `i` of the schedule is at `i` modulo 16.
typedef struct stream {
  rotating_state s;
  vec w[16];
} stream;

/// Which schedule words depend on the nonce, by round: the others are constants of the work or of the padding.
#define HW_FIRST_VARYING (UINT64_C(1) << 3 | ~UINT64_C(0) << 18)
#define HW_SECOND_VARYING (UINT64_C(0xff) | ~UINT64_C(0) << 16)
/// Which of the first hash's words 18 to 33 have a constant part.
#define HW_FIRST_CONSTANTS (UINT64_C(7) << 18 | UINT64_C(7) << 22 | UINT64_C(0xf) << 30)

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
HW_INLINE vec partial_schedule(vec w[16], unsigned i, uint64_t varying, int has_constant,
                               uint32_t constant) {
  vec sum = {0};
  if (varying >> (i - 16) & 1) sum += w[i & 15];
  if (varying >> (i - 15) & 1) sum += small_sigma0(w[(i - 15) & 15]);
  if (varying >> (i - 7) & 1) sum += w[(i - 7) & 15];
  if (has_constant) sum += constant;
  if (varying >> (i - 2) & 1) sum += small_sigma1(w[(i - 2) & 15]);
  return w[i & 15] = sum;
}

/// Round `i` of one stream. Between streams the compiler may not mix the rounds, which would spill the state.
HW_INLINE void stream_round(stream *x, unsigned i, vec kw) {
  sha256_round(x->s, i, kw);
#if HW_STREAMS > 1
  __asm__ volatile(""
                   : HW_VECTOR_CONSTRAINT(x->s[(3 - i) & 7]),
                     HW_VECTOR_CONSTRAINT(x->s[(7 - i) & 7]));
#endif
}

/// Round `i` with the general schedule, in all streams.
HW_INLINE void general_round(stream x[HW_STREAMS], unsigned base, unsigned j) {
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      stream_round(&x[k], j, sha256_schedule(x[k].w, j) + hw_sha256_k[base + j]);
}

/// The second block of the header in all streams; leaves the first hash in words 0 to 7 of the schedule.
HW_INLINE void first_hash(stream x[HW_STREAMS], const sha256d_work *work, uint32_t first_nonce) {
  const uint32_t *p = work->after_round2;
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    vec nonce = byte_swap(lane_numbers() + (first_nonce + k * HW_LANES));
    x[k].w[3] = nonce;
    vec after_round3[8] = {nonce + work->round3_a, splat(p[0]), splat(p[1]), splat(p[2]),
                           nonce + work->round3_e, splat(p[4]), splat(p[5]), splat(p[6])};
    sha256_begin(x[k].s, 4, after_round3);
  }
  HW_UNROLL for (unsigned i = 4; i < 18; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      stream_round(&x[k], i, splat(work->kw[i]));
  HW_UNROLL for (unsigned i = 18; i < 32; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    vec w = partial_schedule(x[k].w, i, HW_FIRST_VARYING, HW_FIRST_CONSTANTS >> i & 1,
                             work->schedule[i - 16]);
    stream_round(&x[k], i, w + hw_sha256_k[i]);
  }
#if HW_ROLLED
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    x[k].w[0] = splat(work->schedule[0]);
    x[k].w[1] = splat(work->schedule[1]);
  }
  HW_ROLL for (unsigned base = 32; base < 64; base += 16)
      HW_UNROLL for (unsigned j = 0; j < 16; j++) general_round(x, base, j);
#else
  HW_UNROLL for (unsigned i = 32; i < 34; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    vec w = partial_schedule(x[k].w, i, HW_FIRST_VARYING, 1, work->schedule[i - 16]);
    stream_round(&x[k], i, w + hw_sha256_k[i]);
  }
  HW_UNROLL for (unsigned i = 34; i < 64; i++) general_round(x, i & 48, i & 15);
#endif
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) HW_UNROLL for (unsigned i = 0; i < 8; i++)
      x[k]
          .w[i] = x[k].s[i] + work->midstate[i];
}

/// The hash of the first hash in all streams, up to the most significant word.
HW_INLINE void second_hash(stream x[HW_STREAMS], vec top[HW_STREAMS]) {
  vec iv[8];
  HW_UNROLL for (unsigned i = 0; i < 8; i++) iv[i] = splat(hw_sha256_iv[i]);
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) sha256_begin(x[k].s, 0, iv);
  HW_UNROLL for (unsigned i = 0; i < 16; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    uint32_t padding = hw_sha256_k[i] + (i == 8 ? 0x80000000u : 0) + (i == 15 ? 256 : 0);
    stream_round(&x[k], i, i < 8 ? x[k].w[i] + padding : splat(padding));
  }
  HW_UNROLL for (unsigned i = 16; i < 32; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    uint32_t constant = second_constant(i);
    vec w = partial_schedule(x[k].w, i, HW_SECOND_VARYING, constant != 0, constant);
    stream_round(&x[k], i, w + hw_sha256_k[i]);
  }
#if HW_ROLLED
  HW_ROLL for (unsigned base = 32; base < 64; base += 16)
      HW_UNROLL for (unsigned j = 0; j < 16; j++) {
    if (j == 9 && base == 48) break;
    general_round(x, base, j);
  }
#else
  HW_UNROLL for (unsigned i = 32; i < 57; i++) general_round(x, i & 48, i & 15);
#endif
  // The last four rounds matter only for what reaches `e`; without a barrier the compiler drops the rest.
  HW_UNROLL for (unsigned i = 57; i < 61; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      sha256_round(x[k].s, i, sha256_schedule(x[k].w, i) + hw_sha256_k[i]);
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) top[k] = x[k].s[7] + hw_sha256_iv[7];
}

/// Hashes HW_STREAMS * HW_LANES nonces; true if a most significant word is at most `limit`. Leaves those words in `top`.
HW_HOT bool hash_batch(const sha256d_work *work, uint32_t first_nonce, uint32_t limit,
                       uint32_t top[HW_STREAMS][HW_LANES]) {
  stream x[HW_STREAMS];
  vec word[HW_STREAMS];
  first_hash(x, work, first_nonce);
  second_hash(x, word);
  vec hits = {0};
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    word[k] = byte_swap(word[k]);
    hits |= (vec)(word[k] <= limit);
  }
  if (__builtin_reduce_or(hits) == 0) return false;
  for (unsigned k = 0; k < HW_STREAMS; k++)
    for (unsigned lane = 0; lane < HW_LANES; lane++) top[k][lane] = word[k][lane];
  return true;
}

hw_status HW_SCAN(const hw_scan_request *request, hw_scan_result *result) {
  hw_status status = hw_scan_begin(request, result, 0, 1);
  if (status != HW_OK) return status;
  sha256d_work work;
  sha256d_prepare(&work, request->header);
  uint32_t limit = hw_load_le32(request->target + 28);
  const unsigned batch = HW_STREAMS * HW_LANES;
  for (uint64_t done = 0; done < request->count; done += batch) {
    uint32_t top[HW_STREAMS][HW_LANES], first_nonce = request->first_nonce + (uint32_t)done;
    if (!hash_batch(&work, first_nonce, limit, top)) continue;
    for (unsigned i = 0; i < batch && done + i < request->count; i++)
      if (top[i / HW_LANES][i % HW_LANES] <= limit)
        sha256d_confirm(&work, request, result, first_nonce + i);
  }
  return HW_OK;
}
