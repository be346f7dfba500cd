// Keccak-256 (padding 0x01) of an 80-byte header for consecutive nonces, up to the one word that is tested. The nonce is
// the upper word of lane 9. The host gives the state after theta, rho and pi of round 0 with a nonce of zero; theta and
// rho are linear, so the nonce is xored into the eleven lanes that it reaches.
//
// HW_PAIRS     lanes are pairs of words, for machines without a 64-bit rotation
// HW_MATERIAL  theta's D is formed once a column; otherwise both of its parts are folded into each lane by a three-input xor
// HW_ROLLED    the rounds are a loop of two, for machines whose instruction cache is small
// HW_MULTIPLY  1: the upper word of each rotated pair comes from the multiplier; 2: of odd amounts the lower word too

typedef struct keccak256_work {
  hw_u64 first[25];
  hw_u32 limit, capacity;
  hw_u32 power[32];
} keccak256_work;

#define IOTA_ROUNDS                                                                                \
  0x0000000000000001u, 0x0000000000008082u, 0x800000000000808au, 0x8000000080008000u,              \
      0x000000000000808bu, 0x0000000080000001u, 0x8000000080008081u, 0x8000000000008009u,          \
      0x000000000000008au, 0x0000000000000088u, 0x0000000080008009u, 0x000000008000000au,          \
      0x000000008000808bu, 0x800000000000008bu, 0x8000000000008089u, 0x8000000000008003u,          \
      0x8000000000008002u, 0x8000000000000080u, 0x000000000000800au, 0x800000008000000au,          \
      0x8000000080008081u, 0x8000000000008080u, 0x0000000080000001u, 0x8000000080008008u
#if defined(HW_ROLLED)
HW_INDEXED_TABLE hw_u64 iota[24] = {IOTA_ROUNDS};
#else
HW_TABLE hw_u64 iota[24] = {IOTA_ROUNDS};
#endif

// ---- Lanes ----

#if defined(HW_PAIRS)
typedef struct lane {
  word low, high;
} lane;

HW_FUNCTION lane lane_of(word low, word high) {
  lane r;
  r.low = low;
  r.high = high;
  return r;
}
#define lane_constant(x) lane_of((word)(hw_u32)(x), (word)(hw_u32)((hw_u64)(x) >> 32))
#define lane_top(x) ((x).high)
#define lane_nonce(n) lane_of((word)(0u), n)
HW_FUNCTION lane lane_xor(lane a, lane b) { return lane_of(a.low ^ b.low, a.high ^ b.high); }
HW_FUNCTION lane lane_xor3(lane a, lane b, lane c) {
  return lane_of(hw_xor3(a.low, b.low, c.low), hw_xor3(a.high, b.high, c.high));
}
HW_FUNCTION lane lane_chi(lane a, lane b, lane c) {
  return lane_of(a.low ^ (~b.low & c.low), a.high ^ (~b.high & c.high));
}
#if HW_MULTIPLY >= 1
// high * 2^n plus the upper half of low * 2^n.
#if defined(HW_CUDA)
#define hw_upper(low, power) __umulhi(low, power)
#else
#define hw_upper(low, power) ((word)(((wide)(low) * (power)) >> 32))
#endif
#define lane_part(high, low, n) ((high) * work->power[n] + hw_upper(low, work->power[n]))
#else
#define lane_part(high, low, n) hw_funnel(high, low, n)
#endif
#if HW_MULTIPLY >= 2
#define lane_other(high, low, n) (((n) & 1) != 0 ? lane_part(high, low, n) : hw_funnel(high, low, n))
#else
#define lane_other(high, low, n) hw_funnel(high, low, n)
#endif
HW_FUNCTION lane lane_rotate_by(lane a, hw_u32 n, const keccak256_work *work) {
  (void)work;
  if (n == 0) return a;
  if (n == 32) return lane_of(a.high, a.low);
  if (n < 32) return lane_of(lane_other(a.low, a.high, n), lane_part(a.high, a.low, n));
  return lane_of(lane_other(a.high, a.low, n - 32), lane_part(a.low, a.high, n - 32));
}
#define lane_rotate(a, n) lane_rotate_by(a, n, work)
#else
typedef wide lane;
#define lane_constant(x) ((lane)(hw_u64)(x))
#if HW_WIDTH == 1
#define lane_top(x) ((word)((x) >> 32))
#define lane_nonce(n) ((lane)(n) << 32)
#else
#define lane_top(x) HW_JOIN(convert_uint, HW_WIDTH)((x) >> (lane)(32))
#define lane_nonce(n) (HW_JOIN(convert_ulong, HW_WIDTH)(n) << (lane)(32))
#endif
#define lane_xor(a, b) ((a) ^ (b))
#define lane_xor3(a, b, c) ((a) ^ (b) ^ (c))
#define lane_chi(a, b, c) ((a) ^ (~(b) & (c)))
#if defined(HW_OPENCL)
#define lane_rotate(a, n) rotate(a, (lane)(n))
#else
#define lane_rotate(a, n) ((n) == 0 ? (a) : (a) << (n) | (a) >> ((64 - (n)) & 63))
#endif
#endif

