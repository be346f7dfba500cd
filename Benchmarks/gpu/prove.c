#include "prove.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference.h"

uint64_t next_random(uint64_t *state) {
  // SplitMix64.
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

void random_header(uint64_t *state, uint8_t header[80]) {
  for (unsigned i = 0; i < 80; i += 8) {
    uint64_t x = next_random(state);
    memcpy(header + i, &x, 8);
  }
}

void easy_target(uint32_t top, uint8_t target[32]) {
  memset(target, 0xff, 32);
  for (unsigned i = 0; i < 4; i++) target[28 + i] = (uint8_t)(top >> (8 * i));
}

static void hash_of(const char *algorithm, const uint8_t *header, uint32_t nonce,
                    uint8_t hash[32]) {
  uint8_t trial[80];
  memcpy(trial, header, 76);
  for (unsigned i = 0; i < 4; i++) trial[76 + i] = (uint8_t)(nonce >> (8 * i));
  reference_for(algorithm)(trial, hash);
}

static bool meets(const uint8_t *hash, const uint8_t *target) {
  for (unsigned i = 32; i-- > 0;)
    if (hash[i] != target[i]) return hash[i] < target[i];
  return true;
}

bool reference_accepts(const char *algorithm, const uint8_t *header, const uint8_t *target,
                       uint32_t nonce) {
  uint8_t hash[32];
  hash_of(algorithm, header, nonce, hash);
  return meets(hash, target);
}

static int by_value(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/// The nonces' distances from `first` in order, of those at most `count` away.
static uint32_t in_range(const uint32_t *results, uint32_t first, uint64_t count, uint32_t *into) {
  uint32_t kept = 0, stored = results[0] < session_capacity ? results[0] : session_capacity;
  for (uint32_t i = 0; i < stored; i++) {
    uint32_t distance = results[1 + i] - first;
    if (distance < count) into[kept++] = distance;
  }
  qsort(into, kept, sizeof *into, by_value);
  return kept;
}

/// Whether exactly the reference's shares of a range are among the results.
static bool same_shares(const hw_gpu_session *s, const uint8_t *header, const uint8_t *target,
                        uint32_t first, uint32_t count, const uint32_t *results) {
  uint32_t *found = malloc((1 + (size_t)session_capacity) * sizeof *found);
  if (found == NULL) abort();
  uint32_t kept = in_range(results, first, count, found), next = 0;
  bool same = true;
  for (uint32_t i = 0; i < count && same; i++) {
    bool is_found = next < kept && found[next] == i;
    next += is_found;
    same = is_found == reference_accepts(s->shape->algorithm, header, target, first + i);
  }
  same = same && next == kept;
  free(found);
  return same;
}

/// Headers of real chains, and the target that each meets, as the top word of its hash.
static const struct {
  const char *algorithm, *header;
} chain_headers[] = {
    {"sha256d", "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a"
                "7b12b27ac72c3e"
                "67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"},
    {"sha256d", "0100000050120119172a610421a6c3011dd330d9df07b63616c2cc1f1cd00200000000006657a9252a"
                "acd5c0b2940996"
                "ecff952228c3067cc38d4885efb5a4ac4247e9f337221b4d4c86041b0f2b5710"},
    {"sha256d", "0020b42b030216aa3bfeb2cffb069ffe3a9b0de3db50c75112279e4f1200000000000000456d7ffa5b"
                "03f0e8a4a2e10c"
                "296a2d140128e32728886aa304135e8d1cd1d0caeac2c06604fa54195ec4d06c"},
    {"sha256d", "00000020e2d4f0edd5edd80bdcb880535443747c6b22b48fb6200d0000000000000000001d3799aa3e"
                "b8d18916f46bf2"
                "cf807cb89a9b1b4c56c3f2693711bf1064d9a32435429c5ba1192817752e49ae"},
    {"scrypt-1024-1-1", "010000000000000000000000000000000000000000000000000000000000000000000000d9"
                        "ced4ed1130f7b7faad9be2"
                        "5323ffafa33232a17c3edf6cfd97bee6bafbdd97b9aa8e4ef0ff0f1ecd513f7c"},
    {"scrypt-1024-1-1", "020000004c1271c211717198227392b029a64a7971931d351b387bb80db027f270411e398a"
                        "07046f7d4a08dd815412a8"
                        "712f874a7ebf0507e3878bd24e20a3b73fd750a667d2f451eac7471b00de6659"},
    {"scrypt-1024-1-1", "0200000011503ee6a855e900c00cfdd98f5f55fffeaee9b6bf55bea9b852d9de2ce35828e2"
                        "04eef76acfd36949ae56d1"
                        "fbe81c1ac9c0209e6331ad56414f9072506a77f8c6faf551eac7471b00389d01"},
    {"keccak256", "700000000000000000000000000000000000000000000000000000000000000000000000f36ae455"
                  "60247c5c7fe195e4"
                  "7128af943405cc987ddc18c388a473c2463bccf87843e652ffff001e3936b000"},
    {"keccak256", "02000000000000000000000000000000000000000000000000000000000000000000000062d421ff"
                  "675e5e9e829ba28c"
                  "d9097b1e8f247642d30d7398c35e4dced88791b70a4a3259f0ff0f1e7fc00300"},
};

static void parse(const char *text, uint8_t header[80]) {
  for (unsigned i = 0; i < 80; i++) {
    unsigned byte = 0;
    sscanf(text + 2 * i, "%2x", &byte);
    header[i] = (uint8_t)byte;
  }
}

static unsigned check(const hw_gpu_session *s, bool holds, const char *what, uint64_t detail,
                      unsigned *passed) {
  if (holds) {
    ++*passed;
    return 0;
  }
  printf("FAILED: %s/%s: %s (%llu)\n", s->shape->algorithm, s->shape->name, what,
         (unsigned long long)detail);
  return 1;
}

unsigned prove(hw_gpu_session *s, unsigned *passed) {
  bool is_scrypt = s->shape->gap != 0;
  uint8_t header[80], target[32];
  hw_gpu_error error;
  const uint32_t *results = NULL;
  unsigned failed = 0;

  for (size_t i = 0; i < sizeof chain_headers / sizeof *chain_headers; i++) {
    if (strcmp(chain_headers[i].algorithm, s->shape->algorithm) != 0) continue;
    parse(chain_headers[i].header, header);
    uint32_t nonce = 0, around = is_scrypt ? 24 : 3000;
    memcpy(&nonce, header + 76, 4);
    // The hash itself is the target: it and nothing else meets it.
    hash_of(s->shape->algorithm, header, nonce, target);
    hw_gpu_session_set_work(s, header, target, session_capacity);
    bool scanned = hw_gpu_session_scan(s, nonce - around, 2 * around + 1, &results, &error);
    failed += check(s, scanned && results[0] == 1 && results[1] == nonce,
                    "a header of a real chain is found at its nonce", i, passed);
  }

  uint64_t seed = 42;
  random_header(&seed, header);
  easy_target(is_scrypt ? 0x40000000u : 0x04000000u, target);
  hw_gpu_session_set_work(s, header, target, session_capacity);
  uint32_t group = s->group * s->shape->item_hashes, slots = s->slots;
  const struct {
    uint32_t first, count;
  } ranges[] = {
      {0, 0},
      {0, 1},
      {0xffffffffu, 1},
      {0xffffffffu, 2},
      {0x7fffffffu, 3},
      {12345, s->shape->item_hashes + 1},
      {12345, 15},
      {12345, 17},
      {999, is_scrypt ? 31 : group - 1},
      {999, is_scrypt ? 33 : group},
      {999, is_scrypt ? 63 : group + 1},
      {0u - (is_scrypt ? 20 : 1013), is_scrypt ? 71 : 4001},
      {777, is_scrypt ? (slots < 150 ? 2 * slots + 1 : 65) : 20011},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
    if (ranges[i].count > s->largest_launch) continue;
    bool scanned = hw_gpu_session_scan(s, ranges[i].first, ranges[i].count, &results, &error);
    failed += check(
        s, scanned && same_shares(s, header, target, ranges[i].first, ranges[i].count, results),
        "the shares of a range are the reference's", ranges[i].count, passed);
    if (!scanned) printf("  %s: %d %s\n", error.function, error.code, error.text);
  }

  // Every hash meets this target; the count is exact, what is stored fits.
  easy_target(0xffffffffu, target);
  uint32_t room = 5, count = is_scrypt ? 40 : 3000;
  hw_gpu_session_set_work(s, header, target, room);
  bool scanned = hw_gpu_session_scan(s, 1, count, &results, &error);
  failed += check(s, scanned && results[0] == count, "more shares than room show in the count",
                  scanned ? results[0] : 0, passed);
  return failed;
}

unsigned prove_briefly(hw_gpu_session *s, bool compares, unsigned *passed) {
  uint8_t header[80], target[32];
  hw_gpu_error error;
  const uint32_t *results = NULL;
  unsigned failed = 0;
  size_t i = 0;
  while (strcmp(chain_headers[i].algorithm, s->shape->algorithm) != 0) i++;
  parse(chain_headers[i].header, header);
  uint32_t nonce = 0;
  memcpy(&nonce, header + 76, 4);
  hash_of(s->shape->algorithm, header, nonce, target);
  hw_gpu_session_set_work(s, header, target, session_capacity);
  uint32_t before = s->shape->gap != 0 ? 1 : 3;
  bool scanned = hw_gpu_session_scan(s, nonce - before, before + 2, &results, &error);
  failed += check(s, scanned && (!compares || (results[0] == 1 && results[1] == nonce)),
                  "a header of a real chain is found at its nonce", i, passed);
  uint64_t seed = 42;
  random_header(&seed, header);
  easy_target(0x80000000u, target);
  hw_gpu_session_set_work(s, header, target, session_capacity);
  uint32_t count = s->shape->gap != 0 ? 3 : 7;
  scanned = hw_gpu_session_scan(s, 0xfffffffeu, count, &results, &error);
  failed += check(
      s, scanned && (!compares || same_shares(s, header, target, 0xfffffffeu, count, results)),
      "the shares of a range are the reference's", count, passed);
  if (!scanned) printf("  %s: %d %s\n", error.function, error.code, error.text);
  return failed;
}

unsigned rescan(hw_gpu_session *s, uint64_t count, unsigned rarity, uint32_t sampled, uint64_t seed,
                unsigned *passed) {
  enum { parts = 16 };
  uint8_t header[80], target[32];
  hw_gpu_error error;
  const uint32_t *results = NULL;
  random_header(&seed, header);
  easy_target((uint32_t)(0xffffffffu >> rarity), target);
  hw_gpu_session_set_work(s, header, target, session_capacity);
  uint32_t first = (uint32_t)next_random(&seed);
  if (!hw_gpu_session_scan(s, first, count, &results, &error))
    return check(s, false, error.text, (uint64_t)error.code, passed);
  if (results[0] > session_capacity)
    return check(s, false, "a launch of this size has too many shares for the room", results[0],
                 passed);
  unsigned failed = 0;
  // The count itself, against what chance gives: six standard deviations.
  double expected = (double)count / (double)(UINT64_C(1) << rarity);
  double deviation = (double)results[0] - expected;
  failed += check(s, deviation * deviation <= 36 * expected + 36,
                  "the number of shares is plausible", results[0], passed);
  for (unsigned i = 0; i < parts; i++) {
    uint32_t part = sampled / parts;
    if (part > count) part = (uint32_t)count;
    // The two ends always, the rest anywhere.
    uint64_t at = i == 0 ? 0 : i == 1 ? count - part : next_random(&seed) % (count - part + 1);
    failed += check(s, same_shares(s, header, target, first + (uint32_t)at, part, results),
                    "a part of a timed launch has the reference's shares", at, passed);
  }
  return failed;
}
