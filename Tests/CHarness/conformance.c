// Runs every built-in kernel that this CPU supports through the scan contract, against reference.c and against blocks of
// real chains. Prints each failure, then "N passed, N failed"; exits with 1 if one failed. Arguments, if any, are words
// that a kernel's "algorithm/name" must contain.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"
#include "hw_cpu.h"
#include "reference.h"

static unsigned passed, failed;
static const hw_kernel *kernel;

static void check(bool holds, const char *what, uint64_t detail) {
  if (holds) {
    passed++;
    return;
  }
  failed++;
  printf("FAILED: %s/%s: %s (%llu)\n", kernel->algorithm, kernel->name, what,
         (unsigned long long)detail);
}

/// The nonces of a range whose hash meets the target; at most `room` are stored, all are counted.
static uint64_t expected(const uint8_t *header, const uint8_t *target, uint32_t first,
                         uint64_t count, uint32_t *nonces, uint64_t room) {
  reference_hash hash_of = reference_for(kernel->algorithm);
  uint64_t found = 0;
  for (uint64_t i = 0; i < count; i++) {
    uint8_t trial[80], hash[32];
    uint32_t nonce = first + (uint32_t)i;
    memcpy(trial, header, 76);
    for (int b = 0; b < 4; b++) trial[76 + b] = (uint8_t)(nonce >> (8 * b));
    hash_of(trial, hash);
    int order = 0;
    for (int b = 31; b >= 0 && order == 0; b--)
      order = (hash[b] > target[b]) - (hash[b] < target[b]);
    if (order > 0) continue;
    if (found < room) nonces[found] = nonce;
    found++;
  }
  return found;
}

/// Scans with inputs in pages that cannot be written, results between guard pages, and compares.
static void scan_and_compare(const uint8_t *header, const uint8_t *target, uint32_t first,
                             uint64_t count, uint64_t room, void *scratch, const char *what) {
  uint8_t *inputs = guarded(HW_HEADER_SIZE + HW_TARGET_SIZE, 1);
  memcpy(inputs, header, HW_HEADER_SIZE);
  memcpy(inputs + HW_HEADER_SIZE, target, HW_TARGET_SIZE);
  uintptr_t page = (uintptr_t)inputs / 4096 * 4096;
  if (mprotect((void *)page, 4096, PROT_READ) != 0) abort();
  uint32_t *nonces = guarded(room * sizeof *nonces, sizeof *nonces);
  uint32_t *wanted = calloc(count + 1, sizeof *wanted);
  if (wanted == NULL) abort();
  hw_scan_request request = {.struct_size = sizeof request,
                             .first_nonce = first,
                             .count = count,
                             .work = inputs,
                             .work_size = HW_HEADER_SIZE,
                             .record_size = 4,
                             .target = inputs + HW_HEADER_SIZE,
                             .scratch = scratch,
                             .scratch_size = kernel->scratch_size,
                             .records = nonces,
                             .capacity = room};
  hw_scan_result result = {.struct_size = sizeof result, .found = UINT64_MAX};
  hw_status status = kernel->scan(&request, &result);
  uint64_t found = expected(header, target, first, count, wanted, count);
  uint64_t stored = found < room ? found : room;
  bool same = status == HW_OK && result.found == found && result.attempts == count &&
              result.units == count &&
              (stored == 0 || memcmp(nonces, wanted, stored * sizeof *wanted) == 0);
  check(same, what, count);
  free(wanted);
  guarded_free(nonces, room * sizeof *nonces, sizeof *nonces);
  guarded_free(inputs, HW_HEADER_SIZE + HW_TARGET_SIZE, 1);
}

static void fill(uint8_t *bytes, size_t count, uint64_t seed) {
  for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)next_random(&seed);
}

