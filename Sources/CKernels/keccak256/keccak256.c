#include "hw_keccak256.h"

#include "hw_cpu.h"
#include "hw_variant.h"

#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  HW_VARIANT_DECLARATION(keccak256, suffix)
#include "keccak256.variants.h"
#undef HW_VARIANT

static const hw_kernel kernels[] = {
#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  HW_VARIANT_ROW(keccak256, "keccak256", name, suffix, features, lanes, alignment, bytes)
#include "keccak256.variants.h"
#undef HW_VARIANT
};

const hw_kernel *hw_keccak256_kernels(size_t *count) {
  *count = sizeof kernels / sizeof kernels[0];
  return kernels;
}
