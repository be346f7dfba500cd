#ifndef HW_ROOFLINE_H
#define HW_ROOFLINE_H

#include <stddef.h>

#include "hw_operations.h"

/// Loops that keep a core busy with one kind of operation. They read no clock: the caller measures how long `run` takes.
///
/// A lower bound for a kernel's time follows from them: no kind of operation can take less than its count divided by its
/// throughput; shifts and rotates together, which have the same ports, not less than their sum divided by the higher
/// throughput of the two; and all operations but loads not less than their sum divided by the highest throughput of any of
/// them at that width.

/// One such loop.
typedef struct hw_throughput_probe {
  /// What it does.
  hw_operation_kind kind;
  /// On registers of so many bits.
  uint32_t vector_bits;
  /// HW_CPU_* bits that it needs.
  uint64_t required_features;
  /// Does `iterations` times some independent operations and returns how many operations that were.
  uint64_t (*run)(uint64_t iterations);
} hw_throughput_probe;

/// All loops for the architecture that this was compiled for, those that the CPU cannot run included.
const hw_throughput_probe *hw_throughput_probes(size_t *count);

/// Does `iterations` times some additions of which each waits for the last, and returns how many those were: so many
/// cycles of the core, since an addition of two registers takes one.
uint64_t hw_cycle_chain(uint64_t iterations);

#endif
