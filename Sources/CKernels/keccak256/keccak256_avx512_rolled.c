#if defined(__x86_64__)
#include "hw_avx512.h"
#include "hw_target.h"
#include "keccak256_work.h"
HW_TARGET_BEGIN(HW_FEATURES_AVX512)
#define HW_SCAN hw_keccak256_avx512_rolled
#define HW_LANES 8
#include "keccak256_rolled.h"
HW_TARGET_END
#endif
