#ifndef HW_GPU_KERNELS_H
#define HW_GPU_KERNELS_H

/// The sources of the device kernels, embedded; the shapes in which they are built; and what the host derives once a header
/// for them. Nothing here calls a driver.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// For which devices a shape is meant. Every shape is correct on every device that can build it.
enum { hw_gpu_for_gpu = 1, hw_gpu_for_cpu = 2 };

/// One way to build the kernel of one algorithm.
typedef struct hw_gpu_shape {
  /// "sha256d", "scrypt-1024-1-1", "keccak256", "etchash" or "etchash-test".
  const char *algorithm;
  /// Lower-case letters, digits, '-'; a kernel's name is "<route>-<shape>".
  const char *name;
  /// `hw_gpu_for_*` bits.
  uint32_t devices;
  /// Hashes that one item computes side by side; of scrypt's mix, of which the other two kernels know nothing.
  uint32_t item_hashes;
  /// Items that share one hash in scrypt's mix; otherwise 1.
  uint32_t items_per_hash;
  /// Every `gap`-th row of scrypt's scratch memory is kept; 0 for algorithms without.
  uint32_t gap;
  /// Preprocessor lines that stand before the source.
  const char *definitions;
} hw_gpu_shape;

/// All shapes, algorithm by algorithm, in the order shown to users.
const hw_gpu_shape *hw_gpu_shapes(size_t *count);

/// Most parts of a source.
enum { hw_gpu_source_parts = 4 };

/// The source of a shape: texts to be put one after the other, each ending with a zero byte. Returns their number.
size_t hw_gpu_source(const hw_gpu_shape *shape, const char *_Nonnull *_Nonnull parts);

/// The kernel of a shape as PTX, a text for the CUDA driver; NULL where this build carries none. `Scripts/gpu-images.sh` makes
/// them.
const void *_Nullable hw_gpu_image(const hw_gpu_shape *shape);

/// The source of the throughput probes, in the same form, over vectors of `width` words: 1, 4, 8 or 16.
size_t hw_gpu_probe_source(uint32_t width, const char *_Nonnull *_Nonnull parts);
/// The throughput probes over single words as PTX; NULL where this build carries none.
const void *_Nullable hw_gpu_probe_image(void);

/// Bytes of scratch memory that one hash in work needs; 0 for algorithms without.
uint64_t hw_gpu_scratch_per_slot(const hw_gpu_shape *shape);

/// Words between scrypt's kernels that each hash of a launch needs; 0 for algorithms without.
enum { hw_gpu_state_words = 48 };

/// Whether a shape works on a dataset: it has the kernels hw_dataset and hw_sample besides, and hw_scan takes the dataset, its
/// pages of 128 bytes, and 2^32 divided by their number.
bool hw_gpu_has_dataset(const hw_gpu_shape *shape);

/// Room for the work of any algorithm.
enum { hw_gpu_work_room = 512 };

/// Derives what the kernels of `algorithm` take by value from its work (a header of 80 bytes; of etchash 40), whose nonce is ignored, and a target of
/// 32 bytes, least significant first. A nonce is stored when the top word of its hash is at most that of the target, so the
/// caller confirms each one. `capacity` is how many nonces fit after the count. Returns the size of the work in bytes, 0 if
/// there is no such algorithm.
size_t hw_gpu_prepare(const char *algorithm, const uint8_t *header, const uint8_t *target,
                      uint32_t capacity, void *work);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
