// scrypt (RFC 7914) with N = 1024, r = 1, p = 1 of an 80-byte header that is password and salt, for consecutive nonces.
// Three kernels, one after the other: hw_begin (PBKDF2 to 128 bytes), hw_mix (ROMix), hw_end (PBKDF2, test). Between them
// lie 48 words of each hash, word by word, so that neighbouring items touch neighbouring memory.
//
// HW_ITEMS   items that share a hash in hw_mix: 1 or 4
// HW_HASHES  hashes in one item of hw_mix: 1, on CPU devices also 2 and 4 (then HW_ITEMS is 1)
// HW_GAP     every HW_GAP-th row is kept; the others are computed again
// HW_OWN     all rows of a slot lie together, so that few pages of memory are in use at a time; otherwise rows of the same
//            number of all slots do

typedef struct scrypt_work {
  hw_u32 midstate[8]; // of SHA-256 after the header's first 64 bytes
  hw_u32 header[16];  // those bytes as big-endian words
  hw_u32 tail[3];     // the words between them and the nonce
  hw_u32 limit, capacity;
} scrypt_work;

#ifndef HW_ITEMS
#define HW_ITEMS 1
#endif
#ifndef HW_HASHES
#define HW_HASHES 1
#endif
#ifndef HW_GAP
#define HW_GAP 1
#endif
// N. Fewer rows are another function: for simulations, which only look at what is read and written.
#ifndef HW_N
#define HW_N 1024
#endif
#define ROWS ((HW_N + HW_GAP - 1) / HW_GAP)

// ---- PBKDF2 ----

HW_INDEXED_TABLE hw_u32 sha256_k[64] = {SHA256_CONSTANTS};

