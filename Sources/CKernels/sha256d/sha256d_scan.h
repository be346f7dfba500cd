/// The end of every template of SHA-256d in lanes: needs its `hash_streams`, which leaves the most significant words of the
/// hashes of HW_STREAMS * HW_LANES nonces in vectors.

/// Hashes HW_STREAMS * HW_LANES nonces; true if a most significant word is at most `limit`. Leaves those words in `top`.
HW_HOT bool hash_batch(const sha256d_work *work, uint32_t first_nonce, uint32_t limit,
                       uint32_t top[HW_STREAMS][HW_LANES]) {
  vec word[HW_STREAMS], hits = {0};
  hash_streams(work, first_nonce, word);
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
  sha256d_prepare(&work, request->work);
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
