#ifndef HW_PERF_H
#define HW_PERF_H

/// Counting perf events: `perf_event_open` has no C library function and its attributes are bit-fields.

#include <stdint.h>

#pragma clang assume_nonnull begin

/// Opens one counting event of a system-wide PMU on one CPU. `group` is the leader's descriptor or -1; all values of
/// a group come from one read of the leader. Returns a descriptor, or the negative of an errno value.
int hw_perf_open(uint32_t type, uint64_t config, int cpu, int group);

/// Reads a group: the counts in the order in which its events were opened. Returns how many there are, at most
/// `capacity`, or the negative of an errno value.
int hw_perf_read(int leader, uint64_t *counts, int capacity);

#pragma clang assume_nonnull end

#endif
