#include "hw_roofline.h"

#include "hw_cpu.h"
#include "hw_roofline_probes.h"

static const hw_throughput_probe probes[] = {
#if defined(__x86_64__)
    {HW_OPERATION_ADD, 512, HW_CPU_AVX512, hw_probe_add_avx512},
    {HW_OPERATION_LOGIC, 512, HW_CPU_AVX512, hw_probe_logic_avx512},
    {HW_OPERATION_TERNARY, 512, HW_CPU_AVX512, hw_probe_ternary_avx512},
    {HW_OPERATION_SHIFT, 512, HW_CPU_AVX512, hw_probe_shift_avx512},
    {HW_OPERATION_ROTATE, 512, HW_CPU_AVX512, hw_probe_rotate_avx512},
    {HW_OPERATION_SHUFFLE, 512, HW_CPU_AVX512, hw_probe_shuffle_avx512},
    {HW_OPERATION_LOAD, 512, HW_CPU_AVX512, hw_probe_load_avx512},
    {HW_OPERATION_ADD, 256, HW_CPU_AVX2, hw_probe_add_avx2},
    {HW_OPERATION_LOGIC, 256, HW_CPU_AVX2, hw_probe_logic_avx2},
    {HW_OPERATION_SHIFT, 256, HW_CPU_AVX2, hw_probe_shift_avx2},
    {HW_OPERATION_SHUFFLE, 256, HW_CPU_AVX2, hw_probe_shuffle_avx2},
    {HW_OPERATION_LOAD, 256, HW_CPU_AVX2, hw_probe_load_avx2},
    {HW_OPERATION_SHA_ROUNDS, 128, HW_CPU_SHANI, hw_probe_sha_rounds_shani},
    {HW_OPERATION_SHA_SCHEDULE, 128, HW_CPU_SHANI, hw_probe_sha_schedule_shani},
#elif defined(__aarch64__)
    {HW_OPERATION_TERNARY, 128, 0, hw_probe_ternary_portable},
    {HW_OPERATION_ROTATE, 128, HW_CPU_ARMV8_SHA3, hw_probe_rotate_armv8},
    {HW_OPERATION_SHA_ROUNDS, 128, HW_CPU_ARMV8_SHA2, hw_probe_sha_rounds_armv8},
    {HW_OPERATION_SHA_SCHEDULE, 128, HW_CPU_ARMV8_SHA2, hw_probe_sha_schedule_armv8},
#endif
    {HW_OPERATION_ADD, 128, 0, hw_probe_add_portable},
    {HW_OPERATION_LOGIC, 128, 0, hw_probe_logic_portable},
    {HW_OPERATION_SHIFT, 128, 0, hw_probe_shift_portable},
    {HW_OPERATION_SHUFFLE, 128, 0, hw_probe_shuffle_portable},
    {HW_OPERATION_LOAD, 128, 0, hw_probe_load_portable},
};

const hw_throughput_probe *hw_throughput_probes(size_t *count) {
  *count = sizeof probes / sizeof probes[0];
  return probes;
}

uint64_t hw_cycle_chain(uint64_t iterations) {
  enum { steps = 16 };
  uint64_t sum = 0, one = 1;
  for (uint64_t n = 0; n < iterations; n++)
    for (unsigned i = 0; i < steps / 8; i++) {
    // Registers only: some cores do additions of constants for nothing.
#if defined(__x86_64__)
      __asm__ volatile("add %1, %0; add %1, %0; add %1, %0; add %1, %0;"
                       "add %1, %0; add %1, %0; add %1, %0; add %1, %0"
                       : "+r"(sum)
                       : "r"(one));
#elif defined(__aarch64__)
      __asm__ volatile("add %0, %0, %1; add %0, %0, %1; add %0, %0, %1; add %0, %0, %1;"
                       "add %0, %0, %1; add %0, %0, %1; add %0, %0, %1; add %0, %0, %1"
                       : "+r"(sum)
                       : "r"(one));
#else
#error "no chain of additions for this architecture"
#endif
    }
  return iterations * steps;
}
