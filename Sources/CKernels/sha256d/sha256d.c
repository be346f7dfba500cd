#include "hw_sha256d.h"

const hw_kernel *hw_sha256d_kernels(size_t *count) {
  *count = 0;
  return NULL;
}
