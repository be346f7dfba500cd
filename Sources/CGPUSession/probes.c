#include "hw_gpu_probes.h"

#include <string.h>
#include <time.h>

static const hw_gpu_probe all[] = {
    {"probe_shift", "shift", true, false},
    {"probe_logic", "logic of three", false, false},
    {"probe_add", "sum of three", false, false},
    {"probe_rotate_add", "rotate and add", false, false},
    {"probe_multiply", "multiply and add", false, false},
    {"probe_multiply_high", "multiply, upper word", false, false},
    {"probe_multiply_wide", "multiply, both words", true, false},
    {"probe_shift_and_multiply", "shift beside multiply", true, false},
    {"probe_shuffle", "exchange of four", true, false},
    {"probe_copy", "copy", false, true},
};

/// Operations of each item in a round (PROBE_STEPS of probes.cl).
static const double steps = 256;
/// A launch of this length is timed well enough, and no watchdog minds it.
static const double wanted_s = 0.02;
/// So many take no time only where a compiler left the work out.
static const uint32_t most_rounds = 1 << 20;

const hw_gpu_probe *hw_gpu_probe_list(size_t *count) {
  *count = sizeof all / sizeof *all;
  return all;
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

bool hw_gpu_probes_open(hw_gpu_probes *p, hw_gpu_device *device, const hw_gpu_facts *facts,
                        const void *image, uint32_t width, hw_gpu_error *error) {
  memset(p, 0, sizeof *p);
  p->device = device;
  p->facts = *facts;
  p->width = width;
  if (image != NULL) {
    p->program = hw_gpu_build_image(device, image, error);
  } else {
    const char *parts[hw_gpu_source_parts];
    p->program = hw_gpu_build_source(device, parts, hw_gpu_probe_source(width, parts), error);
  }
  if (p->program == NULL) return false;
  p->queue = hw_gpu_open_queue(device, error);
  return p->queue != NULL;
}

void hw_gpu_probes_close(hw_gpu_probes *p) {
  if (p->queue != NULL) hw_gpu_close_queue(p->queue);
  if (p->program != NULL) hw_gpu_release_program(p->program);
  memset(p, 0, sizeof *p);
}

/// Seconds of one launch by the device's clock; below 0 with an error.
static double time_launch(hw_gpu_queue *queue, const hw_gpu_step *step, hw_gpu_buffer *results,
                          hw_gpu_error *error) {
  uint32_t word = 0;
  hw_gpu_launch launch = {step, 1, results, 4, &word};
  hw_gpu_ticket *ticket = hw_gpu_submit(queue, &launch, error);
  if (ticket == NULL) return -1;
  uint64_t from = 0, to = 0;
  bool is_timed = hw_gpu_finish(queue, error) == 0 && hw_gpu_times(ticket, &from, &to, error) == 0;
  hw_gpu_release_ticket(ticket);
  return is_timed ? (double)(to > from ? to - from : 1) * 1e-9 : -1;
}

/// The shortest of the even and of the odd launches, at least three of each.
static bool time_halves(hw_gpu_queue *queue, const hw_gpu_step *step, hw_gpu_buffer *results,
                        double least_s, double best[2], hw_gpu_error *error) {
  double start = seconds_now();
  best[0] = best[1] = 1e9;
  for (unsigned i = 0; i < 6 || seconds_now() - start < least_s; i++) {
    double length = time_launch(queue, step, results, error);
    if (length < 0) return false;
    if (length < best[i % 2]) best[i % 2] = length;
  }
  return true;
}

static bool rate_steps(hw_gpu_probes *p, hw_gpu_kernel *kernel, uint32_t items, uint32_t group,
                       double least_s, double rates[2], hw_gpu_error *error) {
  hw_gpu_buffer *out = hw_gpu_allocate(p->device, (uint64_t)items * 4, error);
  if (out == NULL) return false;
  uint32_t rounds = 8, seed = 12345;
  hw_gpu_argument arguments[] = {
      {.buffer = out}, {.bytes = &rounds, .size = 4}, {.bytes = &seed, .size = 4}};
  hw_gpu_step step = {kernel, arguments, 3, items, group};
  double best[2];
  // The first launch loads the kernel; then launches get longer until they are timed well. The shortest of some counts, because
  // whatever disturbs one makes it longer.
  bool is_done = time_launch(p->queue, &step, out, error) >= 0;
  while (is_done) {
    is_done = time_halves(p->queue, &step, out, 0, best, error);
    double length = best[0] < best[1] ? best[0] : best[1];
    if (!is_done || length >= wanted_s / 4 || rounds >= most_rounds) break;
    double factor = wanted_s / length;
    rounds = (uint32_t)(rounds * (factor > 8 ? 8 : factor));
  }
  if (is_done && least_s > 0) is_done = time_halves(p->queue, &step, out, least_s, best, error);
  for (unsigned half = 0; is_done && half < 2; half++)
    rates[half] =
        best[half] < wanted_s / 16 ? 0 : (double)items * p->width * rounds * steps / best[half];
  hw_gpu_free(out);
  return is_done;
}

static bool rate_copy(hw_gpu_probes *p, hw_gpu_kernel *kernel, uint32_t items, uint32_t group,
                      double least_s, double rates[2], hw_gpu_error *error) {
  // Far more than any cache holds.
  uint64_t bytes = p->facts.is_cpu ? UINT64_C(1) << 27 : UINT64_C(1) << 31;
  if (bytes > p->facts.memory / 8) bytes = p->facts.memory / 8;
  if (p->facts.largest_buffer != 0 && bytes > p->facts.largest_buffer)
    bytes = p->facts.largest_buffer;
  uint32_t copies = (uint32_t)(bytes / 16 / items);
  if (copies == 0) copies = 1;
  bytes = (uint64_t)copies * items * 16;
  hw_gpu_buffer *to = hw_gpu_allocate(p->device, bytes, error);
  hw_gpu_buffer *from = to == NULL ? NULL : hw_gpu_allocate(p->device, bytes, error);
  double best[2];
  bool is_done = from != NULL;
  if (is_done) {
    hw_gpu_argument arguments[] = {{.buffer = to},
                                   {.buffer = from},
                                   {.bytes = &copies, .size = 4},
                                   {.bytes = &items, .size = 4}};
    hw_gpu_step step = {kernel, arguments, 4, items, group};
    // The first launch touches the memory.
    is_done = time_launch(p->queue, &step, to, error) >= 0 &&
              time_halves(p->queue, &step, to, least_s, best, error);
    for (unsigned half = 0; is_done && half < 2; half++)
      rates[half] = 2.0 * (double)bytes / best[half];
  }
  if (from != NULL) hw_gpu_free(from);
  if (to != NULL) hw_gpu_free(to);
  return is_done;
}

bool hw_gpu_probes_rate(hw_gpu_probes *p, const hw_gpu_probe *probe, double least_s,
                        double rates[2], hw_gpu_error *error) {
  uint32_t units = p->facts.compute_units == 0 ? 1 : p->facts.compute_units;
  uint32_t most = p->facts.maximum_group == 0 ? 1 : p->facts.maximum_group;
  uint32_t group = most < 256 ? most : 256, items = units * group * 8;
  hw_gpu_kernel *kernel = hw_gpu_find_kernel(p->program, probe->kernel, error);
  if (kernel == NULL) return false;
  bool is_done = probe->is_copy ? rate_copy(p, kernel, items, group, least_s, rates, error)
                                : rate_steps(p, kernel, items, group, least_s, rates, error);
  hw_gpu_release_kernel(kernel);
  return is_done;
}
