/// Keccak-256 over a range of nonces, one hash per 64-bit lane, in a loop of two rounds. A template: needs HW_SCAN (the function
/// to define) and HW_LANES.
///
/// The form of which few registers and little code are enough: what theta adds to a column is kept as one value, so that five
/// of them stand beside the 25 lanes, and the loop stays in the cache of decoded instructions. In round 0 only what depends on
/// the nonce is computed. Round 23 computes lane 3 only, the most significant of the hash; candidates are confirmed in scalar code.

#if defined(HW_ARITHMETIC)

/// One pass. `ternary`: with three-input logic.
static arithmetic keccak256_rolled_arithmetic(bool ternary) {
  // 11 lanes depend on the nonce in round 0, one of them not rotated; then chi of all.
  arithmetic sum = {.rotates = 10, .xor2 = 11, .chis = 25};
  // Column parities of five lanes each; theta's five sums with their rotations by 1, and their additions to the lanes; rho
  // rotates 24 lanes, one of them by 1 and two by whole bytes; chi; iota.
  arithmetic middle = {.xor2 = 5 + 1, .chis = 25, .rotates_by_1 = 5 + 1, .rotates = 21};
  middle.rotates_by_bytes = 2;
  // The last round needs three lanes of which two are rotated, and the sums of three columns.
  arithmetic last = {.xor2 = 3, .chis = 1, .rotates_by_1 = 3, .rotates = 2};
  if (ternary) {
    // A parity is one three-input operation and two others. Ten lanes are added to before their column's sum is there; in
    // the last round all three are, and no sum is needed.
    middle = plus(middle, (arithmetic){.xor2 = 10 + 15, .xor3 = 5 + 10});
    last = (arithmetic){.xor2 = 10, .xor3 = 5 + 3, .chis = 1, .rotates_by_1 = 3, .rotates = 2};
  } else {
    middle = plus(middle, (arithmetic){.xor2 = 25, .xor3 = 10});
    last = plus(last, (arithmetic){.xor2 = 3, .xor3 = 10});
  }
  return plus(plus(sum, times(middle, 22)), last);
}

#else

#include "keccak256_parts.h"

/// `x`, at this place among the operations: the compiler begins too much at a time else, and spills.
HW_INLINE vec pinned(vec x) {
  __asm__ volatile("" : HW_VECTOR_CONSTRAINT(x));
  return x;
}

/// The columns' parities. An exclusive or does not destroy an input, three-input logic does: with it, one operation more
/// for each column saves copies.
HW_INLINE void parities(const vec a[25], vec c[5]) {
#if defined(HW_TERNARY_LOGIC)
  HW_UNROLL for (unsigned x = 0; x < 5; x++) c[x] =
      pinned(xor3(a[x] ^ a[x + 5], a[x + 10], a[x + 15]) ^ a[x + 20]);
#else
  HW_UNROLL for (unsigned x = 0; x < 5; x++) c[x] = pinned(column_parity(a, x));
#endif
}

/// Whether the addition to lane `i` need not wait for the column's sum: with three-input logic, those that the first two
/// rows are made of.
HW_INLINE bool is_early(unsigned i) {
#if defined(HW_TERNARY_LOGIC)
  bool early = false;
  HW_UNROLL for (unsigned place = 0; place < 10; place++) early |= keccak256_pi[place] == i;
  return early;
#else
  (void)i;
  return false;
#endif
}

/// What theta adds to the lanes of column `x`, from the parities of its neighbours; adds it to the early ones.
HW_INLINE void theta_column(vec a[25], vec d[5], unsigned x, vec left, vec right) {
  vec rotated = pinned(rotl(right, 1));
  HW_UNROLL for (unsigned i = x; i < 25; i += 5) if (is_early(i)) a[i] =
      pinned(xor3(a[i], left, rotated));
  d[x] = pinned(left ^ rotated);
}

/// Theta's sums of all columns, in an order in which each overwrites a parity that is not needed any more.
HW_INLINE void theta(vec a[25], vec d[5]) {
  vec c[5];
  parities(a, c);
  theta_column(a, d, 1, c[0], c[2]);
  theta_column(a, d, 4, c[3], c[0]);
  theta_column(a, d, 2, c[1], c[3]);
  theta_column(a, d, 0, c[4], c[1]);
  theta_column(a, d, 3, c[2], c[4]);
}

/// Lane `i` after theta and rho.
HW_INLINE vec theta_rho(const vec a[25], const vec d[5], unsigned i) {
  return pinned(rotl(is_early(i) ? a[i] : a[i] ^ d[i % 5], keccak256_rho[i]));
}

/// A whole round, row by row.
HW_INLINE void rolled_round(vec a[25], uint64_t iota) {
  vec d[5], after[25];
  theta(a, d);
  HW_UNROLL for (unsigned y = 0; y < 25; y += 5) {
    vec b[5];
    HW_UNROLL for (unsigned x = 0; x < 5; x++) b[x] = theta_rho(a, d, keccak256_pi[y + x]);
    HW_UNROLL for (unsigned x = 0; x < 5; x++) after[y + x] =
        chi(b[x], b[(x + 1) % 5], b[(x + 2) % 5]);
    if (y == 0) after[0] ^= iota;
    HW_UNROLL for (unsigned x = 0; x < 5; x++) after[y + x] = pinned(after[y + x]);
  }
  HW_UNROLL for (unsigned i = 0; i < 25; i++) a[i] = after[i];
}

/// Lane 3 of the hashes.
HW_INLINE vec hash_lanes(const keccak256_work *work, uint32_t first_nonce) {
  vec a[25], d[5];
  first_round(a, work, nonces(first_nonce));
  HW_ROLL for (unsigned round = 1; round < 23; round += 2) {
    rolled_round(a, keccak256_iota[round]);
    rolled_round(a, keccak256_iota[round + 1]);
  }
  theta(a, d);
  return chi(theta_rho(a, d, keccak256_pi[3]), theta_rho(a, d, keccak256_pi[4]),
             theta_rho(a, d, keccak256_pi[0]));
}

#include "keccak256_scan.h"

#endif
