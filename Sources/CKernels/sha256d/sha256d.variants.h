// name, suffix of the function, features, lanes, scratch alignment, scratch bytes; in the order shown to users.
#if defined(__x86_64__)
HW_VARIANT("avx512-2x16", avx512_2x16, HW_CPU_AVX512, 32, 0, 0)
HW_VARIANT("avx512-1x16", avx512_1x16, HW_CPU_AVX512, 16, 0, 0)
HW_VARIANT("shani-4", shani_4, HW_CPU_SHANI, 4, 0, 0)
HW_VARIANT("shani-3", shani_3, HW_CPU_SHANI, 3, 0, 0)
HW_VARIANT("shani-2", shani_2, HW_CPU_SHANI, 2, 0, 0)
HW_VARIANT("avx2", avx2, HW_CPU_AVX2, 8, 0, 0)
#elif defined(__aarch64__)
HW_VARIANT("armv8-sha2-4", armv8_sha2_4, HW_CPU_ARMV8_SHA2, 4, 0, 0)
HW_VARIANT("armv8-sha2-2", armv8_sha2_2, HW_CPU_ARMV8_SHA2, 2, 0, 0)
HW_VARIANT("neon-2x4", neon_2x4, HW_CPU_NEON, 8, 0, 0)
#endif
HW_VARIANT("portable", portable, 0, 4, 0, 0)
