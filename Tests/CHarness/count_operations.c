// Steps through one pass of each kernel, instruction by instruction (ptrace), and prints how often each was executed:
// "kernel ALGORITHM NAME HASHES BITS" and "expect KIND COUNT" lines from hw_kernel_operations, then "at ADDRESS COUNT"
// lines. A script joins the addresses with a disassembly. x86-64 Linux, linked at fixed addresses. With an algorithm and a
// name it prints the first two kinds of lines of that kernel, which this CPU need not be able to run.
//
// On arm64 it runs under an emulator that traces it and that has no ptrace: without arguments it prints "have ALGORITHM
// NAME" for each kernel; with these two it prints the first two kinds of lines and runs some passes between two functions
// whose addresses the script looks for in the trace.

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#endif
#include <unistd.h>

#include "harness.h"
#include "hw_cpu.h"
#include "hw_operations.h"

/// Hashes of whole passes of the kernel, however many the counts are for. An emulator is fast enough for several, among which
/// what is computed once per call is lost.
static uint64_t hashes_of_passes(const hw_kernel *kernel, const hw_operations *operations) {
#if defined(__x86_64__)
  const uint64_t passes = 1;
#else
  const uint64_t passes = kernel->scratch_size == 0 ? 16 : 1;
#endif
  return passes * (kernel->lanes > operations->hashes ? kernel->lanes : operations->hashes);
}

static void print_expected(const hw_kernel *kernel, const hw_operations *operations) {
  uint64_t hashes = hashes_of_passes(kernel, operations);
  printf("kernel %s %s %" PRIu64 " %u\n", kernel->algorithm, kernel->name, hashes,
         operations->vector_bits);
  for (int kind = 0; kind < HW_OPERATION_KINDS; kind++)
    printf("expect %s %" PRIu64 "\n", hw_operation_name((hw_operation_kind)kind),
           operations->counts[kind] * hashes / operations->hashes);
}

/// Scans so many hashes, between calls of `begin` and `end`.
static hw_status scan_passes(const hw_kernel *kernel, uint64_t hashes, void (*begin)(void),
                             void (*end)(void)) {
  uint8_t header[HW_HEADER_SIZE] = {1, 2, 3}, target[HW_TARGET_SIZE] = {0};
  void *scratch = guarded(kernel->scratch_size, kernel->scratch_alignment);
  hw_scan_request request = {.struct_size = sizeof request,
                             .count = hashes,
                             .work = header,
                             .work_size = HW_HEADER_SIZE,
                             .record_size = 4,
                             .target = target,
                             .scratch = scratch,
                             .scratch_size = kernel->scratch_size};
  hw_scan_result result = {.struct_size = sizeof result};
  begin();
  hw_status status = kernel->scan(&request, &result);
  end();
  return status;
}

#if defined(__x86_64__)

extern char __executable_start, etext;

static void stop(void) { raise(SIGSTOP); }

/// The child: stops itself, scans one pass, stops itself again.
static void scan_once(const hw_kernel *kernel, uint64_t hashes) {
  if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(3);
  _exit(scan_passes(kernel, hashes, stop, stop) == HW_OK ? 0 : 4);
}

/// Both on one CPU: each step is two changes from one to the other, which are far cheaper there than between two CPUs.
static void stay(void) {
  int cpu = sched_getcpu();
  cpu_set_t one;
  CPU_ZERO(&one);
  if (cpu >= 0) CPU_SET((unsigned)cpu, &one);
  (void)sched_setaffinity(0, sizeof one, &one);
}

static int count_kernel(const hw_kernel *kernel, const hw_operations *operations) {
  uintptr_t base = (uintptr_t)&__executable_start;
  size_t size = (uintptr_t)&etext - base;
  uint32_t *counts = calloc(size, sizeof *counts);
  if (counts == NULL) abort();
  uint64_t hashes = hashes_of_passes(kernel, operations);
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
  print_expected(kernel, operations);
  for (size_t i = 0; i < size; i++)
    if (counts[i] != 0) printf("at %" PRIxPTR " %" PRIu32 "\n", base + i, counts[i]);
  free(counts);
  return 0;
}

int main(int argc, char **argv) {
  stay();
  size_t count;
  const family *all = families(&count);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < all[i].count; k++) {
      const hw_kernel *kernel = &all[i].kernels[k];
      hw_operations operations;
      bool is_named = argc == 3 && strcmp(kernel->algorithm, argv[1]) == 0 &&
                      strcmp(kernel->name, argv[2]) == 0;
      if (argc == 3 && !is_named) continue;
      if (!hw_kernel_operations(kernel, &operations)) {
        printf("none %s %s\n", kernel->algorithm, kernel->name);
        continue;
      }
      if (is_named) {
        print_expected(kernel, &operations);
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

#else

// Not inlined, and different from one another, so that each keeps an address of its own.
__attribute__((noinline)) void count_begin(void) { __asm__ volatile("" ::"r"(1)); }
__attribute__((noinline)) void count_end(void) { __asm__ volatile("" ::"r"(2)); }

int main(int argc, char **argv) {
  size_t count;
  const family *all = families(&count);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < all[i].count; k++) {
      const hw_kernel *kernel = &all[i].kernels[k];
      hw_operations operations;
      if (!hw_kernel_operations(kernel, &operations)) {
        printf("none %s %s\n", kernel->algorithm, kernel->name);
      } else if (argc < 3) {
        printf("have %s %s\n", kernel->algorithm, kernel->name);
      } else if (strcmp(kernel->algorithm, argv[1]) == 0 && strcmp(kernel->name, argv[2]) == 0) {
        print_expected(kernel, &operations);
        fflush(stdout);
        hw_status status =
            scan_passes(kernel, hashes_of_passes(kernel, &operations), count_begin, count_end);
        return status == HW_OK ? 0 : 4;
      }
    }
  return argc < 3 ? 0 : 2;
}

#endif
