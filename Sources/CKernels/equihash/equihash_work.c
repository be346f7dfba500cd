#include "equihash_work.h"

#include <string.h>

#include "hw_sha256.h"

// MARK: The seed

static uint64_t rotr64(uint64_t x, unsigned n) { return x >> n | x << (64 - n); }

/// BLAKE2b's compression of one whole block that is not the last.
static void compress(uint64_t state[8], const uint8_t block[128], uint64_t count) {
  uint64_t v[16], m[16];
  for (unsigned i = 0; i < 16; i++) m[i] = hw_load_le64(block + 8 * i);
  for (unsigned i = 0; i < 8; i++) {
    v[i] = state[i];
    v[i + 8] = equihash_blake2b_iv[i];
  }
  v[12] ^= count;
  for (unsigned round = 0; round < 12; round++) {
    for (unsigned i = 0; i < 8; i++) {
      const uint8_t *lane = equihash_blake2b_lanes[i], *order = equihash_blake2b_sigma[round];
      uint64_t *a = &v[lane[0]], *b = &v[lane[1]], *c = &v[lane[2]], *d = &v[lane[3]];
      *a += *b + m[order[2 * i]];
      *d = rotr64(*d ^ *a, 32);
      *c += *d;
      *b = rotr64(*b ^ *c, 24);
      *a += *b + m[order[2 * i + 1]];
      *d = rotr64(*d ^ *a, 16);
      *c += *d;
      *b = rotr64(*b ^ *c, 63);
    }
  }
  for (unsigned i = 0; i < 8; i++) state[i] ^= v[i] ^ v[i + 8];
}

void equihash_begin(equihash_seed *seed, const uint8_t work[EQUIHASH_WORK_SIZE]) {
  for (unsigned i = 0; i < 8; i++) seed->state[i] = equihash_blake2b_iv[i];
  // The parameters: a digest of 50 bytes, no key, sequential; "ZcashPoW", then n and k as 32-bit words.
  seed->state[0] ^= 0x01010000 | 50;
  seed->state[6] ^= UINT64_C(0x576f50687361635a);
  seed->state[7] ^= (uint64_t)9 << 32 | 200;
  compress(seed->state, work, 128);
  seed->tail[0] = hw_load_le64(work + 128);
  seed->tail[1] = hw_load_le32(work + 136);
}

// MARK: The last round

/// Writes the indices that a row of a level was made from.
static void expand(const equihash_memory *memory, unsigned level, uint32_t reference,
                   uint32_t *indices) {
  if (level == 0) {
    *indices = reference;
    return;
  }
  uint32_t bucket = reference >> 20, one = reference >> 10 & 1023, other = reference & 1023;
  const uint32_t *below = memory->tree[level - 1] + (uint64_t)bucket * EQUIHASH_SLOTS;
  unsigned half = 1u << (level - 1);
  expand(memory, level - 1, below[one], indices);
  expand(memory, level - 1, below[other], indices + half);
}

/// Puts the half with the smaller first index first, at every level.
static void order(uint32_t *indices) {
  for (unsigned half = 1; half < EQUIHASH_INDICES; half *= 2) {
    for (unsigned start = 0; start < EQUIHASH_INDICES; start += 2 * half) {
      uint32_t *left = indices + start, *right = left + half;
      if (left[0] < right[0]) continue;
      for (unsigned i = 0; i < half; i++) {
        uint32_t moved = left[i];
        left[i] = right[i];
        right[i] = moved;
      }
    }
  }
}

/// Whether an index is there twice.
static bool repeats(const uint32_t *indices) {
  enum { size = 1024 };
  uint32_t table[size] = {0};
  for (unsigned i = 0; i < EQUIHASH_INDICES; i++) {
    unsigned place = indices[i] * 2654435761u >> 22;
    // Stored one higher, since zero marks what is free.
    for (; table[place] != 0; place = (place + 1) % size)
      if (table[place] == indices[i] + 1) return true;
    table[place] = indices[i] + 1;
  }
  return false;
}

