#if defined(__x86_64__)
#include <immintrin.h>

#include "hw_sha256.h"
#include "hw_target.h"
#include "sha256d_work.h"
HW_TARGET_BEGIN(HW_FEATURES_SHANI_AVX2)
#define HW_SCAN hw_sha256d_shani_vex_6
#define HW_STREAMS 6
#define HW_SIGMA 0
#include "sha256d_shani.h"
HW_TARGET_END
#endif
