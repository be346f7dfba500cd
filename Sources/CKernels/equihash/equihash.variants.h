// HW_VARIANT(name, suffix, features, lanes, alignment, bytes) in the order shown to users.
HW_VARIANT("portable", portable, 0, 1, 64, sizeof(equihash_memory))
#if defined(__x86_64__)
HW_VARIANT("avx2", avx2, HW_CPU_AVX2, 1, 64, sizeof(equihash_memory))
HW_VARIANT("avx512", avx512, HW_CPU_AVX512, 1, 64, sizeof(equihash_memory))
#endif
