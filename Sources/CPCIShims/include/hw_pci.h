#ifndef HW_PCI_H
#define HW_PCI_H

/// Why this exists: libpci ends the process on failure. Its default error hook calls `exit`, and a hook must not
/// return. Here every call into libpci runs under a hook that jumps back out of it, inside C, and gives a status;
/// no structure of libpci leaves this file.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Longest message that is kept, its zero byte included.
#define HW_PCI_MESSAGE_SIZE 256
/// Bytes of the extended configuration space.
#define HW_PCI_CONFIG_SIZE 4096

/// An opened bus; one thread at a time.
typedef struct hw_pci_bus hw_pci_bus;

/// What went wrong: 0 is success, everything else has a message.
typedef enum hw_pci_status {
  HW_PCI_OK = 0,
  /// libpci reported an error; the message is its own text.
  HW_PCI_FAILED = 1,
  HW_PCI_NO_MEMORY = 2,
  HW_PCI_NO_SUCH_DEVICE = 3,
} hw_pci_status;

typedef struct hw_pci_message {
  char text[HW_PCI_MESSAGE_SIZE];
} hw_pci_message;

/// What libpci tells of one function. Whatever has no `has_` flag of its own is always there.
typedef struct hw_pci_identity {
  uint16_t vendor;
  uint16_t device;
  /// Class and subclass; not known where `has_class` is false.
  uint16_t class_code;
  uint8_t revision;
  uint16_t subsystem_vendor;
  uint16_t subsystem_device;
  bool has_class;
  bool has_revision;
  bool has_subsystem;
  /// Sizes of the six regions, 0 where there is none; a dump does not tell sizes.
  bool has_sizes;
  uint64_t region_size[6];
} hw_pci_identity;

/// Opens sysfs below `sysfs_path` (such as "/sys/bus/pci") and lists its functions, without touching any
/// configuration space.
hw_pci_status hw_pci_open_sysfs(const char *sysfs_path, hw_pci_bus **bus, hw_pci_message *message);

/// Opens a dump in the form that `lspci -x` prints.
hw_pci_status hw_pci_open_dump(const char *file, hw_pci_bus **bus, hw_pci_message *message);

/// Names come from this file rather than libpci's usual one. Call before the first look-up.
hw_pci_status hw_pci_use_names(hw_pci_bus *bus, const char *file, hw_pci_message *message);

void hw_pci_close(hw_pci_bus *bus);

size_t hw_pci_count(const hw_pci_bus *bus);

/// The domain, bus, device and function of the function at `index`, which is below the count.
void hw_pci_address(const hw_pci_bus *bus, size_t index, uint32_t *domain, uint8_t *bus_number,
                    uint8_t *device, uint8_t *function);

/// Identifies one function. Without `may_read_config` its configuration space is never read, which would wake a
/// device that is powered off.
hw_pci_status hw_pci_identify(hw_pci_bus *bus, size_t index, bool may_read_config,
                              hw_pci_identity *identity, hw_pci_message *message);

/// Reads as much of the configuration space as can be read: 0, 64, 256 or up to 4096 bytes.
hw_pci_status hw_pci_read_config(hw_pci_bus *bus, size_t index, uint8_t *bytes, size_t *length,
                                 hw_pci_message *message);

typedef enum hw_pci_name_kind {
  HW_PCI_NAME_VENDOR,
  HW_PCI_NAME_DEVICE,
  HW_PCI_NAME_SUBSYSTEM,
} hw_pci_name_kind;

/// Looks a name up in pci.ids, offline. False where there is none.
bool hw_pci_name(hw_pci_bus *bus, hw_pci_name_kind kind, uint16_t vendor, uint16_t device,
                 uint16_t subsystem_vendor, uint16_t subsystem_device, char *text, size_t size);

#endif
