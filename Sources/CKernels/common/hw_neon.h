#ifndef HW_NEON_H
#define HW_NEON_H

/// For NEON instances of the templates: what the compiler does not find by itself.

#include <stdint.h>

typedef uint32_t hw_neon_words __attribute__((vector_size(16)));

/// The bits of `a` where `mask` has ones, and of `b` elsewhere: one instruction, where the compiler may make three.
static inline __attribute__((always_inline)) hw_neon_words hw_neon_select(hw_neon_words mask,
                                                                          hw_neon_words a,
                                                                          hw_neon_words b) {
  __asm__("bsl %0.16b, %1.16b, %2.16b" : "+w"(mask) : "w"(a), "w"(b));
  return mask;
}

#endif
