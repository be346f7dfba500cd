#if defined(__x86_64__)
#include "equihash_work.h"
#include "hw_target.h"
HW_TARGET_BEGIN(HW_FEATURES_AVX512)
// limits: hash_batch instructions=2250 bytes=12700 stack=4 copies=4
// limits: loop instructions=2170 bytes=12400 stack=4 copies=4
#define HW_SCAN hw_equihash_avx512
#define HW_LANES 8
#include "equihash_solver.h"
HW_TARGET_END
#endif
