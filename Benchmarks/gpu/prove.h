#ifndef PROVE_H
#define PROVE_H

#include "hw_gpu_session.h"

/// Nonces that fit into the results of a launch.
enum { session_capacity = 1 << 18 };

/// Checks a shape against the reference of the test harness: headers of real chains among their neighbours; every share of
/// an easy target over ranges at all edges (nothing, one, a vector, a group, a launch, each one more and less, the wrap at
/// 2^32); more shares than room. Returns the number of failed checks, each printed; adds the others to `passed`.
unsigned prove(hw_gpu_session *s, unsigned *passed);

/// The same on some nonces, for a device that is a slow simulation: a header of a real chain, and a range over the wrap at 2^32.
/// Unless `compares`, only that they run counts: for kernels that were built with fewer rows, whose hashes are others.
unsigned prove_briefly(hw_gpu_session *s, bool compares, unsigned *passed);

/// Scans `count` nonces as one launch with a target that one in 2^`rarity` meets, then compares random parts of it, `sampled`
/// nonces in all, with the reference: exactly the same shares. Returns the number of differing parts.
unsigned rescan(hw_gpu_session *s, uint64_t count, unsigned rarity, uint32_t sampled, uint64_t seed,
                unsigned *passed);

/// A target whose top word is `top` and whose other words are all ones.
void easy_target(uint32_t top, uint8_t target[32]);
/// The next of a sequence of pseudo-random numbers.
uint64_t next_random(uint64_t *state);
/// A header made of them.
void random_header(uint64_t *state, uint8_t header[80]);
/// Whether the reference finds the hash of a nonce at or below the target.
bool reference_accepts(const char *algorithm, const uint8_t *header, const uint8_t *target,
                       uint32_t nonce);

#endif
