#include "hw_cpuid.h"

#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

int hw_linux_hypervisor_signature(char text[13]) {
  unsigned eax, ebx, ecx, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & 1u << 31)) return 0;
  __cpuid(0x40000000, eax, ebx, ecx, edx);
  memcpy(text, &ebx, 4);
  memcpy(text + 4, &ecx, 4);
  memcpy(text + 8, &edx, 4);
  text[12] = 0;
  return 1;
}
#else
int hw_linux_hypervisor_signature(char text[13]) {
  text[0] = 0;
  return 0;
}
#endif
