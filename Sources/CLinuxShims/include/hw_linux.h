#ifndef HW_LINUX_H
#define HW_LINUX_H

/// What Swift cannot call: macros over `cpu_set_t`, variadic system calls and inline CPU instructions.

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What kind of file system a path is on, as a magic number of statfs(2), or a negative number where that cannot be told.
/// Needed because Swift does not see `struct statfs`.
int64_t hw_linux_file_system_kind(const char *path);

/// Pins the calling thread to one CPU. Returns 0 or an errno value.
/// Needed because `CPU_SET` is a macro; works for any CPU number through `CPU_ALLOC`.
int hw_linux_pin_current_thread(int cpu);

/// Writes the CPUs that the calling thread may use, ascending, at most `capacity` of them.
/// Returns how many there are (which may exceed `capacity`), or the negative of an errno value.
int hw_linux_allowed_cpus(int *cpus, int capacity);

/// The CPU that the calling thread runs on, or the negative of an errno value.
int hw_linux_current_cpu(void);

/// Makes the first SIGINT or SIGTERM raise a flag; a second one ends the process.
/// Needed because a signal handler may touch only lock-free C objects.
void hw_linux_catch_interrupts(void);

/// Whether a signal raised the flag; any thread may ask.
int hw_linux_is_interrupted(void);

/// Lets writes to a closed pipe fail with EPIPE instead of ending the process.
/// Needed because `SIG_IGN` is a macro with a cast.
void hw_linux_ignore_broken_pipe(void);

/// Ends the process by SIGPIPE, as programs end whose reader has gone.
void hw_linux_end_by_broken_pipe(void);

/// Columns of the terminal behind a file descriptor, or 0 where there is none.
/// Needed because `ioctl` is variadic and its request a macro.
int hw_linux_terminal_columns(int descriptor);

/// From now on a memory fault at an address in `[low, high)` writes the line "overrun" to a descriptor before the
/// signal ends the process. Needed because `si_addr` is a macro and a handler must not run Swift code.
void hw_linux_watch_range(int descriptor, uintptr_t low, uintptr_t high);

/// From now on a fault of the calling thread (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT) writes its number to `fault`, a
/// call of `exit` by it writes -1, and the thread stays where it is for ever. Faults of other threads end the process as
/// ever. Needed because only a handler in C may run in a thread that has crashed.
void hw_linux_park_on_fault(int *fault);

/// What such a handler wrote, or 0.
int hw_linux_fault(const int *fault);

/// A pipe whose ends no other program inherits. Returns 0 or an errno value.
/// Needed because Swift does not see `pipe2`, and setting the flag afterwards would race with other threads' programs.
int hw_linux_pipe(int *ends);

/// The next connection of a listening socket, as a descriptor that no other program inherits and that never blocks, or -1.
/// `address` has room for `*size` bytes; both are filled. Needed because Swift does not see `accept4`.
int hw_linux_accept(int listener, void *address, unsigned *size);

/// A descriptor that one thread makes readable and another clears, or -1. Needed because Swift does not see `eventfd`.
int hw_linux_eventfd(void);
void hw_linux_signal(int eventfd);
void hw_linux_clear(int eventfd);

/// Waits until all that was written to the file system of an open file is on its medium. Returns 0 or an errno value.
/// Needed because Swift does not see `syncfs`.
int hw_linux_sync_file_system(int descriptor);

/// Has the C library keep up to 64 MiB of freed memory for the next use, from now on in the whole process.
/// Needed because Swift does not see `mallopt`.
void hw_linux_keep_freed_memory(void);

/// From now on this process is killed when the thread that started it ends. Needed because `prctl` is variadic.
void hw_linux_end_with_parent(void);

#pragma clang assume_nonnull end

#endif
