#include "nvml_log.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "window.h"

typedef struct field_value {
  unsigned field, scope;
  long long timestamp, latency;
  unsigned type;
  int status;
  unsigned long long value;
} field_value;

enum { instant_power = 186, clock_sm = 1, clock_memory = 2, temperature_gpu = 0, room = 1 << 14 };

struct nvml_log {
  void *device;
  int (*driver)(char *, unsigned);
  int (*energy)(void *, unsigned long long *);
  int (*power)(void *, unsigned *);
  int (*fields)(void *, int, field_value *);
  int (*clock)(void *, int, unsigned *);
  int (*temperature)(void *, int, unsigned *);
  int (*throttle)(void *, unsigned long long *);
  double interval;
  pthread_t thread;
  atomic_bool is_stopping;
  atomic_size_t count;
  nvml_reading readings[room];
};

static void find(void *library, const char *name, void *function) {
  void *symbol = dlsym(library, name);
  memcpy(function, &symbol, sizeof symbol);
}

static void read_once(nvml_log *log, nvml_reading *r) {
  unsigned long long wide = 0;
  unsigned word = 0;
  r->instant = seconds_now();
  if (log->energy != NULL && log->energy(log->device, &wide) == 0) r->energy_mj = wide;
  field_value field = {.field = instant_power};
  if (log->fields != NULL && log->fields(log->device, 1, &field) == 0 && field.status == 0)
    r->instant_mw = (uint32_t)field.value;
  if (log->power != NULL && log->power(log->device, &word) == 0) r->average_mw = word;
  if (log->clock != NULL && log->clock(log->device, clock_sm, &word) == 0) r->sm_mhz = word;
  if (log->clock != NULL && log->clock(log->device, clock_memory, &word) == 0) r->memory_mhz = word;
  if (log->temperature != NULL && log->temperature(log->device, temperature_gpu, &word) == 0)
    r->temperature = word;
  if (log->throttle != NULL && log->throttle(log->device, &wide) == 0) r->throttle_reasons = wide;
}

static void *read_always(void *argument) {
  nvml_log *log = argument;
  while (!atomic_load(&log->is_stopping) && atomic_load(&log->count) < room) {
    size_t at = atomic_load(&log->count);
    read_once(log, &log->readings[at]);
    atomic_store(&log->count, at + 1);
    struct timespec pause = {0, (long)(log->interval * 1e9)};
    nanosleep(&pause, NULL);
  }
  return NULL;
}

nvml_log *nvml_log_start(const char *pci, double interval) {
  void *library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL || pci[0] == '\0') return NULL;
  int (*init)(void) = NULL, (*by_address)(const char *, void **) = NULL;
  find(library, "nvmlInit_v2", &init);
  find(library, "nvmlDeviceGetHandleByPciBusId_v2", &by_address);
  nvml_log *log = calloc(1, sizeof *log);
  if (log == NULL || init == NULL || by_address == NULL || init() != 0 ||
      by_address(pci, &log->device) != 0) {
    free(log);
    return NULL;
  }
  find(library, "nvmlSystemGetDriverVersion", &log->driver);
  find(library, "nvmlDeviceGetTotalEnergyConsumption", &log->energy);
  find(library, "nvmlDeviceGetPowerUsage", &log->power);
  find(library, "nvmlDeviceGetFieldValues", &log->fields);
  find(library, "nvmlDeviceGetClockInfo", &log->clock);
  find(library, "nvmlDeviceGetTemperature", &log->temperature);
  find(library, "nvmlDeviceGetCurrentClocksThrottleReasons", &log->throttle);
  log->interval = interval;
  if (pthread_create(&log->thread, NULL, read_always, log) == 0) return log;
  free(log);
  return NULL;
}

void nvml_log_stop(nvml_log *log) {
  atomic_store(&log->is_stopping, true);
  pthread_join(log->thread, NULL);
  free(log);
}

void nvml_log_driver(const nvml_log *log, char *text, size_t size) {
  if (log->driver == NULL || log->driver(text, (unsigned)size) != 0) text[0] = '\0';
}

bool nvml_log_summary(nvml_log *log, double from, double to, nvml_summary *summary) {
  memset(summary, 0, sizeof *summary);
  size_t count = atomic_load(&log->count);
  const nvml_reading *first = NULL, *last = NULL, *previous = NULL;
  summary->minimum_sm_mhz = 1e9;
  for (size_t i = 0; i < count; i++) {
    const nvml_reading *r = &log->readings[i];
    if (r->instant < from || r->instant > to) continue;
    summary->readings++;
    summary->mean_sm_mhz += r->sm_mhz;
    summary->mean_memory_mhz += r->memory_mhz;
    summary->mean_temperature += r->temperature;
    summary->throttle_reasons |= r->throttle_reasons;
    if (r->sm_mhz < summary->minimum_sm_mhz) summary->minimum_sm_mhz = r->sm_mhz;
    if (previous != NULL) {
      double step = r->instant - previous->instant;
      summary->power_j += (r->instant_mw + previous->instant_mw) / 2000.0 * step;
      summary->power_s += step;
    }
    // The counter moves in steps: from one step to another, not from reading to reading.
    if (previous != NULL && r->energy_mj != previous->energy_mj) {
      if (first == NULL) first = r;
      last = r;
    }
    previous = r;
  }
  if (summary->readings < 3) return false;
  summary->mean_sm_mhz /= (double)summary->readings;
  summary->mean_memory_mhz /= (double)summary->readings;
  summary->mean_temperature /= (double)summary->readings;
  if (first != NULL && last != first) {
    summary->counter_j = (double)(last->energy_mj - first->energy_mj) / 1000;
    summary->counter_s = last->instant - first->instant;
  }
  return true;
}

void nvml_log_write(nvml_log *log, const char *path) {
  FILE *file = fopen(path, "w");
  if (file == NULL) return;
  fprintf(file,
          "instant_s,energy_mj,instant_mw,average_mw,sm_mhz,memory_mhz,temperature_c,throttle\n");
  size_t count = atomic_load(&log->count);
  for (size_t i = 0; i < count; i++) {
    const nvml_reading *r = &log->readings[i];
    fprintf(file, "%.4f,%llu,%u,%u,%u,%u,%u,%llx\n", r->instant, (unsigned long long)r->energy_mj,
            r->instant_mw, r->average_mw, r->sm_mhz, r->memory_mhz, r->temperature,
            (unsigned long long)r->throttle_reasons);
  }
  fclose(file);
}
