#include "hw_linux.h"

#include <errno.h>
#include <unistd.h>

int hw_linux_sync_file_system(int descriptor) { return syncfs(descriptor) == 0 ? 0 : errno; }