static void ranges(void *scratch) {
  uint8_t header[80], easy[32], all[32], none[32] = {0}, exact[32];
  fill(header, sizeof header, 1);
  memset(easy, 0xff, sizeof easy);
  easy[31] = 0x0f;
  memset(all, 0xff, sizeof all);
  uint64_t lanes = kernel->lanes;
  uint64_t counts[] = {0, 1, lanes - 1, lanes, lanes + 1, 2 * lanes + 1};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    scan_and_compare(header, easy, 12345, counts[i], counts[i], scratch, "easy target");
    scan_and_compare(header, all, 12345, counts[i], counts[i], scratch, "target of all ones");
    scan_and_compare(header, all, UINT32_MAX - (uint32_t)(counts[i] / 2), counts[i], counts[i],
                     scratch, "nonces that wrap");
  }
  bool slow = kernel->scratch_size != 0;
  scan_and_compare(header, easy, UINT32_MAX - 40, slow ? 67 : 4099, slow ? 67 : 4099, scratch,
                   "a long range that wraps");
  scan_and_compare(header, none, 0, slow ? lanes : 1000, 4, scratch, "target of zero");
  scan_and_compare(header, all, 7, 2 * lanes + 1, 3, scratch, "more shares than room");
  scan_and_compare(header, all, 7, 2 * lanes + 1, 0, scratch, "no room at all");

  // A target that one hash meets exactly, and the one below it.
  uint8_t trial[80];
  memcpy(trial, header, 80);
  uint32_t nonce = 1000 + (uint32_t)lanes / 2;
  for (int b = 0; b < 4; b++) trial[76 + b] = (uint8_t)(nonce >> (8 * b));
  reference_for(kernel->algorithm)(trial, exact);
  scan_and_compare(header, exact, 1000, lanes + 1, lanes + 1, scratch, "a target met exactly");
  for (int b = 0; b < 32 && exact[b]-- == 0; b++) continue;
  scan_and_compare(header, exact, 1000, lanes + 1, lanes + 1, scratch, "a target missed by one");
  // Equal top words, so that only the words below them decide.
  memset(exact, 0, 28);
  scan_and_compare(header, exact, 1000, lanes + 1, lanes + 1, scratch,
                   "a target decided below the top word");
}

static void refusals(uint8_t *scratch) {
  uint8_t header[80] = {0}, target[32] = {0};
  uint32_t nonces[4];
  const hw_scan_request good = {.struct_size = sizeof good,
                                .count = 1,
                                .work = header,
                                .work_size = HW_HEADER_SIZE,
                                .record_size = 4,
                                .target = target,
                                .scratch = scratch,
                                .scratch_size = kernel->scratch_size,
                                .records = nonces,
                                .capacity = 4};
  hw_scan_result result = {.struct_size = sizeof result};
  hw_scan_request bad = good;
  bad.count = (UINT64_C(1) << 32) + 1;
  check(kernel->scan(&bad, &result) == HW_BAD_REQUEST, "count above 2^32 is refused", 0);
  bad = good;
  bad.struct_size = 8;
  check(kernel->scan(&bad, &result) == HW_BAD_REQUEST, "a short request is refused", 0);
  bad = good;
  bad.records = NULL;
  check(kernel->scan(&bad, &result) == HW_BAD_REQUEST, "room without memory is refused", 0);
  bad = good;
  bad.work_size--;
  check(kernel->scan(&bad, &result) == HW_BAD_REQUEST, "work of another size is refused", 0);
  bad = good;
  bad.record_size = 8;
  check(kernel->scan(&bad, &result) == HW_BAD_REQUEST, "records of another size are refused", 0);
  hw_scan_result small = {.struct_size = 4};
  check(kernel->scan(&good, &small) == HW_BAD_REQUEST, "a short result is refused", 0);
  if (kernel->scratch_size == 0) return;
  bad = good;
  bad.scratch_size--;
  check(kernel->scan(&bad, &result) == HW_BAD_REQUEST, "too little scratch is refused", 0);
  bad = good;
  bad.scratch = scratch + 1;
  check(kernel->scan(&bad, &result) == HW_BAD_REQUEST, "misaligned scratch is refused", 0);
  bad = good;
  bad.scratch = NULL;
  check(kernel->scan(&bad, &result) == HW_BAD_REQUEST, "missing scratch is refused", 0);
}

/// Headers of real blocks. Each hash meets its own target, and no nonce shortly before it does.
static const struct block {
  const char *algorithm, *header;
  uint32_t bits;
} blocks[] = {
    {"sha256d",
     "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72"
     "c3e"
     "67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c",
     0x1d00ffff},
    {"sha256d",
     "0100000050120119172a610421a6c3011dd330d9df07b63616c2cc1f1cd00200000000006657a9252aacd5c0b2940"
     "996"
     "ecff952228c3067cc38d4885efb5a4ac4247e9f337221b4d4c86041b0f2b5710",
     0x1b04864c},
    {"sha256d",
     "0020b42b030216aa3bfeb2cffb069ffe3a9b0de3db50c75112279e4f1200000000000000456d7ffa5b03f0e8a4a2e"
     "10c"
     "296a2d140128e32728886aa304135e8d1cd1d0caeac2c06604fa54195ec4d06c",
     0x1954fa04},
    {"scrypt-1024-1-1",
     "010000000000000000000000000000000000000000000000000000000000000000000000d9ced4ed1130f7b7faad9"
     "be2"
     "5323ffafa33232a17c3edf6cfd97bee6bafbdd97b9aa8e4ef0ff0f1ecd513f7c",
     0x1e0ffff0},
    {"scrypt-1024-1-1",
     "03000000be4888357a007fda4f9235c6594700a0e02be135da3d8e69c2aebd1b809e81932912ca57d429c5b7332f8"
     "6aa"
     "3778aacaaffbda73034cd2e946635f323e9e9211b8046656c54e011b0480e328",
     0x1b014ec5},
    {"keccak256",
     "700000000000000000000000000000000000000000000000000000000000000000000000f36ae45560247c5c7fe19"
     "5e4"
     "7128af943405cc987ddc18c388a473c2463bccf87843e652ffff001e3936b000",
     0x1e00ffff},
    {"keccak256",
     "02000000000000000000000000000000000000000000000000000000000000000000000062d421ff675e5e9e829ba"
     "28c"
     "d9097b1e8f247642d30d7398c35e4dced88791b70a4a3259f0ff0f1e7fc00300",
     0x1e0ffff0},
};

