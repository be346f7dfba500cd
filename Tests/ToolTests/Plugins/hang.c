// The example of the documentation, which one day does not come back: in call HANG_CALL of header HANG_HEADER it hangs, or
// with HANG_BY_CRASH, HANG_BY_EXIT or HANG_BY_REFUSAL it crashes, ends the process or refuses the call. With HANG_ASLEEP it hangs without
// taking the processor from others.
//
// Every session has a header of its own, and the self-test has three, so this hangs at one place of a run whatever the
// machine's speed.

#define hw_plugin_entry example_entry
#include "../../../Documentation/PluginExample/plugin.c"
#undef hw_plugin_entry

#include <stdlib.h>
#include <unistd.h>

static hw_status hang_scan(const hw_scan_request *request, hw_scan_result *result) {
  static uint8_t last[76];
  static int headers, calls;
  if (headers == 0 || memcmp(last, request->work, sizeof last) != 0) {
    memcpy(last, request->work, sizeof last);
    headers++;
    calls = 0;
  }
  calls++;
  if (headers == HANG_HEADER && calls == HANG_CALL) {
#ifdef HANG_BY_CRASH
    *(volatile int *)8 = 1;
#endif
#ifdef HANG_BY_EXIT
    exit(0);
#endif
#ifdef HANG_BY_REFUSAL
    return HW_LIBRARY_FAILED;
#endif
#ifdef HANG_ASLEEP
    for (;;) sleep(1);
#endif
    for (volatile int forever = 1; forever;) {
    }
  }
  return scan(request, result);
}

static const hw_kernel hang_kernels[] = {{
    .struct_size = sizeof(hw_kernel),
    .abi_version = HW_KERNEL_ABI_VERSION,
    .algorithm = "sha256d",
    .name = "hang",
    .lanes = 1,
    .scan = hang_scan,
}};

static const hw_plugin hang_plugin = {
    .struct_size = sizeof(hw_plugin),
    .abi_version = HW_KERNEL_ABI_VERSION,
    .kernel_count = 1,
    .kernels = hang_kernels,
};

const hw_plugin *hw_plugin_entry(void) { return &hang_plugin; }
