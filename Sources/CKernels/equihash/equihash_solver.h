/// The rounds of Equihash 200,9 up to the last: hashes in lanes, then pairs. A template: needs HW_SCAN (the function to
/// define) and HW_LANES (64-bit lanes of a vector).

typedef uint64_t vec __attribute__((vector_size(8 * HW_LANES)));

HW_INLINE vec splat(uint64_t x) { return x - (vec){}; }
HW_INLINE vec rotr(vec x, unsigned n) { return x >> n | x << (64 - n); }

/// Bytes in the opposite order, in each lane.
HW_INLINE vec swapped(vec x) {
  x = (x >> 8 & splat(0x00ff00ff00ff00ff)) | (x & splat(0x00ff00ff00ff00ff)) << 8;
  x = (x >> 16 & splat(0x0000ffff0000ffff)) | (x & splat(0x0000ffff0000ffff)) << 16;
  return x >> 32 | x << 32;
}

/// The first words of the hashes of `first` and the lanes behind it, big-endian.
///
/// The message has two words that are not zero, so most additions of words fall away.
HW_INLINE void hash_lanes(vec digest[7], const equihash_seed *seed, uint32_t first) {
  vec v[16], message[2];
  message[0] = splat(seed->tail[0]);
  HW_UNROLL for (unsigned lane = 0; lane < HW_LANES; lane++) message[1][lane] =
      seed->tail[1] | (uint64_t)(first + lane) << 32;
  HW_UNROLL for (unsigned i = 0; i < 8; i++) {
    v[i] = splat(seed->state[i]);
    v[i + 8] = splat(equihash_blake2b_iv[i]);
  }
  // The number of bytes, and the mark of the last block.
  v[12] ^= splat(EQUIHASH_WORK_SIZE + 4);
  v[14] = ~v[14];
  HW_UNROLL for (unsigned round = 0; round < 12; round++) {
    HW_UNROLL for (unsigned i = 0; i < 8; i++) {
      const uint8_t *lane = equihash_blake2b_lanes[i];
      unsigned x = equihash_blake2b_sigma[round][2 * i];
      unsigned y = equihash_blake2b_sigma[round][2 * i + 1];
      vec a = v[lane[0]], b = v[lane[1]], c = v[lane[2]], d = v[lane[3]];
      a += b;
      if (x < 2) a += message[x];
      d = rotr(d ^ a, 32);
      c += d;
      b = rotr(b ^ c, 24);
      a += b;
      if (y < 2) a += message[y];
      d = rotr(d ^ a, 16);
      c += d;
      b = rotr(b ^ c, 63);
      v[lane[0]] = a, v[lane[1]] = b, v[lane[2]] = c, v[lane[3]] = d;
    }
  }
  HW_UNROLL for (unsigned i = 0; i < 7; i++) digest[i] =
      swapped(splat(seed->state[i]) ^ v[i] ^ v[i + 8]);
}

/// One hash of 200 bits as a row of level 0 without its reference, and its first part's upper bits.
typedef struct row_lanes {
  vec bucket;
  vec words[EQUIHASH_ROW_WORDS];
} row_lanes;

/// Cuts 25 bytes, big-endian in three words and a byte, into parts of 20 bits.
HW_INLINE row_lanes cut(vec x0, vec x1, vec x2, vec x3) {
  vec mask = splat(0xfffff);
  vec part0 = x0 >> 44, part1 = x0 >> 24 & mask, part2 = x0 >> 4 & mask;
  vec part3 = (x0 & splat(15)) << 16 | x1 >> 48, part4 = x1 >> 28 & mask, part5 = x1 >> 8 & mask;
  vec part6 = (x1 & splat(255)) << 12 | x2 >> 52, part7 = x2 >> 32 & mask, part8 = x2 >> 12 & mask;
  vec part9 = (x2 & splat(0xfff)) << 8 | x3;
  row_lanes row;
  row.bucket = part0 >> 8;
  row.words[0] = (part0 & splat(255)) << 32 | part1 << 40;
  row.words[1] = part2 | part3 << 20;
  row.words[2] = part4 | part5 << 20 | part6 << 40;
  row.words[3] = part7 | part8 << 20 | part9 << 40;
  return row;
}

HW_INLINE void put_lanes(equihash_memory *memory, row_lanes row, uint32_t index) {
  HW_UNROLL for (unsigned lane = 0; lane < HW_LANES; lane++) {
    uint32_t bucket = (uint32_t)row.bucket[lane];
    uint32_t slot = memory->counts[0][bucket]++;
    if (slot >= EQUIHASH_SLOTS) continue;
    uint64_t *place =
        memory->rows[0] + ((uint64_t)bucket * EQUIHASH_SLOTS + slot) * EQUIHASH_ROW_WORDS;
    place[0] = row.words[0][lane] | (index + 2 * lane);
    place[1] = row.words[1][lane];
    place[2] = row.words[2][lane];
    place[3] = row.words[3][lane];
  }
}

