#include "hw_gpu_session.h"

#include <string.h>
#include <time.h>

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool has_scratch(const hw_gpu_session *s) { return s->shape->gap != 0; }

bool hw_gpu_session_open(hw_gpu_session *s, hw_gpu_device *device, const hw_gpu_facts *facts,
                         const hw_gpu_shape *shape, const void *image, uint32_t capacity,
                         hw_gpu_error *error) {
  memset(s, 0, sizeof *s);
  s->device = device;
  s->facts = *facts;
  s->shape = shape;
  s->capacity = capacity;
  double start = seconds_now();
  if (image != NULL) {
    s->program = hw_gpu_build_image(device, image, error);
  } else {
    const char *parts[hw_gpu_source_parts];
    s->program = hw_gpu_build_source(device, parts, hw_gpu_source(shape, parts), error);
  }
  if (s->program == NULL) return false;
  s->build_seconds = seconds_now() - start;
  static const char *const scan[] = {"hw_scan"};
  static const char *const scrypt[] = {"hw_begin", "hw_mix", "hw_end"};
  size_t count = has_scratch(s) ? 3 : 1;
  for (size_t i = 0; i < count; i++) {
    s->kernels[i] = hw_gpu_find_kernel(s->program, (has_scratch(s) ? scrypt : scan)[i], error);
    if (s->kernels[i] == NULL) return false;
  }
  hw_gpu_kernel_usage(s->kernels[has_scratch(s) ? 1 : 0], &s->registers, &s->local_bytes);
  for (unsigned q = 0; q < hw_gpu_session_queues; q++) {
    hw_gpu_lane *l = &s->lanes[q];
    size_t bytes = (1 + (size_t)s->capacity) * sizeof(uint32_t);
    l->queue = hw_gpu_open_queue(device, error);
    if (l->queue == NULL) return false;
    l->results = hw_gpu_allocate(device, bytes, error);
    if (l->results == NULL) return false;
    for (unsigned i = 0; i < hw_gpu_session_depth; i++) {
      l->flights[i].results = hw_gpu_host_allocate(device, bytes, error);
      if (l->flights[i].results == NULL) return false;
    }
  }
  return true;
}

void hw_gpu_session_release(hw_gpu_session *s) {
  for (unsigned q = 0; q < hw_gpu_session_queues; q++) {
    hw_gpu_lane *l = &s->lanes[q];
    if (l->state != NULL) hw_gpu_free(l->state);
    if (l->scratch != NULL) hw_gpu_free(l->scratch);
    l->state = l->scratch = NULL;
  }
  s->largest_launch = 0;
  s->slots = 0;
}

bool hw_gpu_session_reserve(hw_gpu_session *s, uint64_t launch, uint32_t slots, uint32_t group,
                            hw_gpu_error *error) {
  s->group = group;
  if (!has_scratch(s)) {
    s->largest_launch = launch;
    return true;
  }
  if (launch <= s->largest_launch && slots == s->slots) return true;
  hw_gpu_session_release(s);
  s->largest_launch = launch;
  s->slots = slots;
  for (unsigned q = 0; q < hw_gpu_session_queues; q++) {
    hw_gpu_lane *l = &s->lanes[q];
    l->state = hw_gpu_allocate(s->device, launch * hw_gpu_state_words * 4, error);
    if (l->state == NULL) return false;
    l->scratch = hw_gpu_allocate(s->device, slots * hw_gpu_scratch_per_slot(s->shape), error);
    if (l->scratch == NULL) return false;
  }
  return true;
}

void hw_gpu_session_close(hw_gpu_session *s) {
  hw_gpu_error ignored;
  for (unsigned q = 0; q < hw_gpu_session_queues; q++) {
    hw_gpu_lane *l = &s->lanes[q];
    if (l->queue != NULL) hw_gpu_finish(l->queue, &ignored);
    for (unsigned i = 0; i < hw_gpu_session_depth; i++) {
      if (l->flights[i].ticket != NULL) hw_gpu_release_ticket(l->flights[i].ticket);
      if (l->flights[i].results != NULL) hw_gpu_host_free(s->device, l->flights[i].results);
    }
    if (l->results != NULL) hw_gpu_free(l->results);
    if (l->queue != NULL) hw_gpu_close_queue(l->queue);
  }
  hw_gpu_session_release(s);
  for (unsigned i = 0; i < 3; i++)
    if (s->kernels[i] != NULL) hw_gpu_release_kernel(s->kernels[i]);
  if (s->program != NULL) hw_gpu_release_program(s->program);
  memset(s, 0, sizeof *s);
}

void hw_gpu_session_use(hw_gpu_session *s, const hw_gpu_dataset *dataset) { s->dataset = dataset; }

