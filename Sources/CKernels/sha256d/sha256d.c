#include "hw_sha256d.h"

#include "hw_cpu.h"
#include "hw_variant.h"

#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  HW_VARIANT_DECLARATION(sha256d, suffix)
#include "sha256d.variants.h"
#undef HW_VARIANT

static const hw_kernel kernels[] = {
#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  HW_VARIANT_ROW(sha256d, "sha256d", name, suffix, features, lanes, alignment, bytes)
#include "sha256d.variants.h"
#undef HW_VARIANT
};

const hw_kernel *hw_sha256d_kernels(size_t *count) {
  *count = sizeof kernels / sizeof kernels[0];
  return kernels;
}