static void pack(const uint32_t *indices, uint8_t solution[EQUIHASH_SOLUTION_SIZE]) {
  uint64_t bits = 0;
  unsigned count = 0;
  for (unsigned i = 0; i < EQUIHASH_INDICES; i++) {
    bits = bits << EQUIHASH_INDEX_BITS | indices[i];
    for (count += EQUIHASH_INDEX_BITS; count >= 8; count -= 8)
      *solution++ = (uint8_t)(bits >> (count - 8));
  }
}

/// Takes a pair of rows over, unless it is no solution or is known.
static unsigned take(const equihash_memory *memory, uint32_t bucket, uint32_t one, uint32_t other,
                     unsigned known, uint8_t solutions[][EQUIHASH_SOLUTION_SIZE]) {
  uint32_t indices[EQUIHASH_INDICES];
  const uint32_t *tree = memory->tree[EQUIHASH_LEVELS - 1] + (uint64_t)bucket * EQUIHASH_SLOTS;
  expand(memory, EQUIHASH_LEVELS - 1, tree[one], indices);
  expand(memory, EQUIHASH_LEVELS - 1, tree[other], indices + EQUIHASH_INDICES / 2);
  if (repeats(indices)) return known;
  order(indices);
  pack(indices, solutions[known]);
  for (unsigned i = 0; i < known; i++)
    if (memcmp(solutions[i], solutions[known], EQUIHASH_SOLUTION_SIZE) == 0) return known;
  return known + 1;
}

unsigned equihash_finish(equihash_memory *memory, unsigned table,
                         uint8_t solutions[][EQUIHASH_SOLUTION_SIZE]) {
  unsigned found = 0;
  equihash_chains chains;
  for (uint32_t bucket = 0; bucket < EQUIHASH_BUCKETS; bucket++) {
    uint32_t count = memory->counts[table][bucket];
    if (count > EQUIHASH_SLOTS) count = EQUIHASH_SLOTS;
    const uint64_t *rows = memory->rows[table] + (uint64_t)bucket * EQUIHASH_SLOTS;
    uint32_t *tree = memory->tree[EQUIHASH_LEVELS - 1] + (uint64_t)bucket * EQUIHASH_SLOTS;
    memset(chains.last, 0, sizeof chains.last);
    for (uint32_t slot = 0; slot < count; slot++) {
      tree[slot] = (uint32_t)rows[slot];
      unsigned value = rows[slot] >> 32 & 255;
      unsigned other = chains.last[value];
      chains.before[slot] = (uint16_t)other;
      chains.last[value] = (uint16_t)(slot + 1);
      for (; other != 0; other = chains.before[other - 1]) {
        if ((rows[slot] ^ rows[other - 1]) >> 32 != 0) continue;
        if (found < EQUIHASH_MOST_SOLUTIONS)
          found = take(memory, bucket, other - 1, slot, found, solutions);
      }
    }
  }
  return found;
}

// MARK: Scanning

