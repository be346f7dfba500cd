#include "hw_scrypt.h"

#include "hw_cpu.h"
#include "hw_variant.h"
#include "scrypt_work.h"

#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  HW_VARIANT_DECLARATION(scrypt, suffix)
#include "scrypt.variants.h"
#undef HW_VARIANT

static const hw_kernel kernels[] = {
#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  HW_VARIANT_ROW(scrypt, "scrypt-1024-1-1", name, suffix, features, lanes, alignment, bytes)
#include "scrypt.variants.h"
#undef HW_VARIANT
};

const hw_kernel *hw_scrypt_kernels(size_t *count) {
  *count = sizeof kernels / sizeof kernels[0];
  return kernels;
}
