// SHA-256(SHA-256(header)) of consecutive nonces: the second block of the first hash, then the second hash up to the one
// word that is tested. What no nonce changes comes from the host (hw_gpu_work.h); the nonce's word in the schedule is n.
//
// HW_MULTIPLY: 0 nothing; 1 additions; 2 also two of the three rotations of S1, as the halves of x * 2^n; 3 of S0 too.

typedef struct sha256d_work {
  hw_u32 midstate[8];
  hw_u32 after_round2[8];
  hw_u32 round3_a, round3_e;
  hw_u32 kw16, kw17;
  hw_u32 word16, word17;
  hw_u32 word18, word19, word31, word32;
  hw_u32 limit, capacity;
  hw_u32 one, power7, power10, power19, power21;
} sha256d_work;

HW_TABLE hw_u32 sha256_k[64] = {SHA256_CONSTANTS};

#if HW_MULTIPLY >= 1
#define ADD(x, y) hw_multiply_add(x, y, work.one)
#else
#define ADD(x, y) ((x) + (y))
#endif

#if HW_MULTIPLY >= 2
// `x` xored with both halves of a product with 2^n: with the factor rotated to the left by n.
#define FOLD(x, product) hw_xor3(x, (word)(product), (word)((product) >> 32))
#define S1(e, out)                                                                                 \
  {                                                                                                \
    wide p = (wide)(e) * work.power21, q = (wide)(e) * work.power7;                                \
    out = FOLD(FOLD(hw_rotate(e, 26), p), q);                                                       \
  }
#else
#define S1(e, out) out = hw_xor3(hw_rotate(e, 26), hw_rotate(e, 21), hw_rotate(e, 7));
#endif
#if HW_MULTIPLY >= 3
#define S0(a, out)                                                                                 \
  {                                                                                                \
    wide p = (wide)(a) * work.power19, q = (wide)(a) * work.power10;                               \
    out = FOLD(FOLD(hw_rotate(a, 30), p), q);                                                       \
  }
#else
#define S0(a, out) out = hw_xor3(hw_rotate(a, 30), hw_rotate(a, 19), hw_rotate(a, 10));
#endif

#define LITTLE_S0(x) sha256_schedule0(x)
#define LITTLE_S1(x) sha256_schedule1(x)

// One round. `kw` is constant plus schedule word; names move by one from round to round.
#define ROUND(a, b, c, d, e, f, g, h, kw)                                                          \
  {                                                                                                \
    word sigma;                                                                                    \
    S1(e, sigma)                                                                                   \
    h = ADD(ADD(ADD(h, kw), hw_choose(e, f, g)), sigma);                                           \
    d = ADD(d, h);                                                                                 \
    S0(a, sigma)                                                                                   \
    h = ADD(ADD(h, hw_majority(a, b, c)), sigma);                                                  \
  }
// One of rounds 57 to 60 of the second hash: only `e` is still needed.
#define ROUND_E(a, b, c, d, e, f, g, h, kw)                                                        \
  {                                                                                                \
    word sigma;                                                                                    \
    S1(e, sigma)                                                                                   \
    d = ADD(d, ADD(ADD(ADD(h, kw), hw_choose(e, f, g)), sigma));                                   \
  }

#define KW(i, x) ADD(x, sha256_k[i])
#define NEXT(i, w0, w1, w9, w14) w0 = ADD(ADD(ADD(w0, w9), LITTLE_S0(w1)), LITTLE_S1(w14));

