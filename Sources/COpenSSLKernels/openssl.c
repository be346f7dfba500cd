#include "hw_openssl.h"

#include <openssl/crypto.h>

const struct hw_kernel *hw_openssl_kernels(size_t *count) {
  *count = 0;
  return NULL;
}

const char *hw_openssl_version(void) { return OpenSSL_version(OPENSSL_VERSION); }
