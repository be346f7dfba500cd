#ifndef HW_RANDOMX_H
#define HW_RANDOMX_H

/// RandomX by librandomx, which is loaded at run time: a machine without it loses one algorithm and nothing else, and
/// two builds of it can be measured side by side. C because its functions are called through pointers that the loader
/// gives, in the middle of a timed loop.
///
/// The interface is that of tevador's randomx.h (BSD-3-Clause), of which the names, the argument types and the flags
/// are used.

#include <stddef.h>
#include <stdint.h>

#include "hw_kernel.h"

/// The libraries that one process may have.
typedef enum hw_randomx_slot {
  /// The machine's own.
  HW_RANDOMX_SYSTEM = 0,
  /// One that the command line named.
  HW_RANDOMX_NAMED = 1
} hw_randomx_slot;

/// The two functions of RandomX; dataset and cache are the same for both.
typedef enum hw_randomx_version {
  /// Monero's since 2019: the hash is compared with a target.
  HW_RANDOMX_V1 = 1,
  /// Released in 2026: programs of 384 instructions; the commitment BLAKE2b-256(input || hash) is compared with a target.
  HW_RANDOMX_V2 = 2
} hw_randomx_version;

/// Bytes of a dataset and of a cache, as RandomX defines them.
#define HW_RANDOMX_DATASET_SIZE 2181038016ull
#define HW_RANDOMX_CACHE_SIZE 268435456ull
/// Bytes of a hash.
#define HW_RANDOMX_HASH_SIZE 32u
/// Where Monero's hashing blob has its nonce, and how long it is taken to be.
#define HW_RANDOMX_NONCE_OFFSET 39u
#define HW_RANDOMX_WORK_SIZE 76u

/// What the kernels of one library build their hashes from; states of one kind serve all kernels of that kind.
typedef enum hw_randomx_memory {
  /// The dataset on huge pages, as far as the system gives them.
  HW_RANDOMX_HUGE = 0,
  /// The dataset on ordinary pages.
  HW_RANDOMX_ORDINARY = 1,
  /// The cache alone.
  HW_RANDOMX_CACHE = 2
} hw_randomx_memory;

/// Where the large memory of a state lies.
typedef struct hw_randomx_place {
  uint64_t address;
  uint64_t size;
  /// Whether it lies on pages of the reserved pool.
  int is_granted;
  /// Whether huge pages were asked for, and whether the system took the advice.
  int is_advised;
} hw_randomx_place;

/// Loads a library into a slot, once.
///
/// Returns 0, or -1 with what is wrong, a clause, in `problem`.
int hw_randomx_load(hw_randomx_slot slot, const char *file, char *problem, size_t size);

/// The file that a slot's library was loaded from; 0 where there is none, or its path does not fit.
int hw_randomx_file(hw_randomx_slot slot, char *path, size_t size);

/// Whether a slot's library computes commitments, without which it cannot have version 2; with them it need not.
int hw_randomx_has_commitments(hw_randomx_slot slot);

/// The kernels of a slot for one version; they may be called once its library is loaded, those of version 2 where it has
/// commitments.
const hw_kernel *hw_randomx_kernels(hw_randomx_slot slot, hw_randomx_version version,
                                    size_t *count);

/// What a kernel of the table is prepared with.
hw_randomx_memory hw_randomx_memory_of(size_t index);

/// Where a prepared state's dataset or cache lies.
hw_randomx_place hw_randomx_place_of(const void *state);

/// What a target is compared with, of any input with a prepared state: the hash, of version 2 its commitment.
/// `is_compiled` 1 by compiled programs, 0 by the interpreter.
///
/// Returns 0, or -1 when the library could not make a machine. Any number of calls at once.
int hw_randomx_hash(void *state, hw_randomx_version version, int is_compiled, const void *input,
                    size_t size, uint8_t *hash);

#endif
