/// scrypt with N = 1024, r = 1, p = 1 over a range of nonces. A template: needs HW_SCAN (the function to define),
/// HW_HASHES_PER_VECTOR (1, 2 or 4: one per 128 bits), HW_SETS (sets of vectors that advance together, to hide the
/// latency of one chain), HW_GROUPS (groups of such sets that take turns, so that the table reads of one group,
/// prefetched, hide behind the arithmetic of the others), HW_GAP (1: every row is stored; 2: every second row, and the
/// others are computed again when they are read) and HW_ROLLED (1: the double rounds are a loop, which is little code, so that
/// many sets fit the cache of decoded instructions, and what is added at the end waits in memory instead of registers).
///
/// Salsa20/8 runs in diagonal form: a vector holds one diagonal of each hash's 4 by 4 words, so a quarter-round works on
/// whole vectors, and three in-part rotations lead from columns to rows. PBKDF2's SHA-256 runs with a hash in each lane.

#if defined(HW_ARITHMETIC)

/// ROMix of one set of vectors.
static arithmetic scrypt_set_arithmetic(unsigned hashes_per_vector, unsigned gap) {
  // Salsa20/8: 4 double rounds of 8 steps and 6 shuffles, then the addition to itself; a block mix has two and 8 xors.
  const arithmetic salsa = {.adds = 32 + 4, .rotates = 32, .xor2 = 32, .shuffles = 24};
  const arithmetic mix = plus(times(salsa, 2), (arithmetic){.xor2 = 8});
  // Four hashes' quarters change places by 8 shuffles in each half-row; two hashes' are inserted on loading.
  uint64_t store_shuffles = hashes_per_vector == 4 ? 16 : 0;
  uint64_t load_shuffles = hashes_per_vector == 4 ? 16 : hashes_per_vector == 2 ? 8 : 0;
  arithmetic fill = times(mix, gap);
  fill.shuffles += store_shuffles;
  // The row read is xored into both halves, where the first mixing step xors three inputs.
  arithmetic read = plus(mix, (arithmetic){.xor3 = 4, .shuffles = load_shuffles});
  read.loads = hashes_per_vector == 2 ? 16 : 8;
  // A row between stored ones is mixed once more and chosen by its hash.
  if (gap == 2) {
    read = plus(read, mix);
    read = plus(read, (arithmetic){.selects = 8, .shuffles = 1, .xor2 = 1, .adds = 1});
  }
  return plus(times(fill, SCRYPT_ROWS / gap), times(read, SCRYPT_ROWS));
}

/// A batch of `hashes`. For each filling of the lanes PBKDF2 adds 16 blocks, each with 48 words.
static arithmetic scrypt_arithmetic(unsigned hashes, unsigned hashes_per_vector, unsigned gap) {
  arithmetic block =
      plus(times(sha256_round_arithmetic, 64), times(small_sigma_arithmetic, 2 * 48));
  block.adds += 3 * 48 + 8;
  unsigned lanes = 4 * hashes_per_vector, fills = (hashes + lanes - 1) / lanes;
  return plus(times(scrypt_set_arithmetic(hashes_per_vector, gap), hashes / hashes_per_vector),
              times(block, (uint64_t)16 * fills));
}

#else

#define HW_LANES (4 * HW_HASHES_PER_VECTOR)
#include "hw_sha256_lanes.h"

#include "scrypt_rows.h"

enum {
  group_hashes = HW_HASHES_PER_VECTOR * HW_SETS,
  batch = group_hashes * HW_GROUPS,
  /// Times that the lanes must be filled for the SHA-256 of one batch.
  fills = (batch + HW_LANES - 1) / HW_LANES,
  stored_rows = SCRYPT_ROWS / HW_GAP,
  /// Bytes of one row of all hashes of a group.
  group_row_size = group_hashes * SCRYPT_ROW_SIZE,
};
_Static_assert(SCRYPT_SCRATCH(batch, HW_GAP) == (uint64_t)HW_GROUPS * stored_rows * group_row_size,
               "the table is what the list of variants promises");

/// The natural place of each element of a half-row in diagonal form.
static const uint8_t diagonal[16] = {0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11};

/// State of one group: both half-rows of every set.
typedef struct group {
  vec x[HW_SETS][8];
} group;

// MARK: PBKDF2

/// HMAC's states after the key block, per lane.
typedef struct keys {
  vec inner[8], outer[8];
} keys;

/// Adds one block to the state. Uses up the block.
HW_HOT void compress(vec state[8], vec w[16]) {
  rotating_state s;
  sha256_begin(s, 0, state);
  HW_UNROLL for (unsigned i = 0; i < 16; i++) sha256_round(s, i, w[i] + hw_sha256_k[i]);
  HW_ROLL for (unsigned base = 16; base < 64; base += 16)
      HW_UNROLL for (unsigned i = 0; i < 16; i++)
          sha256_round(s, i, sha256_schedule(w, i) + hw_sha256_k[base + i]);
  for (unsigned i = 0; i < 8; i++) state[i] += s[i];
}

HW_INLINE void start(vec state[8], const uint32_t from[8]) {
  for (unsigned i = 0; i < 8; i++) state[i] = splat(from[i]);
}

/// A block that begins with `count` words already in `w`, then the padding of a message of `bits` bits.
HW_INLINE void pad(vec w[16], unsigned count, uint32_t bits) {
  w[count] = splat(0x80000000u);
  for (unsigned i = count + 1; i < 15; i++) w[i] = splat(0);
  w[15] = splat(bits);
}

/// The last 16 bytes of the header, with the lanes' nonces.
HW_INLINE void header_tail(vec w[16], const scrypt_work *work, uint32_t first_nonce) {
  for (unsigned i = 0; i < 3; i++) w[i] = splat(work->words[16 + i]);
  w[3] = byte_swap(lane_numbers() + first_nonce);
}

/// PBKDF2 of the headers: 32 words per lane into `out`, and HMAC's keys for the end.
HW_HOT void expand(const scrypt_work *work, uint32_t first_nonce, keys *keys, vec out[32]) {
  vec key[8], w[16], state[8];
  start(key, work->midstate);
  header_tail(w, work, first_nonce);
  pad(w, 4, 640);
  compress(key, w);
  start(keys->inner, hw_sha256_iv);
  for (unsigned i = 0; i < 16; i++) w[i] = (i < 8 ? key[i] : splat(0)) ^ 0x36363636u;
  compress(keys->inner, w);
  start(keys->outer, hw_sha256_iv);
  for (unsigned i = 0; i < 16; i++) w[i] = (i < 8 ? key[i] : splat(0)) ^ 0x5c5c5c5cu;
  compress(keys->outer, w);

  vec salted[8];
  for (unsigned i = 0; i < 8; i++) salted[i] = keys->inner[i];
  for (unsigned i = 0; i < 16; i++) w[i] = splat(work->words[i]);
  compress(salted, w);
  for (unsigned block = 0; block < 4; block++) {
    for (unsigned i = 0; i < 8; i++) state[i] = salted[i];
    header_tail(w, work, first_nonce);
    w[4] = splat(block + 1);
    pad(w, 5, 8 * (64 + 80 + 4));
    compress(state, w);
    for (unsigned i = 0; i < 8; i++) w[i] = state[i];
    pad(w, 8, 8 * (64 + 32));
    for (unsigned i = 0; i < 8; i++) state[i] = keys->outer[i];
    compress(state, w);
    for (unsigned i = 0; i < 8; i++) out[8 * block + i] = byte_swap(state[i]);
  }
}

/// The most significant words of the hashes, from the 32 mixed words per lane.
HW_HOT void contract(keys *keys, const vec mixed[32], uint32_t top[HW_LANES]) {
  vec w[16];
  for (unsigned half = 0; half < 2; half++) {
    for (unsigned i = 0; i < 16; i++) w[i] = byte_swap(mixed[16 * half + i]);
    compress(keys->inner, w);
  }
  w[0] = splat(1);
  pad(w, 1, 8 * (64 + 128 + 4));
  compress(keys->inner, w);
  for (unsigned i = 0; i < 8; i++) w[i] = keys->inner[i];
  pad(w, 8, 8 * (64 + 32));
  compress(keys->outer, w);
  vec word = byte_swap(keys->outer[7]);
  for (unsigned i = 0; i < HW_LANES; i++) top[i] = word[i];
}

// MARK: From lanes to diagonals

/// Where word `i` of hash `hash` of a batch is, as a place in the groups' words.
HW_INLINE uint32_t *diagonal_place(group groups[HW_GROUPS], unsigned hash, unsigned i) {
  unsigned set = hash % group_hashes / HW_HASHES_PER_VECTOR;
  unsigned part = hash % HW_HASHES_PER_VECTOR;
  vec *vectors = groups[hash / group_hashes].x[set];
  return (uint32_t *)&vectors[i / 4] + 4 * part + i % 4;
}

/// Natural place of element `i` of a row.
HW_INLINE unsigned natural(unsigned i) { return (i & 16) + diagonal[i & 15]; }

HW_HOT void to_diagonals(group groups[HW_GROUPS], unsigned fill, const vec words[32]) {
  const uint32_t *from = (const uint32_t *)words;
  for (unsigned lane = 0; lane < HW_LANES && fill * HW_LANES + lane < batch; lane++)
    for (unsigned i = 0; i < 32; i++)
      *diagonal_place(groups, fill * HW_LANES + lane, i) = from[natural(i) * HW_LANES + lane];
}

