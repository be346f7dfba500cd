#include "hw_nvml.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/// As NVML's documentation lays it out.
typedef struct pci_info {
  char short_address[16];
  unsigned domain, bus, device, device_id, subsystem_id;
  char address[32];
} pci_info;

typedef struct field_value {
  unsigned field, scope;
  long long timestamp, latency;
  unsigned type;
  int status;
  union {
    double number;
    unsigned word;
    unsigned long long wide;
  } value;
} field_value;

enum { field_instant_power = 186, type_unsigned_int = 1, maximum_gpus = 64 };

struct hw_nvml {
  void *library;
  void *devices[maximum_gpus];
  /// Why a device has no handle, or 0.
  int failures[maximum_gpus];
  unsigned count;
  int (*shutdown)(void);
  int (*get_name)(void *, char *, unsigned);
  int (*get_pci)(void *, pci_info *);
  int (*get_energy)(void *, unsigned long long *);
  int (*get_power)(void *, unsigned *);
  int (*get_fields)(void *, int, field_value *);
  int (*get_limits)(void *, unsigned *, unsigned *);
  int (*get_mig)(void *, unsigned *, unsigned *);
  int (*get_virtualization)(void *, int *);
  int (*get_clock)(void *, int, unsigned *);
  int (*get_temperature)(void *, int, unsigned *);
  int (*get_limit)(void *, unsigned *);
  int (*get_throttle)(void *, unsigned long long *);
};

static int load(void *library, const char *name, void *function) {
  void *symbol = dlsym(library, name);
  memcpy(function, &symbol, sizeof symbol);
  return symbol != NULL;
}

hw_nvml *hw_nvml_open(const char *path, int *status) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    *status = hw_nvml_no_library;
    return NULL;
  }
  int (*init)(void) = NULL;
  int (*get_count)(unsigned *) = NULL;
  int (*get_device)(unsigned, void **) = NULL;
  hw_nvml *nvml = calloc(1, sizeof *nvml);
  if (nvml == NULL || !load(library, "nvmlInit_v2", &init) ||
      !load(library, "nvmlShutdown", &nvml->shutdown) ||
      !load(library, "nvmlDeviceGetCount_v2", &get_count) ||
      !load(library, "nvmlDeviceGetHandleByIndex_v2", &get_device) ||
      !load(library, "nvmlDeviceGetName", &nvml->get_name) ||
      !load(library, "nvmlDeviceGetPciInfo_v3", &nvml->get_pci) ||
      !load(library, "nvmlDeviceGetPowerUsage", &nvml->get_power)) {
    *status = hw_nvml_no_function;
    free(nvml);
    dlclose(library);
    return NULL;
  }
  // Both came after the others; an old driver has neither.
  load(library, "nvmlDeviceGetTotalEnergyConsumption", &nvml->get_energy);
  load(library, "nvmlDeviceGetFieldValues", &nvml->get_fields);
  load(library, "nvmlDeviceGetPowerManagementLimitConstraints", &nvml->get_limits);
  load(library, "nvmlDeviceGetMigMode", &nvml->get_mig);
  load(library, "nvmlDeviceGetVirtualizationMode", &nvml->get_virtualization);
  load(library, "nvmlDeviceGetClockInfo", &nvml->get_clock);
  load(library, "nvmlDeviceGetTemperature", &nvml->get_temperature);
  load(library, "nvmlDeviceGetPowerManagementLimit", &nvml->get_limit);
  load(library, "nvmlDeviceGetCurrentClocksThrottleReasons", &nvml->get_throttle);
  nvml->library = library;
  *status = init();
  unsigned count = 0;
  if (*status == 0) {
    *status = get_count(&count);
    // A GPU that has no handle does not take the others with it: what is wrong is told where it is asked.
    for (unsigned index = 0; *status == 0 && index < count && index < maximum_gpus; index++) {
      nvml->failures[index] = get_device(index, &nvml->devices[index]);
      nvml->count = index + 1;
    }
    if (*status == 0) return nvml;
    nvml->shutdown();
  }
  free(nvml);
  dlclose(library);
  return NULL;
}

