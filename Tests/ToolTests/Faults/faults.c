/// A file system that fails, laid over the C library: the N-th call that changes something below a folder fails, or the
/// process ends there as by a power cut. After SQLite's tests of I/O errors and crashes (sqlite.org/testing.html).
///
/// FAULT_FOLDER is the folder, FAULT_AT is N from 1, FAULT_MARK a file that is made once the fault has happened and then
/// holds the number of calls of fdatasync that were done before.
/// FAULT_KIND is the name of an error, or "power": then every file below the folder that was written and not synced is
/// cut in the middle of what was not, and the process is killed.

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { most_files = 1024 };

/// One more than the bytes of each open file that are on the disk; 0 where all are.
static long synced[most_files];
static long calls;
static long data_syncs;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static int is_below(const char *path) {
  const char *folder = setting("FAULT_FOLDER");
  return *folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_file_below(int file) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_below(path);
}

static void cut_power(void) {
  for (int file = 0; file < most_files; file++) {
    struct stat status;
    if (synced[file] <= 0 || fstat(file, &status) != 0) continue;
    long safe = synced[file] - 1;
    syscall(SYS_ftruncate, file, safe + (status.st_size - safe) / 2);
  }
  raise(SIGKILL);
}

/// Whether this call is the one that fails; then `errno` is set.
static int fails(void) {
  if (++calls != atol(setting("FAULT_AT"))) return 0;
  int mark = (int)syscall(SYS_openat, AT_FDCWD, setting("FAULT_MARK"), O_CREAT | O_WRONLY, 0644);
  char text[32];
  int length = snprintf(text, sizeof text, "%ld", data_syncs);
  if (mark >= 0) {
    syscall(SYS_write, mark, text, length);
    syscall(SYS_close, mark);
  }
  const char *kind = setting("FAULT_KIND");
  if (strcmp(kind, "power") == 0) cut_power();
  errno = strcmp(kind, "full") == 0 ? ENOSPC : EIO;
  return 1;
}

/// Notes where the synced part of a file ends when it is written for the first time.
static void note_written(int file) {
  if (file < 0 || file >= most_files || synced[file] > 0) return;
  struct stat status;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) synced[file] = status.st_size + 1;
}

static void note_synced(int file) {
  if (file >= 0 && file < most_files) synced[file] = 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int open_by(const char *path, int flags, mode_t mode) {
  int makes = (flags & (O_CREAT | O_TRUNC)) != 0;
  if (makes && is_below(path) && fails()) return -1;
  int file = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  note_synced(file);
  return file;
}

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = va_arg(list, mode_t);
  va_end(list);
  return open_by(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = va_arg(list, mode_t);
  va_end(list);
  return open_by(path, flags, mode);
}

/// A write that fails leaves the first half of its bytes, as one does for which there is no room.
ssize_t write(int file, const void *bytes, size_t count) {
  if (is_file_below(file)) {
    note_written(file);
    if (fails()) {
      int error = errno;
      syscall(SYS_write, file, bytes, count / 2);
      errno = error;
      return -1;
    }
  }
  return syscall(SYS_write, file, bytes, count);
}

int fsync(int file) {
  if (is_file_below(file) && fails()) return -1;
  note_synced(file);
  return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
  if (is_file_below(file) && fails()) return -1;
  note_synced(file);
  data_syncs++;
  return (int)syscall(SYS_fdatasync, file);
}

int ftruncate(int file, off_t length) {
  if (is_file_below(file) && fails()) return -1;
  return (int)syscall(SYS_ftruncate, file, length);
}

int rename(const char *from, const char *to) {
  if (is_below(to) && fails()) return -1;
  return REAL(rename)(from, to);
}

int link(const char *from, const char *to) {
  if (is_below(to) && fails()) return -1;
  return REAL(link)(from, to);
}

int unlink(const char *path) {
  if (is_below(path) && fails()) return -1;
  return REAL(unlink)(path);
}

int mkdir(const char *path, mode_t mode) {
  if (is_below(path) && fails()) return -1;
  return REAL(mkdir)(path, mode);
}
