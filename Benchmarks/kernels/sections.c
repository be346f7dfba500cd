// Times the sections of one sha256d kernel made from sha256d_streams.h, each alone in a loop, and the whole. Code that the
// caches of instructions hold takes as long as its sections together; more of it takes up to twice as long.
//
// Compiled once for each kernel, with HW_SECTIONS_FEATURES, HW_LANES, HW_STREAMS and HW_PARTIAL. Writes "section NAME TIMES
// CYCLES" lines, then "whole CYCLES": cycles of one pass, by CPU time and a chain of additions, the least of many rounds.

#include <stdio.h>
#include <time.h>

#if defined(HW_SECTIONS_AVX512)
#include "hw_avx512.h"
#endif
#include "hw_roofline.h"
#include "hw_sha256.h"
#include "hw_target.h"
#include "sha256d/sha256d_work.h"

HW_TARGET_BEGIN(HW_SECTIONS_FEATURES)
#define HW_SCAN sections_scan
hw_status sections_scan(const hw_scan_request *request, hw_scan_result *result);
#include "sha256d/sha256d_streams.h"

static sha256d_work work;
static schedule words[HW_STREAMS];

/// A section so many times; the state stays in registers, and the schedule in memory, as in the whole.
#define SECTION(name, body)                                                                        \
  HW_HOT void name(unsigned times) {                                                               \
    streams x = {.w = words, .k = hw_sha256_k};                                                    \
    __asm__ volatile("" : "+r"(x.w), "+r"(x.k)::"memory");                                         \
    second_begin(&x);                                                                              \
    HW_ROLL for (unsigned n = 0; n < times; n++) {                                                 \
      body;                                                                                        \
      HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++)                                          \
          HW_UNROLL for (unsigned i = 0; i < 8;                                                    \
                         i++) __asm__ volatile("" : HW_VECTOR_CONSTRAINT(x.s[k][i]));              \
    }                                                                                              \
    HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) HW_UNROLL for (unsigned i = 0; i < 8; i++) \
        x.w[k][i] = x.s[k][i];                                                                     \
  }

SECTION(begin_first, first_begin(&x, &work, n))
SECTION(constant_rounds,
        HW_UNROLL for (unsigned i = 8; i < 16; i++) constant_round(&x, i, work.kw[i]))
SECTION(middle_first, first_middle(&x, &work))
SECTION(middle_second, second_middle(&x))
SECTION(loop_turn,
        HW_UNROLL for (unsigned j = 0; j < loop_rounds; j++) general_round(&x, loop_begin, j))
SECTION(between, first_end(&x, &work); second_begin(&x))

HW_HOT void ending(unsigned times) {
  streams x = {.w = words, .k = hw_sha256_k};
  __asm__ volatile("" : "+r"(x.w), "+r"(x.k)::"memory");
  second_begin(&x);
  HW_ROLL for (unsigned n = 0; n < times; n++) {
    vec top[HW_STREAMS];
    second_end(&x, top);
    HW_UNROLL for (unsigned k = 0; k < HW_STREAMS; k++) x.w[k][0] = top[k];
  }
}

HW_HOT void whole(unsigned times) {
  uint32_t top[HW_STREAMS][HW_LANES];
  for (unsigned n = 0; n < times; n++) (void)hash_batch(&work, n, 0, top);
}
HW_TARGET_END

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double clock_rate(void) {
  double start = seconds();
  uint64_t cycles = hw_cycle_chain(6000);
  return (double)cycles / (seconds() - start);
}

/// Cycles of one time, the least of many rounds.
static double cycles(void (*section)(unsigned), unsigned times) {
  enum { rounds = 200 };
  double least = 0;
  for (int round = 0; round < rounds; round++) {
    double before = clock_rate(), start = seconds();
    section(times);
    double took = seconds() - start, after = clock_rate();
    double found = took * (before > after ? before : after) / times;
    if (least == 0 || found < least) least = found;
  }
  return least;
}

int main(void) {
  uint8_t header[HW_HEADER_SIZE] = {1, 2, 3};
  sha256d_prepare(&work, header);
  const struct {
    const char *name;
    void (*run)(unsigned);
    unsigned times;
  } sections[] = {{"begin-first", begin_first, 1},
                  {"constant-rounds", constant_rounds, 2},
                  {"middle-first", middle_first, 1},
                  {"loop-turn", loop_turn, (64 - loop_begin) / 8 + (56 - loop_begin) / 8},
                  {"between", between, 1},
                  {"middle-second", middle_second, 1},
                  {"end", ending, 1}};
  for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
    printf("section %s %u %.1f\n", sections[i].name, sections[i].times,
           cycles(sections[i].run, 2000));
  printf("whole %.1f\n", cycles(whole, 300));
  return 0;
}
