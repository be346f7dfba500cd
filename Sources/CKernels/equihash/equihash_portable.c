#include "equihash_work.h"
#include "hw_target.h"

// limits of x86_64: hash_batch instructions=2750 bytes=13300 stack=150 copies=360
// limits of x86_64: loop instructions=2660 bytes=13000 stack=150 copies=360
// limits of aarch64: hash_batch instructions=1840 bytes=7350 stack=16 copies=4
// limits of aarch64: loop instructions=1740 bytes=6950 stack=6 copies=4
#define HW_SCAN hw_equihash_portable
#define HW_LANES 2
#include "equihash_solver.h"
