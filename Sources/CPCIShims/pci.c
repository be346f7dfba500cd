#include "hw_pci.h"

#include <pci/pci.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hw_pci_bus {
  struct pci_access *access;
  struct pci_dev **devices;
  size_t count;
  bool is_dump;
  bool names_failed;
};

// libpci's hooks carry no user data, so what they need is kept per thread while one of our calls runs.
static _Thread_local jmp_buf *return_point;
static _Thread_local hw_pci_message *last_message;

static void keep_message(const char *format, va_list arguments) {
  if (last_message == NULL) return;
  vsnprintf(last_message->text, sizeof last_message->text, format, arguments);
}

__attribute__((noreturn, format(printf, 1, 2))) static void on_error(char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  keep_message(format, arguments);
  va_end(arguments);
  // Every call into libpci sets a return point; without one there is no way on.
  if (return_point == NULL) abort();
  longjmp(*return_point, 1);
}

__attribute__((format(printf, 1, 2))) static void on_warning(char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  keep_message(format, arguments);
  va_end(arguments);
}

__attribute__((format(printf, 1, 2))) static void on_debug(char *format, ...) { (void)format; }

// Runs BODY with a return point. The variables that BODY changes and that are read afterwards must be volatile or
// not local.
#define GUARDED(MESSAGE, STATUS, BODY)                                                             \
  do {                                                                                             \
    jmp_buf point;                                                                                 \
    jmp_buf *outer_point = return_point;                                                           \
    hw_pci_message *outer = last_message;                                                          \
    last_message = (MESSAGE);                                                                      \
    if (setjmp(point) == 0) {                                                                      \
      return_point = &point;                                                                       \
      BODY;                                                                                        \
    } else {                                                                                       \
      (STATUS) = HW_PCI_FAILED;                                                                    \
    }                                                                                              \
    return_point = outer_point;                                                                    \
    last_message = outer;                                                                          \
  } while (0)

static hw_pci_status no_memory(hw_pci_message *message) {
  snprintf(message->text, sizeof message->text, "out of memory");
  return HW_PCI_NO_MEMORY;
}

static hw_pci_status open_bus(unsigned method, const char *parameter, const char *value,
                              hw_pci_bus **result, hw_pci_message *message) {
  message->text[0] = 0;
  *result = NULL;
  hw_pci_bus *bus = calloc(1, sizeof *bus);
  if (bus == NULL) return no_memory(message);
  bus->is_dump = method == PCI_ACCESS_DUMP;
  volatile hw_pci_status status = HW_PCI_OK;
  GUARDED(message, status, {
    struct pci_access *access = pci_alloc();
    bus->access = access;
    access->error = on_error;
    access->warning = on_warning;
    access->debug = on_debug;
    access->method = method;
    // libpci's parameters are not const, but it copies them.
    pci_set_param(access, (char *)parameter, (char *)value);
    pci_init(access);
    pci_scan_bus(access);
  });
  if (status == HW_PCI_OK) {
    size_t count = 0;
    for (struct pci_dev *device = bus->access->devices; device; device = device->next) count++;
    bus->devices = calloc(count ? count : 1, sizeof *bus->devices);
    if (bus->devices == NULL) {
      status = no_memory(message);
    } else {
      // libpci puts each new function first, so this restores the order of the source.
      bus->count = count;
      for (struct pci_dev *device = bus->access->devices; device; device = device->next)
        bus->devices[--count] = device;
    }
  }
  if (status != HW_PCI_OK) {
    hw_pci_close(bus);
    return status;
  }
  *result = bus;
  return HW_PCI_OK;
}

hw_pci_status hw_pci_open_sysfs(const char *sysfs_path, hw_pci_bus **bus, hw_pci_message *message) {
  return open_bus(PCI_ACCESS_SYS_BUS_PCI, "sysfs.path", sysfs_path, bus, message);
}

hw_pci_status hw_pci_open_dump(const char *file, hw_pci_bus **bus, hw_pci_message *message) {
  return open_bus(PCI_ACCESS_DUMP, "dump.name", file, bus, message);
}

hw_pci_status hw_pci_use_names(hw_pci_bus *bus, const char *file, hw_pci_message *message) {
  char *copy = strdup(file);
  if (copy == NULL) return no_memory(message);
  volatile hw_pci_status status = HW_PCI_OK;
  GUARDED(message, status, { pci_set_name_list_path(bus->access, copy, 1); });
  return status;
}

void hw_pci_close(hw_pci_bus *bus) {
  if (bus == NULL) return;
  hw_pci_message message;
  volatile hw_pci_status status = HW_PCI_OK;
  // pci_cleanup works on what was not initialised, too: libpci has no methods then.
  if (bus->access != NULL) GUARDED(&message, status, { pci_cleanup(bus->access); });
  (void)status;
  free(bus->devices);
  free(bus);
}

