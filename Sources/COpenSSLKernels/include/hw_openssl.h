#ifndef HW_OPENSSL_H
#define HW_OPENSSL_H

#include "hw_kernel.h"

/// The yardstick kernels: the same scan contract on top of libcrypto, as a user's own program would call it.
/// libcrypto allocates inside; that is part of what this yardstick measures. `*count` is set to their number.
const hw_kernel *hw_openssl_kernels(size_t *count);

/// SHA-256 of `count` bytes by libcrypto's code for this CPU; 1 when `digest` holds it, 0 when libcrypto failed.
int hw_openssl_sha256(const void *bytes, size_t count, uint8_t digest[32]);

/// libcrypto's version text at run time.
const char *hw_openssl_version(void);

#endif
