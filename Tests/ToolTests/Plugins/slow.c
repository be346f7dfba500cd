// The example of the documentation, sixty-four times as slow: an old build to compare the new one with.

#define hw_plugin_entry example_entry
#include "../../../Documentation/PluginExample/plugin.c"
#undef hw_plugin_entry

static hw_status slow_scan(const hw_scan_request *request, hw_scan_result *result) {
  hw_status status = HW_OK;
  for (volatile int round = 0; round < 64; round++) status = scan(request, result);
  return status;
}

static const hw_kernel slow_kernels[] = {{
    .struct_size = sizeof(hw_kernel),
    .abi_version = HW_KERNEL_ABI_VERSION,
    .algorithm = "sha256d",
    .name = "example",
    .lanes = 1,
    .scan = slow_scan,
}};

static const hw_plugin slow_plugin = {
    .struct_size = sizeof(hw_plugin),
    .abi_version = HW_KERNEL_ABI_VERSION,
    .kernel_count = 1,
    .kernels = slow_kernels,
};

const hw_plugin *hw_plugin_entry(void) { return &slow_plugin; }
