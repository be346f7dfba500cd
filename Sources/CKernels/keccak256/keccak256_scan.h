/// The end of every template of Keccak-256 in lanes: needs its `hash_lanes`, which gives the most significant lanes of the hashes of
/// HW_LANES nonces.

/// Hashes HW_LANES nonces; true if a most significant word is at most `limit`. Leaves those words in `top`.
HW_HOT bool hash_batch(const keccak256_work *work, uint32_t first_nonce, uint64_t limit,
                       uint64_t top[HW_LANES]) {
  vec word = hash_lanes(work, first_nonce);
  if (__builtin_reduce_or((vec)(word <= limit)) == 0) return false;
  for (unsigned lane = 0; lane < HW_LANES; lane++) top[lane] = word[lane];
  return true;
}

hw_status HW_SCAN(const hw_scan_request *request, hw_scan_result *result) {
  hw_status status = hw_scan_begin(request, result, 0, 1);
  if (status != HW_OK) return status;
  keccak256_work work;
  keccak256_prepare(&work, request->work);
  uint64_t limit = hw_load_le64(request->target + 24);
  for (uint64_t done = 0; done < request->count; done += HW_LANES) {
    uint32_t first_nonce = request->first_nonce + (uint32_t)done;
    uint64_t top[HW_LANES];
    if (!hash_batch(&work, first_nonce, limit, top)) continue;
    for (unsigned i = 0; i < HW_LANES && done + i < request->count; i++)
      if (top[i] <= limit) keccak256_confirm(&work, request, result, first_nonce + i);
  }
  return HW_OK;
}
