// A stand-in for NVIDIA's management library with two boards, by its documented entry points: the second has the address of the
// stand-in for the CUDA driver. Both draw what they draw whatever is done: 60 W and 200 W. Addresses have domains of eight digits,
// as NVML's have.

#include <string.h>
#include <time.h>

#define EXPORT extern "C" __attribute__((visibility("default")))

struct pci {
  char legacy[16];
  unsigned numbers[5];
  char id[32];
};
struct value {
  unsigned field, scope;
  long long timestamp, latency;
  unsigned type;
  int status;
  union {
    double d;
    unsigned u;
    unsigned long long w;
  } value;
};
struct board {
  const char *name, *address;
  unsigned watts, limit;
};
static const board boards[] = {{"Stand-in 3000", "00000000:3B:00.0", 60, 350}, {"Stand-in 9000", "00000000:41:00.0", 200, 700}};

static const board &of(void *device) { return *static_cast<const board *>(device); }

EXPORT int nvmlInit_v2() { return 0; }
EXPORT int nvmlShutdown() { return 0; }
EXPORT int nvmlDeviceGetCount_v2(unsigned *count) {
  *count = 2;
  return 0;
}
EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
  if (index > 1) return 2;
  *device = const_cast<board *>(&boards[index]);
  return 0;
}
EXPORT int nvmlDeviceGetName(void *device, char *name, unsigned room) {
  strncpy(name, of(device).name, room);
  return 0;
}
EXPORT int nvmlDeviceGetPciInfo_v3(void *device, pci *info) {
  strcpy(info->id, of(device).address);
  return 0;
}
EXPORT int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) {
  *milliwatts = of(device).watts * 1000;
  return 0;
}
EXPORT int nvmlDeviceGetTotalEnergyConsumption(void *device, unsigned long long *millijoules) {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC_RAW, &now);
  *millijoules = static_cast<unsigned long long>((static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6) *
                                                 of(device).watts);
  return 0;
}
EXPORT int nvmlDeviceGetFieldValues(void *device, int count, value *values) {
  for (int i = 0; i < count; i++) {
    values[i].status = values[i].field == 186 ? 0 : 3;
    values[i].type = 1;
    values[i].value.u = of(device).watts * 1000;
  }
  return 0;
}
EXPORT int nvmlDeviceGetPowerManagementLimitConstraints(void *device, unsigned *least, unsigned *most) {
  *least = 100000;
  *most = of(device).limit * 1000;
  return 0;
}
EXPORT int nvmlDeviceGetPowerManagementLimit(void *device, unsigned *milliwatts) {
  *milliwatts = of(device).limit * 1000;
  return 0;
}