size_t hw_pci_count(const hw_pci_bus *bus) { return bus->count; }

void hw_pci_address(const hw_pci_bus *bus, size_t index, uint32_t *domain, uint8_t *bus_number,
                    uint8_t *device, uint8_t *function) {
  const struct pci_dev *found = bus->devices[index];
  *domain = (uint32_t)found->domain;
  *bus_number = found->bus;
  *device = found->dev;
  *function = found->func;
}

hw_pci_status hw_pci_identify(hw_pci_bus *bus, size_t index, bool may_read_config,
                              hw_pci_identity *identity, hw_pci_message *message) {
  message->text[0] = 0;
  memset(identity, 0, sizeof *identity);
  if (index >= bus->count) return HW_PCI_NO_SUCH_DEVICE;
  struct pci_dev *device = bus->devices[index];
  // In sysfs these come from files of their own, each of which a capture may lack, and libpci gives up at the first that
  // is missing: so one after the other. In a dump everything comes from the captured bytes.
  static const int steps[] = {PCI_FILL_IDENT, PCI_FILL_CLASS, PCI_FILL_BASES | PCI_FILL_SIZES,
                              PCI_FILL_CLASS_EXT | PCI_FILL_SUBSYS};
  volatile int known = 0;
  for (size_t step = 0; step < sizeof steps / sizeof *steps; step++) {
    if (step == 3 && !may_read_config && !bus->is_dump) break;
    hw_pci_message ignored;
    volatile hw_pci_status status = HW_PCI_OK;
    GUARDED(step == 0 ? message : &ignored, status,
            { known = pci_fill_info(device, steps[step]); });
    if (step == 0 && status != HW_PCI_OK) return status;
  }
  identity->vendor = device->vendor_id;
  identity->device = device->device_id;
  identity->class_code = device->device_class;
  identity->has_class = (known & PCI_FILL_CLASS) != 0;
  identity->revision = device->rev_id;
  identity->has_revision = (known & PCI_FILL_CLASS_EXT) != 0;
  identity->subsystem_vendor = device->subsys_vendor_id;
  identity->subsystem_device = device->subsys_id;
  identity->has_subsystem = (known & PCI_FILL_SUBSYS) != 0;
  identity->has_sizes = !bus->is_dump && (known & PCI_FILL_SIZES) != 0;
  for (int region = 0; region < 6; region++) identity->region_size[region] = device->size[region];
  return HW_PCI_OK;
}

hw_pci_status hw_pci_read_config(hw_pci_bus *bus, size_t index, uint8_t *bytes, size_t *length,
                                 hw_pci_message *message) {
  // libpci gives a block whole or not at all, and how much may be read depends on the user and the device.
  static const int ends[] = {64, 256, HW_PCI_CONFIG_SIZE};
  message->text[0] = 0;
  *length = 0;
  if (index >= bus->count) return HW_PCI_NO_SUCH_DEVICE;
  struct pci_dev *device = bus->devices[index];
  volatile hw_pci_status status = HW_PCI_OK;
  volatile int have = 0;
  GUARDED(message, status, {
    for (size_t step = 0; step < sizeof ends / sizeof *ends; step++) {
      if (!pci_read_block(device, have, bytes + have, ends[step] - have)) break;
      have = ends[step];
    }
  });
  *length = (size_t)have;
  return status;
}

bool hw_pci_name(hw_pci_bus *bus, hw_pci_name_kind kind, uint16_t vendor, uint16_t device,
                 uint16_t subsystem_vendor, uint16_t subsystem_device, char *text, size_t size) {
  // Offline and from the file only: the answer must not depend on the network or on udev's copy.
  const int flags = PCI_LOOKUP_NO_NUMBERS | PCI_LOOKUP_NO_HWDB;
  hw_pci_message message;
  char *volatile found = NULL;
  volatile hw_pci_status status = HW_PCI_OK;
  if (bus->names_failed || size == 0) return false;
  text[0] = 0;
  GUARDED(&message, status, {
    switch (kind) {
    case HW_PCI_NAME_VENDOR:
      found = pci_lookup_name(bus->access, text, (int)size, PCI_LOOKUP_VENDOR | flags, vendor);
      break;
    case HW_PCI_NAME_DEVICE:
      found =
          pci_lookup_name(bus->access, text, (int)size, PCI_LOOKUP_DEVICE | flags, vendor, device);
      break;
    case HW_PCI_NAME_SUBSYSTEM:
      found = pci_lookup_name(bus->access, text, (int)size,
                              PCI_LOOKUP_SUBSYSTEM | PCI_LOOKUP_DEVICE | flags, vendor, device,
                              subsystem_vendor, subsystem_device);
      break;
    }
  });
  if (status != HW_PCI_OK) {
    bus->names_failed = true;
    return false;
  }
  return found != NULL && text[0] != 0;
}
