#if defined(__x86_64__)
#include "hw_sha256.h"
#include "hw_target.h"
#include "sha256d_work.h"
HW_TARGET_BEGIN(HW_FEATURES_AVX2)
#define HW_SCAN hw_sha256d_avx2_2x8
#define HW_LANES 8
#define HW_STREAMS 2
#define HW_PARTIAL 0
#include "sha256d_streams.h"
HW_TARGET_END
#endif
