/// A bare loop round librandomx: what the library does with nothing of hashwatt about it.
///
/// usage: bare THREADS SECONDS ROUNDS [LIBRARY]
///
/// Builds the dataset with all threads, advises huge pages for it, and hashes 76 bytes with a nonce at 39 in rounds that
/// alternate between one call a hash (`single`) and calls that begin the next hash while they end one (`pipelined`).
/// Prints one line a round: the way, the hashes, the seconds, hashes per second, hashes per second of CPU time.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { FULL_MEMORY = 4, KEY_SIZE = 32, INPUT_SIZE = 76, NONCE = 39, MOST_THREADS = 256 };

static struct {
  int (*get_flags)(void);
  void *(*alloc_cache)(int);
  void (*init_cache)(void *, const void *, size_t);
  void (*release_cache)(void *);
  void *(*alloc_dataset)(int);
  unsigned long (*item_count)(void);
  void (*init_dataset)(void *, void *, unsigned long, unsigned long);
  void *(*dataset_memory)(void *);
  void *(*create_vm)(int, void *, void *);
  void (*hash)(void *, const void *, size_t, void *);
  void (*first)(void *, const void *, size_t);
  void (*next)(void *, const void *, size_t, void *);
  void (*last)(void *, void *);
} library;

static struct {
  void *cache, *dataset;
  int flags, threads, rounds;
  double seconds;
  pthread_barrier_t barrier;
  uint64_t hashes[MOST_THREADS];
  double start;
  int is_over;
} run;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC_RAW, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double spent(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void *symbol(void *handle, const char *name) {
  void *found = dlsym(handle, name);
  if (found == NULL) {
    fprintf(stderr, "bare: the library has no %s\n", name);
    exit(3);
  }
  return found;
}

static void load(const char *file) {
  void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    fprintf(stderr, "bare: %s\n", dlerror());
    exit(3);
  }
#define LOAD(field, name) *(void **)&library.field = symbol(handle, "randomx_" name)
  LOAD(get_flags, "get_flags");
  LOAD(alloc_cache, "alloc_cache");
  LOAD(init_cache, "init_cache");
  LOAD(release_cache, "release_cache");
  LOAD(alloc_dataset, "alloc_dataset");
  LOAD(item_count, "dataset_item_count");
  LOAD(init_dataset, "init_dataset");
  LOAD(dataset_memory, "get_dataset_memory");
  LOAD(create_vm, "create_vm");
  LOAD(hash, "calculate_hash");
  LOAD(first, "calculate_hash_first");
  LOAD(next, "calculate_hash_next");
  LOAD(last, "calculate_hash_last");
}

static void put_nonce(uint8_t *input, uint32_t nonce) {
  for (int index = 0; index < 4; index++) input[NONCE + index] = (uint8_t)(nonce >> (8 * index));
}

static int is_over(void) { return __atomic_load_n(&run.is_over, __ATOMIC_RELAXED); }

static void *worker(void *argument) {
  int index = (int)(intptr_t)argument;
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(index, &cpus);
  pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus);
  unsigned long items = library.item_count();
  unsigned long from = items * (unsigned long)index / (unsigned long)run.threads;
  unsigned long to = items * (unsigned long)(index + 1) / (unsigned long)run.threads;
  library.init_dataset(run.dataset, run.cache, from, to - from);
  void *vm = library.create_vm(run.flags | FULL_MEMORY, NULL, run.dataset);
  if (vm == NULL) {
    fprintf(stderr, "bare: no machine could be made\n");
    exit(3);
  }
  uint8_t input[INPUT_SIZE] = {(uint8_t)index}, hash[32];
  uint32_t nonce = 0;
  for (int round = 0; round < run.rounds; round++) {
    uint64_t hashes = 0;
    pthread_barrier_wait(&run.barrier);
    if (round % 2 == 0) {
      for (; !is_over(); hashes++) {
        put_nonce(input, nonce++);
        library.hash(vm, input, sizeof input, hash);
      }
    } else {
      put_nonce(input, nonce++);
      library.first(vm, input, sizeof input);
      for (; !is_over(); hashes++) {
        put_nonce(input, nonce++);
        library.next(vm, input, sizeof input, hash);
      }
      library.last(vm, hash);
      hashes++;
    }
    run.hashes[index] = hashes;
    pthread_barrier_wait(&run.barrier);
  }
  return NULL;
}

int main(int count, char **arguments) {
  if (count < 4) {
    fprintf(stderr, "usage: bare THREADS SECONDS ROUNDS [LIBRARY]\n");
    return 2;
  }
  run.threads = atoi(arguments[1]);
  run.seconds = atof(arguments[2]);
  run.rounds = atoi(arguments[3]);
  if (run.threads < 1 || run.threads > MOST_THREADS || run.seconds <= 0 || run.rounds < 1) return 2;
  load(count > 4 ? arguments[4] : "librandomx.so.0");
  run.flags = library.get_flags();
  run.cache = library.alloc_cache(run.flags);
  run.dataset = library.alloc_dataset(run.flags);
  if (run.cache == NULL || run.dataset == NULL) {
    fprintf(stderr, "bare: not enough memory\n");
    return 3;
  }
  uintptr_t start = (uintptr_t)library.dataset_memory(run.dataset);
  uintptr_t page = start & ~(uintptr_t)4095;
  madvise((void *)page, library.item_count() * 64 + (start - page), MADV_HUGEPAGE);
  uint8_t key[KEY_SIZE] = {1};
  double before = now();
  library.init_cache(run.cache, key, sizeof key);
  pthread_barrier_init(&run.barrier, NULL, (unsigned)run.threads + 1);
  pthread_t threads[MOST_THREADS];
  for (int index = 0; index < run.threads; index++)
    pthread_create(&threads[index], NULL, worker, (void *)(intptr_t)index);
  for (int round = 0; round < run.rounds; round++) {
    pthread_barrier_wait(&run.barrier);
    if (round == 0) printf("prepared in %.1f s\n", now() - before);
    double begin = now(), spent_before = spent();
    struct timespec pause = {(time_t)run.seconds,
                             (long)(1e9 * (run.seconds - (double)(time_t)run.seconds))};
    nanosleep(&pause, NULL);
    __atomic_store_n(&run.is_over, 1, __ATOMIC_RELAXED);
    pthread_barrier_wait(&run.barrier);
    double took = now() - begin, used = spent() - spent_before;
    run.is_over = 0;
    uint64_t hashes = 0;
    for (int index = 0; index < run.threads; index++) hashes += run.hashes[index];
    printf("%s %llu %.3f %.2f %.2f\n", round % 2 == 0 ? "single" : "pipelined",
           (unsigned long long)hashes, took, (double)hashes / took, (double)hashes / used);
    fflush(stdout);
  }
  for (int index = 0; index < run.threads; index++) pthread_join(threads[index], NULL);
  return 0;
}
