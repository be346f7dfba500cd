// Etchash: Keccak-512 of a header's hash and a nonce, 64 reads of a page of the dataset, each place depending on what was read
// before, Keccak-256 of both (ECIP-1099; Ethereum's yellow paper, appendix J). Three kernels: hw_dataset builds a part of the
// dataset from the cache, hw_sample shows some of it, hw_scan hashes consecutive nonces.
//
// HW_LANES    neighbouring items that read the pages of a hash together, for the hash of each of them in turn: 4 or 8; otherwise
//             every item reads its own
// HW_VECTOR   half a page is one vector of sixteen words, for CPU devices
// HW_HASHES   hashes of an item whose reads are in flight at a time: 1, with HW_VECTOR also more

typedef struct etchash_work {
  hw_u64 header[4];
  hw_u32 nonce_high; // the upper word; the lower is scanned
  hw_u32 limit, capacity;
  hw_u32 unused;
} etchash_work;

#ifndef HW_HASHES
#define HW_HASHES 1
#endif

// ---- Keccak-f[1600] ----

HW_INDEXED_TABLE hw_u64 keccak_iota[24] = {
    0x0000000000000001u, 0x0000000000008082u, 0x800000000000808au, 0x8000000080008000u,
    0x000000000000808bu, 0x0000000080000001u, 0x8000000080008081u, 0x8000000000008009u,
    0x000000000000008au, 0x0000000000000088u, 0x0000000080008009u, 0x000000008000000au,
    0x000000008000808bu, 0x800000000000008bu, 0x8000000000008089u, 0x8000000000008003u,
    0x8000000000008002u, 0x8000000000000080u, 0x000000000000800au, 0x800000008000000au,
    0x8000000080008081u, 0x8000000000008080u, 0x0000000080000001u, 0x8000000080008008u};

#if defined(HW_OPENCL)
#define lane_rotate(a, n) rotate((a), (hw_u64)(n))
#else
#define lane_rotate(a, n) ((a) << (n) | (a) >> (64 - (n)))
#endif

// Rho, pi and chi of a row.
#define KECCAK_ROW(row, b0v, b1v, b2v, b3v, b4v)                                                   \
  {                                                                                                \
    hw_u64 b0 = b0v, b1 = b1v, b2 = b2v, b3 = b3v, b4 = b4v;                                       \
    n[row] = b0 ^ (~b1 & b2);                                                                      \
    n[row + 1] = b1 ^ (~b2 & b3);                                                                  \
    n[row + 2] = b2 ^ (~b3 & b4);                                                                  \
    n[row + 3] = b3 ^ (~b4 & b0);                                                                  \
    n[row + 4] = b4 ^ (~b0 & b1);                                                                  \
  }

/// The rounds are a loop: a hash has two permutations, and the reads take the time.
HW_FUNCTION void keccak_permute(hw_u64 *a) {
  HW_ROLL for (int round = 0; round < 24; round++) {
    hw_u64 c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20], c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
    hw_u64 c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22], c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
    hw_u64 c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
    hw_u64 d0 = c4 ^ lane_rotate(c1, 1), d1 = c0 ^ lane_rotate(c2, 1), d2 = c1 ^ lane_rotate(c3, 1);
    hw_u64 d3 = c2 ^ lane_rotate(c4, 1), d4 = c3 ^ lane_rotate(c0, 1);
    hw_u64 n[25];
    KECCAK_ROW(0, a[0] ^ d0, lane_rotate(a[6] ^ d1, 44), lane_rotate(a[12] ^ d2, 43),
               lane_rotate(a[18] ^ d3, 21), lane_rotate(a[24] ^ d4, 14))
    n[0] ^= keccak_iota[round];
    KECCAK_ROW(5, lane_rotate(a[3] ^ d3, 28), lane_rotate(a[9] ^ d4, 20),
               lane_rotate(a[10] ^ d0, 3), lane_rotate(a[16] ^ d1, 45), lane_rotate(a[22] ^ d2, 61))
    KECCAK_ROW(10, lane_rotate(a[1] ^ d1, 1), lane_rotate(a[7] ^ d2, 6), lane_rotate(a[13] ^ d3, 25),
               lane_rotate(a[19] ^ d4, 8), lane_rotate(a[20] ^ d0, 18))
    KECCAK_ROW(15, lane_rotate(a[4] ^ d4, 27), lane_rotate(a[5] ^ d0, 36),
               lane_rotate(a[11] ^ d1, 10), lane_rotate(a[17] ^ d2, 15), lane_rotate(a[23] ^ d3, 56))
    KECCAK_ROW(20, lane_rotate(a[2] ^ d2, 62), lane_rotate(a[8] ^ d3, 55),
               lane_rotate(a[14] ^ d4, 39), lane_rotate(a[15] ^ d0, 41), lane_rotate(a[21] ^ d1, 2))
    HW_UNROLL for (int i = 0; i < 25; i++) a[i] = n[i];
  }
}

