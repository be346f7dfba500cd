#include "hw_openssl.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

/// The hash function of one call, with what libcrypto keeps for it.
typedef struct hasher {
  EVP_MD *digest;
  EVP_MD_CTX *digest_context;
  EVP_KDF *kdf;
  EVP_KDF_CTX *kdf_context;
} hasher;

typedef int (*hash_fn)(hasher *hasher, uint8_t *header, uint8_t *hash);

static int hash_sha256d(hasher *hasher, uint8_t *header, uint8_t *hash) {
  EVP_MD_CTX *context = hasher->digest_context;
  return EVP_DigestInit_ex2(context, hasher->digest, NULL) == 1 &&
         EVP_DigestUpdate(context, header, HW_HEADER_SIZE) == 1 &&
         EVP_DigestFinal_ex(context, hash, NULL) == 1 &&
         EVP_DigestInit_ex2(context, hasher->digest, NULL) == 1 &&
         EVP_DigestUpdate(context, hash, 32) == 1 && EVP_DigestFinal_ex(context, hash, NULL) == 1;
}

static int hash_scrypt(hasher *hasher, uint8_t *header, uint8_t *hash) {
  uint64_t cost = 1024;
  uint32_t one = 1;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, header, HW_HEADER_SIZE),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, header, HW_HEADER_SIZE),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &cost),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &one),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &one),
      OSSL_PARAM_construct_end(),
  };
  return EVP_KDF_derive(hasher->kdf_context, hash, 32, parameters) == 1;
}

/// Whether `hash <= target`, both little-endian 256-bit integers.
static int meets(const uint8_t *hash, const uint8_t *target) {
  for (int index = HW_TARGET_SIZE - 1; index >= 0; index--) {
    if (hash[index] != target[index]) return hash[index] < target[index];
  }
  return 1;
}

static hw_status scan(const hw_scan_request *request, hw_scan_result *result, hasher *hasher,
                      hash_fn hash_of) {
  uint8_t header[HW_HEADER_SIZE];
  uint8_t hash[EVP_MAX_MD_SIZE];
  memcpy(header, request->work, sizeof header);
  uint64_t found = 0;
  for (uint64_t offset = 0; offset < request->count; offset++) {
    uint32_t nonce = request->first_nonce + (uint32_t)offset;
    for (int index = 0; index < 4; index++)
      header[HW_HEADER_NONCE_OFFSET + index] = (uint8_t)(nonce >> (8 * index));
    if (!hash_of(hasher, header, hash)) return HW_LIBRARY_FAILED;
    if (!meets(hash, request->target)) continue;
    if (found < request->capacity)
      memcpy((uint8_t *)request->records + 4 * found, header + HW_HEADER_NONCE_OFFSET, 4);
    found++;
  }
  result->found = found;
  result->attempts = request->count;
  result->units = request->count;
  return HW_OK;
}

static int is_valid(const hw_scan_request *request, const hw_scan_result *result) {
  return request->struct_size >= sizeof *request && result->struct_size >= sizeof *result &&
         request->count <= UINT64_C(1) << 32 && request->work_size == HW_HEADER_SIZE &&
         request->record_size == 4;
}

static hw_status scan_sha256d(const hw_scan_request *request, hw_scan_result *result) {
  if (!is_valid(request, result)) return HW_BAD_REQUEST;
  hasher hasher = {.digest = EVP_MD_fetch(NULL, "SHA256", NULL),
                   .digest_context = EVP_MD_CTX_new()};
  hw_status status = HW_LIBRARY_FAILED;
  if (hasher.digest != NULL && hasher.digest_context != NULL) {
    status = scan(request, result, &hasher, hash_sha256d);
  }
  EVP_MD_CTX_free(hasher.digest_context);
  EVP_MD_free(hasher.digest);
  return status;
}

static hw_status scan_scrypt(const hw_scan_request *request, hw_scan_result *result) {
  if (!is_valid(request, result)) return HW_BAD_REQUEST;
  hasher hasher = {.kdf = EVP_KDF_fetch(NULL, "SCRYPT", NULL)};
  if (hasher.kdf != NULL) hasher.kdf_context = EVP_KDF_CTX_new(hasher.kdf);
  hw_status status = HW_LIBRARY_FAILED;
  if (hasher.kdf_context != NULL) status = scan(request, result, &hasher, hash_scrypt);
  EVP_KDF_CTX_free(hasher.kdf_context);
  EVP_KDF_free(hasher.kdf);
  return status;
}

static const hw_kernel kernels[] = {
    {.struct_size = sizeof(hw_kernel),
     .abi_version = HW_KERNEL_ABI_VERSION,
     .algorithm = "sha256d",
     .name = "openssl",
     .lanes = 1,
     .scan = scan_sha256d},
    {.struct_size = sizeof(hw_kernel),
     .abi_version = HW_KERNEL_ABI_VERSION,
     .algorithm = "scrypt-1024-1-1",
     .name = "openssl",
     .lanes = 1,
     .scan = scan_scrypt},
};

const hw_kernel *hw_openssl_kernels(size_t *count) {
  *count = sizeof kernels / sizeof kernels[0];
  return kernels;
}

int hw_openssl_sha256(const void *bytes, size_t count, uint8_t digest[32]) {
  return EVP_Digest(bytes, count, digest, NULL, EVP_sha256(), NULL) == 1;
}

const char *hw_openssl_version(void) { return OpenSSL_version(OPENSSL_VERSION); }
