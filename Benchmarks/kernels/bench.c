// Times every kernel that this machine can run, in alternating rounds, one thread or several.
//
// Usage: bench ALGORITHM ROUNDS MILLISECONDS THREADS [KERNEL]...
//        bench roofline
// Writes one line per round and kernel: round, algorithm, kernel, threads, hashes, wall ns, CPU ns, clock in kHz.
// The clock comes from a chain of dependent additions beside each measurement, in the same thread.
// With "roofline": one line per vector operation (probe, kind, bits, operations a cycle), then one line per kernel (bound,
// algorithm, kernel, cycles per hash that its algorithm needs at least in these instructions, and what of the core sets that).

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "hw_cpu.h"
#include "hw_keccak256.h"
#include "hw_roofline.h"
#include "hw_scrypt.h"
#include "hw_sha256d.h"

static uint64_t nanoseconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/// This core's clock, from a chain of additions that take a cycle each.
static uint64_t clock_kilohertz(void) {
  uint64_t start = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
  uint64_t cycles = hw_cycle_chain(12500);
  uint64_t elapsed = nanoseconds(CLOCK_THREAD_CPUTIME_ID) - start;
  return elapsed == 0 ? 0 : cycles * 1000000u / elapsed;
}

typedef struct job {
  const hw_kernel *kernel;
  uint8_t *scratch;
  uint64_t milliseconds;
  uint64_t hashes, wall, cpu, clock;
  pthread_barrier_t *barrier;
} job;

/// Hashes for the time given, with a target that nothing meets, in calls of about a millisecond.
static void *work(void *argument) {
  job *job = argument;
  const hw_kernel *kernel = job->kernel;
  uint8_t header[HW_HEADER_SIZE], target[HW_TARGET_SIZE] = {0};
  for (unsigned i = 0; i < sizeof header; i++) header[i] = (uint8_t)(i * 37 + 11);
  uint64_t chunk = kernel->lanes * (kernel->scratch_size != 0 ? 2u : 1024u);
  hw_scan_request request = {.struct_size = sizeof request,
                             .count = chunk,
                             .work = header,
                             .work_size = sizeof header,
                             .record_size = 4,
                             .target = target,
                             .scratch = job->scratch,
                             .scratch_size = kernel->scratch_size};
  hw_scan_result result = {.struct_size = sizeof result};
  job->hashes = 0;
  if (job->barrier != NULL) pthread_barrier_wait(job->barrier);
  uint64_t before = clock_kilohertz();
  uint64_t wall = nanoseconds(CLOCK_MONOTONIC_RAW), cpu = nanoseconds(CLOCK_THREAD_CPUTIME_ID), now;
  do {
    if (kernel->scan(&request, &result) != HW_OK) abort();
    request.first_nonce += (uint32_t)chunk;
    job->hashes += chunk;
    now = nanoseconds(CLOCK_MONOTONIC_RAW);
  } while (now - wall < job->milliseconds * 1000000u);
  job->cpu = nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
  job->wall = now - wall;
  uint64_t after = clock_kilohertz();
  job->clock = before > after ? before : after;
  return NULL;
}

static int wanted(const char *name, int count, char **names) {
  for (int i = 0; i < count; i++)
    if (strcmp(name, names[i]) == 0) return 1;
  return count == 0;
}

/// Operations a cycle of each probe: the best of several measurements of its loop and of the clock, as whatever disturbs
/// either makes it slower. All probes in turn, again and again, so that what disturbs for a while spoils no probe's every turn.
static void measure_probes(const hw_throughput_probe *probes, size_t count, double *rates) {
  enum { attempts = 31 };
  double fastest[64] = {0}, highest[64] = {0};
  for (int attempt = 0; attempt < attempts; attempt++)
    for (size_t p = 0; p < count; p++) {
      if ((hw_cpu_features() & probes[p].required_features) != probes[p].required_features)
        continue;
      double clock = (double)clock_kilohertz();
      uint64_t start = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
      uint64_t operations = probes[p].run(20000);
      double rate =
          (double)operations / (double)(nanoseconds(CLOCK_THREAD_CPUTIME_ID) - start) * 1e6;
      if (rate > fastest[p]) fastest[p] = rate;
      // Each beside its own loop: a core may be slower under wide ones.
      if (clock > highest[p]) highest[p] = clock;
    }
  for (size_t p = 0; p < count; p++) {
    rates[p] = highest[p] > 0 ? fastest[p] / highest[p] : 0;
    if (rates[p] > 0)
      printf("probe,%s,%u,%.3f\n", hw_operation_name(probes[p].kind), probes[p].vector_bits,
             rates[p]);
  }
}

/// Cycles that a hash takes at least, and what of the core takes them.
typedef struct limit {
  double cycles;
  const char *resource;
} limit;

