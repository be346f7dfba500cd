#ifndef HW_NVML_H
#define HW_NVML_H

/// NVIDIA's management library, loaded at run time: most machines have none, and its headers are NVIDIA's.

#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct hw_nvml hw_nvml;

/// Codes of the functions below beside NVML's own, which are above 0.
enum { hw_nvml_ok = 0, hw_nvml_no_library = -1, hw_nvml_no_function = -2 };

/// Loads and starts the library. `path` is a file or a name that the loader finds. On failure returns NULL and puts
/// NVML's return code or one of the codes above into `status`.
hw_nvml *_Nullable hw_nvml_open(const char *path, int *status);
void hw_nvml_close(hw_nvml *nvml);

/// Number of GPUs.
int hw_nvml_count(hw_nvml *nvml, unsigned *count);
/// Which call of `hw_nvml_describe` failed.
enum { hw_nvml_in_handle = 0, hw_nvml_in_description = 1 };

/// Name and PCI address of one GPU; texts end with a zero byte within 96 and 32 bytes. `where` tells which call failed.
int hw_nvml_describe(hw_nvml *nvml, unsigned index, char *name, char *address, int *where);
/// The largest power limit that the GPU lets itself be set, in milliwatts.
int hw_nvml_limit(hw_nvml *nvml, unsigned index, uint32_t *milliwatts);
/// Millijoules since the driver was loaded.
int hw_nvml_energy(hw_nvml *nvml, unsigned index, uint64_t *millijoules);
/// Field 186, the instantaneous power in milliwatts, or nvmlDeviceGetPowerUsage where the GPU has no such field;
/// `is_instant` says which.
int hw_nvml_power(hw_nvml *nvml, unsigned index, uint32_t *milliwatts, int *is_instant);

/// Why the board's energy is not one user's: the GPU is split into instances (MIG), or it is a part of a GPU that a host shares
/// out (vGPU), or this host shares it out.
enum { hw_nvml_whole = 0, hw_nvml_instances = 1, hw_nvml_virtual_part = 2, hw_nvml_shared_out = 3 };
int hw_nvml_sharing(hw_nvml *nvml, unsigned index);

/// What a GPU is doing; -1 is not told.
typedef struct hw_nvml_state {
  int64_t sm_mhz, memory_mhz, celsius, limit_mw;
  /// nvmlClocksThrottleReasons bits.
  int64_t throttle_reasons;
} hw_nvml_state;
void hw_nvml_read_state(hw_nvml *nvml, unsigned index, hw_nvml_state *state);

#pragma clang assume_nonnull end

#endif
