#ifndef HW_OPERATIONS_H
#define HW_OPERATIONS_H

#include "hw_kernel.h"

/// Kinds of vector operations that the kernels are made of, and that hw_roofline.h measures.
typedef enum hw_operation_kind {
  /// Addition of integers.
  HW_OPERATION_ADD = 0,
  /// And, or, exclusive or and the like of two inputs.
  HW_OPERATION_LOGIC = 1,
  /// Any logic of three inputs in one instruction.
  HW_OPERATION_TERNARY = 2,
  /// Shift of each element.
  HW_OPERATION_SHIFT = 3,
  /// Rotation of each element in one instruction.
  HW_OPERATION_ROTATE = 4,
  /// Movement of elements between places of a register.
  HW_OPERATION_SHUFFLE = 5,
  /// Load of data: scrypt's table. Constants and what the compiler spills are not counted.
  HW_OPERATION_LOAD = 6,
  /// SHA-256 rounds in one instruction: two on x86, half of four on arm64.
  HW_OPERATION_SHA_ROUNDS = 7,
  /// Part of SHA-256's schedule in one instruction.
  HW_OPERATION_SHA_SCHEDULE = 8,
  /// How many kinds there are.
  HW_OPERATION_KINDS = 9
} hw_operation_kind;

/// What the arithmetic of a kernel's template needs, written down from the algorithm and checked against the executed
/// instructions by a test.
typedef struct hw_operations {
  /// Bits of the registers that the operations work on.
  uint32_t vector_bits;
  /// How many hashes `counts` are for.
  uint32_t hashes;
  /// Operations by hw_operation_kind, all on whole registers.
  uint64_t counts[HW_OPERATION_KINDS];
} hw_operations;

/// Writes down the operations of a built-in kernel. Returns 1, or 0 where the kernel is not made from a template.
int hw_kernel_operations(const hw_kernel *kernel, hw_operations *operations);

/// The kind's name, such as "add", or NULL for a value that is none.
const char *hw_operation_name(hw_operation_kind kind);

#endif
