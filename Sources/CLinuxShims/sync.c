#include "hw_linux.h"

#include <errno.h>
#include <sys/vfs.h>
#include <unistd.h>

int hw_linux_sync_file_system(int descriptor) { return syncfs(descriptor) == 0 ? 0 : errno; }

int64_t hw_linux_file_system_kind(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 ? (int64_t)(uint32_t)status.f_type : -1;
}