void hw_gpu_session_set_work(hw_gpu_session *s, const uint8_t *header, const uint8_t *target,
                             uint32_t capacity) {
  s->work_size = hw_gpu_prepare(s->shape->algorithm, header, target, capacity, s->work);
}

bool hw_gpu_session_submit(hw_gpu_session *s, unsigned queue, unsigned place, uint32_t first,
                           uint64_t count, uint32_t copied, hw_gpu_error *error) {
  hw_gpu_lane *l = &s->lanes[queue];
  hw_gpu_flight *f = &l->flights[place];
  uint32_t count_word = (uint32_t)count;
  f->first = first;
  f->count = count;
  hw_gpu_argument work = {.bytes = s->work, .size = s->work_size};
  hw_gpu_argument from = {.bytes = &first, .size = 4}, number = {.bytes = &count_word, .size = 4};
  hw_gpu_argument slots = {.bytes = &s->slots, .size = 4};
  hw_gpu_argument results = {.buffer = l->results}, state = {.buffer = l->state};
  hw_gpu_argument scratch = {.buffer = l->scratch};
  hw_gpu_launch launch = {
      .results = l->results, .result_bytes = (1 + (size_t)copied) * 4, .host_results = f->results};
  bool has_dataset = hw_gpu_has_dataset(s->shape);
  if (has_dataset && s->dataset == NULL) {
    // What would be read has no address.
    hw_gpu_no_dataset(error);
    return false;
  }
  const hw_gpu_dataset *d = s->dataset;
  uint32_t pages = has_dataset ? d->pages : 0;
  uint32_t reciprocal = has_dataset ? hw_gpu_reciprocal(pages) : 0;
  hw_gpu_step steps[3];
  hw_gpu_argument scan[] = {work,
                            from,
                            number,
                            results,
                            {.buffer = has_dataset ? d->dataset : NULL},
                            {.bytes = &pages, .size = 4},
                            {.bytes = &reciprocal, .size = 4}};
  hw_gpu_argument begin[] = {work, from, number, state};
  hw_gpu_argument mix[] = {state, scratch, number, slots};
  hw_gpu_argument end[] = {work, from, number, state, results};
  // No launch of nothing: OpenCL refuses it.
  uint64_t items = count == 0 ? 1 : count;
  if (has_scratch(s)) {
    uint32_t group = s->facts.maximum_group < 128 ? s->facts.maximum_group : 128;
    uint64_t mixers = (uint64_t)s->slots * s->shape->items_per_hash / s->shape->item_hashes;
    steps[0] = (hw_gpu_step){s->kernels[0], begin, 4, items, group};
    steps[1] = (hw_gpu_step){s->kernels[1], mix, 4, mixers, s->group};
    steps[2] = (hw_gpu_step){s->kernels[2], end, 5, items, group};
    launch.step_count = 3;
  } else {
    uint32_t width = s->shape->item_hashes;
    steps[0] = (hw_gpu_step){s->kernels[0], scan, has_dataset ? 7 : 4, (items + width - 1) / width,
                             s->group};
    launch.step_count = 1;
  }
  launch.steps = steps;
  f->ticket = hw_gpu_submit(l->queue, &launch, error);
  return f->ticket != NULL;
}

bool hw_gpu_session_scan(hw_gpu_session *s, uint32_t first, uint64_t count,
                         const uint32_t **results, hw_gpu_error *error) {
  hw_gpu_flight *f = &s->lanes[0].flights[0];
  if (!hw_gpu_session_submit(s, 0, 0, first, count, s->capacity, error)) return false;
  bool is_done = hw_gpu_finish(s->lanes[0].queue, error) == 0;
  hw_gpu_release_ticket(f->ticket);
  f->ticket = NULL;
  *results = f->results;
  return is_done;
}

int hw_gpu_session_poll(hw_gpu_session *s, unsigned queue, unsigned place, hw_gpu_error *error) {
  return hw_gpu_poll(s->lanes[queue].flights[place].ticket, error);
}

const uint32_t *hw_gpu_session_results(const hw_gpu_session *s, unsigned queue, unsigned place) {
  return s->lanes[queue].flights[place].results;
}

int hw_gpu_session_times(hw_gpu_session *s, unsigned queue, unsigned place, uint64_t *start_ns,
                         uint64_t *end_ns, hw_gpu_error *error) {
  return hw_gpu_times(s->lanes[queue].flights[place].ticket, start_ns, end_ns, error);
}

void hw_gpu_session_retire(hw_gpu_session *s, unsigned queue, unsigned place) {
  hw_gpu_flight *f = &s->lanes[queue].flights[place];
  if (f->ticket != NULL) hw_gpu_release_ticket(f->ticket);
  f->ticket = NULL;
}
