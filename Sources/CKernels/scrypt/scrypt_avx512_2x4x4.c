#if defined(__x86_64__)
#include "hw_avx512.h"
#include "hw_sha256.h"
#include "hw_target.h"
#include "scrypt_work.h"
HW_TARGET_BEGIN(HW_FEATURES_AVX512)
#define HW_SCAN hw_scrypt_avx512_2x4x4
#define HW_HASHES_PER_VECTOR 4
#define HW_SETS 4
#define HW_GROUPS 2
#define HW_GAP 1
#define HW_ROLLED 0
#include "scrypt_lanes.h"
HW_TARGET_END
#endif
