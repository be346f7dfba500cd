/// A system that gives no huge pages, laid over the C library: none from the reserved pool, and none where advice asks for them.

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  if (flags & MAP_HUGETLB) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

int madvise(void *address, size_t length, int advice) {
  if (advice == MADV_HUGEPAGE) {
    errno = EINVAL;
    return -1;
  }
  return (int)syscall(SYS_madvise, address, length, advice);
}
