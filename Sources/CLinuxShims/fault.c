#include "hw_linux.h"

#include <signal.h>
#include <stdlib.h>
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

static _Thread_local int *thread_fault;

static void park(int number) {
  int *fault = thread_fault;
  if (fault == NULL) {
    // On return the instruction faults again, this time without a handler.
    (void)signal(number, SIG_DFL);
    return;
  }
  __atomic_store_n(fault, number, __ATOMIC_RELEASE);
  for (;;) (void)pause();
}

static void park_exit(void) {
  int *fault = thread_fault;
  if (fault == NULL) return;
  __atomic_store_n(fault, -1, __ATOMIC_RELEASE);
  for (;;) (void)pause();
}

void hw_linux_park_on_fault(int *fault) {
  // Once for the process; many times would do no harm but cost.
  static int is_registered;
  if (__atomic_exchange_n(&is_registered, 1, __ATOMIC_ACQ_REL) == 0) (void)atexit(park_exit);
  thread_fault = fault;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = park;
  sigemptyset(&action.sa_mask);
  const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
  for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++) {
    (void)sigaction(numbers[index], &action, NULL);
  }
}

int hw_linux_fault(const int *fault) { return __atomic_load_n(fault, __ATOMIC_ACQUIRE); }
