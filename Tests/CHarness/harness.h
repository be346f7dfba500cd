#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hw_kernel.h"

/// What the harness's programs share: the list of all kernels, scratch between guard pages, numbers from a seed.

/// One algorithm with its kernels.
typedef struct family {
  const char *algorithm;
  const hw_kernel *kernels;
  size_t count;
} family;

/// All built-in algorithms. `*count` is set to their number.
const family *families(size_t *count);

/// Memory of exactly `size` bytes with an unreadable page before and behind; it ends at the page behind, and its
/// start is aligned as asked when `size` is a multiple of the alignment. NULL for a size of 0.
void *guarded(size_t size, size_t alignment);
void guarded_free(void *memory, size_t size, size_t alignment);

/// The next number of a seeded generator (SplitMix64).
uint64_t next_random(uint64_t *state);

#endif
