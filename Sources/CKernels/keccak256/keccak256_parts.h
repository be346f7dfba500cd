/// What the templates of Keccak-256 in lanes share: the operations on vectors of 64-bit lanes, and round 0. Needs HW_LANES, and
/// is included inside a target region.

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

/// The parity of column `x`.
HW_INLINE vec column_parity(const vec a[25], unsigned x) {
  return xor3(xor3(a[x], a[x + 5], a[x + 10]), a[x + 15], a[x + 20]);
}

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

/// Round 0, in which only lane 9 depends on the nonce: after theta, columns 0 and 3 and lane 9 itself. The other 14 lanes are
/// constants of the work.
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
