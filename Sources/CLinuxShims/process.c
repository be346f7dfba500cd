#include "hw_linux.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

/// A lock-free atomic is the one thing that a handler and all threads may share.
static atomic_int interrupted;

static void set_handler(int number, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  (void)sigaction(number, &action, NULL);
}

static void interrupt(int number) {
  (void)number;
  atomic_store(&interrupted, 1);
  set_handler(SIGINT, SIG_DFL);
  set_handler(SIGTERM, SIG_DFL);
}

/// A signal that the parent had ignored (`nohup`, background jobs of a script) stays ignored.
static void catch_unless_ignored(int number) {
  struct sigaction present;
  if (sigaction(number, NULL, &present) == 0 && present.sa_handler == SIG_IGN) return;
  set_handler(number, interrupt);
}

void hw_linux_catch_interrupts(void) {
  catch_unless_ignored(SIGINT);
  catch_unless_ignored(SIGTERM);
}

int hw_linux_is_interrupted(void) { return atomic_load(&interrupted); }

void hw_linux_ignore_broken_pipe(void) { set_handler(SIGPIPE, SIG_IGN); }

void hw_linux_end_by_broken_pipe(void) {
  set_handler(SIGPIPE, SIG_DFL);
  (void)raise(SIGPIPE);
  // Reached only while the signal is blocked: end with the status that a shell would show.
  _Exit(128 + SIGPIPE);
}

int hw_linux_terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void hw_linux_end_with_parent(void) { (void)prctl(PR_SET_PDEATHSIG, SIGKILL); }