// Rounds i to i + 7 whose words are computed in place, from w[i mod 16] on.
#define EIGHT(i, wa, wb, wc, wd, we, wf, wg, wh, wi, wj, wk, wl, wm, wn, wo, wp)                   \
  NEXT(i, wa, wb, wj, wo)                                                                          \
  ROUND(a, b, c, d, e, f, g, h, KW(i, wa))                                                         \
  NEXT(i + 1, wb, wc, wk, wp)                                                                      \
  ROUND(h, a, b, c, d, e, f, g, KW(i + 1, wb))                                                     \
  NEXT(i + 2, wc, wd, wl, wa)                                                                      \
  ROUND(g, h, a, b, c, d, e, f, KW(i + 2, wc))                                                     \
  NEXT(i + 3, wd, we, wm, wb)                                                                      \
  ROUND(f, g, h, a, b, c, d, e, KW(i + 3, wd))                                                     \
  NEXT(i + 4, we, wf, wn, wc)                                                                      \
  ROUND(e, f, g, h, a, b, c, d, KW(i + 4, we))                                                     \
  NEXT(i + 5, wf, wg, wo, wd)                                                                      \
  ROUND(d, e, f, g, h, a, b, c, KW(i + 5, wf))                                                     \
  NEXT(i + 6, wg, wh, wp, we)                                                                      \
  ROUND(c, d, e, f, g, h, a, b, KW(i + 6, wg))                                                     \
  NEXT(i + 7, wh, wi, wa, wf)                                                                      \
  ROUND(b, c, d, e, f, g, h, a, KW(i + 7, wh))
#define EIGHT_LOW(i) EIGHT(i, w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15)
#define EIGHT_HIGH(i) EIGHT(i, w8, w9, w10, w11, w12, w13, w14, w15, w0, w1, w2, w3, w4, w5, w6, w7)

