// The example of the documentation with one thing wrong with it, chosen by -DBAD_<WHAT>.

#define hw_plugin_entry example_entry
#include "../../../Documentation/PluginExample/plugin.c"
#undef hw_plugin_entry

#include <stdlib.h>

#ifndef BAD_NO_ENTRY
static hw_status bad_scan(const hw_scan_request *request, hw_scan_result *result) {
#ifdef BAD_CRASH
  *(volatile int *)0 = 1;
#endif
#ifdef BAD_HANG
  for (volatile int forever = 1; forever;) {
  }
#endif
#ifdef BAD_ABORT
  abort();
#endif
#ifdef BAD_EXIT
  exit(0);
#endif
#ifdef BAD_OVERRUN_FAR
  ((volatile uint8_t *)request->scratch)[8192 + 64] = 1;
#endif
#ifdef BAD_OVERRUN_NEAR
  ((volatile uint8_t *)request->scratch)[4000] = 1;
#endif
#ifdef BAD_INPUT
  ((volatile uint8_t *)(uintptr_t)request->work)[3] ^= 1;
#endif
  hw_status status = scan(request, result);
#ifdef BAD_MISS
  if (result->found > 1) result->found--;
#endif
#ifdef BAD_FALSE_SHARE
  if (result->found == 0 && request->count > 0) {
    result->found = 1;
    if (request->capacity > 0) memcpy(request->records, &request->first_nonce, 4);
  }
#endif
#ifdef BAD_ROOM
  if (result->found > request->capacity)
    ((volatile uint8_t *)request->records)[4 * request->capacity] = 1;
#endif
#ifdef BAD_UNITS
  result->units++;
#endif
#ifdef BAD_ATTEMPTS
  if (result->attempts > 0) result->units = --result->attempts;
#endif
#ifdef BAD_STATUS
  status = (hw_status)7;
#endif
  return status;
}

#ifndef BAD_ALGORITHM
#define BAD_ALGORITHM "sha256d"
#endif
#ifndef BAD_NAME
#define BAD_NAME "bad"
#endif
#ifndef BAD_VERSION
#define BAD_VERSION HW_KERNEL_ABI_VERSION
#endif
#ifndef BAD_SIZE
#define BAD_SIZE sizeof(hw_plugin)
#endif
#ifndef BAD_SCRATCH
#define BAD_SCRATCH 0
#endif
#ifndef BAD_ALIGNMENT
#define BAD_ALIGNMENT 0
#endif

static const hw_kernel bad_kernels[] = {
    {.struct_size = sizeof(hw_kernel),
     .abi_version = HW_KERNEL_ABI_VERSION,
     .algorithm = BAD_ALGORITHM,
     .name = BAD_NAME,
     .lanes = 1,
     .scratch_alignment = BAD_ALIGNMENT,
     .scratch_size = BAD_SCRATCH,
     .scan = bad_scan},
    {.struct_size = sizeof(hw_kernel),
     .abi_version = HW_KERNEL_ABI_VERSION,
     .algorithm = "sha256d",
#ifdef BAD_TWICE
     .name = "bad",
#else
     .name = "good",
#endif
     .lanes = 1,
     .scan = scan},
};

static const hw_plugin bad_plugin = {
    .struct_size = BAD_SIZE,
    .abi_version = BAD_VERSION,
    .kernel_count = 2,
    .kernels = bad_kernels,
};

const hw_plugin *hw_plugin_entry(void) {
#ifdef BAD_NULL
  return NULL;
#else
  return &bad_plugin;
#endif
}
#endif

#ifdef BAD_LOADING
__attribute__((constructor)) static void crash_at_once(void) { abort(); }
#endif
