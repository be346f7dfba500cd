#ifndef HW_KECCAK256_H
#define HW_KECCAK256_H

#include "hw_kernel.h"

/// All built-in kernels of this algorithm for the architecture that this was compiled for, in the order shown
/// to users; those that the CPU cannot run included. `*count` is set to their number.
const hw_kernel *hw_keccak256_kernels(size_t *count);

#endif
