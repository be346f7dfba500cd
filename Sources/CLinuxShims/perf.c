#include "hw_perf.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int hw_perf_open(uint32_t type, uint64_t config, int cpu, int group) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = type;
  attributes.config = config;
  attributes.read_format = PERF_FORMAT_GROUP;
  long descriptor = syscall(SYS_perf_event_open, &attributes, -1, cpu, group, PERF_FLAG_FD_CLOEXEC);
  return descriptor >= 0 ? (int)descriptor : -errno;
}

enum { maximum_events = 32 };

int hw_perf_read(int leader, uint64_t *counts, int capacity) {
  uint64_t buffer[1 + maximum_events];
  ssize_t size = read(leader, buffer, sizeof buffer);
  if (size < 0) return -errno;
  if (size < (ssize_t)sizeof buffer[0]) return -EIO;
  int found = (int)buffer[0];
  if (found > maximum_events || size < (ssize_t)((1 + (size_t)found) * sizeof buffer[0]))
    return -EIO;
  if (found > capacity) found = capacity;
  memcpy(counts, buffer + 1, (size_t)found * sizeof buffer[0]);
  return found;
}
