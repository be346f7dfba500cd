#include "hw_sha256.h"
#include "hw_target.h"
#include "sha256d_work.h"
// limits of x86_64: hash_batch instructions=4530 bytes=22200 stack=52 copies=1230
// limits of x86_64: loop instructions=720 bytes=3700 stack=10 copies=198
// limits of aarch64: hash_batch instructions=2710 bytes=10850 stack=0 copies=68
// limits of aarch64: loop instructions=420 bytes=1700 stack=0 copies=10
#define HW_SCAN hw_sha256d_portable
#define HW_LANES 4
#define HW_STREAMS 1
#define HW_PARTIAL 1
#include "sha256d_streams.h"
