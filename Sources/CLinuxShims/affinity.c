#include "hw_linux.h"

#include <errno.h>
#include <sched.h>

/// More CPUs than any kernel configuration allows (NR_CPUS is at most 8192 upstream).
enum { maximum_cpus = 1 << 16 };

int hw_linux_pin_current_thread(int cpu) {
  if (cpu < 0 || cpu >= maximum_cpus) return EINVAL;
  cpu_set_t *set = CPU_ALLOC((size_t)cpu + 1);
  if (set == NULL) return ENOMEM;
  size_t size = CPU_ALLOC_SIZE((size_t)cpu + 1);
  CPU_ZERO_S(size, set);
  CPU_SET_S((size_t)cpu, size, set);
  int status = sched_setaffinity(0, size, set) == 0 ? 0 : errno;
  CPU_FREE(set);
  return status;
}

int hw_linux_allowed_cpus(int *cpus, int capacity) {
  cpu_set_t *set = CPU_ALLOC(maximum_cpus);
  if (set == NULL) return -ENOMEM;
  size_t size = CPU_ALLOC_SIZE(maximum_cpus);
  CPU_ZERO_S(size, set);
  if (sched_getaffinity(0, size, set) != 0) {
    int status = -errno;
    CPU_FREE(set);
    return status;
  }
  int found = 0;
  for (int cpu = 0; cpu < maximum_cpus; cpu++) {
    if (!CPU_ISSET_S((size_t)cpu, size, set)) continue;
    if (found < capacity) cpus[found] = cpu;
    found++;
  }
  CPU_FREE(set);
  return found;
}

int hw_linux_current_cpu(void) {
  int cpu = sched_getcpu();
  return cpu >= 0 ? cpu : -errno;
}
