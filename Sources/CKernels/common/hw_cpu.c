#include "hw_cpu.h"

uint64_t hw_cpu_features(void) { return 0; }

const char *hw_cpu_feature_name(uint64_t bit) {
  (void)bit;
  return NULL;
}
