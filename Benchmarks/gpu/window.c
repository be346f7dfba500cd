#include "window.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "prove.h"

enum { copied = 256, maximum_spans = 1 << 14 };

typedef struct span {
  uint64_t start, end;
} span;

double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int by_start(const void *a, const void *b) {
  const span *x = a, *y = b;
  return (x->start > y->start) - (x->start < y->start);
}

/// What part of the time no span covers.
static void find_gaps(span *spans, size_t count, window *w) {
  w->idle_share = w->longest_gap_s = -1;
  if (count < 2) return;
  qsort(spans, count, sizeof *spans, by_start);
  uint64_t covered_to = spans[0].end, gaps = 0, longest = 0;
  for (size_t i = 1; i < count; i++) {
    if (spans[i].start > covered_to) {
      uint64_t gap = spans[i].start - covered_to;
      gaps += gap;
      if (gap > longest) longest = gap;
    }
    if (spans[i].end > covered_to) covered_to = spans[i].end;
  }
  w->idle_share = (double)gaps / (double)(covered_to - spans[0].start);
  w->longest_gap_s = (double)longest * 1e-9;
}

static void pause_for(double seconds) {
  struct timespec time = {0, (long)(seconds * 1e9)};
  nanosleep(&time, NULL);
}

/// Each queue's own header, nonces and fences.
typedef struct progress {
  uint8_t header[80];
  uint32_t next_nonce;
  uint64_t hashes;
  double first_fence, last_fence;
  uint64_t hashes_at_first;
  unsigned oldest, under_way;
} progress;

bool window_run(hw_gpu_session *s, unsigned queues, uint64_t launch, double seconds, window *result,
                hw_gpu_error *error) {
  memset(result, 0, sizeof *result);
  static span spans[maximum_spans];
  size_t span_count = 0;
  uint64_t seed = (uint64_t)(seconds_now() * 1e9);
  progress p[hw_gpu_session_queues];
  memset(p, 0, sizeof p);
  uint8_t target[32];
  // About a dozen candidates a launch, each of which is confirmed.
  double top = 12.0 / (double)launch * 4294967296.0;
  easy_target(top < 4294967295.0 ? (uint32_t)top : 0xffffffffu, target);
  for (unsigned q = 0; q < queues; q++) random_header(&seed, p[q].header);

  result->from = seconds_now();
  double deadline = result->from + seconds;
  bool is_ending = false, holds = true;
  unsigned under_way = 0;
  do {
    bool moved = false;
    for (unsigned q = 0; q < queues && holds; q++) {
      while (!is_ending && p[q].under_way < hw_gpu_session_depth) {
        unsigned place = (p[q].oldest + p[q].under_way) % hw_gpu_session_depth;
        hw_gpu_session_set_work(s, p[q].header, target, copied);
        if (!hw_gpu_session_submit(s, q, place, p[q].next_nonce, launch, copied, error)) {
          holds = false;
          break;
        }
        p[q].next_nonce += (uint32_t)launch;
        p[q].under_way++;
        under_way++;
      }
      if (p[q].under_way == 0 || !holds) continue;
      hw_gpu_flight *f = &s->lanes[q].flights[p[q].oldest];
      int state = hw_gpu_poll(f->ticket, error);
      if (state < 0) holds = false;
      if (state <= 0) continue;
      double now = seconds_now();
      moved = true;
      p[q].hashes += f->count;
      if (p[q].first_fence == 0) {
        p[q].first_fence = now;
        p[q].hashes_at_first = p[q].hashes;
      }
      p[q].last_fence = now;
      result->hashes += f->count;
      result->launches++;
      uint32_t stored = f->results[0] < copied ? f->results[0] : copied;
      for (uint32_t i = 0; i < stored && i < 2; i++) {
        result->candidates++;
        result->wrong +=
            !reference_accepts(s->shape->algorithm, p[q].header, target, f->results[1 + i]);
      }
      hw_gpu_error ignored;
      span taken;
      if (span_count < maximum_spans &&
          hw_gpu_times(f->ticket, &taken.start, &taken.end, &ignored) == 0) {
        spans[span_count++] = taken;
        result->launch_s += (double)(taken.end - taken.start) * 1e-9;
      }
      hw_gpu_release_ticket(f->ticket);
      f->ticket = NULL;
      p[q].oldest = (p[q].oldest + 1) % hw_gpu_session_depth;
      p[q].under_way--;
      under_way--;
      is_ending = is_ending || now >= deadline;
    }
    if (!moved) pause_for(0.0001);
  } while (holds && (under_way > 0 || !is_ending));
  result->to = seconds_now();
  for (unsigned q = 0; q < queues; q++)
    if (p[q].last_fence > p[q].first_fence)
      result->rate +=
          (double)(p[q].hashes - p[q].hashes_at_first) / (p[q].last_fence - p[q].first_fence);
  if (span_count > 0) result->launch_s /= (double)span_count;
  find_gaps(spans, span_count, result);
  return holds;
}

uint64_t window_calibrate(hw_gpu_session *s, uint64_t unit, double seconds, uint64_t largest,
                          hw_gpu_error *error) {
  uint8_t header[80], target[32];
  uint64_t seed = 1;
  random_header(&seed, header);
  easy_target(0, target);
  hw_gpu_session_set_work(s, header, target, 1);
  uint64_t launch = unit;
  for (unsigned round = 0; round < 12; round++) {
    // The second of two: the first may load the kernel.
    double length = 0;
    for (unsigned twice = 0; twice < 2; twice++) {
      double start = seconds_now();
      if (!hw_gpu_session_submit(s, 0, 0, 0, launch, 1, error)) return 0;
      bool is_done = hw_gpu_finish(s->lanes[0].queue, error) == 0;
      length = seconds_now() - start;
      hw_gpu_release_ticket(s->lanes[0].flights[0].ticket);
      s->lanes[0].flights[0].ticket = NULL;
      if (!is_done) return 0;
    }
    double factor = seconds / length;
    if (factor > 16) factor = 16;
    uint64_t next = (uint64_t)((double)launch * factor / (double)unit + 0.5) * unit;
    if (next < unit) next = unit;
    if (next > largest) next = largest / unit * unit;
    if (next == launch || (factor < 1.25 && factor > 0.8)) return next;
    launch = next;
  }
  return launch;
}