HW_HOT void from_diagonals(group groups[HW_GROUPS], unsigned fill, vec words[32]) {
  uint32_t *to = (uint32_t *)words;
  for (unsigned lane = 0; lane < HW_LANES; lane++) {
    // Lanes beyond the batch repeat its last hash; nobody looks at them.
    unsigned hash = fill * HW_LANES + lane < batch ? fill * HW_LANES + lane : batch - 1;
    for (unsigned i = 0; i < 32; i++)
      to[natural(i) * HW_LANES + lane] = *diagonal_place(groups, hash, i);
  }
}

// MARK: Mixing

HW_INLINE vec rotl(vec x, unsigned n) { return x << n | x >> (32 - n); }

/// One quarter-round's step in all sets: `x[to] ^= rotl(x[a] + x[b], n)`.
HW_INLINE void salsa_step(vec x[HW_SETS][4], unsigned to, unsigned a, unsigned b, unsigned n) {
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) x[s][to] ^= rotl(x[s][a] + x[s][b], n);
}

/// Two rounds of Salsa20 in all sets, of the columns and of the rows.
HW_INLINE void double_round(vec x[HW_SETS][4]) {
  salsa_step(x, 1, 0, 3, 7);
  salsa_step(x, 2, 1, 0, 9);
  salsa_step(x, 3, 2, 1, 13);
  salsa_step(x, 0, 3, 2, 18);
  // To rows: vector 1 now holds what vector 3 held for columns, and the other way round.
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) {
    x[s][1] = HW_SHUFFLE(x[s][1], 3, 0, 1, 2);
    x[s][2] = HW_SHUFFLE(x[s][2], 2, 3, 0, 1);
    x[s][3] = HW_SHUFFLE(x[s][3], 1, 2, 3, 0);
  }
  salsa_step(x, 3, 0, 1, 7);
  salsa_step(x, 2, 3, 0, 9);
  salsa_step(x, 1, 2, 3, 13);
  salsa_step(x, 0, 1, 2, 18);
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) {
    x[s][1] = HW_SHUFFLE(x[s][1], 1, 2, 3, 0);
    x[s][2] = HW_SHUFFLE(x[s][2], 2, 3, 0, 1);
    x[s][3] = HW_SHUFFLE(x[s][3], 3, 0, 1, 2);
  }
}

/// Adds Salsa20/8 of itself to `y`, in all sets.
HW_INLINE void salsa(vec y[HW_SETS][4]) {
#if HW_ROLLED
  // What is added at the end waits in memory, so that the registers are the state's: the compiler must not know where.
  vec memory[HW_SETS][4], (*addend)[4] = memory;
  __asm__ volatile("" : "+r"(addend)::"memory");
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) HW_UNROLL for (unsigned v = 0; v < 4; v++)
      addend[s][v] = y[s][v];
  HW_ROLL for (unsigned i = 0; i < 4; i++) double_round(y);
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) HW_UNROLL for (unsigned v = 0; v < 4; v++)
      y[s][v] += addend[s][v];
#else
  vec x[HW_SETS][4];
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) HW_UNROLL for (unsigned v = 0; v < 4; v++)
      x[s][v] = y[s][v];
  HW_UNROLL for (unsigned i = 0; i < 4; i++) double_round(x);
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) HW_UNROLL for (unsigned v = 0; v < 4; v++)
      y[s][v] += x[s][v];
#endif
}

/// scryptBlockMix of a group, after xoring `row` into it where `with_row`.
HW_INLINE void block_mix(group *g, vec row[HW_SETS][8], int with_row) {
  vec y[HW_SETS][4];
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) HW_UNROLL for (unsigned v = 0; v < 4; v++) {
    vec high = g->x[s][v + 4];
    if (with_row) high ^= row[s][v + 4];
    y[s][v] = with_row ? g->x[s][v] ^ row[s][v] ^ high : g->x[s][v] ^ high;
    g->x[s][v + 4] = high;
  }
  salsa(y);
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) HW_UNROLL for (unsigned v = 0; v < 4; v++) {
    g->x[s][v] = y[s][v];
    y[s][v] ^= g->x[s][v + 4];
  }
  salsa(y);
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) HW_UNROLL for (unsigned v = 0; v < 4; v++)
      g->x[s][v + 4] = y[s][v];
}

/// Mixes a group once and stores it as row `row` of the table before that.
HW_INLINE void fill_row(group *g, uint8_t *table, unsigned row) {
  if (row % HW_GAP == 0)
    HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++)
        store_rows(table + (uint64_t)group_row_size * (row / HW_GAP) +
                       SCRYPT_ROW_SIZE * HW_HASHES_PER_VECTOR * s,
                   g->x[s]);
  block_mix(g, NULL, 0);
}

