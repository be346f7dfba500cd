#include "harness.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "hw_keccak256.h"
#include "hw_scrypt.h"
#include "hw_sha256d.h"

const family *families(size_t *count) {
  static family all[3];
  all[0] = (family){"sha256d", NULL, 0};
  all[0].kernels = hw_sha256d_kernels(&all[0].count);
  all[1] = (family){"scrypt-1024-1-1", NULL, 0};
  all[1].kernels = hw_scrypt_kernels(&all[1].count);
  all[2] = (family){"keccak256", NULL, 0};
  all[2].kernels = hw_keccak256_kernels(&all[2].count);
  *count = 3;
  return all;
}

enum { PAGE = 4096 };

/// Bytes from the mapping's start to the memory: a page, and what the alignment asks beyond it.
static size_t mapped(size_t size, size_t alignment) {
  size_t rounded = (size + PAGE - 1) / PAGE * PAGE;
  return rounded + 2 * PAGE + (alignment > PAGE ? alignment : 0);
}

void *guarded(size_t size, size_t alignment) {
  if (size == 0) return NULL;
  size_t total = mapped(size, alignment);
  uint8_t *map = mmap(NULL, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) abort();
  // The end of the memory is the end of its last page, moved down to the alignment where that is over a page.
  uintptr_t end = (uintptr_t)map + total - PAGE;
  if (alignment > PAGE) end = end / alignment * alignment;
  uintptr_t start = (end - size) / (alignment ? alignment : 1) * (alignment ? alignment : 1);
  uintptr_t first_page = start / PAGE * PAGE;
  if (mprotect((void *)first_page, end - first_page, PROT_READ | PROT_WRITE) != 0) abort();
  return (void *)start;
}

void guarded_free(void *memory, size_t size, size_t alignment) {
  if (memory == NULL) return;
  // What lies before the first usable page stays reserved and unreadable: a late access still faults.
  (void)alignment;
  uintptr_t first_page = (uintptr_t)memory / PAGE * PAGE;
  munmap((void *)first_page, ((uintptr_t)memory - first_page + size + PAGE - 1) / PAGE * PAGE);
}

uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}