/// The value of a solution: SHA-256 twice over the header, the solution's length as Bitcoin writes it, the solution.
static void value_of(const uint8_t work[EQUIHASH_WORK_SIZE],
                     const uint8_t solution[EQUIHASH_SOLUTION_SIZE], uint8_t value[32]) {
  enum { length = EQUIHASH_WORK_SIZE + 3 + EQUIHASH_SOLUTION_SIZE, padded = 1536 };
  uint8_t message[padded] = {0};
  memcpy(message, work, EQUIHASH_WORK_SIZE);
  message[EQUIHASH_WORK_SIZE] = 0xfd;
  message[EQUIHASH_WORK_SIZE + 1] = EQUIHASH_SOLUTION_SIZE & 255;
  message[EQUIHASH_WORK_SIZE + 2] = EQUIHASH_SOLUTION_SIZE >> 8;
  memcpy(message + EQUIHASH_WORK_SIZE + 3, solution, EQUIHASH_SOLUTION_SIZE);
  message[length] = 0x80;
  hw_store_be32(message + padded - 4, 8 * length);
  uint32_t state[8], block[16];
  memcpy(state, hw_sha256_iv, sizeof state);
  for (unsigned start = 0; start < padded; start += 64) {
    for (unsigned i = 0; i < 16; i++) block[i] = hw_load_be32(message + start + 4 * i);
    hw_sha256_compress(state, block);
  }
  memcpy(block, state, sizeof state);
  memset(block + 8, 0, sizeof block - sizeof state);
  block[8] = 0x80000000;
  block[15] = 256;
  memcpy(state, hw_sha256_iv, sizeof state);
  hw_sha256_compress(state, block);
  for (unsigned i = 0; i < 8; i++) hw_store_be32(value + 4 * i, state[i]);
}

/// Solutions of one attempt ascend, so that what a kernel reports does not hang on how it sorts.
static void sort(uint8_t solutions[][EQUIHASH_SOLUTION_SIZE], unsigned count) {
  uint8_t moved[EQUIHASH_SOLUTION_SIZE];
  for (unsigned i = 1; i < count; i++) {
    for (unsigned j = i;
         j > 0 && memcmp(solutions[j - 1], solutions[j], EQUIHASH_SOLUTION_SIZE) > 0; j--) {
      memcpy(moved, solutions[j], sizeof moved);
      memcpy(solutions[j], solutions[j - 1], sizeof moved);
      memcpy(solutions[j - 1], moved, sizeof moved);
    }
  }
}

hw_status equihash_scan(const hw_scan_request *request, hw_scan_result *result,
                        void (*solve)(equihash_memory *memory, const equihash_seed *seed)) {
  if (result->struct_size < sizeof *result || request->struct_size < sizeof *request)
    return HW_BAD_REQUEST;
  result->reserved = 0;
  result->found = result->attempts = result->units = 0;
  if (request->count > UINT64_C(1) << 32 || request->work == NULL || request->target == NULL ||
      request->work_size != EQUIHASH_WORK_SIZE || request->record_size != EQUIHASH_RECORD_SIZE ||
      (request->records == NULL && request->capacity != 0) || request->scratch == NULL ||
      request->scratch_size < sizeof(equihash_memory) || (uintptr_t)request->scratch % 64 != 0)
    return HW_BAD_REQUEST;
  equihash_memory *memory = request->scratch;
  uint8_t work[EQUIHASH_WORK_SIZE], value[32];
  uint8_t solutions[EQUIHASH_MOST_SOLUTIONS + 1][EQUIHASH_SOLUTION_SIZE];
  memcpy(work, request->work, sizeof work);
  for (uint64_t offset = 0; offset < request->count && !hw_is_stopped(request->stop); offset++) {
    uint32_t nonce = request->first_nonce + (uint32_t)offset;
    hw_store_le32(work + EQUIHASH_NONCE_OFFSET, nonce);
    equihash_seed seed;
    equihash_begin(&seed, work);
    solve(memory, &seed);
    // Eight rounds of writing to the other table end where they began.
    unsigned found = equihash_finish(memory, 0, solutions);
    sort(solutions, found);
    for (unsigned i = 0; i < found; i++) {
      value_of(work, solutions[i], value);
      if (!hw_meets_target(value, request->target)) continue;
      if (result->found < request->capacity) {
        uint8_t *record = (uint8_t *)request->records + EQUIHASH_RECORD_SIZE * result->found;
        hw_store_le32(record, nonce);
        memcpy(record + 4, solutions[i], EQUIHASH_SOLUTION_SIZE);
      }
      result->found++;
    }
    result->attempts++;
    result->units += found;
  }
  return HW_OK;
}
