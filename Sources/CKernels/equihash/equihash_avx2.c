#if defined(__x86_64__)
#include "equihash_work.h"
#include "hw_target.h"
HW_TARGET_BEGIN(HW_FEATURES_AVX2)
// limits: hash_batch instructions=2450 bytes=11800 stack=250 copies=55
// limits: loop instructions=2360 bytes=11400 stack=245 copies=55
#define HW_SCAN hw_equihash_avx2
#define HW_LANES 4
#include "equihash_solver.h"
HW_TARGET_END
#endif
