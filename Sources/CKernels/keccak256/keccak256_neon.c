#if defined(__aarch64__)
#include "hw_target.h"
#include "keccak256_work.h"
#define HW_SCAN hw_keccak256_neon
#define HW_LANES 2
#include "keccak256_rolled.h"
#endif
