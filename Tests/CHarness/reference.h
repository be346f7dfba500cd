#ifndef REFERENCE_H
#define REFERENCE_H

#include <stdint.h>

/// The three hashes as their standards write them, for the harness only: slow, scalar, sharing no code with the kernels.

/// FIPS 180-4, twice, of an 80-byte header.
void reference_sha256d(const uint8_t header[80], uint8_t hash[32]);
/// RFC 7914 with N = 1024, r = 1, p = 1, the header as password and salt, 32 bytes.
void reference_scrypt(const uint8_t header[80], uint8_t hash[32]);
/// The Keccak submission's padding (0x01), rate 136 bytes.
void reference_keccak256(const uint8_t header[80], uint8_t hash[32]);

/// One of them.
typedef void (*reference_hash)(const uint8_t header[80], uint8_t hash[32]);

/// By the algorithm's identifier; NULL if there is none.
reference_hash reference_for(const char *algorithm);

#endif
