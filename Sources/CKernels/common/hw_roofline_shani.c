#if defined(__x86_64__)
#include <immintrin.h>

#include "hw_roofline_probes.h"
#include "hw_target.h"

HW_TARGET_BEGIN(HW_FEATURES_SHANI)

enum { chains = 8 };

uint64_t hw_probe_sha_rounds_shani(uint64_t iterations) {
  __m128i other = _mm_set1_epi32(3), chain[chains];
  __asm__ volatile("" : HW_VECTOR_CONSTRAINT(other));
  HW_UNROLL for (unsigned i = 0; i < chains; i++) chain[i] = other;
  for (uint64_t n = 0; n < iterations; n++) HW_UNROLL for (unsigned i = 0; i < chains; i++) {
      chain[i] = _mm_sha256rnds2_epu32(chain[i], other, other);
      __asm__ volatile("" : HW_VECTOR_CONSTRAINT(chain[i]));
    }
  return iterations * chains;
}

/// Both instructions of the schedule in turn, as the kernels use them.
uint64_t hw_probe_sha_schedule_shani(uint64_t iterations) {
  __m128i other = _mm_set1_epi32(3), chain[chains];
  __asm__ volatile("" : HW_VECTOR_CONSTRAINT(other));
  HW_UNROLL for (unsigned i = 0; i < chains; i++) chain[i] = other;
  for (uint64_t n = 0; n < iterations; n++) HW_UNROLL for (unsigned i = 0; i < chains; i++) {
      chain[i] = i % 2 == 0 ? _mm_sha256msg1_epu32(chain[i], other)
                            : _mm_sha256msg2_epu32(chain[i], other);
      __asm__ volatile("" : HW_VECTOR_CONSTRAINT(chain[i]));
    }
  return iterations * chains;
}

HW_TARGET_END
#endif