void hw_nvml_close(hw_nvml *nvml) {
  nvml->shutdown();
  dlclose(nvml->library);
  free(nvml);
}

int hw_nvml_count(hw_nvml *nvml, unsigned *count) {
  *count = nvml->count;
  return hw_nvml_ok;
}

int hw_nvml_describe(hw_nvml *nvml, unsigned index, char *name, char *address, int *where) {
  pci_info info;
  memset(&info, 0, sizeof info);
  *where = hw_nvml_in_handle;
  if (nvml->failures[index] != 0) return nvml->failures[index];
  *where = hw_nvml_in_description;
  int status = nvml->get_name(nvml->devices[index], name, 96);
  name[95] = '\0';
  if (status != 0) return status;
  status = nvml->get_pci(nvml->devices[index], &info);
  memcpy(address, info.address, 32);
  address[31] = '\0';
  return status;
}

int hw_nvml_limit(hw_nvml *nvml, unsigned index, uint32_t *milliwatts) {
  if (nvml->get_limits == NULL) return hw_nvml_no_function;
  unsigned least = 0;
  unsigned most = 0;
  int status = nvml->get_limits(nvml->devices[index], &least, &most);
  *milliwatts = most;
  return status;
}

int hw_nvml_energy(hw_nvml *nvml, unsigned index, uint64_t *millijoules) {
  if (nvml->get_energy == NULL) return hw_nvml_no_function;
  unsigned long long energy = 0;
  int status = nvml->get_energy(nvml->devices[index], &energy);
  *millijoules = energy;
  return status;
}

int hw_nvml_power(hw_nvml *nvml, unsigned index, uint32_t *milliwatts, int *is_instant) {
  if (nvml->get_fields != NULL) {
    field_value field;
    memset(&field, 0, sizeof field);
    field.field = field_instant_power;
    if (nvml->get_fields(nvml->devices[index], 1, &field) == 0 && field.status == 0 &&
        field.type == type_unsigned_int) {
      *milliwatts = field.value.word;
      *is_instant = 1;
      return hw_nvml_ok;
    }
  }
  unsigned power = 0;
  int status = nvml->get_power(nvml->devices[index], &power);
  *milliwatts = power;
  *is_instant = 0;
  return status;
}

int hw_nvml_sharing(hw_nvml *nvml, unsigned index) {
  enum { guest_part = 2, host_part = 3, host_screen = 4 };
  unsigned present = 0, pending = 0;
  int mode = 0;
  void *device = nvml->devices[index];
  if (nvml->get_mig != NULL && nvml->get_mig(device, &present, &pending) == 0 && present != 0)
    return hw_nvml_instances;
  if (nvml->get_virtualization == NULL || nvml->get_virtualization(device, &mode) != 0)
    return hw_nvml_whole;
  if (mode == guest_part) return hw_nvml_virtual_part;
  return mode == host_part || mode == host_screen ? hw_nvml_shared_out : hw_nvml_whole;
}

void hw_nvml_read_state(hw_nvml *nvml, unsigned index, hw_nvml_state *state) {
  enum { clock_sm = 1, clock_memory = 2, temperature_gpu = 0 };
  void *device = nvml->devices[index];
  unsigned value = 0;
  unsigned long long reasons = 0;
  *state = (hw_nvml_state){-1, -1, -1, -1, -1};
  if (nvml->failures[index] != 0) return;
  if (nvml->get_clock != NULL && nvml->get_clock(device, clock_sm, &value) == 0)
    state->sm_mhz = value;
  if (nvml->get_clock != NULL && nvml->get_clock(device, clock_memory, &value) == 0)
    state->memory_mhz = value;
  if (nvml->get_temperature != NULL && nvml->get_temperature(device, temperature_gpu, &value) == 0)
    state->celsius = value;
  if (nvml->get_limit != NULL && nvml->get_limit(device, &value) == 0) state->limit_mw = value;
  if (nvml->get_throttle != NULL && nvml->get_throttle(device, &reasons) == 0)
    state->throttle_reasons = (int64_t)reasons;
}
