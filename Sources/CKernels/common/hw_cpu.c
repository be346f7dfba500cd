#include "hw_cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>

/// XCR0 bits that the operating system sets for the state that it saves.
enum {
  XCR0_SSE = 1u << 1,
  XCR0_AVX = 1u << 2,
  XCR0_OPMASK = 1u << 5,
  XCR0_ZMM_HIGH256 = 1u << 6,
  XCR0_HIGH16_ZMM = 1u << 7,
};

static uint32_t saved_state(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

uint64_t hw_cpu_features(void) {
  uint64_t features = HW_CPU_SSE2;
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return features;
  int ssse3 = (c >> 9 & 1) != 0, sse41 = (c >> 19 & 1) != 0, osxsave = (c >> 27 & 1) != 0;
  if (ssse3) features |= HW_CPU_SSSE3;
  uint32_t state = osxsave ? saved_state() : 0;
  const uint32_t avx_state = XCR0_SSE | XCR0_AVX;
  const uint32_t avx512_state = avx_state | XCR0_OPMASK | XCR0_ZMM_HIGH256 | XCR0_HIGH16_ZMM;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return features;
  int avx2 = (b >> 5 & 1) != 0 && (state & avx_state) == avx_state;
  if (avx2) features |= HW_CPU_AVX2;
  // F is bit 16, DQ 17, BW 30, VL 31.
  const uint32_t avx512_bits = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
  if (avx2 && (b & avx512_bits) == avx512_bits && (state & avx512_state) == avx512_state)
    features |= HW_CPU_AVX512;
  if ((b >> 29 & 1) != 0 && ssse3 && sse41) features |= HW_CPU_SHANI;
  return features;
}

#elif defined(__aarch64__)
#include <sys/auxv.h>

/// AT_HWCAP bits of arm64 Linux (asm/hwcap.h).
enum { HWCAP_BIT_ASIMD = 1u << 1, HWCAP_BIT_SHA2 = 1u << 6, HWCAP_BIT_SHA3 = 1u << 17 };

uint64_t hw_cpu_features(void) {
  unsigned long hwcap = getauxval(AT_HWCAP);
  uint64_t features = 0;
  if (hwcap & HWCAP_BIT_ASIMD) features |= HW_CPU_NEON;
  if (hwcap & HWCAP_BIT_SHA2) features |= HW_CPU_ARMV8_SHA2;
  if (hwcap & HWCAP_BIT_SHA3) features |= HW_CPU_ARMV8_SHA3;
  return features;
}

#else

uint64_t hw_cpu_features(void) { return 0; }

#endif

const char *hw_cpu_feature_name(uint64_t bit) {
  switch (bit) {
  case HW_CPU_SSE2:
    return "sse2";
  case HW_CPU_SSSE3:
    return "ssse3";
  case HW_CPU_AVX2:
    return "avx2";
  case HW_CPU_AVX512:
    return "avx512";
  case HW_CPU_SHANI:
    return "sha-ni";
  case HW_CPU_NEON:
    return "neon";
  case HW_CPU_ARMV8_SHA2:
    return "armv8-sha2";
  case HW_CPU_ARMV8_SHA3:
    return "armv8-sha3";
  default:
    return NULL;
  }
}
