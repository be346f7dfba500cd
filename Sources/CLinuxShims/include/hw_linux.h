#ifndef HW_LINUX_H
#define HW_LINUX_H

/// What Swift cannot call: macros over `cpu_set_t`, variadic system calls and inline CPU instructions.

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Pins the calling thread to one CPU. Returns 0 or an errno value.
/// Needed because `CPU_SET` is a macro; works for any CPU number through `CPU_ALLOC`.
int hw_linux_pin_current_thread(int cpu);

/// Writes the CPUs that the calling thread may use, ascending, at most `capacity` of them.
/// Returns how many there are (which may exceed `capacity`), or the negative of an errno value.
int hw_linux_allowed_cpus(int *cpus, int capacity);

/// The CPU that the calling thread runs on, or the negative of an errno value.
int hw_linux_current_cpu(void);

#pragma clang assume_nonnull end

#endif
