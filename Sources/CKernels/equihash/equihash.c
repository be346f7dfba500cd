#include "hw_equihash.h"

#include "equihash_work.h"
#include "hw_cpu.h"
#include "hw_variant.h"

#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes)                                \
  HW_VARIANT_DECLARATION(equihash, suffix)
#include "equihash.variants.h"
#undef HW_VARIANT

/// Parts in a million of an attempt's solutions that are found: buckets that overflow lose the rest.
enum { equihash_yield_ppm = 995000 };

static const hw_kernel kernels[] = {
#define HW_VARIANT(variant, suffix, features, count, alignment, bytes)                             \
  {                                                                                                \
      .struct_size = sizeof(hw_kernel),                                                            \
      .abi_version = HW_KERNEL_ABI_VERSION,                                                        \
      .algorithm = "equihash-200-9",                                                               \
      .name = (variant),                                                                           \
      .required_features = (features),                                                             \
      .lanes = (count),                                                                            \
      .scratch_alignment = (alignment),                                                            \
      .scratch_size = (bytes),                                                                     \
      .scan = hw_equihash_##suffix,                                                                \
      .yield_ppm = equihash_yield_ppm,                                                             \
  },
#include "equihash.variants.h"
#undef HW_VARIANT
};

const hw_kernel *hw_equihash_kernels(size_t *count) {
  *count = sizeof kernels / sizeof kernels[0];
  return kernels;
}
