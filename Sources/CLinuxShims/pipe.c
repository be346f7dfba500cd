#include "hw_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int hw_linux_pipe(int *ends) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }
