/// Loops of one kind of vector operation each. A template: needs HW_PROBE(name) (the functions to define), HW_LANES, and
/// a target region around it.

typedef uint32_t vec __attribute__((vector_size(4 * HW_LANES)));

#if defined(__aarch64__)
#include "hw_neon.h"
#endif

/// Chains that are independent of one another, enough to fill four units of latency two; and how often each is taken
/// before the loop's own instructions, which share the units, come again.
enum { chains = 12, passes = 8 };

/// All chains in turn, so many times in a straight line.
#define HW_EACH_CHAIN                                                                              \
  HW_UNROLL for (unsigned pass = 0; pass < passes; pass++)                                         \
      HW_UNROLL for (unsigned i = 0; i < chains; i++)

/// A loop of `expression` on each chain's `x` and an `other` that the compiler cannot see through.
#define HW_PROBE_LOOP(name, expression)                                                            \
  uint64_t HW_PROBE(name)(uint64_t iterations) {                                                   \
    vec other = {3}, chain[chains];                                                                \
    __asm__ volatile("" : HW_VECTOR_CONSTRAINT(other));                                            \
    HW_UNROLL for (unsigned i = 0; i < chains; i++) chain[i] = other + i;                          \
    for (uint64_t n = 0; n < iterations; n++) HW_EACH_CHAIN {                                      \
        vec x = chain[i];                                                                          \
        x = (expression);                                                                          \
        __asm__ volatile("" : HW_VECTOR_CONSTRAINT(x));                                            \
        chain[i] = x;                                                                              \
      }                                                                                            \
    return iterations * chains * passes;                                                           \
  }

HW_PROBE_LOOP(add, x + other)
HW_PROBE_LOOP(logic, x ^ other)
HW_PROBE_LOOP(shift, x >> 7)
#if HW_LANES == 16
HW_PROBE_LOOP(rotate, x << 7 | x >> 25)
HW_PROBE_LOOP(shuffle,
              __builtin_shufflevector(x, x, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12))
#elif HW_LANES == 8
HW_PROBE_LOOP(shuffle, __builtin_shufflevector(x, x, 1, 2, 3, 0, 5, 6, 7, 4))
#else
HW_PROBE_LOOP(shuffle, __builtin_shufflevector(x, x, 1, 2, 3, 0))
#endif

#if defined(HW_TERNARY_LOGIC) || defined(__aarch64__)
/// Logic of three inputs, each a different one that was computed 16 to 24 operations before: some cores do more of them a
/// cycle when an input is a constant or comes twice, as no algorithm has it.
uint64_t HW_PROBE(ternary)(uint64_t iterations) {
  enum { registers = 24 };
  vec chain[registers];
  HW_UNROLL for (unsigned i = 0; i < registers; i++) {
    chain[i] = (vec){i};
    __asm__ volatile("" : HW_VECTOR_CONSTRAINT(chain[i]));
  }
  for (uint64_t n = 0; n < iterations; n++)
    HW_UNROLL for (unsigned pass = 0; pass < 4; pass++)
        HW_UNROLL for (unsigned i = 0; i < registers; i++) {
      vec x = chain[i], y = chain[(i + 4) % registers], z = chain[(i + 8) % registers];
#if defined(HW_TERNARY_LOGIC)
      x = HW_TERNARY_LOGIC(x, y, z, 0x96);
#else
      x = hw_neon_select(x, y, z);
#endif
      __asm__ volatile("" : HW_VECTOR_CONSTRAINT(x));
      chain[i] = x;
    }
  return iterations * registers * 4;
}
#endif

uint64_t HW_PROBE(load)(uint64_t iterations) {
  volatile vec memory[chains];
  HW_UNROLL for (unsigned i = 0; i < chains; i++) memory[i] = (vec){i};
  for (uint64_t n = 0; n < iterations; n++) HW_EACH_CHAIN {
      (void)memory[i];
    }
  return iterations * chains * passes;
}
