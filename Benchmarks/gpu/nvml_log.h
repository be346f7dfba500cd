#ifndef NVML_LOG_H
#define NVML_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the management library tells of one card, read every `interval` by a thread of its own.

typedef struct nvml_reading {
  double instant;
  /// Millijoules since the driver was loaded.
  uint64_t energy_mj;
  /// The instantaneous power (field 186) and the averaged one, in milliwatts; 0 where not told.
  uint32_t instant_mw, average_mw;
  uint32_t sm_mhz, memory_mhz, temperature;
  uint64_t throttle_reasons;
} nvml_reading;

typedef struct nvml_log nvml_log;

/// Starts reading the card at a PCI address; NULL if there is no library or no such card.
nvml_log *nvml_log_start(const char *pci, double interval);
void nvml_log_stop(nvml_log *log);

/// What the readings say of a span of time; false if it holds fewer than three.
typedef struct nvml_summary {
  /// Joules by the counter and by integrating the instantaneous power, and the seconds that each is of.
  double counter_j, counter_s, power_j, power_s;
  double mean_sm_mhz, minimum_sm_mhz, mean_memory_mhz, mean_temperature;
  uint64_t throttle_reasons;
  size_t readings;
} nvml_summary;
bool nvml_log_summary(nvml_log *log, double from, double to, nvml_summary *summary);

/// Writes every reading as a line of comma-separated values.
void nvml_log_write(nvml_log *log, const char *path);

#endif
