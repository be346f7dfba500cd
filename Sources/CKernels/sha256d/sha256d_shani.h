/// SHA-256d over a range of nonces with the SHA instructions of x86. A template: needs HW_SCAN (the function to define),
/// HW_STREAMS (hashes whose rounds alternate, because one chain of rounds leaves the unit idle) and HW_SIGMA (1: the
/// schedule's small sigma 0 by shifts and logic instead of SHA256MSG1, which on some cores stops the decoding of all
/// other instructions for four cycles).
///
/// The same shortcuts as in sha256d_lanes.h, in steps of four rounds: the first hash begins at round 4, and the second
/// ends with round 61, after which `f` is the `e` of round 60.

typedef __m128i vec;

/// One hash: the state in the order of the instructions, and the last sixteen words of the schedule.
typedef struct stream {
  vec abef, cdgh;
  vec w[4];
} stream;

HW_INLINE vec words(uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3) {
  return _mm_set_epi32((int)w3, (int)w2, (int)w1, (int)w0);
}

HW_INLINE vec constants(unsigned i) { return _mm_loadu_si128((const vec *)&hw_sha256_k[4 * i]); }

/// The first two of four rounds; afterwards `cdgh` holds what `abef` means, and the other way round.
HW_INLINE void first_rounds(stream *x, vec kw) {
  x->cdgh = _mm_sha256rnds2_epu32(x->cdgh, x->abef, kw);
}

HW_INLINE void four_rounds(stream *x, vec kw) {
  first_rounds(x, kw);
  x->abef = _mm_sha256rnds2_epu32(x->abef, x->cdgh, _mm_shuffle_epi32(kw, 0x0e));
}

/// Four words and small sigma 0 of the words after each, the last of which is in `next`.
HW_INLINE vec sigma_sum(vec oldest, vec next) {
#if HW_SIGMA
  typedef uint32_t lanes __attribute__((vector_size(16)));
  lanes x = (lanes)_mm_alignr_epi8(next, oldest, 4);
  return (vec)((lanes)oldest + ((x >> 7 | x << 25) ^ (x >> 18 | x << 14) ^ x >> 3));
#else
  return _mm_sha256msg1_epu32(oldest, next);
#endif
}

/// Words `4 i` to `4 i + 3` of the schedule, `i` at least 4.
HW_INLINE vec schedule(vec w[4], unsigned i) {
  vec sum = sigma_sum(w[i & 3], w[(i + 1) & 3]);
  sum = _mm_add_epi32(sum, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
  return w[i & 3] = _mm_sha256msg2_epu32(sum, w[(i + 3) & 3]);
}

HW_INLINE void first_hash(stream x[HW_STREAMS], const sha256d_work *work, uint32_t first_nonce) {
  const uint32_t *p = work->after_round2, *m = work->midstate;
  vec abef = words(p[4], work->round3_e, p[0], work->round3_a);
  vec cdgh = words(p[6], p[5], p[2], p[1]);
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    uint32_t nonce = __builtin_bswap32(first_nonce + k);
    x[k].abef = _mm_add_epi32(abef, words(0, nonce, 0, nonce));
    x[k].cdgh = cdgh;
    x[k].w[0] = words(work->tail[0], work->tail[1], work->tail[2], nonce);
    x[k].w[1] = words(0x80000000u, 0, 0, 0);
    x[k].w[2] = words(0, 0, 0, 0);
    x[k].w[3] = words(0, 0, 0, 640);
  }
  HW_UNROLL for (unsigned i = 1; i < 4; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      four_rounds(&x[k], _mm_loadu_si128((const vec *)&work->kw[4 * i]));
  HW_UNROLL for (unsigned i = 4; i < 16; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      four_rounds(&x[k], _mm_add_epi32(schedule(x[k].w, i), constants(i)));
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    abef = _mm_add_epi32(x[k].abef, words(m[5], m[4], m[1], m[0]));
    cdgh = _mm_add_epi32(x[k].cdgh, words(m[7], m[6], m[3], m[2]));
    x[k].w[0] = _mm_shuffle_epi32(_mm_unpackhi_epi64(cdgh, abef), 0x1b);
    x[k].w[1] = _mm_shuffle_epi32(_mm_unpacklo_epi64(cdgh, abef), 0x1b);
  }
}

HW_INLINE void second_hash(stream x[HW_STREAMS]) {
  const uint32_t *iv = hw_sha256_iv;
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    x[k].abef = words(iv[5], iv[4], iv[1], iv[0]);
    x[k].cdgh = words(iv[7], iv[6], iv[3], iv[2]);
    x[k].w[2] = words(0x80000000u, 0, 0, 0);
    x[k].w[3] = words(0, 0, 0, 256);
  }
  HW_UNROLL for (unsigned i = 0; i < 4; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      four_rounds(&x[k], _mm_add_epi32(x[k].w[i], constants(i)));
  HW_UNROLL for (unsigned i = 4; i < 15; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      four_rounds(&x[k], _mm_add_epi32(schedule(x[k].w, i), constants(i)));
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      first_rounds(&x[k], _mm_add_epi32(schedule(x[k].w, 15), constants(15)));
}

/// The most significant words of the hashes of HW_STREAMS nonces.
HW_HOT void hash_batch(const sha256d_work *work, uint32_t first_nonce, uint32_t top[HW_STREAMS]) {
  stream x[HW_STREAMS];
  first_hash(x, work, first_nonce);
  second_hash(x);
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    top[k] = __builtin_bswap32((uint32_t)_mm_cvtsi128_si32(x[k].cdgh) + hw_sha256_iv[7]);
    // Else the compiler puts those of eight streams into a register of 256 bits, beside which the SHA instructions are slow.
    __asm__ volatile("" ::: "memory");
  }
}

hw_status HW_SCAN(const hw_scan_request *request, hw_scan_result *result) {
  hw_status status = hw_scan_begin(request, result, 0, 1);
  if (status != HW_OK) return status;
  sha256d_work work;
  sha256d_prepare(&work, request->work);
  uint32_t limit = hw_load_le32(request->target + 28);
  for (uint64_t done = 0; done < request->count; done += HW_STREAMS) {
    uint32_t top[HW_STREAMS], first_nonce = request->first_nonce + (uint32_t)done;
    hash_batch(&work, first_nonce, top);
    for (unsigned k = 0; k < HW_STREAMS && done + k < request->count; k++)
      if (top[k] <= limit) sha256d_confirm(&work, request, result, first_nonce + k);
  }
  return HW_OK;
}
