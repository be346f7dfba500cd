#ifndef HW_AVX512_H
#define HW_AVX512_H

/// For AVX-512 instances of the templates: three-input logic where the compiler does not find it by itself. The table
/// is the result for the inputs' eight combinations, with `a` as the most significant bit of the combination.

#include <immintrin.h>

#define HW_TERNARY_LOGIC(a, b, c, table)                                                           \
  ((vec)_mm512_ternarylogic_epi64((__m512i)(a), (__m512i)(b), (__m512i)(c), table))

#endif