/// Adds a block to the state. The rounds are a loop of sixteen: this is two hundredths of the work.
HW_FUNCTION void sha256_compress(hw_u32 *state, const hw_u32 *block) {
  hw_u32 w[16];
  HW_UNROLL for (int i = 0; i < 16; i++) w[i] = block[i];
  hw_u32 a = state[0], b = state[1], c = state[2], d = state[3];
  hw_u32 e = state[4], f = state[5], g = state[6], h = state[7];
  HW_ROLL for (int round = 0; round < 64; round += 16) {
    HW_UNROLL for (int i = 0; i < 16; i++) {
      hw_u32 t = h + hw_xor3(hw_rotate(e, 26), hw_rotate(e, 21), hw_rotate(e, 7)) +
                 hw_choose(e, f, g) + sha256_k[round + i] + w[i];
      hw_u32 u = hw_xor3(hw_rotate(a, 30), hw_rotate(a, 19), hw_rotate(a, 10)) + hw_majority(a, b, c);
      h = g, g = f, f = e, e = d + t, d = c, c = b, b = a, a = t + u;
    }
    HW_UNROLL for (int i = 0; i < 16; i++)
      w[i] += w[(i + 9) & 15] + sha256_schedule0(w[(i + 1) & 15]) + sha256_schedule1(w[(i + 14) & 15]);
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

HW_FUNCTION void sha256_start(hw_u32 *state) {
  state[0] = SHA256_IV0, state[1] = SHA256_IV1, state[2] = SHA256_IV2, state[3] = SHA256_IV3;
  state[4] = SHA256_IV4, state[5] = SHA256_IV5, state[6] = SHA256_IV6, state[7] = SHA256_IV7;
}

/// The outer hash of HMAC over the digest of the inner.
HW_FUNCTION void hmac_finish(hw_u32 *inner, const hw_u32 *outer) {
  hw_u32 block[16];
  HW_UNROLL for (int i = 0; i < 8; i++) block[i] = inner[i];
  block[8] = 0x80000000u;
  HW_UNROLL for (int i = 9; i < 15; i++) block[i] = 0;
  block[15] = 768;
  HW_UNROLL for (int i = 0; i < 8; i++) inner[i] = outer[i];
  sha256_compress(inner, block);
}

/// Where word `i` of a block of 16 lies between the kernels: Salsa20's diagonals one after the other, so that hw_mix
/// computes on them as on columns. Place 4 q + l is word (5 l + 4 q) mod 16.
#define DIAGONAL(i) ((((i) - 5 * ((i) & 3)) & 12) + ((i) & 3))

HW_KERNEL void hw_begin(const scrypt_work work, hw_u32 first, hw_u32 count,
                        HW_GLOBAL hw_u32 *state) {
  hw_u32 index = hw_item();
  if (index >= count) return;
  hw_u32 nonce = hw_swap(first + index);
  hw_u32 block[16], key[8], inner[8], outer[8];

  // The key: SHA-256 of the header, because it is longer than a block.
  block[0] = work.tail[0], block[1] = work.tail[1], block[2] = work.tail[2], block[3] = nonce;
  block[4] = 0x80000000u;
  HW_UNROLL for (int i = 5; i < 15; i++) block[i] = 0;
  block[15] = 640;
  HW_UNROLL for (int i = 0; i < 8; i++) key[i] = work.midstate[i];
  sha256_compress(key, block);

  HW_UNROLL for (int i = 0; i < 16; i++) block[i] = (i < 8 ? key[i & 7] : 0) ^ 0x5c5c5c5cu;
  sha256_start(outer);
  sha256_compress(outer, block);
  HW_UNROLL for (int i = 0; i < 16; i++) block[i] ^= 0x5c5c5c5cu ^ 0x36363636u;
  sha256_start(inner);
  sha256_compress(inner, block);
  HW_UNROLL for (int i = 0; i < 8; i++) {
    state[(32 + i) * count + index] = inner[i];
    state[(40 + i) * count + index] = outer[i];
  }

  HW_UNROLL for (int i = 0; i < 16; i++) block[i] = work.header[i];
  sha256_compress(inner, block);
  HW_ROLL for (hw_u32 part = 0; part < 4; part++) {
    hw_u32 digest[8];
    block[0] = work.tail[0], block[1] = work.tail[1], block[2] = work.tail[2], block[3] = nonce;
    block[4] = part + 1;
    block[5] = 0x80000000u;
    HW_UNROLL for (int i = 6; i < 15; i++) block[i] = 0;
    block[15] = (64 + 84) * 8;
    HW_UNROLL for (int i = 0; i < 8; i++) digest[i] = inner[i];
    sha256_compress(digest, block);
    hmac_finish(digest, outer);
    HW_UNROLL for (int i = 0; i < 8; i++) {
      hw_u32 place = (part & 1) * 8 + i;
      state[((part >> 1) * 16 + DIAGONAL(place)) * count + index] = hw_swap(digest[i]);
    }
  }
}

HW_KERNEL void hw_end(const scrypt_work work, hw_u32 first, hw_u32 count,
                      HW_GLOBAL const hw_u32 *state, HW_GLOBAL hw_u32 *results) {
  hw_u32 index = hw_item();
  if (index >= count) return;
  hw_u32 block[16], inner[8], outer[8];
  HW_UNROLL for (int i = 0; i < 8; i++) {
    inner[i] = state[(32 + i) * count + index];
    outer[i] = state[(40 + i) * count + index];
  }
  HW_ROLL for (hw_u32 side = 0; side < 2; side++) {
    HW_UNROLL for (int i = 0; i < 16; i++)
      block[i] = hw_swap(state[(side * 16 + DIAGONAL(i)) * count + index]);
    sha256_compress(inner, block);
  }
  block[0] = 1;
  block[1] = 0x80000000u;
  HW_UNROLL for (int i = 2; i < 15; i++) block[i] = 0;
  block[15] = (64 + 132) * 8;
  sha256_compress(inner, block);
  hmac_finish(inner, outer);
  if (hw_swap(inner[7]) <= work.limit) hw_append(results, work.capacity, first + index);
}

// ---- ROMix ----

// A quad is one diagonal: four words of one hash in one item; or one of them in each of four items; or those of several
// hashes in a vector. Rotating its words by renaming, by an exchange between items, or by a shuffle.
#if HW_ITEMS == 4
typedef hw_u32 quad;
#define quad_turn(x, k) hw_lane_rotate(x, k)
#elif HW_HASHES > 1
#if HW_HASHES == 2
typedef uint8 quad;
#define quad_turn1(q) (q).s12305674
#define quad_turn2(q) (q).s23016745
#define quad_turn3(q) (q).s30127456
#elif HW_HASHES == 4
typedef uint16 quad;
#define quad_turn1(q) (q).s123056749ab8defc
#define quad_turn2(q) (q).s23016745ab89efcd
#define quad_turn3(q) (q).s30127456b89afcde
#endif
#define quad_turn(q, k) quad_turn##k(q)
#else
typedef hw_four quad;
#define quad_turn1(q) quad_of((q).y, (q).z, (q).w, (q).x)
#define quad_turn2(q) quad_of((q).z, (q).w, (q).x, (q).y)
#define quad_turn3(q) quad_of((q).w, (q).x, (q).y, (q).z)
#define quad_turn(q, k) quad_turn##k(q)
HW_FUNCTION quad quad_of(hw_u32 x, hw_u32 y, hw_u32 z, hw_u32 w) {
  quad r;
  r.x = x, r.y = y, r.z = z, r.w = w;
  return r;
}
#endif

#if HW_ITEMS == 1 && HW_HASHES == 1
HW_FUNCTION quad quad_add(quad a, quad b) { return quad_of(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w); }
HW_FUNCTION quad quad_xor(quad a, quad b) { return quad_of(a.x ^ b.x, a.y ^ b.y, a.z ^ b.z, a.w ^ b.w); }
#define quad_rotate(a, n)                                                                          \
  quad_of(hw_rotate((a).x, n), hw_rotate((a).y, n), hw_rotate((a).z, n), hw_rotate((a).w, n))
#else
#define quad_add(a, b) ((a) + (b))
#define quad_xor(a, b) ((a) ^ (b))
#if HW_ITEMS == 4
#define quad_rotate(a, n) hw_rotate(a, n)
#else
#define quad_rotate(a, n) rotate(a, (quad)(n))
#endif
#endif

typedef struct block {
  quad a, b, c, d;
} block;
typedef struct row {
  block low, high;
} row;

#define QUARTER(target, x, y, n)                                                                   \
  {                                                                                                \
    quad sum = quad_add(x, y);                                                                     \
    target = quad_xor(target, quad_rotate(sum, n));                                                \
  }

HW_FUNCTION block block_xor(block x, block y) {
  x.a = quad_xor(x.a, y.a), x.b = quad_xor(x.b, y.b);
  x.c = quad_xor(x.c, y.c), x.d = quad_xor(x.d, y.d);
  return x;
}

HW_FUNCTION block salsa20_8(block x HW_EXCHANGE_PARAMETER) {
  quad a = x.a, b = x.b, c = x.c, d = x.d;
  HW_UNROLL for (int i = 0; i < 4; i++) {
    QUARTER(b, a, d, 7)
    QUARTER(c, b, a, 9)
    QUARTER(d, c, b, 13)
    QUARTER(a, d, c, 18)
    b = quad_turn(b, 3), c = quad_turn(c, 2), d = quad_turn(d, 1);
    QUARTER(d, a, b, 7)
    QUARTER(c, d, a, 9)
    QUARTER(b, c, d, 13)
    QUARTER(a, b, c, 18)
    b = quad_turn(b, 1), c = quad_turn(c, 2), d = quad_turn(d, 3);
  }
  x.a = quad_add(x.a, a), x.b = quad_add(x.b, b), x.c = quad_add(x.c, c), x.d = quad_add(x.d, d);
  return x;
}

HW_FUNCTION row row_mix(row x HW_EXCHANGE_PARAMETER) {
  x.low = salsa20_8(block_xor(x.low, x.high) HW_EXCHANGE_ARGUMENT);
  x.high = salsa20_8(block_xor(x.high, x.low) HW_EXCHANGE_ARGUMENT);
  return x;
}

// Where the scratch memory of one hash (or of the hashes of one vector) lies, and how its rows are read and written. A row
// is 128 contiguous bytes of each hash.

#if HW_ITEMS == 4
// Two units of four words: the words of this item, which are one column of each block.
#define ROW_UNITS 8
HW_FUNCTION void row_store(HW_GLOBAL hw_four *p, row x) {
  hw_four low, high;
  low.x = x.low.a, low.y = x.low.b, low.z = x.low.c, low.w = x.low.d;
  high.x = x.high.a, high.y = x.high.b, high.z = x.high.c, high.w = x.high.d;
  p[hw_lane()] = low;
  p[4 + hw_lane()] = high;
}
HW_FUNCTION row row_load(HW_GLOBAL const hw_four *p) {
  hw_four low = p[hw_lane()], high = p[4 + hw_lane()];
  row x;
  x.low.a = low.x, x.low.b = low.y, x.low.c = low.z, x.low.d = low.w;
  x.high.a = high.x, x.high.b = high.y, x.high.c = high.z, x.high.d = high.w;
  return x;
}
#elif HW_HASHES == 1
#define ROW_UNITS 8
HW_FUNCTION void row_store(HW_GLOBAL hw_four *p, row x) {
  p[0] = x.low.a, p[1] = x.low.b, p[2] = x.low.c, p[3] = x.low.d;
  p[4] = x.high.a, p[5] = x.high.b, p[6] = x.high.c, p[7] = x.high.d;
}
HW_FUNCTION row row_load(HW_GLOBAL const hw_four *p) {
  row x;
  x.low.a = p[0], x.low.b = p[1], x.low.c = p[2], x.low.d = p[3];
  x.high.a = p[4], x.high.b = p[5], x.high.c = p[6], x.high.d = p[7];
  return x;
}
#else
#define ROW_UNITS (8 * HW_HASHES)
HW_FUNCTION void row_store(HW_GLOBAL hw_four *p, row x) {
  HW_GLOBAL quad *q = (HW_GLOBAL quad *)p;
  q[0] = x.low.a, q[1] = x.low.b, q[2] = x.low.c, q[3] = x.low.d;
  q[4] = x.high.a, q[5] = x.high.b, q[6] = x.high.c, q[7] = x.high.d;
}
/// Each hash's part of a row of its own.
#if HW_HASHES == 2
#define GATHER(k) (quad)(p[0][2 * (k)], p[1][2 * (k) + 1])
#else
#define GATHER(k) (quad)(p[0][4 * (k)], p[1][4 * (k) + 1], p[2][4 * (k) + 2], p[3][4 * (k) + 3])
#endif
HW_FUNCTION row row_gather(HW_GLOBAL const hw_four *const *p) {
  row x;
  x.low.a = GATHER(0), x.low.b = GATHER(1), x.low.c = GATHER(2), x.low.d = GATHER(3);
  x.high.a = GATHER(4), x.high.b = GATHER(5), x.high.c = GATHER(6), x.high.d = GATHER(7);
  return x;
}
#endif

HW_FUNCTION row row_xor(row x, row y) {
  x.low = block_xor(x.low, y.low);
  x.high = block_xor(x.high, y.high);
  return x;
}

// `q` where this hash still has to be mixed, otherwise `p`.
#if HW_ITEMS == 1 && HW_HASHES == 1
#define quad_select(p, q, mask)                                                                    \
  quad_of(mask ? (q).x : (p).x, mask ? (q).y : (p).y, mask ? (q).z : (p).z, mask ? (q).w : (p).w)
#elif HW_ITEMS == 4
#define quad_select(p, q, mask) (mask ? (q) : (p))
#else
#define quad_select(p, q, mask) bitselect(p, q, mask)
#endif
#define block_select(p, q, mask)                                                                   \
  p.a = quad_select(p.a, q.a, mask), p.b = quad_select(p.b, q.b, mask);                            \
  p.c = quad_select(p.c, q.c, mask), p.d = quad_select(p.d, q.d, mask);
#define row_select(p, q, mask)                                                                     \
  block_select(p.low, q.low, mask)                                                                 \
  block_select(p.high, q.high, mask)

// Words between the kernels: place 4 q + l of a block is word l of diagonal q.
#if HW_ITEMS == 4
#define STATE(k) state[((k) * 4 + hw_lane()) * count + hash]
#define STATE_LOAD(k) (hash < count ? STATE(k) : 0u)
#define STATE_STORE(k, x) STATE(k) = (x);
#elif HW_HASHES == 1
#define STATE(k, l) state[((k) * 4 + l) * count + hash]
#define STATE_WORD(k, l) (hash < count ? STATE(k, l) : 0u)
#define STATE_LOAD(k) quad_of(STATE_WORD(k, 0), STATE_WORD(k, 1), STATE_WORD(k, 2), STATE_WORD(k, 3))
#define STATE_STORE(k, v) STATE(k, 0) = v.x, STATE(k, 1) = v.y, STATE(k, 2) = v.z, STATE(k, 3) = v.w;
#else
#define STATE(k, l, h) state[((k) * 4 + l) * count + hash + h]
#define STATE_WORD(k, l, h) (hash + h < count ? STATE(k, l, h) : 0u)
#define STATE4(k, h) (uint4)(STATE_WORD(k, 0, h), STATE_WORD(k, 1, h), STATE_WORD(k, 2, h), STATE_WORD(k, 3, h))
#define STATE4_STORE(k, h, v)                                                                      \
  if (hash + h < count) STATE(k, 0, h) = v.x, STATE(k, 1, h) = v.y, STATE(k, 2, h) = v.z, STATE(k, 3, h) = v.w;
#if HW_HASHES == 2
#define STATE_LOAD(k) (quad)(STATE4(k, 0), STATE4(k, 1))
#define STATE_STORE(k, x)                                                                          \
  {                                                                                                \
    uint4 part[2] = {(x).lo, (x).hi};                                                              \
    STATE4_STORE(k, 0, part[0]) STATE4_STORE(k, 1, part[1])                                        \
  }
#else
#define STATE_LOAD(k) (quad)(STATE4(k, 0), STATE4(k, 1), STATE4(k, 2), STATE4(k, 3))
#define STATE_STORE(k, x)                                                                          \
  {                                                                                                \
    uint4 part[4] = {(x).lo.lo, (x).lo.hi, (x).hi.lo, (x).hi.hi};                                  \
    STATE4_STORE(k, 0, part[0]) STATE4_STORE(k, 1, part[1])                                        \
    STATE4_STORE(k, 2, part[2]) STATE4_STORE(k, 3, part[3])                                        \
  }
#endif
#endif

/// Every slot works off its hashes of the launch one after the other, so that scratch memory is bounded by slots. `slots`
/// hashes are in work at a time; there are exactly slots * HW_ITEMS / HW_HASHES items. What lies past the end is computed
/// from zeros and not stored: its items stay with those beside them.
HW_KERNEL void hw_mix(HW_GLOBAL hw_u32 *state, HW_GLOBAL hw_four *scratch, hw_u32 count,
                      hw_u32 slots) {
  HW_EXCHANGE_DECLARE
  hw_u32 slot = hw_item() / HW_ITEMS; // or a vector of slots
#if defined(HW_OWN)
  hw_u64 stride = ROW_UNITS;
  HW_GLOBAL hw_four *rows = scratch + (hw_u64)slot * ROWS * ROW_UNITS;
#else
  hw_u64 stride = (hw_u64)(slots / HW_HASHES) * ROW_UNITS;
  HW_GLOBAL hw_four *rows = scratch + (hw_u64)slot * ROW_UNITS;
#endif

  for (hw_u32 base = 0; base < count; base += slots) {
    hw_u32 hash = base + slot * HW_HASHES;
    row x;
    x.low.a = STATE_LOAD(0), x.low.b = STATE_LOAD(1), x.low.c = STATE_LOAD(2), x.low.d = STATE_LOAD(3);
    x.high.a = STATE_LOAD(4), x.high.b = STATE_LOAD(5), x.high.c = STATE_LOAD(6), x.high.d = STATE_LOAD(7);

    HW_ROLL for (hw_u32 i = 0; i < ROWS; i++) {
      row_store(rows + i * stride, x);
#if HW_GAP == 1
      x = row_mix(x HW_EXCHANGE_ARGUMENT);
#else
      hw_u32 steps = HW_N - i * HW_GAP;
      if (steps > HW_GAP) steps = HW_GAP;
      HW_ROLL for (hw_u32 k = 0; k < steps; k++) x = row_mix(x HW_EXCHANGE_ARGUMENT);
#endif
    }

    HW_ROLL for (hw_u32 i = 0; i < HW_N; i++) {
#if HW_ITEMS == 4
      hw_u32 j = hw_lane_first(x.high.a) & (HW_N - 1u);
      row v = row_load(rows + (j / HW_GAP) * stride);
      hw_u32 rest = j % HW_GAP;
#elif HW_HASHES == 1
      hw_u32 j = x.high.a.x & (HW_N - 1u);
      row v = row_load(rows + (j / HW_GAP) * stride);
      hw_u32 rest = j % HW_GAP;
#else
      hw_u32 words[4 * HW_HASHES];
      HW_GLOBAL const hw_four *parts[HW_HASHES];
#if HW_HASHES == 2
      vstore8(x.high.a, 0, words);
#else
      vstore16(x.high.a, 0, words);
#endif
      HW_UNROLL for (int h = 0; h < HW_HASHES; h++)
        parts[h] = rows + ((words[4 * h] & (HW_N - 1u)) / HW_GAP) * stride;
      row v = row_gather(parts);
#endif
#if HW_GAP > 1
      HW_ROLL for (hw_u32 k = 0; k < HW_GAP - 1; k++) {
        row mixed = row_mix(v HW_EXCHANGE_ARGUMENT);
#if HW_HASHES == 1
        int behind = k < rest;
#elif HW_HASHES == 2
        quad behind = (quad)((uint4)((words[0] & (HW_N - 1u)) % HW_GAP), (uint4)((words[4] & (HW_N - 1u)) % HW_GAP)) > (quad)(k)
                          ? (quad)(0xffffffffu) : (quad)(0u);
#else
        quad behind = (quad)((uint4)((words[0] & (HW_N - 1u)) % HW_GAP), (uint4)((words[4] & (HW_N - 1u)) % HW_GAP),
                             (uint4)((words[8] & (HW_N - 1u)) % HW_GAP), (uint4)((words[12] & (HW_N - 1u)) % HW_GAP)) > (quad)(k)
                          ? (quad)(0xffffffffu) : (quad)(0u);
#endif
        row_select(v, mixed, behind)
      }
#endif
      x = row_mix(row_xor(x, v) HW_EXCHANGE_ARGUMENT);
    }

#if HW_HASHES == 1
    if (hash >= count) continue;
#endif
    STATE_STORE(0, x.low.a)
    STATE_STORE(1, x.low.b)
    STATE_STORE(2, x.low.c)
    STATE_STORE(3, x.low.d)
    STATE_STORE(4, x.high.a)
    STATE_STORE(5, x.high.b)
    STATE_STORE(6, x.high.c)
    STATE_STORE(7, x.high.d)
  }
}
