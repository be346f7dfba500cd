#include "hw_linux.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

int hw_linux_accept(int listener, void *address, unsigned *size) {
  socklen_t length = *size;
  int number = accept4(listener, address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
  *size = length;
  return number;
}

int hw_linux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void hw_linux_signal(int eventfd) {
  uint64_t one = 1;
  // A counter that is full is readable as well.
  ssize_t ignored = write(eventfd, &one, sizeof one);
  (void)ignored;
}

void hw_linux_clear(int eventfd) {
  uint64_t value;
  ssize_t ignored = read(eventfd, &value, sizeof value);
  (void)ignored;
}
