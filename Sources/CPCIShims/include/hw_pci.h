#ifndef HW_PCI_H
#define HW_PCI_H

/// libpci ends the process on failure (its default error hook calls `exit`) and needs C macros.

#endif
