#include "hw_sha256.h"
#include "hw_target.h"
#include "scrypt_work.h"
// limits of x86_64: mix instructions=1220 bytes=6700 stack=47 copies=229
// limits of x86_64: loop instructions=200 bytes=1050 stack=10 copies=52
// limits of aarch64: mix instructions=850 bytes=3400 stack=10 copies=0
// limits of aarch64: loop instructions=120 bytes=500 stack=0 copies=0
#define HW_SCAN hw_scrypt_portable
#define HW_HASHES_PER_VECTOR 1
#define HW_SETS 3
#define HW_GROUPS 1
#define HW_GAP 1
#define HW_ROLLED 1
#include "scrypt_lanes.h"
