#ifndef HW_TARGET_H
#define HW_TARGET_H

/// How one translation unit gets another instruction set than the rest of the program, without compiler flags:
/// everything between HW_TARGET_BEGIN and HW_TARGET_END is compiled for the named features. Open the region
/// after the includes of ordinary headers, so that no shared inline function is compiled for the wrong CPU.

#define HW_PRAGMA(text) _Pragma(#text)
#define HW_TARGET_BEGIN(features)                                                                  \
  HW_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define HW_TARGET_END HW_PRAGMA(clang attribute pop)

/// For every helper of a kernel: no vector ever crosses a real call, so no calling convention depends on the ISA.
#define HW_INLINE static inline __attribute__((always_inline))
/// For a kernel's hot function, so that it can be found in a disassembly.
#define HW_HOT static __attribute__((noinline))
/// Before a loop whose trip count is a template parameter and whose arrays must become registers.
#if defined(HW_NO_UNROLL)
// For builds with sanitizers, whose checks make unrolled rounds take minutes to compile.
#define HW_UNROLL
#else
#define HW_UNROLL HW_PRAGMA(clang loop unroll(full))
#endif

/// Before a loop whose body is as much code as the instruction cache should hold.
#define HW_ROLL HW_PRAGMA(clang loop unroll(disable))

/// The features of each tier of hw_cpu.h, as the compiler names them.
#define HW_FEATURES_AVX2 "avx2"
#define HW_FEATURES_AVX512 "avx2,avx512f,avx512bw,avx512dq,avx512vl"
#define HW_FEATURES_SHANI "ssse3,sse4.1,sha"
#define HW_FEATURES_SHANI_AVX2 "avx2,sha"
#define HW_FEATURES_ARMV8_SHA2 "sha2"
#define HW_FEATURES_ARMV8_SHA3 "sha3"

/// Register constraint of a vector in inline assembly, for barriers that emit nothing.
#if defined(__aarch64__)
#define HW_VECTOR_CONSTRAINT "+w"
#else
#define HW_VECTOR_CONSTRAINT "+v"
#endif

#endif
