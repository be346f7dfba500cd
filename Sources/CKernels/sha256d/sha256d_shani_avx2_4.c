#if defined(__x86_64__)
#include <immintrin.h>

#include "hw_sha256.h"
#include "hw_target.h"
#include "sha256d_work.h"
HW_TARGET_BEGIN(HW_FEATURES_SHANI_AVX2)
// limits: hash_batch instructions=2190 bytes=11500 stack=504 copies=83
#define HW_SCAN hw_sha256d_shani_avx2_4
#define HW_STREAMS 4
#define HW_SIGMA 1
#include "sha256d_shani.h"
HW_TARGET_END
#endif
