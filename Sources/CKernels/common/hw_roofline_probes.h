#ifndef HW_ROOFLINE_PROBES_H
#define HW_ROOFLINE_PROBES_H

#include <stdint.h>

/// The loops of each instruction set, by the names that hw_roofline.c lists.
#define HW_PROBES(suffix)                                                                          \
  uint64_t hw_probe_add_##suffix(uint64_t), hw_probe_logic_##suffix(uint64_t),                     \
      hw_probe_shift_##suffix(uint64_t), hw_probe_shuffle_##suffix(uint64_t),                      \
      hw_probe_load_##suffix(uint64_t), hw_probe_ternary_##suffix(uint64_t),                       \
      hw_probe_rotate_##suffix(uint64_t)

HW_PROBES(portable);
HW_PROBES(avx2);
HW_PROBES(avx512);
uint64_t hw_probe_sha_rounds_armv8(uint64_t);
uint64_t hw_probe_sha_schedule_armv8(uint64_t);
uint64_t hw_probe_rotate_armv8(uint64_t);
uint64_t hw_probe_sha_rounds_shani(uint64_t);
uint64_t hw_probe_sha_schedule_shani(uint64_t);

#endif
