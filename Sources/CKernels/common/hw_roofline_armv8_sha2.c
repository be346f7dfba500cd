#if defined(__aarch64__)
#include <arm_neon.h>

#include "hw_roofline_probes.h"
#include "hw_target.h"

HW_TARGET_BEGIN(HW_FEATURES_ARMV8_SHA2)

enum { chains = 8 };

/// Both instructions of the rounds in turn, as the kernels use them.
uint64_t hw_probe_sha_rounds_armv8(uint64_t iterations) {
  uint32x4_t other = vdupq_n_u32(3), chain[chains];
  __asm__ volatile("" : HW_VECTOR_CONSTRAINT(other));
  HW_UNROLL for (unsigned i = 0; i < chains; i++) chain[i] = other;
  for (uint64_t n = 0; n < iterations; n++) HW_UNROLL for (unsigned i = 0; i < chains; i++) {
      chain[i] = i % 2 == 0 ? vsha256hq_u32(chain[i], other, other)
                            : vsha256h2q_u32(chain[i], other, other);
      __asm__ volatile("" : HW_VECTOR_CONSTRAINT(chain[i]));
    }
  return iterations * chains;
}

/// Both instructions of the schedule in turn.
uint64_t hw_probe_sha_schedule_armv8(uint64_t iterations) {
  uint32x4_t other = vdupq_n_u32(3), chain[chains];
  __asm__ volatile("" : HW_VECTOR_CONSTRAINT(other));
  HW_UNROLL for (unsigned i = 0; i < chains; i++) chain[i] = other;
  for (uint64_t n = 0; n < iterations; n++) HW_UNROLL for (unsigned i = 0; i < chains; i++) {
      chain[i] =
          i % 2 == 0 ? vsha256su0q_u32(chain[i], other) : vsha256su1q_u32(chain[i], other, other);
      __asm__ volatile("" : HW_VECTOR_CONSTRAINT(chain[i]));
    }
  return iterations * chains;
}

HW_TARGET_END
#endif
