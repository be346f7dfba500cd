#include "hw_linux.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/// Written before the handler is installed, read by it.
static uintptr_t watched_low;
static uintptr_t watched_high;
static int report_descriptor;

static void report_fault(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  static const char line[] = "overrun\n";
  uintptr_t address = (uintptr_t)info->si_addr;
  if (address >= watched_low && address < watched_high) {
    // Nothing can be done about a report that cannot be written.
    if (write(report_descriptor, line, sizeof line - 1) < 0) return;
  }
  // SA_RESETHAND: the instruction faults again and the signal ends the process.
}

void hw_linux_watch_range(int descriptor, uintptr_t low, uintptr_t high) {
  watched_low = low;
  watched_high = high;
  report_descriptor = descriptor;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = report_fault;
  action.sa_flags = SA_SIGINFO | (int)SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  (void)sigaction(SIGSEGV, &action, NULL);
  (void)sigaction(SIGBUS, &action, NULL);
}