/// The limit of a kernel's operations, as Roofline.swift has it; no cycles where a throughput or the operations are not known.
static limit cycles_of(const hw_kernel *kernel, const hw_throughput_probe *probes, size_t count,
                       const double *rates) {
  hw_operations operations;
  if (!hw_kernel_operations(kernel, &operations)) return (limit){0, NULL};
  limit most = {0, NULL};
  double sum = 0, highest = 0, shifted = 0, shifts = 0;
  for (int kind = 0; kind < HW_OPERATION_KINDS; kind++) {
    double rate = 0, needed = (double)operations.counts[kind];
    for (size_t p = 0; p < count; p++)
      if ((int)probes[p].kind == kind && probes[p].vector_bits == operations.vector_bits)
        rate = rates[p];
    if (needed == 0) continue;
    if (rate == 0) return (limit){0, NULL};
    if (needed / rate > most.cycles)
      most = (limit){needed / rate, hw_operation_name((hw_operation_kind)kind)};
    if (kind == HW_OPERATION_LOAD) continue;
    sum += needed;
    if (rate > highest) highest = rate;
    if (kind != HW_OPERATION_SHIFT && kind != HW_OPERATION_ROTATE) continue;
    shifted += needed;
    if (rate > shifts) shifts = rate;
  }
  if (shifted > 0 && shifted / shifts > most.cycles)
    most = (limit){shifted / shifts, "shifts and rotates"};
  if (sum > 0 && sum / highest > most.cycles) most = (limit){sum / highest, "all operations"};
  most.cycles /= operations.hashes;
  return most;
}

static void roofline(void) {
  size_t count, kernel_count;
  const hw_throughput_probe *probes = hw_throughput_probes(&count);
  double rates[64];
  if (count > sizeof rates / sizeof *rates) abort();
  measure_probes(probes, count, rates);
  const hw_kernel *(*const lists[])(size_t *) = {hw_sha256d_kernels, hw_scrypt_kernels,
                                                 hw_keccak256_kernels};
  for (size_t list = 0; list < 3; list++) {
    const hw_kernel *kernels = lists[list](&kernel_count);
    for (size_t k = 0; k < kernel_count; k++) {
      // The bound belongs to the algorithm: the least of its forms in the same instructions.
      limit least = cycles_of(&kernels[k], probes, count, rates);
      if (least.cycles == 0) continue;
      for (size_t other = 0; other < kernel_count; other++) {
        if (kernels[other].required_features != kernels[k].required_features) continue;
        limit form = cycles_of(&kernels[other], probes, count, rates);
        if (form.cycles != 0 && form.cycles < least.cycles) least = form;
      }
      printf("bound,%s,%s,%.1f,%s\n", kernels[k].algorithm, kernels[k].name, least.cycles,
             least.resource);
    }
  }
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "roofline") == 0) {
    roofline();
    return 0;
  }
  if (argc < 5) {
    fprintf(stderr, "usage: bench ALGORITHM ROUNDS MILLISECONDS THREADS [KERNEL]...\n");
    return 2;
  }
  size_t count = 0;
  const hw_kernel *kernels = NULL;
  if (strcmp(argv[1], "sha256d") == 0) kernels = hw_sha256d_kernels(&count);
  if (strcmp(argv[1], "scrypt-1024-1-1") == 0) kernels = hw_scrypt_kernels(&count);
  if (strcmp(argv[1], "keccak256") == 0) kernels = hw_keccak256_kernels(&count);
  unsigned rounds = (unsigned)atoi(argv[2]), threads = (unsigned)atoi(argv[4]);
  if (kernels == NULL || rounds == 0 || threads == 0 || threads > 1024) {
    fprintf(stderr, "bench: no such algorithm, or a count of zero\n");
    return 2;
  }
  uint64_t scratch_size = 0;
  for (size_t k = 0; k < count; k++)
    if (kernels[k].scratch_size > scratch_size) scratch_size = kernels[k].scratch_size;
  const uint64_t huge = 2u << 20;
  uint64_t each = (scratch_size + huge - 1) / huge * huge;
  uint8_t *scratch = NULL;
  if (each != 0) {
    scratch = aligned_alloc(huge, each * threads);
    if (scratch == NULL) abort();
    madvise(scratch, each * threads, MADV_HUGEPAGE);
    memset(scratch, 0, each * threads);
  }
  job jobs[1024];
  pthread_t ids[1024];
  for (unsigned round = 0; round < rounds; round++)
    for (size_t k = 0; k < count; k++) {
      const hw_kernel *kernel = &kernels[k];
      if ((hw_cpu_features() & kernel->required_features) != kernel->required_features) continue;
      if (!wanted(kernel->name, argc - 5, argv + 5)) continue;
      pthread_barrier_t barrier;
      pthread_barrier_init(&barrier, NULL, threads);
      for (unsigned t = 0; t < threads; t++) {
        jobs[t] = (job){kernel,
                        scratch == NULL ? NULL : scratch + each * t,
                        (uint64_t)atoi(argv[3]),
                        0,
                        0,
                        0,
                        0,
                        threads > 1 ? &barrier : NULL};
        if (pthread_create(&ids[t], NULL, work, &jobs[t]) != 0) abort();
      }
      uint64_t hashes = 0, wall = 0, cpu = 0, clock = 0;
      for (unsigned t = 0; t < threads; t++) {
        pthread_join(ids[t], NULL);
        hashes += jobs[t].hashes;
        cpu += jobs[t].cpu;
        if (jobs[t].wall > wall) wall = jobs[t].wall;
        if (jobs[t].clock > clock) clock = jobs[t].clock;
      }
      pthread_barrier_destroy(&barrier);
      printf("%u,%s,%s,%u,%llu,%llu,%llu,%llu\n", round, kernel->algorithm, kernel->name, threads,
             (unsigned long long)hashes, (unsigned long long)wall, (unsigned long long)cpu,
             (unsigned long long)clock);
      fflush(stdout);
    }
  free(scratch);
  return 0;
}
