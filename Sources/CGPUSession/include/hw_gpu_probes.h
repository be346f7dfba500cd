#ifndef HW_GPU_PROBES_H
#define HW_GPU_PROBES_H

/// How many operations of each kind a device carries out in a second: `probes.cl`, built and timed by the device's own clock.
///
/// In C for the same reason as `hw_gpu_session.h`. By one thread at a time.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hw_gpu_device.h"
#include "hw_gpu_kernels.h"

#pragma clang assume_nonnull begin

/// One kind of operation.
typedef struct hw_gpu_probe {
  /// The kernel, which is also its name in files: "probe_logic".
  const char *kernel;
  /// For people: "logic of three".
  const char *operation;
  /// For single words only: what shapes of processors do not need, or their compilers see through.
  bool is_scalar;
  /// What is counted is bytes read and written.
  bool is_copy;
} hw_gpu_probe;

/// Every probe, in the order shown to users.
const hw_gpu_probe *hw_gpu_probe_list(size_t *count);

/// The probes, built for one device.
typedef struct hw_gpu_probes {
  hw_gpu_device *device;
  hw_gpu_facts facts;
  uint32_t width;
  hw_gpu_program *_Nullable program;
  hw_gpu_queue *_Nullable queue;
} hw_gpu_probes;

/// Builds the probes over vectors of `width` words; from `image` if it is not NULL, else from their source. False with an error.
bool hw_gpu_probes_open(hw_gpu_probes *probes, hw_gpu_device *device, const hw_gpu_facts *facts,
                        const void *_Nullable image, uint32_t width, hw_gpu_error *error);

/// Operations on single words, or bytes, in a second: the best of the even and of the odd runs of one probe, which are
/// repeated for at least `least_s` seconds; 0 where a compiler saw through a probe, so that it takes no time. False with an error.
bool hw_gpu_probes_rate(hw_gpu_probes *probes, const hw_gpu_probe *probe, double least_s,
                        double rates[_Nonnull 2], hw_gpu_error *error);

/// Frees everything; also what a failed hw_gpu_probes_open left.
void hw_gpu_probes_close(hw_gpu_probes *probes);

#pragma clang assume_nonnull end

#endif
