// Times every kernel that this machine can run, in alternating rounds, one thread or several.
//
// Usage: bench ALGORITHM ROUNDS MILLISECONDS THREADS [KERNEL]...
// Writes one line per round and kernel: round, algorithm, kernel, threads, hashes, wall ns, CPU ns, clock in kHz.
// The clock comes from a chain of dependent additions beside each measurement, in the same thread.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "hw_cpu.h"
#include "hw_keccak256.h"
#include "hw_scrypt.h"
#include "hw_sha256d.h"

static uint64_t nanoseconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/// This core's clock: an addition of a register to another takes one cycle and can begin only after the last.
static uint64_t clock_kilohertz(void) {
  enum { steps = 200000 };
  uint64_t sum = 1, one = 1;
  uint64_t start = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
  for (int i = 0; i < steps / 8; i++)
#if defined(__x86_64__)
    __asm__ volatile("add %1, %0; add %1, %0; add %1, %0; add %1, %0;"
                     "add %1, %0; add %1, %0; add %1, %0; add %1, %0"
                     : "+r"(sum)
                     : "r"(one));
#else
    __asm__ volatile("add %0, %0, %1; add %0, %0, %1; add %0, %0, %1; add %0, %0, %1;"
                     "add %0, %0, %1; add %0, %0, %1; add %0, %0, %1; add %0, %0, %1"
                     : "+r"(sum)
                     : "r"(one));
#endif
  uint64_t elapsed = nanoseconds(CLOCK_THREAD_CPUTIME_ID) - start;
  return elapsed == 0 ? 0 : (uint64_t)steps * 1000000u / elapsed;
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
  hw_scan_request request = {sizeof request,       0,    chunk, header, target, job->scratch,
                             kernel->scratch_size, NULL, 0};
  hw_scan_result result = {sizeof result, 0, 0};
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

int main(int argc, char **argv) {
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
