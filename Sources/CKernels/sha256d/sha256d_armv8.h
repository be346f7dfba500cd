/// SHA-256d over a range of nonces with the SHA-256 instructions of ARMv8. A template: needs HW_SCAN (the function to
/// define) and HW_STREAMS (hashes whose rounds alternate, because one chain of rounds leaves the unit idle).
///
/// The same shortcuts as in sha256d_lanes.h, in steps of four rounds: the first hash begins at round 4. The instructions
/// do four rounds at once, so the second hash ends with round 63, but its last schedule words are not needed.

typedef uint32x4_t vec;

/// One hash: a to d, e to h, and the last sixteen words of the schedule.
typedef struct stream {
  vec abcd, efgh;
  vec w[4];
} stream;

HW_INLINE vec words(uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3) {
  return (vec){w0, w1, w2, w3};
}

HW_INLINE vec constants(unsigned i) { return vld1q_u32(&hw_sha256_k[4 * i]); }

HW_INLINE void four_rounds(stream *x, vec kw) {
  vec abcd = x->abcd;
  x->abcd = vsha256hq_u32(abcd, x->efgh, kw);
  x->efgh = vsha256h2q_u32(x->efgh, abcd, kw);
}

/// Words `4 i` to `4 i + 3` of the schedule, `i` at least 4.
HW_INLINE vec schedule(vec w[4], unsigned i) {
  vec sum = vsha256su0q_u32(w[i & 3], w[(i + 1) & 3]);
  return w[i & 3] = vsha256su1q_u32(sum, w[(i + 2) & 3], w[(i + 3) & 3]);
}

HW_INLINE void first_hash(stream x[HW_STREAMS], const sha256d_work *work, uint32_t first_nonce) {
  const uint32_t *p = work->after_round2, *m = work->midstate;
  vec abcd = words(0, p[0], p[1], p[2]), efgh = words(0, p[4], p[5], p[6]);
  vec tail = words(work->tail[0], work->tail[1], work->tail[2], 0);
  // Else the compiler makes two shuffles of each insertion.
  __asm__("" : "+w"(abcd), "+w"(efgh));
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    uint32_t nonce = __builtin_bswap32(first_nonce + k);
    x[k].abcd = vsetq_lane_u32(work->round3_a + nonce, abcd, 0);
    x[k].efgh = vsetq_lane_u32(work->round3_e + nonce, efgh, 0);
    x[k].w[0] = vsetq_lane_u32(nonce, tail, 3);
    x[k].w[1] = words(0x80000000u, 0, 0, 0);
    x[k].w[2] = words(0, 0, 0, 0);
    x[k].w[3] = words(0, 0, 0, 640);
  }
  HW_UNROLL for (unsigned i = 1; i < 4; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      four_rounds(&x[k], vld1q_u32(&work->kw[4 * i]));
  HW_UNROLL for (unsigned i = 4; i < 16; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      four_rounds(&x[k], schedule(x[k].w, i) + constants(i));
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    x[k].w[0] = x[k].abcd + vld1q_u32(m);
    x[k].w[1] = x[k].efgh + vld1q_u32(m + 4);
  }
}

HW_INLINE void second_hash(stream x[HW_STREAMS]) {
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) {
    x[k].abcd = vld1q_u32(hw_sha256_iv);
    x[k].efgh = vld1q_u32(hw_sha256_iv + 4);
    x[k].w[2] = words(0x80000000u, 0, 0, 0);
    x[k].w[3] = words(0, 0, 0, 256);
  }
  HW_UNROLL for (unsigned i = 0; i < 4; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      four_rounds(&x[k], x[k].w[i] + constants(i));
  HW_UNROLL for (unsigned i = 4; i < 16; i++) HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)
      four_rounds(&x[k], schedule(x[k].w, i) + constants(i));
}

/// The most significant words of the hashes of HW_STREAMS nonces.
HW_HOT void hash_batch(const sha256d_work *work, uint32_t first_nonce, uint32_t top[HW_STREAMS]) {
  stream x[HW_STREAMS];
  first_hash(x, work, first_nonce);
  second_hash(x);
  HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) top[k] =
      __builtin_bswap32(vgetq_lane_u32(x[k].efgh, 3) + hw_sha256_iv[7]);
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
