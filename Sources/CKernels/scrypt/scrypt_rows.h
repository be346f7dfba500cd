/// How HW_HASHES_PER_VECTOR hashes share vectors: vector `v` of a half-row holds elements 4 v to 4 v + 3 of each hash's
/// sixteen, one hash in each 128-bit part. In memory a row belongs to one hash. Included by scrypt_lanes.h.

/// Element `i` of each 128-bit part becomes the one named.
#if HW_HASHES_PER_VECTOR == 4
#define HW_SHUFFLE(x, a, b, c, d)                                                                  \
  __builtin_shufflevector(x, x, a, b, c, d, a + 4, b + 4, c + 4, d + 4, a + 8, b + 8, c + 8,       \
                          d + 8, a + 12, b + 12, c + 12, d + 12)
#elif HW_HASHES_PER_VECTOR == 2
#define HW_SHUFFLE(x, a, b, c, d)                                                                  \
  __builtin_shufflevector(x, x, a, b, c, d, a + 4, b + 4, c + 4, d + 4)
#else
#define HW_SHUFFLE(x, a, b, c, d) __builtin_shufflevector(x, x, a, b, c, d)
#endif

#if HW_HASHES_PER_VECTOR == 4

/// Turns four vectors into four quarters of rows, and back: part `i` of vector `j` becomes part `j` of vector `i`.
HW_INLINE void transpose(vec x[4]) {
#define HW_PARTS(a, b, i, j, k, l)                                                                 \
  __builtin_shufflevector(a, b, 4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3, 4 * j, 4 * j + 1,          \
                          4 * j + 2, 4 * j + 3, 4 * k, 4 * k + 1, 4 * k + 2, 4 * k + 3, 4 * l,     \
                          4 * l + 1, 4 * l + 2, 4 * l + 3)
  vec low01 = HW_PARTS(x[0], x[1], 0, 1, 4, 5), high01 = HW_PARTS(x[0], x[1], 2, 3, 6, 7);
  vec low23 = HW_PARTS(x[2], x[3], 0, 1, 4, 5), high23 = HW_PARTS(x[2], x[3], 2, 3, 6, 7);
  x[0] = HW_PARTS(low01, low23, 0, 2, 4, 6);
  x[1] = HW_PARTS(low01, low23, 1, 3, 5, 7);
  x[2] = HW_PARTS(high01, high23, 0, 2, 4, 6);
  x[3] = HW_PARTS(high01, high23, 1, 3, 5, 7);
#undef HW_PARTS
}

/// Stores one row of each hash; the rows of a set's hashes lie side by side.
HW_INLINE void store_rows(uint8_t *rows, const vec x[8]) {
  HW_UNROLL for (unsigned half = 0; half < 2; half++) {
    vec y[4];
    HW_UNROLL for (unsigned v = 0; v < 4; v++) y[v] = x[4 * half + v];
    transpose(y);
    HW_UNROLL for (unsigned hash = 0; hash < 4; hash++) *
        (vec *)(rows + SCRYPT_ROW_SIZE * hash + 64 * half) = y[hash];
  }
}

/// Loads one row of each hash, from where `rows` says.
HW_INLINE void load_rows(vec x[8], const uint8_t *const rows[4]) {
  HW_UNROLL for (unsigned half = 0; half < 2; half++) {
    HW_UNROLL for (unsigned hash = 0; hash < 4; hash++) x[4 * half + hash] =
        *(const vec *)(rows[hash] + 64 * half);
    transpose(x + 4 * half);
  }
}

#elif HW_HASHES_PER_VECTOR == 2

typedef uint32_t part __attribute__((vector_size(16)));

HW_INLINE void store_rows(uint8_t *rows, const vec x[8]) {
  HW_UNROLL for (unsigned v = 0; v < 8; v++) {
    *(part *)(rows + 16 * v) = __builtin_shufflevector(x[v], x[v], 0, 1, 2, 3);
    *(part *)(rows + SCRYPT_ROW_SIZE + 16 * v) = __builtin_shufflevector(x[v], x[v], 4, 5, 6, 7);
  }
}

HW_INLINE void load_rows(vec x[8], const uint8_t *const rows[2]) {
  HW_UNROLL for (unsigned v = 0; v < 8; v++) x[v] = __builtin_shufflevector(
      *(const part *)(rows[0] + 16 * v), *(const part *)(rows[1] + 16 * v), 0, 1, 2, 3, 4, 5, 6, 7);
}

#else

HW_INLINE void store_rows(uint8_t *rows, const vec x[8]) {
  HW_UNROLL for (unsigned v = 0; v < 8; v++) * (vec *)(rows + 16 * v) = x[v];
}

HW_INLINE void load_rows(vec x[8], const uint8_t *const rows[1]) {
  HW_UNROLL for (unsigned v = 0; v < 8; v++) x[v] = *(const vec *)(rows[0] + 16 * v);
}

#endif
