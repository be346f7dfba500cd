#if defined(__x86_64__)
#include "hw_roofline_probes.h"
#include "hw_target.h"
HW_TARGET_BEGIN(HW_FEATURES_AVX2)
#define HW_PROBE(name) hw_probe_##name##_avx2
#define HW_LANES 8
#include "hw_roofline_lanes.h"
HW_TARGET_END
#endif
