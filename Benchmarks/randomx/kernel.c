/// The kernel librandomx-jit beside calls of the library on the same dataset, in one process and thread, by CPU time.
///
/// usage: kernel ROUNDS HASHES BATCH
///
/// Rounds alternate three ways: the kernel in calls of BATCH hashes, as a run makes them; one call of the library a
/// hash; its calls that overlap. Prints hashes per second of CPU time of each round, then the ratios of the medians.

#include "../../Sources/CRandomX/randomx.c"

#include <pthread.h>
#include <stdlib.h>

enum { WAYS = 3, MOST_ROUNDS = 100, PARTS = 2 };
static const char *const names[WAYS] = {"kernel", "single", "pipelined"};
static state prepared;

static void *fill(void *part) {
  static const uint8_t key[32] = {1};
  hw_prepare_request request = {.struct_size = sizeof request,
                                .part = (uint32_t)(uintptr_t)part,
                                .parts = PARTS,
                                .key_size = sizeof key,
                                .key = key,
                                .state = &prepared,
                                .state_size = sizeof prepared};
  if (prepare(&request, HW_RANDOMX_SYSTEM, HW_RANDOMX_HUGE) != HW_OK) exit(3);
  return NULL;
}

static double spent(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int compare(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return (difference > 0) - (difference < 0);
}

int main(int count, char **arguments) {
  int rounds = count == 4 ? atoi(arguments[1]) : 0;
  uint32_t hashes = count == 4 ? (uint32_t)atol(arguments[2]) : 0;
  uint32_t batch = count == 4 ? (uint32_t)atol(arguments[3]) : 0;
  if (rounds < 1 || rounds > MOST_ROUNDS || hashes < 1 || batch < 1) {
    fprintf(stderr, "usage: kernel ROUNDS HASHES BATCH\n");
    return 2;
  }
  char problem[400];
  if (hw_randomx_load(HW_RANDOMX_SYSTEM, "librandomx.so.0", problem, sizeof problem) != 0) {
    fprintf(stderr, "kernel: %s\n", problem);
    return 3;
  }
  pthread_t threads[PARTS];
  for (uintptr_t part = 0; part < PARTS; part++)
    pthread_create(&threads[part], NULL, fill, (void *)part);
  for (int part = 0; part < PARTS; part++) pthread_join(threads[part], NULL);
  const library *library = prepared.library;
  void *vm = library->create_vm(machine_flags(&prepared, HW_RANDOMX_V1, 1), NULL, prepared.dataset);
  if (vm == NULL) return 3;
  uint8_t work[HW_RANDOMX_WORK_SIZE] = {1}, hash[HW_RANDOMX_HASH_SIZE], target[32] = {0};
  double rates[WAYS][MOST_ROUNDS];
  uint32_t nonce = 0;
  for (int round = 0; round < rounds; round++) {
    for (int step = 0; step < WAYS; step++) {
      int way = round % 2 == 0 ? step : WAYS - 1 - step;
      double before = spent();
      if (way == 0) {
        for (uint32_t done = 0; done < hashes; done += batch) {
          hw_scan_request request = {.struct_size = sizeof request,
                                     .first_nonce = nonce + done,
                                     .count = batch,
                                     .work = work,
                                     .target = target,
                                     .state = &prepared,
                                     .work_size = sizeof work,
                                     .record_size = 4};
          hw_scan_result result = {.struct_size = sizeof result};
          if (scan(&request, &result, HW_RANDOMX_V1, 1) != HW_OK) return 1;
        }
      } else if (way == 1) {
        for (uint32_t done = 0; done < hashes; done++) {
          put_nonce(work, nonce + done);
          library->hash(vm, work, sizeof work, hash);
        }
      } else {
        put_nonce(work, nonce);
        library->first(vm, work, sizeof work);
        for (uint32_t done = 1; done < hashes; done++) {
          put_nonce(work, nonce + done);
          library->next(vm, work, sizeof work, hash);
        }
        library->last(vm, hash);
      }
      nonce += hashes;
      rates[way][round] = (double)hashes / (spent() - before);
      printf("round %d %s %.2f\n", round + 1, names[way], rates[way][round]);
      fflush(stdout);
    }
  }
  for (int way = 0; way < WAYS; way++) qsort(rates[way], (size_t)rounds, sizeof(double), compare);
  for (int way = 0; way < WAYS; way++)
    printf("median %s %.2f, kernel/%s %.4f\n", names[way], rates[way][rounds / 2], names[way],
           rates[0][rounds / 2] / rates[way][rounds / 2]);
  library->destroy_vm(vm);
  release(&prepared);
  return 0;
}
