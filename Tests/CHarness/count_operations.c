// Steps through one pass of each kernel, instruction by instruction (ptrace), and prints how often each was executed:
// "kernel ALGORITHM NAME HASHES BITS" and "expect KIND COUNT" lines from hw_kernel_operations, then "at ADDRESS COUNT"
// lines. A script joins the addresses with a disassembly. x86-64 Linux, linked at fixed addresses.

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "hw_cpu.h"
#include "hw_operations.h"

extern char __executable_start, etext;

/// The child: stops itself, scans one pass, stops itself again.
static void scan_once(const hw_kernel *kernel, uint64_t hashes) {
  uint8_t header[HW_HEADER_SIZE] = {1, 2, 3}, target[HW_TARGET_SIZE] = {0};
  void *scratch = guarded(kernel->scratch_size, kernel->scratch_alignment);
  hw_scan_request request = {.struct_size = sizeof request,
                             .count = hashes,
                             .header = header,
                             .target = target,
                             .scratch = scratch,
                             .scratch_size = kernel->scratch_size};
  hw_scan_result result = {.struct_size = sizeof result};
  if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(3);
  raise(SIGSTOP);
  hw_status status = kernel->scan(&request, &result);
  raise(SIGSTOP);
  _exit(status == HW_OK ? 0 : 4);
}

static int count_kernel(const hw_kernel *kernel, const hw_operations *operations) {
  uintptr_t base = (uintptr_t)&__executable_start;
  size_t size = (uintptr_t)&etext - base;
  uint32_t *counts = calloc(size, sizeof *counts);
  if (counts == NULL) abort();
  uint64_t hashes = kernel->lanes > operations->hashes ? kernel->lanes : operations->hashes;
  fflush(stdout);
  pid_t child = fork();
  if (child < 0) abort();
  if (child == 0) scan_once(kernel, hashes);
  int state;
  if (waitpid(child, &state, 0) != child || !WIFSTOPPED(state)) {
    fprintf(stderr, "this process may not trace its children\n");
    return 3;
  }
  for (;;) {
    if (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) != 0) return 3;
    if (waitpid(child, &state, 0) != child || !WIFSTOPPED(state)) return 3;
    if (WSTOPSIG(state) == SIGSTOP) break;
    if (WSTOPSIG(state) != SIGTRAP) return 4;
    errno = 0;
    long at = ptrace(PTRACE_PEEKUSER, child, (void *)offsetof(struct user_regs_struct, rip), NULL);
    if (errno != 0) return 3;
    if ((uintptr_t)at - base < size) counts[(uintptr_t)at - base]++;
  }
  kill(child, SIGKILL);
  waitpid(child, &state, 0);
  printf("kernel %s %s %" PRIu64 " %u\n", kernel->algorithm, kernel->name, hashes,
         operations->vector_bits);
  for (int kind = 0; kind < HW_OPERATION_KINDS; kind++)
    printf("expect %s %" PRIu64 "\n", hw_operation_name((hw_operation_kind)kind),
           operations->counts[kind] * hashes / operations->hashes);
  for (size_t i = 0; i < size; i++)
    if (counts[i] != 0) printf("at %" PRIxPTR " %" PRIu32 "\n", base + i, counts[i]);
  free(counts);
  return 0;
}

int main(void) {
  size_t count;
  const family *all = families(&count);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < all[i].count; k++) {
      const hw_kernel *kernel = &all[i].kernels[k];
      hw_operations operations;
      if (!hw_kernel_operations(kernel, &operations)) {
        printf("none %s %s\n", kernel->algorithm, kernel->name);
        continue;
      }
      if ((hw_cpu_features() & kernel->required_features) != kernel->required_features) {
        printf("absent %s %s\n", kernel->algorithm, kernel->name);
        continue;
      }
      int status = count_kernel(kernel, &operations);
      if (status != 0) return status;
    }
  return 0;
}
