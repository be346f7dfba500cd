// The example of the documentation, held to so many hashes a second by the clock: its rate is the same however busy the machine is,
// and the processor is left to others. HASHWATT_TEST_PACE_NS: nanoseconds of a hash, 100,000 unless given.

#define _POSIX_C_SOURCE 200809L

#define hw_plugin_entry example_entry
#include "../../../Documentation/PluginExample/plugin.c"
#undef hw_plugin_entry

#include <stdlib.h>
#include <time.h>

enum { SECOND_NS = 1000000000 };

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * SECOND_NS + time.tv_nsec;
}

static hw_status paced_scan(const hw_scan_request *request, hw_scan_result *result) {
  static _Thread_local int64_t due;
  const char *text = getenv("HASHWATT_TEST_PACE_NS");
  int64_t pace = text ? strtoll(text, NULL, 10) : 100000;
  // What a busy machine was late with is made up for, but not what lies before a pause.
  int64_t now = now_ns();
  if (due < now - SECOND_NS / 2) due = now;
  due += pace * (int64_t)request->count;
  hw_status status = scan(request, result);
  struct timespec until = {.tv_sec = due / SECOND_NS, .tv_nsec = due % SECOND_NS};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0) continue;
  return status;
}

static const hw_kernel paced_kernels[] = {{
    .struct_size = sizeof(hw_kernel),
    .abi_version = HW_KERNEL_ABI_VERSION,
    .algorithm = "sha256d",
    .name = "paced",
    .lanes = 1,
    .scan = paced_scan,
}};

static const hw_plugin paced_plugin = {
    .struct_size = sizeof(hw_plugin),
    .abi_version = HW_KERNEL_ABI_VERSION,
    .kernel_count = 1,
    .kernels = paced_kernels,
};

const hw_plugin *hw_plugin_entry(void) { return &paced_plugin; }