static unsigned digit(char c) { return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10); }

static void real_blocks(void *scratch) {
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
    if (strcmp(blocks[i].algorithm, kernel->algorithm) != 0) continue;
    uint8_t header[80], target[32] = {0};
    for (unsigned b = 0; b < 80; b++)
      header[b] =
          (uint8_t)(digit(blocks[i].header[2 * b]) << 4 | digit(blocks[i].header[2 * b + 1]));
    unsigned exponent = blocks[i].bits >> 24;
    for (unsigned b = 0; b < 3; b++)
      target[exponent - 3 + b] = (uint8_t)(blocks[i].bits >> (8 * b));
    uint32_t nonce = header[76] | header[77] << 8 | header[78] << 16 | (uint32_t)header[79] << 24;
    uint32_t before = kernel->scratch_size != 0 ? 5 : 500, found = 0;
    hw_scan_request request = {.struct_size = sizeof request,
                               .first_nonce = nonce - before,
                               .count = 2 * before,
                               .work = header,
                               .work_size = HW_HEADER_SIZE,
                               .record_size = 4,
                               .target = target,
                               .scratch = scratch,
                               .scratch_size = kernel->scratch_size,
                               .records = &found,
                               .capacity = 1};
    hw_scan_result result = {.struct_size = sizeof result};
    bool good = kernel->scan(&request, &result) == HW_OK && result.found == 1 && found == nonce;
    check(good, "finds the nonce of a real block and no other", nonce);
  }
}

static void no_room(void *scratch) {
  static const uint8_t header[HW_HEADER_SIZE];
  uint8_t target[HW_TARGET_SIZE];
  memset(target, 0xff, sizeof target);
  hw_scan_request request = {.struct_size = sizeof request,
                             .count = 3,
                             .work = header,
                             .work_size = HW_HEADER_SIZE,
                             .record_size = 4,
                             .target = target,
                             .scratch = scratch,
                             .scratch_size = kernel->scratch_size};
  hw_scan_result result = {.struct_size = sizeof result};
  bool good = kernel->scan(&request, &result) == HW_OK && result.found == 3;
  check(good, "counts proofs that it has no array for", result.found);
}

static void description(void) {
  check(kernel->struct_size == sizeof *kernel && kernel->abi_version == HW_KERNEL_ABI_VERSION,
        "its description has the size and version of the header", kernel->abi_version);
  check(kernel->lanes >= 1, "it has lanes", kernel->lanes);
  uint32_t alignment = kernel->scratch_alignment;
  check((alignment & (alignment - 1)) == 0 && alignment <= 2u << 20,
        "its alignment is a power of two", alignment);
}

int main(int argc, char **argv) {
  size_t count;
  const family *all = families(&count);
  unsigned run = 0, absent = 0;
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < all[i].count; k++) {
      kernel = &all[i].kernels[k];
      char name[128];
      snprintf(name, sizeof name, "%s/%s", kernel->algorithm, kernel->name);
      bool wanted = argc < 2;
      for (int a = 1; a < argc; a++) wanted |= strstr(name, argv[a]) != NULL;
      if (!wanted) continue;
      uint64_t missing = kernel->required_features & ~hw_cpu_features();
      if (missing != 0) {
        absent++;
        printf("NOT RUN: %s: this CPU lacks", name);
        for (uint64_t bit = 1; bit != 0; bit <<= 1)
          if (missing & bit) printf(" %s", hw_cpu_feature_name(bit));
        printf("\n");
        continue;
      }
      run++;
      void *scratch = guarded(kernel->scratch_size, kernel->scratch_alignment);
      description();
      ranges(scratch);
      refusals(scratch);
      real_blocks(scratch);
      no_room(scratch);
      guarded_free(scratch, kernel->scratch_size, kernel->scratch_alignment);
    }
  printf("%u kernels run, %u not run; %u passed, %u failed\n", run, absent, passed, failed);
  return failed != 0 || run == 0;
}
