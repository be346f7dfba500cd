#include "hw_target.h"
#include "keccak256_work.h"
// limits of x86_64: hash_batch instructions=930 bytes=4800 stack=181 copies=170
// limits of x86_64: loop instructions=640 bytes=3250 stack=149 copies=126
// limits of aarch64: hash_batch instructions=590 bytes=2400 stack=43 copies=11
// limits of aarch64: loop instructions=370 bytes=1500 stack=29 copies=5
#define HW_SCAN hw_keccak256_portable
#define HW_LANES 2
#include "keccak256_rolled.h"
