#if defined(__aarch64__)
#include <arm_neon.h>

#include "hw_sha256.h"
#include "hw_target.h"
#include "sha256d_work.h"
HW_TARGET_BEGIN(HW_FEATURES_ARMV8_SHA2)
// limits: hash_batch instructions=450 bytes=1800 stack=8 copies=74
#define HW_SCAN hw_sha256d_armv8_sha2_2
#define HW_STREAMS 2
#include "sha256d_armv8.h"
HW_TARGET_END
#endif
