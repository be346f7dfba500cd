#ifndef HW_CPU_H
#define HW_CPU_H

#include <stddef.h>
#include <stdint.h>

/// Instruction-set tiers that kernels are written for. One bit each; a kernel names the bits that it needs.
/// This is the only place in the project that decides what the CPU and the operating system let us execute.
#define HW_CPU_SSE2 (UINT64_C(1) << 0)
#define HW_CPU_SSSE3 (UINT64_C(1) << 1)
#define HW_CPU_AVX2 (UINT64_C(1) << 2)
/// AVX-512 F, BW, DQ and VL together, with the operating system saving the 512-bit state.
#define HW_CPU_AVX512 (UINT64_C(1) << 3)
/// SHA-NI together with SSSE3 and SSE4.1, which its kernels also use.
#define HW_CPU_SHANI (UINT64_C(1) << 4)
#define HW_CPU_NEON (UINT64_C(1) << 16)
/// ARMv8 cryptography: SHA-256 instructions.
#define HW_CPU_ARMV8_SHA2 (UINT64_C(1) << 17)
/// ARMv8.2 SHA-3 instructions: EOR3, RAX1, XAR, BCAX.
#define HW_CPU_ARMV8_SHA3 (UINT64_C(1) << 18)

/// The HW_CPU_* bits of the CPU that runs this; found once by CPUID and XGETBV, or from AT_HWCAP.
uint64_t hw_cpu_features(void);

/// The name of one HW_CPU_* bit, such as "avx2", or NULL for a bit that has none.
const char *hw_cpu_feature_name(uint64_t bit);

#endif
