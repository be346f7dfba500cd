#ifndef HW_KERNEL_H
#define HW_KERNEL_H

/// The public kernel ABI of hashwatt, the same for built-in kernels and for plug-ins.
///
/// A kernel is a pure function of its request: it starts no thread, reads no clock, keeps no state between calls but
/// what it was prepared with, and prints nothing. `Documentation/KernelABI.md` explains each rule.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Changes when a plug-in built against an older header could be misread.
#define HW_KERNEL_ABI_VERSION 2u

/// Bytes of the work of "sha256d", "scrypt-1024-1-1" and "keccak256": a block header.
#define HW_HEADER_SIZE 80u
/// Where the nonce of such a header lies.
#define HW_HEADER_NONCE_OFFSET 76u
/// Bytes of a target: a 256-bit integer, least significant byte first.
#define HW_TARGET_SIZE 32u

/// What one call of a kernel is asked to do.
typedef struct hw_scan_request {
  /// `sizeof(hw_scan_request)` of the caller.
  uint32_t struct_size;
  /// The first nonce of the range. Nonces wrap at 2^32.
  uint32_t first_nonce;
  /// How many attempts, one for each nonce: 0 to 2^32. Any number, not only multiples of the lane count.
  uint64_t count;
  /// `work_size` bytes; the content of the nonce's word is ignored.
  const uint8_t *work;
  /// HW_TARGET_SIZE bytes; a value read as a little-endian integer meets it when `value <= target`.
  const uint8_t *target;
  /// At least `scratch_size` bytes of the kernel's description, aligned as it asks; NULL if it asks for none.
  void *scratch;
  /// Bytes at `scratch`.
  uint64_t scratch_size;
  /// What `prepare` filled, not to be written to; NULL for a kernel that is not prepared.
  const void *state;
  /// Room for `capacity` records of `record_size` bytes each, at a multiple of 8; may be NULL if `capacity` is 0.
  void *records;
  /// How many records fit at `records`.
  uint64_t capacity;
  /// Not zero once the caller wants the call to end early, written by another thread: read it through `hw_is_stopped`.
  /// May be NULL. A call of a few milliseconds need not look.
  const uint32_t *stop;
  /// Bytes of the algorithm's work.
  uint32_t work_size;
  /// Bytes of one record: the nonce, a little-endian 32-bit word, and behind it the payload of the algorithm's proof.
  uint32_t record_size;
} hw_scan_request;

/// What one call found.
typedef struct hw_scan_result {
  /// `sizeof(hw_scan_result)` of the caller.
  uint32_t struct_size;
  /// Zero; for later versions.
  uint32_t reserved;
  /// How many proofs meet the target in the attempts that were done. When this exceeds `capacity`, only the first
  /// `capacity` of them were stored: the caller knows, nothing is dropped silently.
  uint64_t found;
  /// How many attempts were done, from `first_nonce` on: `count`, or fewer when the call was stopped.
  uint64_t attempts;
  /// How many units of work those attempts came to, whatever the target: as many hashes, or the solutions found.
  uint64_t units;
} hw_scan_result;

/// How a call ended.
typedef enum hw_status {
  /// The attempts that the result counts were done.
  HW_OK = 0,
  /// The request cannot be met: scratch too small or misaligned, count above 2^32, a size that does not fit.
  HW_BAD_REQUEST = 1,
  /// A library behind the kernel failed (only kernels that call one, such as `openssl`).
  HW_LIBRARY_FAILED = 2
} hw_status;

/// Reports every proof of the attempts `[first_nonce, first_nonce + count)` that meets the target, exactly once, in the
/// order of scanning (ascending nonces, wrapping at 2^32). Inputs are not written to.
typedef hw_status (*hw_scan_fn)(const hw_scan_request *request, hw_scan_result *result);