/// Keccak-512 of 64 bytes or, with a `size` of 5, of 40: the first lanes of `a` on both ways.
HW_FUNCTION void keccak_512(hw_u64 *a, int size) {
  HW_UNROLL for (int i = 0; i < 25; i++) a[i] = i < size ? a[i] : 0;
  a[size] = 1;
  a[8] ^= (hw_u64)1 << 63;
  keccak_permute(a);
}

// ---- Words ----

/// Fowler, Noll and Vo's step, the product first.
#define join(x, y) ((x) * 0x01000193u ^ (y))

/// The upper half of a product.
#if defined(HW_CUDA)
#define high_product(x, y) __umulhi(x, y)
#elif defined(HW_OPENCL)
#define high_product(x, y) mul_hi((hw_u32)(x), (hw_u32)(y))
#else
#define high_product(x, y) ((hw_u32)((hw_u64)(x) * (y) >> 32))
#endif

/// `x` modulo `n`; `reciprocal` is 2^32 / n, rounded down, so that the quotient is too small by one at most.
HW_FUNCTION hw_u32 remainder_of(hw_u32 x, hw_u32 n, hw_u32 reciprocal) {
  hw_u32 rest = x - high_product(x, reciprocal) * n;
  return rest >= n ? rest - n : rest;
}

// A part of half a page: sixteen words, or four.
#if defined(HW_VECTOR)
typedef uint16 part;
#define HALF_PARTS 1
#define part_join(x, y) ((x) * (uint16)(0x01000193u) ^ (y))
#define PART_WORDS(STEP, k)                                                                        \
  STEP(k, s0) STEP(k, s1) STEP(k, s2) STEP(k, s3) STEP(k, s4) STEP(k, s5) STEP(k, s6) STEP(k, s7)  \
      STEP(k, s8) STEP(k, s9) STEP(k, sa) STEP(k, sb) STEP(k, sc) STEP(k, sd) STEP(k, se) STEP(k, sf)
#else
typedef hw_four part;
#define HALF_PARTS 4
HW_FUNCTION part part_join(part x, part y) {
  x.x = join(x.x, y.x), x.y = join(x.y, y.y), x.z = join(x.z, y.z), x.w = join(x.w, y.w);
  return x;
}
#define PART_WORDS(STEP, k) STEP(k, x) STEP(k, y) STEP(k, z) STEP(k, w)
#endif
#define PAGE_PARTS (2 * HALF_PARTS)

// Words of lanes, and the other way round.
#if defined(HW_VECTOR)
HW_FUNCTION void parts_of(part *p, const hw_u64 *a) {
  p[0] = (uint16)((uint)a[0], (uint)(a[0] >> 32), (uint)a[1], (uint)(a[1] >> 32), (uint)a[2],
                  (uint)(a[2] >> 32), (uint)a[3], (uint)(a[3] >> 32), (uint)a[4], (uint)(a[4] >> 32),
                  (uint)a[5], (uint)(a[5] >> 32), (uint)a[6], (uint)(a[6] >> 32), (uint)a[7],
                  (uint)(a[7] >> 32));
}
HW_FUNCTION void lanes_of(hw_u64 *a, const part *p) {
  ulong8 even = convert_ulong8(p[0].even), whole = even | convert_ulong8(p[0].odd) << (ulong8)(32);
  a[0] = whole.s0, a[1] = whole.s1, a[2] = whole.s2, a[3] = whole.s3;
  a[4] = whole.s4, a[5] = whole.s5, a[6] = whole.s6, a[7] = whole.s7;
}
#else
HW_FUNCTION void parts_of(part *p, const hw_u64 *a) {
  HW_UNROLL for (int i = 0; i < 4; i++) {
    p[i].x = (hw_u32)a[2 * i], p[i].y = (hw_u32)(a[2 * i] >> 32);
    p[i].z = (hw_u32)a[2 * i + 1], p[i].w = (hw_u32)(a[2 * i + 1] >> 32);
  }
}
HW_FUNCTION void lanes_of(hw_u64 *a, const part *p) {
  HW_UNROLL for (int i = 0; i < 4; i++) {
    a[2 * i] = (hw_u64)p[i].y << 32 | p[i].x;
    a[2 * i + 1] = (hw_u64)p[i].w << 32 | p[i].z;
  }
}
#endif