/// All hashes, sorted into the buckets of level 0: each hash of BLAKE2b serves two indices.
HW_HOT void hash_batch(equihash_memory *memory, const equihash_seed *seed) {
  for (uint32_t first = 0; first < 1u << (EQUIHASH_INDEX_BITS - 1); first += HW_LANES) {
    vec d[7];
    hash_lanes(d, seed, first);
    put_lanes(memory, cut(d[0], d[1], d[2], d[3] >> 56), 2 * first);
    put_lanes(memory,
              cut(d[3] << 8 | d[4] >> 56, d[4] << 8 | d[5] >> 56, d[5] << 8 | d[6] >> 56,
                  d[6] >> 48 & splat(255)),
              2 * first + 1);
  }
}

/// Pairs the rows of a level and sorts what they come to into the buckets of the next. All parameters are constants of
/// the caller: the words of a row before and after, and where the part lies that comes into a row's first word.
HW_INLINE void pair_rows(equihash_memory *memory, unsigned level, unsigned width, unsigned next,
                         unsigned shift) {
  unsigned from = level % 2, to = 1 - from;
  uint32_t *counts = memory->counts[to];
  for (unsigned i = 0; i < EQUIHASH_BUCKETS; i++) counts[i] = 0;
  equihash_chains chains;
  for (uint32_t bucket = 0; bucket < EQUIHASH_BUCKETS; bucket++) {
    uint32_t count = memory->counts[from][bucket];
    if (count > EQUIHASH_SLOTS) count = EQUIHASH_SLOTS;
    const uint64_t *rows = memory->rows[from] + (uint64_t)bucket * EQUIHASH_SLOTS * width;
    uint32_t *tree = memory->tree[level] + (uint64_t)bucket * EQUIHASH_SLOTS;
    for (unsigned i = 0; i < 256; i++) chains.last[i] = 0;
    for (uint32_t slot = 0; slot < count; slot++) {
      const uint64_t *row = rows + (uint64_t)slot * width;
      uint64_t head = row[0];
      tree[slot] = (uint32_t)head;
      unsigned value = head >> 32 & 255;
      unsigned other = chains.last[value];
      chains.before[slot] = (uint16_t)other;
      chains.last[value] = (uint16_t)(slot + 1);
      for (; other != 0; other = chains.before[other - 1]) {
        const uint64_t *match = rows + (uint64_t)(other - 1) * width;
        uint64_t part = (head ^ match[0]) >> 40 & 0xfffff;
        uint64_t words[EQUIHASH_ROW_WORDS], rest = part;
        for (unsigned i = 1; i < width; i++) rest |= words[i] = row[i] ^ match[i];
        // Equal rows come of indices that were used twice.
        if (rest == 0) continue;
        uint32_t target = (uint32_t)(part >> 8);
        uint32_t place = counts[target]++;
        if (place >= EQUIHASH_SLOTS) continue;
        uint64_t *made = memory->rows[to] + ((uint64_t)target * EQUIHASH_SLOTS + place) * next;
        unsigned drop = width - next;
        uint64_t following = words[1] >> shift & 0xfffff;
        made[0] = (uint64_t)(bucket << 20 | (other - 1) << 10 | slot) | (part & 255) << 32 |
                  following << 40;
        for (unsigned i = 1; i < next; i++) made[i] = words[i + drop];
      }
    }
  }
}

HW_HOT void pair_level_0(equihash_memory *memory) { pair_rows(memory, 0, 4, 4, 0); }
HW_HOT void pair_level_1(equihash_memory *memory) { pair_rows(memory, 1, 4, 3, 20); }
HW_HOT void pair_level_2(equihash_memory *memory) { pair_rows(memory, 2, 3, 3, 0); }
HW_HOT void pair_level_3(equihash_memory *memory) { pair_rows(memory, 3, 3, 3, 20); }
HW_HOT void pair_level_4(equihash_memory *memory) { pair_rows(memory, 4, 3, 2, 40); }
HW_HOT void pair_level_5(equihash_memory *memory) { pair_rows(memory, 5, 2, 2, 0); }
HW_HOT void pair_level_6(equihash_memory *memory) { pair_rows(memory, 6, 2, 2, 20); }
HW_HOT void pair_level_7(equihash_memory *memory) { pair_rows(memory, 7, 2, 1, 40); }

static void solve(equihash_memory *memory, const equihash_seed *seed) {
  for (unsigned i = 0; i < EQUIHASH_BUCKETS; i++) memory->counts[0][i] = 0;
  hash_batch(memory, seed);
  pair_level_0(memory);
  pair_level_1(memory);
  pair_level_2(memory);
  pair_level_3(memory);
  pair_level_4(memory);
  pair_level_5(memory);
  pair_level_6(memory);
  pair_level_7(memory);
}

hw_status HW_SCAN(const hw_scan_request *request, hw_scan_result *result) {
  return equihash_scan(request, result, solve);
}
