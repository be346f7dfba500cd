#ifndef HW_KERNEL_H
#define HW_KERNEL_H

/// The public kernel ABI of hashwatt, the same for built-in kernels and for plug-ins.
///
/// A kernel is a pure function: it allocates nothing, starts no thread, reads no clock, keeps no state between
/// calls and prints nothing. `Documentation/KernelABI.md` explains each rule.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Changes when a plug-in built against an older header could be misread.
#define HW_KERNEL_ABI_VERSION 1u

/// Bytes of a header; the nonce is the little-endian 32-bit word at byte 76.
#define HW_HEADER_SIZE 80u
/// Bytes of a target: a 256-bit integer, least significant byte first.
#define HW_TARGET_SIZE 32u

/// What one call of a kernel is asked to do.
typedef struct hw_scan_request {
  /// `sizeof(hw_scan_request)` of the caller.
  uint32_t struct_size;
  /// The first nonce of the range. Nonces wrap at 2^32.
  uint32_t first_nonce;
  /// How many nonces: 0 to 2^32. Any number, not only multiples of the lane count.
  uint64_t count;
  /// HW_HEADER_SIZE bytes; the nonce field's content is ignored.
  const uint8_t *header;
  /// HW_TARGET_SIZE bytes; a hash read as a little-endian integer meets it when `hash <= target`.
  const uint8_t *target;
  /// At least `scratch_size` bytes of the kernel's description, aligned as it asks; NULL if it asks for none.
  void *scratch;
  /// Bytes at `scratch`.
  uint64_t scratch_size;
  /// Room for `nonce_capacity` nonces; may be NULL if that is 0.
  uint32_t *nonces;
  /// How many nonces fit at `nonces`.
  uint64_t nonce_capacity;
} hw_scan_request;

/// What one call found.
typedef struct hw_scan_result {
  /// `sizeof(hw_scan_result)` of the caller.
  uint32_t struct_size;
  /// Zero; for later versions.
  uint32_t reserved;
  /// How many nonces of the range meet the target. When this exceeds `nonce_capacity`, only the first
  /// `nonce_capacity` of them were stored: the caller knows, nothing is dropped silently.
  uint64_t found;
} hw_scan_result;

/// How a call ended.
typedef enum hw_status {
  /// The whole range was scanned.
  HW_OK = 0,
  /// The request cannot be met: scratch too small or misaligned, count above 2^32, a size field too small.
  HW_BAD_REQUEST = 1,
  /// A library behind the kernel failed (only kernels that call one, such as `openssl`).
  HW_LIBRARY_FAILED = 2
} hw_status;

/// Reports every nonce in `[first_nonce, first_nonce + count)` whose hash meets the target, exactly once, in
/// the order of scanning (ascending, wrapping at 2^32). Inputs are not written to.
typedef hw_status (*hw_scan_fn)(const hw_scan_request *request, hw_scan_result *result);

/// One implementation of one algorithm.
typedef struct hw_kernel {
  /// `sizeof(hw_kernel)` of whoever made this description.
  uint32_t struct_size;
  /// HW_KERNEL_ABI_VERSION of whoever made this description.
  uint32_t abi_version;
  /// Identifier of the algorithm: "sha256d", "scrypt-1024-1-1" or "keccak256".
  const char *algorithm;
  /// `<isa>[-<shape>]`, such as "avx512-2x16"; lower-case letters, digits, '-' and '.' only, at most 48.
  const char *name;
  /// HW_CPU_* bits (hw_cpu.h) that the CPU must have. A plug-in may give 0 and check in its entry point.
  uint64_t required_features;
  /// Hashes computed in one pass of the inner loop (lanes times interleaved streams). At least 1.
  uint32_t lanes;
  /// Alignment of the scratch in bytes: 0 or a power of two up to 2 MiB.
  uint32_t scratch_alignment;
  /// Bytes of scratch that each concurrent call needs; 0 for none.
  uint64_t scratch_size;
  /// The function.
  hw_scan_fn scan;
} hw_kernel;

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
