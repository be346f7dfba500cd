#include "hw_gpu_dataset.h"

#include <stdio.h>
#include <string.h>

uint32_t hw_gpu_reciprocal(uint32_t n) { return (uint32_t)((UINT64_C(1) << 32) / n); }

void hw_gpu_no_dataset(hw_gpu_error *error) {
  error->code = 0;
  snprintf(error->function, sizeof error->function, "hw_gpu_session_submit");
  snprintf(error->text, sizeof error->text, "there is no dataset");
}

bool hw_gpu_dataset_open(hw_gpu_dataset *d, hw_gpu_device *device, const hw_gpu_facts *facts,
                         const hw_gpu_shape *shape, const void *image, const void *cache,
                         uint32_t rows, uint32_t pages, hw_gpu_error *error) {
  memset(d, 0, sizeof *d);
  d->device = device;
  d->rows = rows;
  d->pages = pages;
  d->group = facts->maximum_group < 64 ? facts->maximum_group : 64;
  uint64_t cache_bytes = (uint64_t)rows * hw_gpu_row_bytes;
  if (image != NULL) {
    d->program = hw_gpu_build_image(device, image, error);
  } else {
    const char *parts[hw_gpu_source_parts];
    d->program = hw_gpu_build_source(device, parts, hw_gpu_source(shape, parts), error);
  }
  if (d->program == NULL) goto failed;
  d->build = hw_gpu_find_kernel(d->program, "hw_dataset", error);
  if (d->build == NULL) goto failed;
  d->sample = hw_gpu_find_kernel(d->program, "hw_sample", error);
  if (d->sample == NULL) goto failed;
  d->queue = hw_gpu_open_queue(device, error);
  if (d->queue == NULL) goto failed;
  d->results = hw_gpu_allocate(device, (1 + hw_gpu_row_words) * 4, error);
  if (d->results == NULL) goto failed;
  d->host_results = hw_gpu_host_allocate(device, (1 + hw_gpu_row_words) * 4, error);
  if (d->host_results == NULL) goto failed;
  // The large one first: it says at once whether there is room.
  d->dataset = hw_gpu_allocate(device, (uint64_t)pages * 2 * hw_gpu_row_bytes, error);
  if (d->dataset == NULL) goto failed;
  d->cache = hw_gpu_allocate(device, cache_bytes, error);
  if (d->cache == NULL) goto failed;
  if (hw_gpu_write(d->queue, d->cache, cache, cache_bytes, error) == 0) return true;
failed:
  hw_gpu_dataset_close(d);
  return false;
}

/// One step from start to end; its results are copied.
static bool run(hw_gpu_dataset *d, const hw_gpu_step *step, hw_gpu_error *error) {
  hw_gpu_launch launch = {.steps = step,
                          .step_count = 1,
                          .results = d->results,
                          .result_bytes = (1 + hw_gpu_row_words) * 4,
                          .host_results = d->host_results};
  hw_gpu_ticket *ticket = hw_gpu_submit(d->queue, &launch, error);
  if (ticket == NULL) return false;
  bool is_done = hw_gpu_finish(d->queue, error) == 0 && hw_gpu_poll(ticket, error) == 1;
  hw_gpu_release_ticket(ticket);
  return is_done;
}

bool hw_gpu_dataset_build(hw_gpu_dataset *d, uint32_t first, uint32_t count, hw_gpu_error *error) {
  uint32_t reciprocal = hw_gpu_reciprocal(d->rows);
  hw_gpu_argument arguments[] = {{.buffer = d->cache},           {.buffer = d->dataset},
                                 {.bytes = &d->rows, .size = 4}, {.bytes = &reciprocal, .size = 4},
                                 {.bytes = &first, .size = 4},   {.bytes = &count, .size = 4}};
  hw_gpu_step step = {d->build, arguments, 6, count, d->group};
  return run(d, &step, error);
}

bool hw_gpu_dataset_sample(hw_gpu_dataset *d, uint32_t number, uint32_t *words,
                           hw_gpu_error *error) {
  hw_gpu_argument arguments[] = {
      {.buffer = d->dataset}, {.bytes = &number, .size = 4}, {.buffer = d->results}};
  hw_gpu_step step = {d->sample, arguments, 3, hw_gpu_row_words, d->group};
  if (!run(d, &step, error)) return false;
  memcpy(words, d->host_results + 1, hw_gpu_row_words * 4);
  return true;
}

void hw_gpu_dataset_settle(hw_gpu_dataset *d) {
  if (d->cache != NULL) hw_gpu_free(d->cache);
  if (d->results != NULL) hw_gpu_free(d->results);
  if (d->host_results != NULL) hw_gpu_host_free(d->device, d->host_results);
  if (d->queue != NULL) hw_gpu_close_queue(d->queue);
  if (d->build != NULL) hw_gpu_release_kernel(d->build);
  if (d->sample != NULL) hw_gpu_release_kernel(d->sample);
  if (d->program != NULL) hw_gpu_release_program(d->program);
  d->cache = d->results = NULL;
  d->host_results = NULL;
  d->queue = NULL;
  d->build = d->sample = NULL;
  d->program = NULL;
}

void hw_gpu_dataset_close(hw_gpu_dataset *d) {
  hw_gpu_dataset_settle(d);
  if (d->dataset != NULL) hw_gpu_free(d->dataset);
  d->dataset = NULL;
}
