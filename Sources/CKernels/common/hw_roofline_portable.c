#include "hw_roofline_probes.h"
#include "hw_target.h"
#define HW_PROBE(name) hw_probe_##name##_portable
#define HW_LANES 4
#include "hw_roofline_lanes.h"
