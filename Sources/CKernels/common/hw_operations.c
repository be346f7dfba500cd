#include "hw_operations.h"

#include <stdbool.h>
#include <string.h>

#include "hw_arithmetic.h"
#include "hw_cpu.h"
#include "scrypt/scrypt_work.h"

// The templates' own counts.
#define HW_ARITHMETIC
#include "keccak256/keccak256_lanes.h"
#include "keccak256/keccak256_rolled.h"
#include "scrypt/scrypt_lanes.h"
#include "sha256d/sha256d_lanes.h"
#include "sha256d/sha256d_streams.h"
#undef HW_ARITHMETIC

static bool is(const hw_kernel *kernel, const char *name) {
  return strcmp(kernel->name, name) == 0;
}

/// One pass of the algorithm's template, and how many hashes that is; none for an algorithm without one. `ternary`: keccak256
/// with three-input logic.
static arithmetic count_template(const hw_kernel *kernel, hw_operations *operations, bool ternary) {
  unsigned bits = operations->vector_bits;
  if (strcmp(kernel->algorithm, "sha256d") == 0) {
    operations->hashes = bits / 32;
    if (is(kernel, "avx512-1x16")) return sha256d_lanes_arithmetic();
    return sha256d_streams_arithmetic(!is(kernel, "avx2-2x8") && !is(kernel, "neon-2x4"));
  }
  if (strcmp(kernel->algorithm, "keccak256") == 0) {
    operations->hashes = bits / 64;
    bool unrolled = is(kernel, "avx512") || is(kernel, "armv8-sha3");
    return unrolled ? keccak256_lanes_arithmetic() : keccak256_rolled_arithmetic(ternary);
  }
  if (strcmp(kernel->algorithm, "scrypt-1024-1-1") == 0) {
    operations->hashes = kernel->lanes;
    unsigned gap = kernel->scratch_size == SCRYPT_SCRATCH(kernel->lanes, 2) ? 2 : 1;
    return scrypt_arithmetic(kernel->lanes, bits / 128, gap);
  }
  return (arithmetic){0};
}

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

/// How wide the registers of a built-in kernel are, and its instructions for one pass of the template.
static void describe(const hw_kernel *kernel, hw_operations *operations) {
  bool avx512 = (kernel->required_features & HW_CPU_AVX512) != 0;
  bool avx2 = (kernel->required_features & HW_CPU_AVX2) != 0;
  if (kernel->required_features & HW_CPU_SHANI) {
    operations->vector_bits = 128;
    operations->hashes = kernel->lanes;
    count_shani(kernel->lanes, avx2, operations->counts);
    return;
  }
  operations->vector_bits = avx512 ? 512 : avx2 ? 256 : 128;
  arithmetic a = count_template(kernel, operations, avx512);
  if (avx512)
    count_avx512(&a, operations->counts);
  else
    count_two_input(&a, avx2, operations->counts);
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

/// How wide the registers of a built-in kernel are, and its instructions for one pass of the template.
static void describe(const hw_kernel *kernel, hw_operations *operations) {
  operations->vector_bits = 128;
  if (kernel->required_features & HW_CPU_ARMV8_SHA2) {
    operations->hashes = kernel->lanes;
    count_armv8_sha2(kernel->lanes, operations->counts);
    return;
  }
  bool sha3 = (kernel->required_features & HW_CPU_ARMV8_SHA3) != 0;
  arithmetic a = count_template(kernel, operations, sha3);
  if (sha3)
    count_armv8_sha3(&a, operations->counts);
  else
    count_neon(&a, operations->counts);
}

#endif

/// Whether this is one of the built-in kernels made from the templates, by its name: plug-ins and libraries have others.
static bool from_template(const hw_kernel *kernel) {
  static const char *const prefixes[] = {"portable", "avx", "shani", "neon", "armv8"};
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
    if (strncmp(kernel->name, prefixes[i], strlen(prefixes[i])) == 0) return true;
  return false;
}

int hw_kernel_operations(const hw_kernel *kernel, hw_operations *operations) {
  *operations = (hw_operations){0};
  if (!from_template(kernel)) return 0;
  describe(kernel, operations);
  return operations->hashes != 0;
}

const char *hw_operation_name(hw_operation_kind kind) {
  static const char *const names[HW_OPERATION_KINDS] = {"add",   "logic",      "ternary",
                                                        "shift", "rotate",     "shuffle",
                                                        "load",  "sha-rounds", "sha-schedule"};
  return (unsigned)kind < HW_OPERATION_KINDS ? names[kind] : NULL;
}
