#ifndef HW_SHA256D_H
#define HW_SHA256D_H

#include "hw_kernel.h"

/// All built-in kernels of this algorithm for the architecture that this was compiled for, in the order shown
/// to users; those that the CPU cannot run included. `*count` is set to their number.
const hw_kernel *hw_sha256d_kernels(size_t *count);

#endif