/// What one call of `prepare` is asked to do.
typedef struct hw_prepare_request {
  /// `sizeof(hw_prepare_request)` of the caller.
  uint32_t struct_size;
  /// Which part of the state: 0 to `parts - 1`, each asked for once, at the same time on threads of their own.
  uint32_t part;
  /// How many parts, at least 1.
  uint32_t parts;
  /// Bytes of the key.
  uint32_t key_size;
  /// The key that the state is made from.
  const uint8_t *key;
  /// `state_size` bytes, zero at first, aligned as the kernel asks: the same for all parts.
  void *state;
  /// Bytes at `state`.
  uint64_t state_size;
  /// As in hw_scan_request.
  const uint32_t *stop;
} hw_prepare_request;

/// Fills one part of a state. A library behind the kernel may keep what it allocates in it.
typedef hw_status (*hw_prepare_fn)(const hw_prepare_request *request);
/// Gives back what `prepare` took besides the state's bytes; called once, after the last scan, also when a part failed.
typedef void (*hw_release_fn)(void *state);

/// Who shares the state of a kernel that is prepared.
typedef enum hw_sharing {
  /// There is no state.
  HW_NOT_PREPARED = 0,
  /// One state for all workers of a session.
  HW_SHARED_BY_ALL = 1,
  /// One state for each worker.
  HW_OWN_OF_WORKER = 2
} hw_sharing;

/// One implementation of one algorithm.
typedef struct hw_kernel {
  /// `sizeof(hw_kernel)` of whoever made this description.
  uint32_t struct_size;
  /// HW_KERNEL_ABI_VERSION of whoever made this description.
  uint32_t abi_version;
  /// Identifier of the algorithm, such as "sha256d".
  const char *algorithm;
  /// `<isa>[-<shape>]`, such as "avx512-2x16"; lower-case letters, digits, '-' and '.' only, at most 48.
  const char *name;
  /// HW_CPU_* bits (hw_cpu.h) that the CPU must have. A plug-in may give 0 and check in its entry point.
  uint64_t required_features;
  /// Attempts in one pass of the inner loop (lanes times interleaved streams). At least 1.
  uint32_t lanes;
  /// Alignment of the scratch in bytes: 0 or a power of two up to 2 MiB.
  uint32_t scratch_alignment;
  /// Bytes of scratch that each concurrent call needs; 0 for none.
  uint64_t scratch_size;
  /// The function.
  hw_scan_fn scan;
  /// Parts in a million of the units that an attempt has and this kernel finds: 0 for all of them. Only a solver that
  /// may miss solutions states one.
  uint32_t yield_ppm;
  /// An hw_sharing.
  uint32_t state_sharing;
  /// Bytes of a state; 0 for a kernel that is not prepared.
  uint64_t state_size;
  /// Alignment of a state in bytes: 0 or a power of two up to 2 MiB.
  uint32_t state_alignment;
  /// Zero; for later versions.
  uint32_t reserved;
  /// Both NULL for a kernel that is not prepared.
  hw_prepare_fn prepare;
  hw_release_fn release;
} hw_kernel;

/// Whether the caller wants a call to end early.
static inline int hw_is_stopped(const uint32_t *stop) {
  return stop != NULL && __atomic_load_n(stop, __ATOMIC_RELAXED) != 0;
}

/// Asks a call that looks at this word to end early.
static inline void hw_stop(uint32_t *stop) { __atomic_store_n(stop, 1, __ATOMIC_RELAXED); }

/// What a plug-in's entry point returns.
typedef struct hw_plugin {
  /// `sizeof(hw_plugin)` of the plug-in.
  uint32_t struct_size;
  /// HW_KERNEL_ABI_VERSION of the plug-in.
  uint32_t abi_version;
  /// How many kernels.
  uint64_t kernel_count;
  /// That many descriptions, valid while the plug-in is loaded.
  const hw_kernel *kernels;
} hw_plugin;

/// The one symbol that a plug-in exports, under the name HW_PLUGIN_ENTRY_NAME.
typedef const hw_plugin *(*hw_plugin_entry_fn)(void);

/// Name of the plug-in's entry point.
#define HW_PLUGIN_ENTRY_NAME "hw_plugin_entry"

#ifdef __cplusplus
}
#endif

#endif
