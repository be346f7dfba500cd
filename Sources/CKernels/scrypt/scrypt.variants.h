// name, suffix of the function, features, lanes, scratch alignment, scratch bytes, and the operations of one pass of the
// template (hw_operations.c); in the order shown to users.
// A shape is groups x sets x hashes per vector; gap2 stores every second row.
#define HW_SCRYPT(name, suffix, features, hashes, gap, isa, hashes_per_vector)                     \
  HW_VARIANT(name, suffix, features, hashes, SCRYPT_SCRATCH_ALIGNMENT,                             \
             SCRYPT_SCRATCH(hashes, gap),                                                          \
             in_##isa(scrypt_arithmetic(hashes, hashes_per_vector, gap), hashes))
#if defined(__x86_64__)
HW_SCRYPT("avx512-1x6x4", avx512_1x6x4, HW_CPU_AVX512, 24, 1, avx512, 4)
HW_SCRYPT("avx512-2x4x4", avx512_2x4x4, HW_CPU_AVX512, 32, 1, avx512, 4)
HW_SCRYPT("avx512-2x3x4", avx512_2x3x4, HW_CPU_AVX512, 24, 1, avx512, 4)
HW_SCRYPT("avx512-1x4x4", avx512_1x4x4, HW_CPU_AVX512, 16, 1, avx512, 4)
HW_SCRYPT("avx512-1x3x4", avx512_1x3x4, HW_CPU_AVX512, 12, 1, avx512, 4)
HW_SCRYPT("avx512-1x6x4-gap2", avx512_1x6x4_gap2, HW_CPU_AVX512, 24, 2, avx512, 4)
HW_SCRYPT("avx512-2x3x4-gap2", avx512_2x3x4_gap2, HW_CPU_AVX512, 24, 2, avx512, 4)
HW_SCRYPT("avx2-2x3x2", avx2_2x3x2, HW_CPU_AVX2, 12, 1, avx2, 2)
HW_SCRYPT("avx2-1x3x2", avx2_1x3x2, HW_CPU_AVX2, 6, 1, avx2, 2)
HW_SCRYPT("avx2-1x4x2", avx2_1x4x2, HW_CPU_AVX2, 8, 1, avx2, 2)
HW_SCRYPT("avx2-2x3x2-gap2", avx2_2x3x2_gap2, HW_CPU_AVX2, 12, 2, avx2, 2)
#elif defined(__aarch64__)
HW_SCRYPT("neon-1x5x1", neon_1x5x1, HW_CPU_NEON, 5, 1, baseline, 1)
HW_SCRYPT("neon-2x3x1", neon_2x3x1, HW_CPU_NEON, 6, 1, baseline, 1)
#endif
HW_SCRYPT("portable", portable, 0, 3, 1, baseline, 1)
#undef HW_SCRYPT
