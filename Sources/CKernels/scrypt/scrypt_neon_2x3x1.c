#if defined(__aarch64__)
#include "hw_sha256.h"
#include "hw_target.h"
#include "scrypt_work.h"
#define HW_SCAN hw_scrypt_neon_2x3x1
#define HW_HASHES_PER_VECTOR 1
#define HW_SETS 3
#define HW_GROUPS 2
#define HW_GAP 1
#define HW_ROLLED 1
#include "scrypt_lanes.h"
#endif
