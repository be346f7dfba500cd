#include "hw_operations.h"

#include <stdbool.h>

#include "hw_arithmetic.h"
#include "hw_keccak256.h"
#include "hw_scrypt.h"
#include "hw_sha256d.h"
#include "hw_variant.h"
#include "scrypt/scrypt_work.h"

// The templates' own counts.
#define HW_ARITHMETIC
#include "keccak256/keccak256_lanes.h"
#include "keccak256/keccak256_rolled.h"
#include "scrypt/scrypt_lanes.h"
#include "sha256d/sha256d_lanes.h"
#include "sha256d/sha256d_streams.h"
#undef HW_ARITHMETIC

// MARK: Instruction sets

#if defined(__x86_64__)

/// With rotations and three-input logic in one instruction each.
static void count_avx512(const arithmetic *a, uint64_t counts[HW_OPERATION_KINDS]) {
  counts[HW_OPERATION_ADD] = a->adds;
  counts[HW_OPERATION_LOGIC] = a->xor2;
  counts[HW_OPERATION_TERNARY] = a->xor3 + a->choices + a->majorities + a->chis + a->selects;
  counts[HW_OPERATION_SHIFT] = a->shifts;
  counts[HW_OPERATION_ROTATE] = a->rotates + a->rotates_by_1 + a->rotates_by_bytes;
  counts[HW_OPERATION_SHUFFLE] = a->shuffles;
  counts[HW_OPERATION_LOAD] = a->loads;
}

/// With shifts and two-input logic. A shift to the left by 1 is an addition, and with byte shuffles (AVX2, not the
/// baseline) a rotation by whole bytes is one of them.
static void count_two_input(const arithmetic *a, bool byte_shuffles,
                            uint64_t counts[HW_OPERATION_KINDS]) {
  uint64_t shifted = a->rotates + (byte_shuffles ? 0 : a->rotates_by_bytes);
  counts[HW_OPERATION_ADD] = a->adds + a->rotates_by_1;
  counts[HW_OPERATION_LOGIC] = a->xor2 + 2 * a->xor3 + 3 * a->choices + 3 * a->majorities +
                               2 * a->chis + 3 * a->selects + shifted + a->rotates_by_1;
  counts[HW_OPERATION_SHIFT] = a->shifts + 2 * shifted + a->rotates_by_1;
  counts[HW_OPERATION_SHUFFLE] = a->shuffles + (byte_shuffles ? a->rotates_by_bytes : 0);
  counts[HW_OPERATION_LOAD] = a->loads;
}

/// One pass of sha256d_shani.h over so many streams. Per hash: 30 and 31 instructions of two rounds; 12 groups of
/// schedule words in each hash, each of two instructions, an addition and an alignment, less 2 alignments of constants; 12
/// and 14 additions of round constants and one to the nonce's state, 25 shuffles for the second halves of four words, and 4
/// shuffles from state to schedule. The streams share 3 instructions on constant words and the first state. Where sigma is
/// by shifts and logic, 21 groups take 10 operations each instead of one instruction, and 2 an alignment besides; the others
/// share that of the group two later, and constants take none.
static void count_shani(uint64_t streams, bool sigma, uint64_t counts[HW_OPERATION_KINDS]) {
  uint64_t sigmas = sigma ? streams * 21 : 0;
  counts[HW_OPERATION_SHA_ROUNDS] = streams * (30 + 31);
  counts[HW_OPERATION_SHA_SCHEDULE] = sigma ? streams * 24 : streams * (2 * 24 - 3) + 3;
  counts[HW_OPERATION_ADD] = streams * (24 + 12 + 14 + 1) + 3 + sigmas;
  counts[HW_OPERATION_SHUFFLE] = streams * (22 + 25 + 4) + 11 + (sigma ? 2 * streams : 0);
  counts[HW_OPERATION_SHIFT] = 5 * sigmas;
  counts[HW_OPERATION_LOGIC] = 4 * sigmas;
}

static hw_operations in_avx512(arithmetic a, unsigned hashes) {
  hw_operations operations = {.vector_bits = 512, .hashes = hashes};
  count_avx512(&a, operations.counts);
  return operations;
}

static hw_operations in_avx2(arithmetic a, unsigned hashes) {
  hw_operations operations = {.vector_bits = 256, .hashes = hashes};
  count_two_input(&a, true, operations.counts);
  return operations;
}

/// SSE2, which every x86-64 has.
static hw_operations in_baseline(arithmetic a, unsigned hashes) {
  hw_operations operations = {.vector_bits = 128, .hashes = hashes};
  count_two_input(&a, false, operations.counts);
  return operations;
}

static hw_operations in_shani(unsigned streams, bool sigma) {
  hw_operations operations = {.vector_bits = 128, .hashes = streams};
  count_shani(streams, sigma, operations.counts);
  return operations;
}

