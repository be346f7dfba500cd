#ifndef HW_ARITHMETIC_H
#define HW_ARITHMETIC_H

#include <stdint.h>

/// How each template says what its arithmetic is: a function in its own header, compiled where HW_ARITHMETIC is defined.
/// hw_operations.c turns it into instructions of each instruction set.

/// What the templates' helpers are called for, before an instruction set turns it into instructions.
typedef struct arithmetic {
  uint64_t adds, rotates, shifts, xor2, xor3, choices, majorities, chis, selects, shuffles, loads;
  /// Rotations of 64-bit lanes by 1, and by whole bytes: without a rotate instruction they cost something else.
  uint64_t rotates_by_1, rotates_by_bytes;
} arithmetic;

static arithmetic times(arithmetic a, uint64_t n) {
  a.adds *= n, a.rotates *= n, a.shifts *= n, a.xor2 *= n, a.xor3 *= n, a.choices *= n;
  a.majorities *= n, a.chis *= n, a.selects *= n, a.shuffles *= n, a.loads *= n;
  a.rotates_by_1 *= n, a.rotates_by_bytes *= n;
  return a;
}

static arithmetic plus(arithmetic a, arithmetic b) {
  a.adds += b.adds, a.rotates += b.rotates, a.shifts += b.shifts, a.xor2 += b.xor2;
  a.xor3 += b.xor3, a.choices += b.choices, a.majorities += b.majorities, a.chis += b.chis;
  a.selects += b.selects, a.shuffles += b.shuffles, a.loads += b.loads;
  a.rotates_by_1 += b.rotates_by_1, a.rotates_by_bytes += b.rotates_by_bytes;
  return a;
}

/// A round with a constant and a schedule word; one addition less where they are one constant.
static const arithmetic sha256_round_arithmetic = {
    .adds = 7, .rotates = 6, .xor3 = 2, .choices = 1, .majorities = 1};
/// The two sums of a schedule word; additions are counted apart.
static const arithmetic small_sigma_arithmetic = {.rotates = 2, .shifts = 1, .xor3 = 1};

#endif
