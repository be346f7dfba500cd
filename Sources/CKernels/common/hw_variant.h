#ifndef HW_VARIANT_H
#define HW_VARIANT_H

#include "hw_kernel.h"

/// One line of an algorithm's `.variants.h`:
/// HW_VARIANT(name, function's suffix, required features, lanes, scratch alignment, scratch bytes, operations).
/// The algorithm's `.c` expands the list twice: into declarations and into the table. hw_operations.c expands it a third
/// time, for the last column: the instruction set and the arithmetic of one pass of the template.

#define HW_VARIANT_DECLARATION(prefix, suffix)                                                     \
  hw_status hw_##prefix##_##suffix(const hw_scan_request *, hw_scan_result *);

#define HW_VARIANT_ROW(prefix, id, variant, suffix, features, count, alignment, bytes)             \
  {                                                                                                \
      .struct_size = sizeof(hw_kernel),                                                            \
      .abi_version = HW_KERNEL_ABI_VERSION,                                                        \
      .algorithm = (id),                                                                           \
      .name = (variant),                                                                           \
      .required_features = (features),                                                             \
      .lanes = (count),                                                                            \
      .scratch_alignment = (alignment),                                                            \
      .scratch_size = (bytes),                                                                     \
      .scan = hw_##prefix##_##suffix,                                                              \
  },

#endif
