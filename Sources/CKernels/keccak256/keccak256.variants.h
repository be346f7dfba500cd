// name, suffix of the function, features, lanes, scratch alignment, scratch bytes, and the operations of one pass of the
// template (hw_operations.c); in the order shown to users.
#if defined(__x86_64__)
HW_VARIANT("avx512", avx512, HW_CPU_AVX512, 8, 0, 0, in_avx512(keccak256_lanes_arithmetic(), 8))
HW_VARIANT("avx512-rolled", avx512_rolled, HW_CPU_AVX512, 8, 0, 0,
           in_avx512(keccak256_rolled_arithmetic(true), 8))
HW_VARIANT("avx2", avx2, HW_CPU_AVX2, 4, 0, 0, in_avx2(keccak256_rolled_arithmetic(false), 4))
#elif defined(__aarch64__)
HW_VARIANT("armv8-sha3", armv8_sha3, HW_CPU_ARMV8_SHA3, 2, 0, 0,
           in_armv8_sha3(keccak256_lanes_arithmetic(), 2))
HW_VARIANT("neon", neon, HW_CPU_NEON, 2, 0, 0, in_baseline(keccak256_rolled_arithmetic(false), 2))
#endif
HW_VARIANT("portable", portable, 0, 2, 0, 0, in_baseline(keccak256_rolled_arithmetic(false), 2))
