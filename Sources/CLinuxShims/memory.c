#include "hw_linux.h"

#include <malloc.h>

void hw_linux_keep_freed_memory(void) {
  // The first also keeps glibc from moving the threshold by itself; blocks above it are still returned at once.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}
