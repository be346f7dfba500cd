/// A library with the functions of librandomx that is wrong in one way; each has a name of its own for the test.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int randomx_get_flags(void) { return 0; }
void *randomx_alloc_cache(int flags) { return malloc(1); }
void randomx_init_cache(void *cache, const void *key, size_t size) {
#if defined(BAD_HANG)
  for (;;) sleep(1);
#elif defined(BAD_CRASH)
  *(volatile int *)0 = 1;
#elif defined(BAD_EXIT)
  _exit(0);
#endif
}
void randomx_release_cache(void *cache) { free(cache); }
void *randomx_alloc_dataset(int flags) { return NULL; }
unsigned long randomx_dataset_item_count(void) {
#if defined(BAD_SIZE)
  return 1;
#else
  return 34078719;
#endif
}
void randomx_init_dataset(void *d, void *c, unsigned long first, unsigned long count) {}
void *randomx_get_dataset_memory(void *dataset) { return NULL; }
void randomx_release_dataset(void *dataset) {}
void *randomx_create_vm(int flags, void *cache, void *dataset) {
#if defined(BAD_MACHINE)
  return NULL;
#elif defined(WANTS_SECURE)
  return flags & 16 ? malloc(1) : NULL;
#else
  return malloc(1);
#endif
}
void randomx_destroy_vm(void *machine) { free(machine); }
void randomx_calculate_hash(void *machine, const void *input, size_t size, void *hash) {
  memset(hash, 0, 32);
}
void randomx_calculate_hash_first(void *machine, const void *input, size_t size) {}
void randomx_calculate_hash_next(void *machine, const void *input, size_t size, void *hash) {}
#if !defined(BAD_SYMBOL)
void randomx_calculate_hash_last(void *machine, void *hash) {}
#endif