// ---- The dataset ----

/// Halves of pages `first` to `first + count - 1`.
HW_KERNEL void hw_dataset(HW_GLOBAL const part *cache, HW_GLOBAL part *dataset, hw_u32 rows,
                          hw_u32 reciprocal, hw_u32 first, hw_u32 count) {
  hw_u32 index = hw_item();
  if (index >= count) return;
  hw_u32 number = first + index, parent = remainder_of(number, rows, reciprocal), step = 0;
  hw_u64 a[25];
  part mix[HALF_PARTS];
  HW_UNROLL for (int i = 0; i < HALF_PARTS; i++) mix[i] = cache[parent * HALF_PARTS + i];
  lanes_of(a, mix);
  a[0] ^= number;
  keccak_512(a, 8);
  parts_of(mix, a);
#define PARENT(k, word)                                                                            \
  parent = remainder_of(join(number ^ step, mix[k].word), rows, reciprocal);                       \
  HW_UNROLL for (int i = 0; i < HALF_PARTS; i++)                                                   \
    mix[i] = part_join(mix[i], cache[parent * HALF_PARTS + i]);                                    \
  step++;
  HW_ROLL for (int sixteen = 0; sixteen < 16; sixteen++) {
    PART_WORDS(PARENT, 0)
#if HALF_PARTS == 4
    PART_WORDS(PARENT, 1) PART_WORDS(PARENT, 2) PART_WORDS(PARENT, 3)
#endif
  }
  lanes_of(a, mix);
  keccak_512(a, 8);
  parts_of(mix, a);
  HW_UNROLL for (int i = 0; i < HALF_PARTS; i++)
    dataset[(hw_u64)number * HALF_PARTS + i] = mix[i];
}

/// The sixteen words of one half of a page, where nonces would be.
HW_KERNEL void hw_sample(HW_GLOBAL const hw_u32 *dataset, hw_u32 number,
                         HW_GLOBAL hw_u32 *results) {
  hw_u32 word = hw_item();
  if (word < 16) results[1 + word] = dataset[(hw_u64)number * 16 + word];
}

// ---- The search ----

/// The state before the reads: Keccak-512 of the header's hash and a nonce.
HW_FUNCTION void start_of(hw_u64 *a, const etchash_work *work, hw_u32 nonce) {
  HW_UNROLL for (int i = 0; i < 4; i++) a[i] = work->header[i];
  a[4] = (hw_u64)work->nonce_high << 32 | nonce;
  keccak_512(a, 5);
}

/// The hash's top word: Keccak-256 of the state before the reads (eight lanes) and of what they come to (four).
HW_FUNCTION hw_u32 top_of(const hw_u64 *start, const hw_u32 *short_mix) {
  hw_u64 a[25];
  HW_UNROLL for (int i = 0; i < 25; i++) a[i] = i < 8 ? start[i & 7] : 0;
  HW_UNROLL for (int i = 0; i < 4; i++)
    a[8 + i] = (hw_u64)short_mix[2 * i + 1] << 32 | short_mix[2 * i];
  a[12] = 1;
  a[16] = (hw_u64)1 << 63;
  keccak_permute(a);
  return hw_swap((hw_u32)a[0]);
}

#define SHORT(p) join(join(join((p).x, (p).y), (p).z), (p).w)

#if defined(HW_LANES)

// Item j of the group holds parts j, j + HW_LANES, ... of the page of the hash whose turn it is.
#define SLOTS (8 / HW_LANES)

