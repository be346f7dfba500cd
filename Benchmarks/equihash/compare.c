/// Runs one Equihash kernel for so many attempts on the calling thread, and prints its CPU time.
///
/// usage: compare KERNEL ATTEMPTS FIRST_NONCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "hw_cpu.h"
#include "hw_equihash.h"

static double spent(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int count, char **arguments) {
  if (count != 4) {
    fprintf(stderr, "usage: compare KERNEL ATTEMPTS FIRST_NONCE\n");
    return 2;
  }
  size_t kernel_count;
  const hw_kernel *kernels = hw_equihash_kernels(&kernel_count);
  for (size_t index = 0; index < kernel_count; index++) {
    const hw_kernel *kernel = &kernels[index];
    if (strcmp(arguments[1], kernel->name) != 0) continue;
    if ((kernel->required_features & ~hw_cpu_features()) != 0) {
      printf("%s: this CPU cannot run it\n", kernel->name);
      return 3;
    }
    size_t huge = (size_t)2 << 20, size = (kernel->scratch_size + huge - 1) / huge * huge;
    void *scratch = aligned_alloc(huge, size);
    if (scratch == NULL) return 3;
    madvise(scratch, size, MADV_HUGEPAGE);
    memset(scratch, 0, size);
    uint8_t work[140] = {7}, target[HW_TARGET_SIZE];
    memset(target, 0, sizeof target);
    hw_scan_request request = {.struct_size = sizeof request,
                               .first_nonce = (uint32_t)atol(arguments[3]),
                               .count = (uint64_t)atol(arguments[2]),
                               .work = work,
                               .target = target,
                               .scratch = scratch,
                               .scratch_size = size,
                               .work_size = sizeof work,
                               .record_size = 1348};
    hw_scan_result result = {.struct_size = sizeof result};
    double before = spent();
    if (kernel->scan(&request, &result) != HW_OK) return 1;
    double took = spent() - before;
    printf(
        "%s attempts %llu solutions %llu each %.3f cpu_s %.3f attempt_s %.4f sol_per_cpu_s %.3f\n",
        kernel->name, (unsigned long long)result.attempts, (unsigned long long)result.units,
        (double)result.units / (double)result.attempts, took, took / (double)result.attempts,
        (double)result.units / took);
    free(scratch);
    return 0;
  }
  fprintf(stderr, "compare: no kernel '%s'\n", arguments[1]);
  return 2;
}