// ---- One round ----

#define PARITY(x)                                                                                  \
  lane_xor3(lane_xor3(a[x], a[x + 5], a[x + 10]), a[x + 15], a[x + 20])
#define PARITIES                                                                                   \
  lane c0 = PARITY(0), c1 = PARITY(1), c2 = PARITY(2), c3 = PARITY(3), c4 = PARITY(4);             \
  lane r0 = lane_rotate(c0, 1), r1 = lane_rotate(c1, 1), r2 = lane_rotate(c2, 1);                  \
  lane r3 = lane_rotate(c3, 1), r4 = lane_rotate(c4, 1);

#if defined(HW_MATERIAL)
#define THETA_COLUMNS                                                                              \
  lane d0 = lane_xor(c4, r1), d1 = lane_xor(c0, r2), d2 = lane_xor(c1, r3);                        \
  lane d3 = lane_xor(c2, r4), d4 = lane_xor(c3, r0);
#define THETA0(i) lane_xor(a[i], d0)
#define THETA1(i) lane_xor(a[i], d1)
#define THETA2(i) lane_xor(a[i], d2)
#define THETA3(i) lane_xor(a[i], d3)
#define THETA4(i) lane_xor(a[i], d4)
#else
#define THETA_COLUMNS
#define THETA0(i) lane_xor3(a[i], c4, r1)
#define THETA1(i) lane_xor3(a[i], c0, r2)
#define THETA2(i) lane_xor3(a[i], c1, r3)
#define THETA3(i) lane_xor3(a[i], c2, r4)
#define THETA4(i) lane_xor3(a[i], c3, r0)
#endif

#define CHI_ROW(row)                                                                               \
  a[row] = lane_chi(b0, b1, b2);                                                                   \
  a[row + 1] = lane_chi(b1, b2, b3);                                                               \
  a[row + 2] = lane_chi(b2, b3, b4);                                                               \
  a[row + 3] = lane_chi(b3, b4, b0);                                                               \
  a[row + 4] = lane_chi(b4, b0, b1);

// Theta, rho, pi and chi of a row: five lanes, each from column `x` and rotated by the amount beside it.
#define ROW(row, b0v, b1v, b2v, b3v, b4v)                                                          \
  {                                                                                                \
    lane b0 = b0v, b1 = b1v, b2 = b2v, b3 = b3v, b4 = b4v;                                         \
    n[row] = lane_chi(b0, b1, b2);                                                                 \
    n[row + 1] = lane_chi(b1, b2, b3);                                                             \
    n[row + 2] = lane_chi(b2, b3, b4);                                                             \
    n[row + 3] = lane_chi(b3, b4, b0);                                                             \
    n[row + 4] = lane_chi(b4, b0, b1);                                                             \
  }