HW_KERNEL void hw_scan(const etchash_work given, hw_u32 first, hw_u32 count,
                       HW_GLOBAL hw_u32 *results, HW_GLOBAL const part *dataset, hw_u32 pages,
                       hw_u32 reciprocal) {
  HW_EXCHANGE_DECLARE
  hw_u32 index = hw_item(), lane = hw_group_lane(HW_LANES);
  hw_u64 start[25];
  start_of(start, &given, first + index);
  part own[4];
  parts_of(own, start);
  hw_u32 short_mix[8];
  HW_UNROLL for (int i = 0; i < 8; i++) short_mix[i] = 0;

  // No item leaves before the others: they read for one another.
  HW_ROLL for (hw_u32 turn = 0; turn < HW_LANES; turn++) {
    part mix[SLOTS], seed[4];
    HW_UNROLL for (int i = 0; i < 4; i++) {
      seed[i].x = hw_share(own[i].x, turn, HW_LANES), seed[i].y = hw_share(own[i].y, turn, HW_LANES);
      seed[i].z = hw_share(own[i].z, turn, HW_LANES), seed[i].w = hw_share(own[i].w, turn, HW_LANES);
    }
    hw_u32 quarter = lane & 3u, begin = seed[0].x, step = 0;
    HW_UNROLL for (int slot = 0; slot < SLOTS; slot++)
      mix[slot] = quarter == 0 ? seed[0] : quarter == 1 ? seed[1] : quarter == 2 ? seed[2] : seed[3];
#define READ(slot, word)                                                                           \
  {                                                                                                \
    hw_u32 page = remainder_of(join(begin ^ step, mix[slot].word), pages, reciprocal);             \
    page = hw_share(page, owner, HW_LANES);                                                        \
    HW_UNROLL for (int i = 0; i < SLOTS; i++)                                                      \
      mix[i] = part_join(mix[i], dataset[page * 8 + i * HW_LANES + lane]);                         \
    step++;                                                                                        \
  }
    HW_ROLL for (int side = 0; side < 2; side++) {
      HW_ROLL for (hw_u32 owner = 0; owner < HW_LANES; owner++) { PART_WORDS(READ, 0) }
#if SLOTS == 2
      HW_ROLL for (hw_u32 owner = 0; owner < HW_LANES; owner++) { PART_WORDS(READ, 1) }
#endif
    }
    HW_UNROLL for (hw_u32 number = 0; number < 8; number++) {
      hw_u32 word = hw_share(SHORT(mix[number / HW_LANES]), number % HW_LANES, HW_LANES);
      short_mix[number] = lane == turn ? word : short_mix[number];
    }
  }
  hw_u32 top = top_of(start, short_mix);
  if (top <= given.limit && index < count) hw_append(results, given.capacity, first + index);
}

#else

HW_KERNEL void hw_scan(const etchash_work given, hw_u32 first, hw_u32 count,
                       HW_GLOBAL hw_u32 *results, HW_GLOBAL const part *dataset, hw_u32 pages,
                       hw_u32 reciprocal) {
  hw_u32 index = hw_item() * HW_HASHES, step = 0;
  hw_u64 start[HW_HASHES][25];
  part mix[HW_HASHES][PAGE_PARTS];
  hw_u32 begin[HW_HASHES], page[HW_HASHES];
  HW_UNROLL for (int h = 0; h < HW_HASHES; h++) {
    start_of(start[h], &given, first + index + h);
    begin[h] = (hw_u32)start[h][0];
    parts_of(mix[h], start[h]);
    parts_of(mix[h] + HALF_PARTS, start[h]);
  }
  // The places of all hashes first, so that their reads are in flight together.
#define READ(k, word)                                                                              \
  HW_UNROLL for (int h = 0; h < HW_HASHES; h++)                                                    \
    page[h] = remainder_of(join(begin[h] ^ step, mix[h][k].word), pages, reciprocal);              \
  HW_UNROLL for (int h = 0; h < HW_HASHES; h++) {                                                  \
    HW_UNROLL for (int i = 0; i < PAGE_PARTS; i++)                                                 \
      mix[h][i] = part_join(mix[h][i], dataset[page[h] * PAGE_PARTS + i]);                         \
  }                                                                                                \
  step++;
  HW_ROLL for (int side = 0; side < 2; side++) {
    PART_WORDS(READ, 0)
    PART_WORDS(READ, 1)
#if PAGE_PARTS == 8
    PART_WORDS(READ, 2)
    PART_WORDS(READ, 3)
    PART_WORDS(READ, 4)
    PART_WORDS(READ, 5)
    PART_WORDS(READ, 6)
    PART_WORDS(READ, 7)
#endif
  }
  HW_UNROLL for (int h = 0; h < HW_HASHES; h++) {
    hw_u32 short_mix[8];
#if defined(HW_VECTOR)
    HW_UNROLL for (int i = 0; i < 2; i++) {
      short_mix[4 * i] = SHORT(mix[h][i].s0123);
      short_mix[4 * i + 1] = SHORT(mix[h][i].s4567);
      short_mix[4 * i + 2] = SHORT(mix[h][i].s89ab);
      short_mix[4 * i + 3] = SHORT(mix[h][i].scdef);
    }
#else
    HW_UNROLL for (int i = 0; i < 8; i++) short_mix[i] = SHORT(mix[h][i]);
#endif
    hw_u32 top = top_of(start[h], short_mix);
    if (top <= given.limit && index + h < count)
      hw_append(results, given.capacity, first + index + h);
  }
}

#endif
