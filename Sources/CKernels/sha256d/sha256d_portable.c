#include "hw_sha256.h"
#include "hw_target.h"
#include "sha256d_work.h"
#define HW_SCAN hw_sha256d_portable
#define HW_LANES 4
#define HW_STREAMS 1
#define HW_PARTIAL 1
#include "sha256d_streams.h"
