#include "hw_target.h"
#include "keccak256_work.h"
#define HW_SCAN hw_keccak256_portable
#define HW_LANES 2
#include "keccak256_rolled.h"
