/// The Equihash solvers in guarded memory: no access outside, nothing false in how they count, and all find the same.
///
/// usage: equihash [ATTEMPTS]

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "hw_cpu.h"
#include "hw_equihash.h"

enum { WORK = 140, RECORD = 1348, ROOM = 64, NONCE = 108 };

static int failed, passed;

static void expect(bool holds, const char *kernel, const char *what) {
  if (holds) {
    passed++;
  } else {
    failed++;
    printf("FAILED: equihash-200-9/%s: %s\n", kernel, what);
  }
}

static hw_status scan(const hw_kernel *kernel, const uint8_t *work, void *scratch, uint32_t first,
                      uint64_t count, uint8_t target_byte, uint8_t *records, uint64_t capacity,
                      const uint32_t *stop, hw_scan_result *result) {
  uint8_t target[HW_TARGET_SIZE];
  memset(target, target_byte, sizeof target);
  hw_scan_request request = {.struct_size = sizeof request,
                             .first_nonce = first,
                             .count = count,
                             .work = work,
                             .target = target,
                             .scratch = scratch,
                             .scratch_size = kernel->scratch_size,
                             .records = records,
                             .capacity = capacity,
                             .stop = stop,
                             .work_size = WORK,
                             .record_size = RECORD};
  *result = (hw_scan_result){.struct_size = sizeof *result};
  return kernel->scan(&request, result);
}

int main(int count, char **arguments) {
  uint64_t attempts = count > 1 ? (uint64_t)atol(arguments[1]) : 1;
  uint8_t *work = guarded(WORK, 1), *known = calloc(ROOM, RECORD);
  uint8_t *records = guarded((size_t)ROOM * RECORD, 8);
  for (int i = 0; i < WORK; i++) work[i] = (uint8_t)(3 * i + 1);
  uint64_t found = UINT64_MAX;
  size_t kernel_count;
  const hw_kernel *kernels = hw_equihash_kernels(&kernel_count);
  for (size_t i = 0; i < kernel_count; i++) {
    const hw_kernel *kernel = &kernels[i];
    if ((kernel->required_features & ~hw_cpu_features()) != 0) {
      printf("NOT RUN: equihash-200-9/%s: this CPU lacks it\n", kernel->name);
      continue;
    }
    void *scratch = guarded(kernel->scratch_size, kernel->scratch_alignment);
    hw_scan_result result;
    memset(records, 0x5a, (size_t)ROOM * RECORD);
    hw_status status =
        scan(kernel, work, scratch, UINT32_MAX, attempts, 0xff, records, ROOM, NULL, &result);
    expect(status == HW_OK && result.attempts == attempts, kernel->name, "it ended early");
    expect(result.found == result.units && result.found <= ROOM, kernel->name, "wrong counts");
    if (found == UINT64_MAX) {
      found = result.found;
      memcpy(known, records, (size_t)found * RECORD);
    }
    expect(result.found == found && memcmp(known, records, (size_t)found * RECORD) == 0,
           kernel->name, "it finds other solutions than the first kernel");
    uint32_t stop = 1;
    status = scan(kernel, work, scratch, 0, 5, 0xff, records, 0, &stop, &result);
    expect(status == HW_OK && result.attempts == 0 && result.units == 0, kernel->name,
           "it does not stop");
    status = scan(kernel, work, scratch, 0, 0, 0xff, NULL, 0, NULL, &result);
    expect(status == HW_OK && result.attempts == 0, kernel->name, "no attempt is something");
    status = scan(kernel, work, NULL, 0, 1, 0xff, NULL, 0, NULL, &result);
    expect(status == HW_BAD_REQUEST, kernel->name, "it takes no scratch for scratch");
    guarded_free(scratch, kernel->scratch_size, kernel->scratch_alignment);
  }
  free(known);
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
