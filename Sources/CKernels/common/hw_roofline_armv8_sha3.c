#if defined(__aarch64__)
#include <arm_neon.h>

#include "hw_roofline_probes.h"
#include "hw_target.h"

HW_TARGET_BEGIN(HW_FEATURES_ARMV8_SHA3)

enum { chains = 12 };

/// The rotation of 64-bit lanes that takes an addition along.
uint64_t hw_probe_rotate_armv8(uint64_t iterations) {
  uint64x2_t other = vdupq_n_u64(3), chain[chains];
  __asm__ volatile("" : HW_VECTOR_CONSTRAINT(other));
  HW_UNROLL for (unsigned i = 0; i < chains; i++) chain[i] = other;
  for (uint64_t n = 0; n < iterations; n++) HW_UNROLL for (unsigned i = 0; i < chains; i++) {
      chain[i] = vxarq_u64(chain[i], other, 7);
      __asm__ volatile("" : HW_VECTOR_CONSTRAINT(chain[i]));
    }
  return iterations * chains;
}

HW_TARGET_END
#endif
