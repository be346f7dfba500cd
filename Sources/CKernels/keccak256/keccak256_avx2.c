#if defined(__x86_64__)
#include "hw_target.h"
#include "keccak256_work.h"
HW_TARGET_BEGIN(HW_FEATURES_AVX2)
#define HW_SCAN hw_keccak256_avx2
#define HW_LANES 4
#include "keccak256_rolled.h"
HW_TARGET_END
#endif
