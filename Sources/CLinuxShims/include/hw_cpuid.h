#ifndef HW_CPUID_H
#define HW_CPUID_H

/// Why this exists: only the CPUID instruction tells which hypervisor runs below, where there is no firmware table.

/// Writes the hypervisor's signature, such as "KVMKVMKVM", and returns 1; 0 where the CPU names none.
int hw_linux_hypervisor_signature(char text[13]);

#endif