HW_FUNCTION void keccak_round(lane *state, hw_u64 mark, const keccak256_work *work) {
  (void)work;
  const lane *a = state;
  lane n[25];
  PARITIES
  THETA_COLUMNS
  ROW(0, THETA0(0), lane_rotate(THETA1(6), 44), lane_rotate(THETA2(12), 43),
      lane_rotate(THETA3(18), 21), lane_rotate(THETA4(24), 14))
  n[0] = lane_xor(n[0], lane_constant(mark));
  ROW(5, lane_rotate(THETA3(3), 28), lane_rotate(THETA4(9), 20), lane_rotate(THETA0(10), 3),
      lane_rotate(THETA1(16), 45), lane_rotate(THETA2(22), 61))
  ROW(10, lane_rotate(THETA1(1), 1), lane_rotate(THETA2(7), 6), lane_rotate(THETA3(13), 25),
      lane_rotate(THETA4(19), 8), lane_rotate(THETA0(20), 18))
  ROW(15, lane_rotate(THETA4(4), 27), lane_rotate(THETA0(5), 36), lane_rotate(THETA1(11), 10),
      lane_rotate(THETA2(17), 15), lane_rotate(THETA3(23), 56))
  ROW(20, lane_rotate(THETA2(2), 62), lane_rotate(THETA3(8), 55), lane_rotate(THETA4(14), 39),
      lane_rotate(THETA0(15), 41), lane_rotate(THETA1(21), 2))
  HW_UNROLL for (int i = 0; i < 25; i++) state[i] = n[i];
}

#define TWO(round)                                                                                 \
  keccak_round(a, iota[round], work);                                                              \
  keccak_round(a, iota[(round) + 1], work);

HW_FUNCTION void keccak_first_row(lane *a, const keccak256_work *work, int row, lane m0, lane m1,
                                  lane m2, lane m3, lane m4) {
  lane b0 = lane_xor(lane_constant(work->first[row]), m0);
  lane b1 = lane_xor(lane_constant(work->first[row + 1]), m1);
  lane b2 = lane_xor(lane_constant(work->first[row + 2]), m2);
  lane b3 = lane_xor(lane_constant(work->first[row + 3]), m3);
  lane b4 = lane_xor(lane_constant(work->first[row + 4]), m4);
  CHI_ROW(row)
}

HW_KERNEL void hw_scan(const keccak256_work given, hw_u32 first, hw_u32 count,
                       HW_GLOBAL hw_u32 *results) {
  const keccak256_work *work = &given;
  hw_u32 index = hw_item() * HW_WIDTH;
  lane nonce = lane_nonce(hw_lanes() + (word)(first + index));
  lane none = lane_constant(0u);
  lane a[25];

  keccak_first_row(a, work, 0, nonce, none, none, lane_rotate(nonce, 22), none);
  a[0] = lane_xor(a[0], lane_constant(iota[0]));
  keccak_first_row(a, work, 5, lane_rotate(nonce, 29), lane_rotate(nonce, 20), lane_rotate(nonce, 3),
                   none, none);
  keccak_first_row(a, work, 10, none, none, lane_rotate(nonce, 26), none, lane_rotate(nonce, 18));
  keccak_first_row(a, work, 15, none, lane_rotate(nonce, 36), none, none, lane_rotate(nonce, 57));
  keccak_first_row(a, work, 20, none, lane_rotate(nonce, 56), none, lane_rotate(nonce, 41), none);

#if defined(HW_ROLLED)
  HW_ROLL for (int round = 1; round < 23; round += 2) {
    TWO(round)
  }
#else
  // Written out: compilers leave a loop of this length partly rolled.
  TWO(1) TWO(3) TWO(5) TWO(7) TWO(9) TWO(11) TWO(13) TWO(15) TWO(17) TWO(19) TWO(21)
#endif

  // Of the last round only the lane with the hash's top word: three lanes and one chi.
  PARITIES
  THETA_COLUMNS
  lane top = lane_chi(lane_rotate(THETA3(18), 21), lane_rotate(THETA4(24), 14), THETA0(0));
  hw_report(results, given.capacity, lane_top(top), given.limit, first, index, count);
}