#elif defined(__aarch64__)

/// NEON: a shift and a shift with addition for a rotation, the first of them an addition where it is by 1; a select for a
/// choice and, of a and b's difference, for a majority; two instructions for chi.
static void count_neon(const arithmetic *a, uint64_t counts[HW_OPERATION_KINDS]) {
  uint64_t rotates = a->rotates + a->rotates_by_bytes;
  counts[HW_OPERATION_ADD] = a->adds + a->rotates_by_1;
  counts[HW_OPERATION_LOGIC] = a->xor2 + 2 * a->xor3 + a->majorities + 2 * a->chis;
  counts[HW_OPERATION_TERNARY] = a->choices + a->majorities + a->selects;
  counts[HW_OPERATION_SHIFT] = a->shifts + 2 * rotates + a->rotates_by_1;
  counts[HW_OPERATION_SHUFFLE] = a->shuffles;
  counts[HW_OPERATION_LOAD] = a->loads;
}

/// With the SHA-3 instructions, which exist for 64-bit lanes: three-input logic; a rotation by 1 with the addition after it,
/// for the columns; and other rotations with the addition before them, except for the ten in round 0.
static void count_armv8_sha3(const arithmetic *a, uint64_t counts[HW_OPERATION_KINDS]) {
  uint64_t rotates = a->rotates + a->rotates_by_1 + a->rotates_by_bytes;
  uint64_t columns = 5 * 22 + 3;
  counts[HW_OPERATION_LOGIC] = a->xor2;
  counts[HW_OPERATION_TERNARY] = a->xor3 - (rotates - columns - 10) + a->chis;
  counts[HW_OPERATION_ROTATE] = rotates;
}

/// One pass of sha256d_armv8.h over so many streams. Per hash: 15 groups of four rounds and then 16, of two instructions
/// each, less the last `a` to `d`; 12 groups of schedule words in each hash, each of two instructions; 12 and 14 additions
/// of round constants and 2 of the midstate.  The streams share 3 instructions on constant words and one addition.
static void count_armv8_sha2(uint64_t streams, uint64_t counts[HW_OPERATION_KINDS]) {
  counts[HW_OPERATION_SHA_ROUNDS] = streams * (2 * 15 + 2 * 16 - 1);
  counts[HW_OPERATION_SHA_SCHEDULE] = streams * (2 * 24 - 3) + 3;
  counts[HW_OPERATION_ADD] = streams * (12 + 14 + 2) + 1;
}

/// NEON, which every 64-bit ARM has.
static hw_operations in_baseline(arithmetic a, unsigned hashes) {
  hw_operations operations = {.vector_bits = 128, .hashes = hashes};
  count_neon(&a, operations.counts);
  return operations;
}

static hw_operations in_armv8_sha3(arithmetic a, unsigned hashes) {
  hw_operations operations = {.vector_bits = 128, .hashes = hashes};
  count_armv8_sha3(&a, operations.counts);
  return operations;
}

static hw_operations in_armv8_sha2(unsigned streams) {
  hw_operations operations = {.vector_bits = 128, .hashes = streams};
  count_armv8_sha2(streams, operations.counts);
  return operations;
}

#endif

// MARK: The lists of kernels

#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  HW_VARIANT_DECLARATION(sha256d, suffix)
#include "sha256d/sha256d.variants.h"
#undef HW_VARIANT
#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  HW_VARIANT_DECLARATION(scrypt, suffix)
#include "scrypt/scrypt.variants.h"
#undef HW_VARIANT
#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  HW_VARIANT_DECLARATION(keccak256, suffix)
#include "keccak256/keccak256.variants.h"
#undef HW_VARIANT

/// None for a kernel that is in no list: those of plug-ins and libraries.
static hw_operations operations_of(hw_scan_fn scan) {
#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  if (scan == hw_sha256d_##suffix) return operations;
#include "sha256d/sha256d.variants.h"
#undef HW_VARIANT
#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  if (scan == hw_scrypt_##suffix) return operations;
#include "scrypt/scrypt.variants.h"
#undef HW_VARIANT
#define HW_VARIANT(name, suffix, features, lanes, alignment, bytes, operations)                    \
  if (scan == hw_keccak256_##suffix) return operations;
#include "keccak256/keccak256.variants.h"
#undef HW_VARIANT
  return (hw_operations){0};
}

int hw_kernel_operations(const hw_kernel *kernel, hw_operations *operations) {
  *operations = operations_of(kernel->scan);
  return operations->hashes != 0;
}

const char *hw_operation_name(hw_operation_kind kind) {
  static const char *const names[HW_OPERATION_KINDS] = {"add",   "logic",      "ternary",
                                                        "shift", "rotate",     "shuffle",
                                                        "load",  "sha-rounds", "sha-schedule"};
  return (unsigned)kind < HW_OPERATION_KINDS ? names[kind] : NULL;
}
