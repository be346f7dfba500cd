// name, suffix of the function, features, lanes, scratch alignment, scratch bytes, and the operations of one pass of the
// template (hw_operations.c); in the order shown to users.
#if defined(__x86_64__)
HW_VARIANT("avx512-2x16", avx512_2x16, HW_CPU_AVX512, 32, 0, 0,
           in_avx512(sha256d_streams_arithmetic(true), 16))
HW_VARIANT("avx512-1x16", avx512_1x16, HW_CPU_AVX512, 16, 0, 0,
           in_avx512(sha256d_lanes_arithmetic(), 16))
HW_VARIANT("shani-vex-8", shani_vex_8, HW_CPU_SHANI | HW_CPU_AVX2, 8, 0, 0, in_shani(8, false))
HW_VARIANT("shani-vex-6", shani_vex_6, HW_CPU_SHANI | HW_CPU_AVX2, 6, 0, 0, in_shani(6, false))
HW_VARIANT("shani-avx2-4", shani_avx2_4, HW_CPU_SHANI | HW_CPU_AVX2, 4, 0, 0, in_shani(4, true))
HW_VARIANT("shani-4", shani_4, HW_CPU_SHANI, 4, 0, 0, in_shani(4, false))
HW_VARIANT("avx2-2x8", avx2_2x8, HW_CPU_AVX2, 16, 0, 0,
           in_avx2(sha256d_streams_arithmetic(false), 8))
HW_VARIANT("avx2-1x8", avx2_1x8, HW_CPU_AVX2, 8, 0, 0, in_avx2(sha256d_streams_arithmetic(true), 8))
#elif defined(__aarch64__)
HW_VARIANT("armv8-sha2-4", armv8_sha2_4, HW_CPU_ARMV8_SHA2, 4, 0, 0, in_armv8_sha2(4))
HW_VARIANT("armv8-sha2-2", armv8_sha2_2, HW_CPU_ARMV8_SHA2, 2, 0, 0, in_armv8_sha2(2))
HW_VARIANT("neon-2x4", neon_2x4, HW_CPU_NEON, 8, 0, 0,
           in_baseline(sha256d_streams_arithmetic(false), 4))
#endif
HW_VARIANT("portable", portable, 0, 4, 0, 0, in_baseline(sha256d_streams_arithmetic(true), 4))
