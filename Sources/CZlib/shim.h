// Input is not written to: zlib says so where it is asked to.
#define ZLIB_CONST
#include <zlib.h>
