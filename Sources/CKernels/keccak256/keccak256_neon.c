#if defined(__aarch64__)
#include "hw_target.h"
#include "keccak256_work.h"
// limits: hash_batch instructions=590 bytes=2400 stack=43 copies=11
// limits: loop instructions=370 bytes=1500 stack=29 copies=5
#define HW_SCAN hw_keccak256_neon
#define HW_LANES 2
#include "keccak256_rolled.h"
#endif
