/// Keccak-256 over a range of nonces, one hash per 64-bit lane. A template: needs HW_SCAN (the function to define) and
/// HW_LANES.
///
/// All 24 rounds are unrolled, so the places of the state rotate in the names and nothing is moved. In round 0 only
/// lane 9 depends on the nonce: after theta, columns 0 and 3 and lane 9 itself; the other 14 lanes are constants of the
/// work. Round 23 computes lane 3 only, the most significant of the hash; candidates are confirmed in scalar code.

typedef uint64_t vec __attribute__((vector_size(8 * HW_LANES)));

HW_INLINE vec splat(uint64_t x) { return x - (vec){0}; }
HW_INLINE vec rotl(vec x, unsigned n) { return n == 0 ? x : x << n | x >> (64 - n); }
#if defined(HW_TERNARY_LOGIC)
HW_INLINE vec chi(vec a, vec b, vec c) { return HW_TERNARY_LOGIC(a, b, c, 0xd2); }
HW_INLINE vec xor3(vec a, vec b, vec c) { return HW_TERNARY_LOGIC(a, b, c, 0x96); }
#elif defined(HW_ARM_SHA3)
HW_INLINE vec chi(vec a, vec b, vec c) { return vbcaxq_u64(a, c, b); }
HW_INLINE vec xor3(vec a, vec b, vec c) { return veor3q_u64(a, b, c); }
#else
HW_INLINE vec chi(vec a, vec b, vec c) { return a ^ (~b & c); }
HW_INLINE vec xor3(vec a, vec b, vec c) { return a ^ b ^ c; }
#endif

/// The nonces of a batch, each in the upper half of its lane.
HW_INLINE vec nonces(uint32_t first_nonce) {
  vec x;
  for (unsigned i = 0; i < HW_LANES; i++) x[i] = i;
  return (x + first_nonce) << 32;
}

/// Chi of all rows, `b` into `a`.
HW_INLINE void chi_rows(vec a[25], const vec b[25]) {
  HW_UNROLL for (unsigned y = 0; y < 25; y += 5) HW_UNROLL for (unsigned x = 0; x < 5; x++)
      a[y + x] = chi(b[y + x], b[y + (x + 1) % 5], b[y + (x + 2) % 5]);
}

/// What theta adds to the lanes of each column. With three-input logic the two parts are added to the lane at once, which
/// is one operation less for each column; without, their sum is what is kept.
typedef struct columns {
  vec left[5];
#if defined(HW_TERNARY_LOGIC)
  vec right[5];
#endif
} columns;

HW_INLINE columns theta_columns(const vec a[25]) {
  columns c;
  vec parity[5];
  HW_UNROLL for (unsigned x = 0; x < 5; x++) parity[x] =
      xor3(xor3(a[x], a[x + 5], a[x + 10]), a[x + 15], a[x + 20]);
  HW_UNROLL for (unsigned x = 0; x < 5; x++) {
#if defined(HW_TERNARY_LOGIC)
    c.left[x] = parity[(x + 4) % 5];
    c.right[x] = rotl(parity[(x + 1) % 5], 1);
#elif defined(HW_ARM_SHA3)
    c.left[x] = vrax1q_u64(parity[(x + 4) % 5], parity[(x + 1) % 5]);
#else
    c.left[x] = parity[(x + 4) % 5] ^ rotl(parity[(x + 1) % 5], 1);
#endif
  }
  return c;
}

/// Lane `i` after theta and rho.
HW_INLINE vec theta_rho(const vec a[25], const columns *c, unsigned i) {
#if defined(HW_TERNARY_LOGIC)
  return rotl(xor3(a[i], c->left[i % 5], c->right[i % 5]), keccak256_rho[i]);
#else
  // With ARMv8's SHA-3 instructions the compiler makes one of this (XAR, whose count must be an immediate).
  return rotl(a[i] ^ c->left[i % 5], keccak256_rho[i]);
#endif
}

HW_INLINE void first_round(vec a[25], const keccak256_work *work, vec nonce) {
  vec b[25];
  HW_UNROLL for (unsigned i = 0; i < 25; i++) {
    unsigned from = keccak256_pi[i];
    vec varying = {0};
    if (from % 5 == 0) varying = rotl(nonce, keccak256_rho[from]);
    if (from % 5 == 3) varying = rotl(nonce, (keccak256_rho[from] + 1) % 64);
    if (from == 9) varying = rotl(nonce, keccak256_rho[from]);
    b[i] = varying ^ work->first[i];
  }
  chi_rows(a, b);
  a[0] ^= keccak256_iota[0];
}

HW_INLINE void middle_round(vec a[25], unsigned round) {
  columns c = theta_columns(a);
  vec b[25];
  HW_UNROLL for (unsigned i = 0; i < 25; i++) b[i] = theta_rho(a, &c, keccak256_pi[i]);
  chi_rows(a, b);
  a[0] ^= keccak256_iota[round];
}

/// Lane 3 after the last round, in which lane 3 needs three lanes of the state only.
HW_INLINE vec last_round(const vec a[25]) {
  columns c = theta_columns(a);
  return chi(theta_rho(a, &c, keccak256_pi[3]), theta_rho(a, &c, keccak256_pi[4]),
             theta_rho(a, &c, keccak256_pi[0]));
}

/// Hashes HW_LANES nonces; true if a most significant word is at most `limit`. Leaves those words in `top`.
HW_HOT bool hash_batch(const keccak256_work *work, uint32_t first_nonce, uint64_t limit,
                       uint64_t top[HW_LANES]) {
  vec a[25];
  first_round(a, work, nonces(first_nonce));
  HW_UNROLL for (unsigned round = 1; round < 23; round++) middle_round(a, round);
  vec word = last_round(a);
  if (__builtin_reduce_or((vec)(word <= limit)) == 0) return false;
  for (unsigned lane = 0; lane < HW_LANES; lane++) top[lane] = word[lane];
  return true;
}

hw_status HW_SCAN(const hw_scan_request *request, hw_scan_result *result) {
  hw_status status = hw_scan_begin(request, result, 0, 1);
  if (status != HW_OK) return status;
  keccak256_work work;
  keccak256_prepare(&work, request->header);
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
