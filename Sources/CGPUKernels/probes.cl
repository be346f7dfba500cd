// How many operations of each kind a device carries out: chains of one instruction, eight independent ones in each item, so
// that neither latency nor memory counts. One kernel for each kind; every one takes the same arguments and writes a result
// that the compiler cannot leave out. Each item does `rounds` times PROBE_STEPS operations on HW_WIDTH words; of the shuffle
// and the copy see below.

#define PROBE_CHAINS 8
#define PROBE_STEPS 256

// On NVIDIA the instruction is asked for by name; elsewhere the expression is what the compiler makes of it.
#if defined(HW_CUDA) || defined(HW_NVIDIA_OPENCL)
#define PROBE_ASM HW_ASM_VOLATILE
#endif

#if defined(PROBE_ASM)
#define STEP_SHIFT(x, y, z) PROBE_ASM("shf.l.wrap.b32 %0, %0, %1, 7;" : "+r"(x) : "r"(y));
#define STEP_LOGIC(x, y, z) PROBE_ASM("lop3.b32 %0, %0, %1, %2, 0x96;" : "+r"(x) : "r"(y), "r"(z));
#define STEP_MULTIPLY(x, y, z) PROBE_ASM("mad.lo.u32 %0, %0, %1, %2;" : "+r"(x) : "r"(y), "r"(z));
#define STEP_HIGH(x, y, z) PROBE_ASM("mul.hi.u32 %0, %0, %1;" : "+r"(x) : "r"(y));
#define STEP_ADD(x, y, z)                                                                          \
  PROBE_ASM("{ .reg .u32 t; add.u32 t, %0, %1; add.u32 %0, t, %2; }" : "+r"(x) : "r"(y), "r"(z));
// One instruction where the compiler knows it.
#define STEP_ROTATE_ADD(x, y, z)                                                                   \
  PROBE_ASM("{ .reg .u32 t; shf.l.wrap.b32 t, %0, %0, 7; add.u32 %0, t, %1; }" : "+r"(x) : "r"(y));
#else
#define STEP_ROTATE_ADD(x, y, z) x = hw_rotate(x, 7) + y;
#if defined(HW_AMD_OPENCL)
// By name: its compiler joins shifts, and sums that steps share.
#define PROBE_AMD(text, x, y, z)                                                                   \
  HW_ASM_VOLATILE(text " %0, %0, %1, %2" : "+v"(x) : "v"(y), "v"(z));
#define STEP_SHIFT(x, y, z) HW_ASM_VOLATILE("v_alignbit_b32 %0, %0, %1, 25" : "+v"(x) : "v"(y));
#define STEP_LOGIC(x, y, z) PROBE_AMD("v_bfi_b32", x, y, z)
#else
// By a number that the compiler does not know, or it would join shifts with those that follow.
#define STEP_SHIFT(x, y, z) x = hw_funnel(x, y, amount);
// A choice, because exclusive ors of what steps share cancel out.
#define STEP_LOGIC(x, y, z) x = hw_choose(x, y, z);
#endif
#define STEP_MULTIPLY(x, y, z) x = x * y + z;
#if defined(HW_OPENCL)
#define STEP_HIGH(x, y, z) x = mul_hi(x, y);
#else
#define STEP_HIGH(x, y, z) x = (hw_u32)(((hw_u64)x * y) >> 32);
#endif
#if defined(__GFX9__) || defined(__GFX10__) || defined(__GFX11__) || defined(__GFX12__)
#define STEP_ADD(x, y, z) PROBE_AMD("v_add3_u32", x, y, z)
#else
#define STEP_ADD(x, y, z) x = x + y + z;
#endif
#endif

// No two words meet in two steps: what they share, a compiler would do once.
#define EACH(STEP)                                                                                 \
  STEP(x0, x1, y)                                                                                  \
  STEP(x1, x2, s)                                                                                  \
  STEP(x2, x3, y)                                                                                  \
  STEP(x3, x4, s)                                                                                  \
  STEP(x4, x5, y)                                                                                  \
  STEP(x5, x6, s)                                                                                  \
  STEP(x6, x7, y)                                                                                  \
  STEP(x7, s, x0)
#define EACH8(STEP) EACH(STEP) EACH(STEP) EACH(STEP) EACH(STEP) EACH(STEP) EACH(STEP) EACH(STEP) EACH(STEP)
#define STEPS(STEP) EACH8(STEP) EACH8(STEP) EACH8(STEP) EACH8(STEP)

#if defined(PROBE_ASM) || defined(HW_AMD_OPENCL)
#define PROBE_AMOUNT
#else
#define PROBE_AMOUNT                                                                               \
  hw_u32 amount = (seed & 15) + 1;                                                                 \
  (void)amount;
#endif

// All bits of all words, in one.
HW_FUNCTION hw_u32 probe_word(word x) {
#if HW_WIDTH == 1
  return x;
#else
  hw_u32 words[HW_WIDTH], all = 0;
  HW_JOIN(vstore, HW_WIDTH)(x, 0, words);
  for (int lane = 0; lane < HW_WIDTH; lane++) all ^= words[lane];
  return all;
#endif
}

#define PROBE(name, STEP)                                                                          \
  HW_KERNEL void name(HW_GLOBAL hw_u32 *out, hw_u32 rounds, hw_u32 seed) {                         \
    hw_u32 item = hw_item();                                                                       \
    word i = (word)(item) + hw_lanes(), y = i ^ seed, s = y * 11;                                  \
    PROBE_AMOUNT                                                                                   \
    word x0 = i, x1 = i + seed, x2 = i * 3, x3 = i * 5, x4 = i * 7, x5 = i * 9, x6 = ~i;           \
    word x7 = (word)(seed);                                                                        \
    HW_ROLL for (hw_u32 round = 0; round < rounds; round++) { STEPS(STEP) }                        \
    out[item] = probe_word(x0 ^ x1 ^ x2 ^ x3 ^ x4 ^ x5 ^ x6 ^ x7);                                 \
  }

