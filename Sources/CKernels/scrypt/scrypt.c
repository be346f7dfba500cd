#include "hw_scrypt.h"

const hw_kernel *hw_scrypt_kernels(size_t *count) {
  *count = 0;
  return NULL;
}
