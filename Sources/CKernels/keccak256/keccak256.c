#include "hw_keccak256.h"

const hw_kernel *hw_keccak256_kernels(size_t *count) {
  *count = 0;
  return NULL;
}