PROBE(probe_shift, STEP_SHIFT)
PROBE(probe_logic, STEP_LOGIC)
PROBE(probe_add, STEP_ADD)
PROBE(probe_rotate_add, STEP_ROTATE_ADD)
PROBE(probe_multiply, STEP_MULTIPLY)
PROBE(probe_multiply_high, STEP_HIGH)

#if HW_WIDTH == 1
// Products of 64 bits. Each is of the lower half of one and the upper half of another, so that both halves are needed.
#if defined(PROBE_ASM)
#define STEP_WIDE(p, x, y) PROBE_ASM("mul.wide.u32 %0, %1, %2;" : "=l"(p) : "r"(x), "r"(y));
#else
#define STEP_WIDE(p, x, y) p = (hw_u64)(x) * (y);
#endif
#define STEP_HALVES(p, q, r) STEP_WIDE(p, (hw_u32)q, (hw_u32)((r) >> 32))
#define EACH_WIDE                                                                                  \
  STEP_HALVES(p0, p1, p2)                                                                          \
  STEP_HALVES(p1, p2, p3)                                                                          \
  STEP_HALVES(p2, p3, p4)                                                                          \
  STEP_HALVES(p3, p4, p5)                                                                          \
  STEP_HALVES(p4, p5, p6)                                                                          \
  STEP_HALVES(p5, p6, p7)                                                                          \
  STEP_HALVES(p6, p7, p0)                                                                          \
  STEP_HALVES(p7, p0, p1)
HW_KERNEL void probe_multiply_wide(HW_GLOBAL hw_u32 *out, hw_u32 rounds, hw_u32 seed) {
  hw_u32 i = hw_item();
  // Both halves of each are something, or a compiler would see that all products are 0.
  hw_u64 p0 = (hw_u64)i << 32 | seed, p1 = p0 + seed, p2 = p0 * 3, p3 = p0 * 5, p4 = p0 * 7, p5 = p0 * 9;
  hw_u64 p6 = ~p0, p7 = (hw_u64)seed << 32 | i;
  HW_ROLL for (hw_u32 round = 0; round < rounds; round++) {
    HW_UNROLL for (int k = 0; k < PROBE_STEPS / PROBE_CHAINS; k++) { EACH_WIDE }
  }
  hw_u64 sum = p0 ^ p1 ^ p2 ^ p3 ^ p4 ^ p5 ^ p6 ^ p7;
  out[i] = (hw_u32)(sum >> 32) ^ (hw_u32)sum;
}

// A shift and a product side by side: what the two pipes carry together. Counts both.
HW_KERNEL void probe_shift_and_multiply(HW_GLOBAL hw_u32 *out, hw_u32 rounds, hw_u32 seed) {
  hw_u32 i = hw_item();
  PROBE_AMOUNT
  hw_u32 x0 = i, x1 = i + seed, x2 = i * 3, x3 = i * 5, y0 = i * 7, y1 = i * 9, y2 = ~i, y3 = seed;
  HW_ROLL for (hw_u32 round = 0; round < rounds; round++) {
    HW_UNROLL for (int k = 0; k < PROBE_STEPS / PROBE_CHAINS; k++) {
      STEP_SHIFT(x0, x1, 0)
      STEP_MULTIPLY(y0, seed, y1)
      STEP_SHIFT(x1, x2, 0)
      STEP_MULTIPLY(y1, seed, y2)
      STEP_SHIFT(x2, x3, 0)
      STEP_MULTIPLY(y2, seed, y3)
      STEP_SHIFT(x3, x0, 0)
      STEP_MULTIPLY(y3, seed, y0)
    }
  }
  out[i] = x0 ^ x1 ^ x2 ^ x3 ^ y0 ^ y1 ^ y2 ^ y3;
}

#endif

#if HW_WIDTH == 1 && !defined(HW_HOST)
// PROBE_STEPS exchanges among four neighbouring items; by local memory where the device has no other way.
#define STEP_SHUFFLE(x, y, z) x = hw_lane_rotate(x, 1) + z;
HW_KERNEL void probe_shuffle(HW_GLOBAL hw_u32 *out, hw_u32 rounds, hw_u32 seed) {
  HW_EXCHANGE_DECLARE
  hw_u32 i = hw_item(), y = seed ^ i, s = y * 11;
  hw_u32 x0 = i, x1 = i + seed, x2 = i * 3, x3 = i * 5, x4 = i * 7, x5 = i * 9, x6 = ~i, x7 = seed;
  HW_ROLL for (hw_u32 round = 0; round < rounds; round++) {
    HW_ROLL for (int k = 0; k < PROBE_STEPS / PROBE_CHAINS; k++) { EACH(STEP_SHUFFLE) }
  }
  out[i] = x0 ^ x1 ^ x2 ^ x3 ^ x4 ^ x5 ^ x6 ^ x7;
}
#endif

// Copies `rounds` units of 16 bytes, item by item over the whole buffer: reads and writes count.
HW_KERNEL void probe_copy(HW_GLOBAL hw_four *to, HW_GLOBAL const hw_four *from, hw_u32 rounds,
                          hw_u32 items) {
  hw_u32 i = hw_item();
  for (hw_u32 round = 0; round < rounds; round++) {
    hw_u64 place = (hw_u64)round * items + i;
    to[place] = from[place];
  }
}
