#if defined(__aarch64__)
#include <arm_neon.h>

#include "hw_target.h"
#include "keccak256_work.h"
HW_TARGET_BEGIN(HW_FEATURES_ARMV8_SHA3)
// limits: hash_batch instructions=1740 bytes=6950 stack=42 copies=6
#define HW_SCAN hw_keccak256_armv8_sha3
#define HW_LANES 2
#define HW_ARM_SHA3
#include "keccak256_lanes.h"
HW_TARGET_END
#endif
