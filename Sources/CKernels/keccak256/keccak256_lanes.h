/// Keccak-256 over a range of nonces, one hash per 64-bit lane, without a loop. A template: needs HW_SCAN (the function to
/// define), HW_LANES, and HW_TERNARY_LOGIC or HW_ARM_SHA3: the form with the fewest operations where logic has three inputs.
///
/// All 24 rounds are unrolled, so the places of the state rotate in the names and nothing is moved. In round 0 only what depends
/// on the nonce is computed. Round 23 computes lane 3 only, the most significant of the hash; candidates are confirmed in
/// scalar code.

#if defined(HW_ARITHMETIC)

/// One pass, with both parts of theta added at once.
static arithmetic keccak256_lanes_arithmetic(void) {
  // 11 lanes depend on the nonce in round 0, one of them not rotated; then chi of all.
  arithmetic sum = {.rotates = 10, .xor2 = 11, .chis = 25};
  // Theta: column parities of five lanes each, their rotations by 1, and the additions to 25 lanes; rho rotates 24 lanes,
  // one of them by 1 and two by whole bytes; chi; iota.
  arithmetic middle = {.xor2 = 1, .xor3 = 10 + 25, .chis = 25, .rotates_by_1 = 5 + 1};
  middle.rotates = 21;
  middle.rotates_by_bytes = 2;
  sum = plus(sum, times(middle, 22));
  // The last round needs three lanes of which two are rotated, and the sums of three columns.
  return plus(sum, (arithmetic){.xor3 = 10 + 3, .chis = 1, .rotates_by_1 = 3, .rotates = 2});
}

#else

#include "keccak256_parts.h"

/// What theta adds to the lanes of each column. With three-input logic the two parts are added to the lane at once, which
/// is one operation less for each column; ARMv8's instructions make their sum in one.
typedef struct columns {
  vec left[5];
#if defined(HW_TERNARY_LOGIC)
  vec right[5];
#endif
} columns;

HW_INLINE columns theta_columns(const vec a[25]) {
  columns c;
  vec parity[5];
  HW_UNROLL for (unsigned x = 0; x < 5; x++) parity[x] = column_parity(a, x);
  HW_UNROLL for (unsigned x = 0; x < 5; x++) {
#if defined(HW_TERNARY_LOGIC)
    c.left[x] = parity[(x + 4) % 5];
    c.right[x] = rotl(parity[(x + 1) % 5], 1);
#else
    c.left[x] = vrax1q_u64(parity[(x + 4) % 5], parity[(x + 1) % 5]);
#endif
  }
  return c;
}

/// Lane `i` after theta and rho.
HW_INLINE vec theta_rho(const vec a[25], const columns *c, unsigned i) {
#if defined(HW_TERNARY_LOGIC)
  return rotl(xor3(a[i], c->left[i % 5], c->right[i % 5]), keccak256_rho[i]);
#else
  // The compiler makes one instruction of this (XAR, whose count must be an immediate).
  return rotl(a[i] ^ c->left[i % 5], keccak256_rho[i]);
#endif
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

/// Lane 3 of the hashes.
HW_INLINE vec hash_lanes(const keccak256_work *work, uint32_t first_nonce) {
  vec a[25];
  first_round(a, work, nonces(first_nonce));
  HW_UNROLL for (unsigned round = 1; round < 23; round++) middle_round(a, round);
  return last_round(a);
}

#include "keccak256_scan.h"

#endif
