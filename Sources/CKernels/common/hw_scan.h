#ifndef HW_SCAN_H
#define HW_SCAN_H

#include <stdbool.h>

#include "hw_kernel.h"

/// The part of the scan contract that all algorithms of 80-byte headers share: an attempt is a hash, the nonce the proof.

/// Checks a request against what the kernel needs; sets the result to no share in all of its attempts, each a hash.
hw_status hw_scan_begin(const hw_scan_request *request, hw_scan_result *result,
                        uint64_t scratch_size, uint32_t scratch_alignment);

/// Counts one nonce that meets the target and stores it if there is room.
void hw_scan_report(const hw_scan_request *request, hw_scan_result *result, uint32_t nonce);

/// Whether `hash`, read as a little-endian integer, is at most `target`. Both have HW_TARGET_SIZE bytes.
bool hw_meets_target(const uint8_t *hash, const uint8_t *target);

static inline uint32_t hw_load_le32(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint32_t hw_load_be32(const uint8_t *p) {
  return (uint32_t)p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[0] << 24;
}

static inline uint64_t hw_load_le64(const uint8_t *p) {
  return (uint64_t)hw_load_le32(p) | (uint64_t)hw_load_le32(p + 4) << 32;
}

static inline void hw_store_le32(uint8_t *p, uint32_t x) {
  for (unsigned i = 0; i < 4; i++) p[i] = (uint8_t)(x >> (8 * i));
}

static inline void hw_store_be32(uint8_t *p, uint32_t x) {
  p[0] = (uint8_t)(x >> 24);
  p[1] = (uint8_t)(x >> 16);
  p[2] = (uint8_t)(x >> 8);
  p[3] = (uint8_t)x;
}

static inline void hw_store_le64(uint8_t *p, uint64_t x) {
  for (unsigned i = 0; i < 8; i++) p[i] = (uint8_t)(x >> (8 * i));
}

#endif
