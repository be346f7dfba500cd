// A complete kernel plug-in: SHA-256d, one nonce at a time, in portable C.
//
//   cc -std=c17 -O2 -Wall -Wextra -shared -fPIC -I Sources/CKernels/include -o example.so
//      Documentation/PluginExample/plugin.c
//   hashwatt kernels --plugin ./example.so
//   hashwatt run --plugin ./example.so --algorithm sha256d --kernel plugin:example --kernel portable

#include "hw_kernel.h"

#include <string.h>

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const uint32_t initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t rotate(uint32_t word, int count) { return word >> count | word << (32 - count); }

static uint32_t load(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void compress(uint32_t state[8], const uint32_t block[16]) {
  uint32_t w[64];
  memcpy(w, block, 16 * sizeof w[0]);
  for (int i = 16; i < 64; i++) {
    uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  uint32_t v[8];
  memcpy(v, state, sizeof v);
  for (int i = 0; i < 64; i++) {
    uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
    uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    uint32_t first = v[7] + s1 + choice + round_constants[i] + w[i];
    uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
    uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    memmove(v + 1, v, 7 * sizeof v[0]);
    v[4] += first;
    v[0] = first + s0 + majority;
  }
  for (int i = 0; i < 8; i++) state[i] += v[i];
}

// Whether `hash <= target`: SHA-256 words are big-endian, the hash is read as a little-endian integer.
static int meets(const uint32_t hash[8], const uint8_t *target) {
  for (int index = 31; index >= 0; index--) {
    uint8_t byte = (uint8_t)(hash[index / 4] >> (24 - 8 * (index % 4)));
    if (byte != target[index]) return byte < target[index];
  }
  return 1;
}

static hw_status scan(const hw_scan_request *request, hw_scan_result *result) {
  if (request->struct_size < sizeof *request || result->struct_size < sizeof *result ||
      request->count > UINT64_C(1) << 32 || request->work_size != HW_HEADER_SIZE ||
      request->record_size != 4) {
    return HW_BAD_REQUEST;
  }
  // The first 64 bytes do not hold the nonce: their state is computed once.
  uint32_t block[16];
  uint32_t midstate[8];
  memcpy(midstate, initial_state, sizeof midstate);
  for (int i = 0; i < 16; i++) block[i] = load(request->work + 4 * i);
  compress(midstate, block);

  uint32_t second[16] = {[4] = 0x80000000, [15] = 80 * 8};
  for (int i = 0; i < 3; i++) second[i] = load(request->work + 64 + 4 * i);

  uint64_t found = 0;
  for (uint64_t offset = 0; offset < request->count; offset++) {
    uint32_t nonce = request->first_nonce + (uint32_t)offset;
    second[3] = nonce >> 24 | (nonce >> 8 & 0xff00) | (nonce << 8 & 0xff0000) | nonce << 24;
    uint32_t last[16] = {[8] = 0x80000000, [15] = 32 * 8};
    memcpy(last, midstate, sizeof midstate);
    compress(last, second);
    uint32_t hash[8];
    memcpy(hash, initial_state, sizeof hash);
    compress(hash, last);
    if (!meets(hash, request->target)) continue;
    // Every share is counted; those that there is room for are stored, each as its nonce in little-endian order.
    uint8_t *record = (uint8_t *)request->records + 4 * found;
    if (found < request->capacity) {
      for (int i = 0; i < 4; i++) record[i] = (uint8_t)(nonce >> (8 * i));
    }
    found++;
  }
  result->found = found;
  // Each attempt is one hash, and all were done.
  result->attempts = request->count;
  result->units = request->count;
  return HW_OK;
}

static const hw_kernel kernels[] = {{
    .struct_size = sizeof(hw_kernel),
    .abi_version = HW_KERNEL_ABI_VERSION,
    .algorithm = "sha256d",
    .name = "example",
    .required_features = 0,
    .lanes = 1,
    .scratch_alignment = 0,
    .scratch_size = 0,
    .scan = scan,
}};

static const hw_plugin plugin = {
    .struct_size = sizeof(hw_plugin),
    .abi_version = HW_KERNEL_ABI_VERSION,
    .kernel_count = sizeof kernels / sizeof kernels[0],
    .kernels = kernels,
};

const hw_plugin *hw_plugin_entry(void) { return &plugin; }