HW_KERNEL void hw_scan(const sha256d_work work, hw_u32 first, hw_u32 count,
                       HW_GLOBAL hw_u32 *results) {
  hw_u32 index = hw_item() * HW_WIDTH;
  word n = hw_swap(hw_lanes() + (word)(first + index));

  // The second block of the first hash. Rounds 0 to 2 are the host's; round 3 is two additions.
  word a = n + work.round3_a, b = work.after_round2[0], c = work.after_round2[1], d = work.after_round2[2];
  word e = n + work.round3_e, f = work.after_round2[4], g = work.after_round2[5], h = work.after_round2[6];
  ROUND(a, b, c, d, e, f, g, h, sha256_k[4] + 0x80000000u)
  ROUND(h, a, b, c, d, e, f, g, sha256_k[5])
  ROUND(g, h, a, b, c, d, e, f, sha256_k[6])
  ROUND(f, g, h, a, b, c, d, e, sha256_k[7])
  ROUND(e, f, g, h, a, b, c, d, sha256_k[8])
  ROUND(d, e, f, g, h, a, b, c, sha256_k[9])
  ROUND(c, d, e, f, g, h, a, b, sha256_k[10])
  ROUND(b, c, d, e, f, g, h, a, sha256_k[11])
  ROUND(a, b, c, d, e, f, g, h, sha256_k[12])
  ROUND(h, a, b, c, d, e, f, g, sha256_k[13])
  ROUND(g, h, a, b, c, d, e, f, sha256_k[14])
  ROUND(f, g, h, a, b, c, d, e, sha256_k[15] + 640u)
  ROUND(e, f, g, h, a, b, c, d, work.kw16)
  ROUND(d, e, f, g, h, a, b, c, work.kw17)
  // Words 18 to 33: only the terms that are not zero; the constant ones are added up by the host.
  word w0 = work.word16, w1 = work.word17;
  word w2 = ADD(LITTLE_S0(n), work.word18);
  ROUND(c, d, e, f, g, h, a, b, KW(18, w2))
  word w3 = ADD(n, work.word19);
  ROUND(b, c, d, e, f, g, h, a, KW(19, w3))
  word w4 = ADD(LITTLE_S1(w2), 0x80000000u);
  ROUND(a, b, c, d, e, f, g, h, KW(20, w4))
  word w5 = LITTLE_S1(w3);
  ROUND(h, a, b, c, d, e, f, g, KW(21, w5))
  word w6 = ADD(LITTLE_S1(w4), 640u);
  ROUND(g, h, a, b, c, d, e, f, KW(22, w6))
  word w7 = ADD(LITTLE_S1(w5), w0);
  ROUND(f, g, h, a, b, c, d, e, KW(23, w7))
  word w8 = ADD(LITTLE_S1(w6), w1);
  ROUND(e, f, g, h, a, b, c, d, KW(24, w8))
  word w9 = ADD(LITTLE_S1(w7), w2);
  ROUND(d, e, f, g, h, a, b, c, KW(25, w9))
  word w10 = ADD(LITTLE_S1(w8), w3);
  ROUND(c, d, e, f, g, h, a, b, KW(26, w10))
  word w11 = ADD(LITTLE_S1(w9), w4);
  ROUND(b, c, d, e, f, g, h, a, KW(27, w11))
  word w12 = ADD(LITTLE_S1(w10), w5);
  ROUND(a, b, c, d, e, f, g, h, KW(28, w12))
  word w13 = ADD(LITTLE_S1(w11), w6);
  ROUND(h, a, b, c, d, e, f, g, KW(29, w13))
  word w14 = ADD(ADD(LITTLE_S1(w12), w7), 0x00a00055u);
  ROUND(g, h, a, b, c, d, e, f, KW(30, w14))
  word w15 = ADD(ADD(LITTLE_S1(w13), w8), work.word31);
  ROUND(f, g, h, a, b, c, d, e, KW(31, w15))
  w0 = ADD(ADD(LITTLE_S1(w14), w9), work.word32);
  ROUND(e, f, g, h, a, b, c, d, KW(32, w0))
  w1 = ADD(ADD(ADD(w1, w10), LITTLE_S0(w2)), LITTLE_S1(w15));
  ROUND(d, e, f, g, h, a, b, c, KW(33, w1))
  NEXT(34, w2, w3, w11, w0)
  ROUND(c, d, e, f, g, h, a, b, KW(34, w2))
  NEXT(35, w3, w4, w12, w1)
  ROUND(b, c, d, e, f, g, h, a, KW(35, w3))
  EIGHT(36, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15, w0, w1, w2, w3)
  EIGHT(44, w12, w13, w14, w15, w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11)
  EIGHT(52, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15, w0, w1, w2, w3)
  NEXT(60, w12, w13, w5, w10)
  ROUND(a, b, c, d, e, f, g, h, KW(60, w12))
  NEXT(61, w13, w14, w6, w11)
  ROUND(h, a, b, c, d, e, f, g, KW(61, w13))
  NEXT(62, w14, w15, w7, w12)
  ROUND(g, h, a, b, c, d, e, f, KW(62, w14))
  NEXT(63, w15, w0, w8, w13)
  ROUND(f, g, h, a, b, c, d, e, KW(63, w15))

  // The second hash; after 60 rounds the names stand as the first round of the next four finds them.
  w0 = ADD(e, work.midstate[0]);
  w1 = ADD(f, work.midstate[1]);
  w2 = ADD(g, work.midstate[2]);
  w3 = ADD(h, work.midstate[3]);
  w4 = ADD(a, work.midstate[4]);
  w5 = ADD(b, work.midstate[5]);
  w6 = ADD(c, work.midstate[6]);
  w7 = ADD(d, work.midstate[7]);
  // Round 0 from the initial value: both sums are constants but for the word.
  h = ADD(w0, 0xfc08884du);
  d = ADD(w0, 0x98c7e2a2u);
  a = SHA256_IV0, b = SHA256_IV1, c = SHA256_IV2;
  e = SHA256_IV4, f = SHA256_IV5, g = SHA256_IV6;
  ROUND(h, a, b, c, d, e, f, g, KW(1, w1))
  ROUND(g, h, a, b, c, d, e, f, KW(2, w2))
  ROUND(f, g, h, a, b, c, d, e, KW(3, w3))
  ROUND(e, f, g, h, a, b, c, d, KW(4, w4))
  ROUND(d, e, f, g, h, a, b, c, KW(5, w5))
  ROUND(c, d, e, f, g, h, a, b, KW(6, w6))
  ROUND(b, c, d, e, f, g, h, a, KW(7, w7))
  ROUND(a, b, c, d, e, f, g, h, sha256_k[8] + 0x80000000u)
  ROUND(h, a, b, c, d, e, f, g, sha256_k[9])
  ROUND(g, h, a, b, c, d, e, f, sha256_k[10])
  ROUND(f, g, h, a, b, c, d, e, sha256_k[11])
  ROUND(e, f, g, h, a, b, c, d, sha256_k[12])
  ROUND(d, e, f, g, h, a, b, c, sha256_k[13])
  ROUND(c, d, e, f, g, h, a, b, sha256_k[14])
  ROUND(b, c, d, e, f, g, h, a, sha256_k[15] + 256u)
  w0 = ADD(w0, LITTLE_S0(w1));
  ROUND(a, b, c, d, e, f, g, h, KW(16, w0))
  w1 = ADD(ADD(w1, LITTLE_S0(w2)), 0x00a00000u);
  ROUND(h, a, b, c, d, e, f, g, KW(17, w1))
  w2 = ADD(ADD(w2, LITTLE_S0(w3)), LITTLE_S1(w0));
  ROUND(g, h, a, b, c, d, e, f, KW(18, w2))
  w3 = ADD(ADD(w3, LITTLE_S0(w4)), LITTLE_S1(w1));
  ROUND(f, g, h, a, b, c, d, e, KW(19, w3))
  w4 = ADD(ADD(w4, LITTLE_S0(w5)), LITTLE_S1(w2));
  ROUND(e, f, g, h, a, b, c, d, KW(20, w4))
  w5 = ADD(ADD(w5, LITTLE_S0(w6)), LITTLE_S1(w3));
  ROUND(d, e, f, g, h, a, b, c, KW(21, w5))
  w6 = ADD(ADD(ADD(w6, 256u), LITTLE_S0(w7)), LITTLE_S1(w4));
  ROUND(c, d, e, f, g, h, a, b, KW(22, w6))
  w7 = ADD(ADD(ADD(w7, 0x11002000u), w0), LITTLE_S1(w5));
  ROUND(b, c, d, e, f, g, h, a, KW(23, w7))
  w8 = ADD(ADD(w1, 0x80000000u), LITTLE_S1(w6));
  ROUND(a, b, c, d, e, f, g, h, KW(24, w8))
  w9 = ADD(w2, LITTLE_S1(w7));
  ROUND(h, a, b, c, d, e, f, g, KW(25, w9))
  w10 = ADD(w3, LITTLE_S1(w8));
  ROUND(g, h, a, b, c, d, e, f, KW(26, w10))
  w11 = ADD(w4, LITTLE_S1(w9));
  ROUND(f, g, h, a, b, c, d, e, KW(27, w11))
  w12 = ADD(w5, LITTLE_S1(w10));
  ROUND(e, f, g, h, a, b, c, d, KW(28, w12))
  w13 = ADD(w6, LITTLE_S1(w11));
  ROUND(d, e, f, g, h, a, b, c, KW(29, w13))
  w14 = ADD(ADD(w7, 0x00400022u), LITTLE_S1(w12));
  ROUND(c, d, e, f, g, h, a, b, KW(30, w14))
  w15 = ADD(ADD(ADD(w8, 256u), LITTLE_S0(w0)), LITTLE_S1(w13));
  ROUND(b, c, d, e, f, g, h, a, KW(31, w15))
  EIGHT_LOW(32)
  EIGHT_HIGH(40)
  EIGHT_LOW(48)
  NEXT(56, w8, w9, w1, w6)
  ROUND(a, b, c, d, e, f, g, h, KW(56, w8))
  NEXT(57, w9, w10, w2, w7)
  ROUND_E(h, a, b, c, d, e, f, g, KW(57, w9))
  NEXT(58, w10, w11, w3, w8)
  ROUND_E(g, h, a, b, c, d, e, f, KW(58, w10))
  NEXT(59, w11, w12, w4, w9)
  ROUND_E(f, g, h, a, b, c, d, e, KW(59, w11))
  NEXT(60, w12, w13, w5, w10)
  ROUND_E(e, f, g, h, a, b, c, d, KW(60, w12))
  // `e` of round 60 is `h` after round 63.
  hw_report(results, work.capacity, hw_swap(h + SHA256_IV7), work.limit, first, index, count);
}
