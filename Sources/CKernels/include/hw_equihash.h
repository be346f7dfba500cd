#ifndef HW_EQUIHASH_H
#define HW_EQUIHASH_H

#include "hw_kernel.h"

/// All built-in kernels of Equihash 200,9 for the architecture that this was compiled for, in the order shown
/// to users; those that the CPU cannot run included. `*count` is set to their number.
const hw_kernel *hw_equihash_kernels(size_t *count);

#endif
