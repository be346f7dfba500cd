#if defined(__x86_64__)
#include "hw_avx512.h"
#include "hw_roofline_probes.h"
#include "hw_target.h"
HW_TARGET_BEGIN(HW_FEATURES_AVX512)
#define HW_PROBE(name) hw_probe_##name##_avx512
#define HW_LANES 16
#include "hw_roofline_lanes.h"
HW_TARGET_END
#endif