/// Which row a hash of the group reads next.
HW_INLINE unsigned next_row(const group *g, unsigned set, unsigned part) {
  return ((const uint32_t *)&g->x[set][4])[4 * part] % SCRYPT_ROWS;
}

/// Where that row is, or the stored one before it.
HW_INLINE const uint8_t *row_address(const group *g, const uint8_t *table, unsigned set,
                                     unsigned part) {
  return table + (uint64_t)group_row_size * (next_row(g, set, part) / HW_GAP) +
         SCRYPT_ROW_SIZE * (HW_HASHES_PER_VECTOR * set + part);
}

/// Begins to fetch the rows that a group reads next.
HW_INLINE void prefetch_rows(const group *g, const uint8_t *table) {
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++)
      HW_UNROLL for (unsigned part = 0; part < HW_HASHES_PER_VECTOR; part++) {
    const uint8_t *row = row_address(g, table, s, part);
    __builtin_prefetch(row);
    __builtin_prefetch(row + 64);
  }
}

/// The rows that a group reads, computed from the row before where only that one is stored.
HW_INLINE void read_rows(const group *g, const uint8_t *table, vec rows[HW_SETS][8]) {
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) {
    const uint8_t *from[HW_HASHES_PER_VECTOR];
    HW_UNROLL for (unsigned part = 0; part < HW_HASHES_PER_VECTOR; part++) from[part] =
        row_address(g, table, s, part);
    load_rows(rows[s], from);
  }
#if HW_GAP == 2
  group next;
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) HW_UNROLL for (unsigned v = 0; v < 8; v++)
      next.x[s][v] = rows[s][v];
  block_mix(&next, NULL, 0);
  HW_UNROLL for (unsigned s = 0; s < HW_SETS; s++) {
    // All ones in the parts whose row is odd.
    vec odd = -(HW_SHUFFLE(g->x[s][4], 0, 0, 0, 0) & 1);
    HW_UNROLL for (unsigned v = 0; v < 8; v++) rows[s][v] =
        (next.x[s][v] & odd) | (rows[s][v] & ~odd);
  }
#endif
}

/// ROMix of a batch.
HW_HOT void mix(group groups[HW_GROUPS], uint8_t *scratch) {
  const uint64_t table_size = (uint64_t)stored_rows * group_row_size;
  HW_ROLL for (unsigned row = 0; row < SCRYPT_ROWS; row++)
      HW_ROLL for (unsigned i = 0; i < HW_GROUPS; i++)
          fill_row(&groups[i], scratch + i * table_size, row);
  HW_ROLL for (unsigned row = 0; row < SCRYPT_ROWS; row++)
      HW_ROLL for (unsigned i = 0; i < HW_GROUPS; i++) {
    vec rows[HW_SETS][8];
    read_rows(&groups[i], scratch + i * table_size, rows);
    block_mix(&groups[i], rows, 1);
    prefetch_rows(&groups[i], scratch + i * table_size);
  }
}

// MARK: Scan

hw_status HW_SCAN(const hw_scan_request *request, hw_scan_result *result) {
  hw_status status =
      hw_scan_begin(request, result, SCRYPT_SCRATCH(batch, HW_GAP), SCRYPT_SCRATCH_ALIGNMENT);
  if (status != HW_OK) return status;
  scrypt_work work;
  scrypt_prepare(&work, request->work);
  uint32_t limit = hw_load_le32(request->target + 28);
  for (uint64_t done = 0; done < request->count; done += batch) {
    uint32_t first_nonce = request->first_nonce + (uint32_t)done;
    group groups[HW_GROUPS];
    keys keys[fills];
    vec words[32];
    for (unsigned fill = 0; fill < fills; fill++) {
      expand(&work, first_nonce + fill * HW_LANES, &keys[fill], words);
      to_diagonals(groups, fill, words);
    }
    mix(groups, request->scratch);
    for (unsigned fill = 0; fill < fills; fill++) {
      uint32_t top[HW_LANES];
      from_diagonals(groups, fill, words);
      contract(&keys[fill], words, top);
      for (unsigned lane = 0; lane < HW_LANES; lane++) {
        unsigned hash = fill * HW_LANES + lane;
        if (hash >= batch || done + hash >= request->count || top[lane] > limit) continue;
        uint32_t mixed[32];
        for (unsigned i = 0; i < 32; i++) mixed[i] = words[i][lane];
        scrypt_confirm(&work, request, result, first_nonce + hash, mixed);
      }
    }
  }
  return HW_OK;
}

#endif
