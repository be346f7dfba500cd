#ifndef HW_GPU_DATASET_H
#define HW_GPU_DATASET_H

/// The dataset of an epoch in a device's memory: built there from a cache that the host made, by the kernels of a shape that works
/// on one, and used by the sessions of all such shapes. By one thread at a time.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hw_gpu_device.h"
#include "hw_gpu_kernels.h"

#pragma clang assume_nonnull begin

/// Bytes of a row of the cache and of half a page of the dataset, and words of either.
enum { hw_gpu_row_bytes = 64, hw_gpu_row_words = 16 };

typedef struct hw_gpu_dataset {
  hw_gpu_device *device;
  hw_gpu_buffer *_Nullable dataset;
  /// Pages of two halves.
  uint32_t pages;
  // What builds it, until it is built.
  uint32_t rows, group;
  hw_gpu_program *_Nullable program;
  hw_gpu_kernel *_Nullable build, *_Nullable sample;
  hw_gpu_queue *_Nullable queue;
  hw_gpu_buffer *_Nullable cache, *_Nullable results;
  uint32_t *_Nullable host_results;
} hw_gpu_dataset;

/// Takes memory and copies the cache, `rows` of 64 bytes. From `image` if it is not NULL, else from the shape's source. False
/// with an error; what it left is closed.
bool hw_gpu_dataset_open(hw_gpu_dataset *dataset, hw_gpu_device *device, const hw_gpu_facts *facts,
                         const hw_gpu_shape *shape, const void *_Nullable image, const void *cache,
                         uint32_t rows, uint32_t pages, hw_gpu_error *error);
/// Builds halves of pages and waits for them.
bool hw_gpu_dataset_build(hw_gpu_dataset *dataset, uint32_t first, uint32_t count,
                          hw_gpu_error *error);
/// The words of one half of a page.
bool hw_gpu_dataset_sample(hw_gpu_dataset *dataset, uint32_t number, uint32_t *words,
                           hw_gpu_error *error);
/// Frees all but the dataset itself: nothing is built or shown any more.
void hw_gpu_dataset_settle(hw_gpu_dataset *dataset);
/// Frees everything.
void hw_gpu_dataset_close(hw_gpu_dataset *dataset);

/// 2^32 / `n`, rounded down: by which kernels divide by it. `n` is at least 2.
uint32_t hw_gpu_reciprocal(uint32_t n);
/// Says that a session was given no dataset.
void hw_gpu_no_dataset(hw_gpu_error *error);

#pragma clang assume_nonnull end

#endif
