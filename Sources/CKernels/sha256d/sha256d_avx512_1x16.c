#if defined(__x86_64__)
#include "hw_avx512.h"
#include "hw_sha256.h"
#include "hw_target.h"
#include "sha256d_work.h"
HW_TARGET_BEGIN(HW_FEATURES_AVX512)
#define HW_SCAN hw_sha256d_avx512_1x16
#define HW_LANES 16
#include "sha256d_lanes.h"
HW_TARGET_END
#endif
