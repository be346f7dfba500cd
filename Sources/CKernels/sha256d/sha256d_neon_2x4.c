#if defined(__aarch64__)
#include "hw_sha256.h"
#include "hw_target.h"
#include "sha256d_work.h"
#define HW_SCAN hw_sha256d_neon_2x4
#define HW_LANES 4
#define HW_STREAMS 2
#define HW_PARTIAL 0
#include "sha256d_streams.h"
#endif
