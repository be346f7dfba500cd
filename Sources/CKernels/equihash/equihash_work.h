#ifndef EQUIHASH_WORK_H
#define EQUIHASH_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "hw_scan.h"

/// Equihash 200,9 by Zcash's rules (Biryukov and Khovratovich 2016; Zcash protocol specification, section 7.7.1): what
/// all forms of the solver share.
///
/// An attempt has 2^21 hashes of 200 bits, ten parts of 20 bits each. In eight rounds pairs that agree in the next part
/// are combined; in the ninth, pairs that agree in the last two parts are solutions of 512 indices. Rows are sorted into
/// buckets by the upper 12 bits of the part that is next, and paired within a bucket by the lower 8.

enum {
  EQUIHASH_WORK_SIZE = 140,
  /// Where the nonce of 32 bytes begins.
  EQUIHASH_NONCE_OFFSET = 108,
  EQUIHASH_INDICES = 512,
  EQUIHASH_INDEX_BITS = 21,
  EQUIHASH_SOLUTION_SIZE = EQUIHASH_INDICES * EQUIHASH_INDEX_BITS / 8,
  EQUIHASH_RECORD_SIZE = 4 + EQUIHASH_SOLUTION_SIZE,
  EQUIHASH_BUCKETS = 1 << 12,
  /// Rows that a bucket has room for: 512 are expected, and one bucket in some ten thousand has more than this.
  EQUIHASH_SLOTS = 616,
  /// Rounds whose rows are kept as references.
  EQUIHASH_LEVELS = 9,
  /// Solutions that one attempt is taken to have at most; some 2 are expected.
  EQUIHASH_MOST_SOLUTIONS = 64,
  /// 64-bit words of a row of the first level, the widest.
  EQUIHASH_ROW_WORDS = 4,
};

/// The scratch of one call.
///
/// A row of level `r` is: in the first word its reference in bits 0 to 31, the lower 8 bits of part `r`, and the whole of
/// part `r + 1` from bit 40 on; then the words with the parts that come later, as parts 2 and 3, 4 to 6, 7 to 9.
typedef struct equihash_memory {
  /// Rows of the level that is read and of the one that is written.
  uint64_t rows[2][(uint64_t)EQUIHASH_BUCKETS * EQUIHASH_SLOTS * EQUIHASH_ROW_WORDS];
  /// What each row was made from: an index at level 0, else a bucket and two slots of the level below.
  uint32_t tree[EQUIHASH_LEVELS][(uint64_t)EQUIHASH_BUCKETS * EQUIHASH_SLOTS];
  /// Rows in each bucket; more than there is room for were counted and dropped.
  uint32_t counts[2][EQUIHASH_BUCKETS];
} equihash_memory;

/// What all indices of an attempt have in common.
typedef struct equihash_seed {
  /// BLAKE2b's state after the first 128 bytes.
  uint64_t state[8];
  /// The last 12 bytes of the work: the message's first word, and the lower half of its second.
  uint64_t tail[2];
} equihash_seed;

/// In the header, so that the compiler sees the values.
static const uint64_t equihash_blake2b_iv[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static const uint8_t equihash_blake2b_sigma[12][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
};

/// The lanes that each half of a round mixes: columns, then diagonals.
static const uint8_t equihash_blake2b_lanes[8][4] = {
    {0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14}, {3, 7, 11, 15},
    {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13},  {3, 4, 9, 14},
};

/// Hashes what all indices of an attempt have in common.
void equihash_begin(equihash_seed *seed, const uint8_t work[EQUIHASH_WORK_SIZE]);

/// The lists that rows of a bucket are found by: the last row with each value of 8 bits, and the one before each row.
typedef struct equihash_chains {
  uint16_t last[256];
  uint16_t before[EQUIHASH_SLOTS];
} equihash_chains;

/// Finds the solutions among the rows of the last level, as packed indices, each once.
///
/// Returns how many there are, at most EQUIHASH_MOST_SOLUTIONS.
unsigned equihash_finish(equihash_memory *memory, unsigned table,
                         uint8_t solutions[][EQUIHASH_SOLUTION_SIZE]);

/// Checks a request and scans, attempt by attempt, by a form's solver.
hw_status equihash_scan(const hw_scan_request *request, hw_scan_result *result,
                        void (*solve)(equihash_memory *memory, const equihash_seed *seed));

#endif
