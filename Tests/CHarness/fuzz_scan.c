// libFuzzer target for the scan contract: a random kernel, header, target, first nonce, count and room, against
// reference.c. Scratch and results lie between guard pages.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "hw_cpu.h"
#include "reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { longest = 90 };

static bool meets(const uint8_t *hash, const uint8_t *target) {
  for (int i = 31; i >= 0; i--)
    if (hash[i] != target[i]) return hash[i] < target[i];
  return true;
}

static void fail(const hw_kernel *kernel, const char *what) {
  fprintf(stderr, "%s/%s: %s\n", kernel->algorithm, kernel->name, what);
  abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint8_t in[8 + HW_HEADER_SIZE + HW_TARGET_SIZE] = {0};
  memcpy(in, data, size < sizeof in ? size : sizeof in);
  size_t family_count;
  const family *all = families(&family_count);
  // scrypt's reference is slow, so it gets one input in eight.
  const family *chosen = &all[in[0] % 8 == 0 ? 1 : in[0] % 2 == 0 ? 0 : 2];
  const hw_kernel *kernel = &chosen->kernels[in[1] % chosen->count];
  if ((hw_cpu_features() & kernel->required_features) != kernel->required_features) return 0;
  uint64_t count = in[2] % longest;
  if (kernel->scratch_size != 0) count %= kernel->lanes + 3;
  uint64_t room = in[3] % (longest + 1);
  uint32_t first;
  memcpy(&first, in + 4, 4);
  const uint8_t *header = in + 8;
  uint8_t target[32];
  memcpy(target, in + 8 + HW_HEADER_SIZE, 32);
  // A zero byte on top would leave nothing to find; half of the inputs are made easy.
  if (in[0] & 0x80) target[31] |= 0x10;

  void *scratch = guarded(kernel->scratch_size, kernel->scratch_alignment);
  uint32_t *nonces = guarded(room * sizeof *nonces, sizeof *nonces);
  uint8_t before[sizeof in];
  memcpy(before, in, sizeof in);
  hw_scan_request request = {.struct_size = sizeof request,
                             .first_nonce = first,
                             .count = count,
                             .work = header,
                             .work_size = HW_HEADER_SIZE,
                             .record_size = 4,
                             .target = target,
                             .scratch = scratch,
                             .scratch_size = kernel->scratch_size,
                             .records = nonces,
                             .capacity = room};
  hw_scan_result result = {.struct_size = sizeof result, .found = UINT64_MAX};
  if (kernel->scan(&request, &result) != HW_OK) fail(kernel, "refused a good request");
  if (memcmp(before, in, sizeof in) != 0) fail(kernel, "wrote to its inputs");

  uint64_t found = 0;
  for (uint64_t i = 0; i < count; i++) {
    uint8_t trial[80], hash[32];
    uint32_t nonce = first + (uint32_t)i;
    memcpy(trial, header, 76);
    for (int b = 0; b < 4; b++) trial[76 + b] = (uint8_t)(nonce >> (8 * b));
    reference_for(kernel->algorithm)(trial, hash);
    if (!meets(hash, target)) continue;
    if (found < room && nonces[found] != nonce) fail(kernel, "a wrong, missing or unordered share");
    found++;
  }
  if (found != result.found) fail(kernel, "a wrong number of shares");
  guarded_free(nonces, room * sizeof *nonces, sizeof *nonces);
  guarded_free(scratch, kernel->scratch_size, kernel->scratch_alignment);
  return 0;
}
