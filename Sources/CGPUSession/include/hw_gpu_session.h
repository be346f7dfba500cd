#ifndef HW_GPU_SESSION_H
#define HW_GPU_SESSION_H

/// One shape of `hw_gpu_kernels.h`, built for one device of `hw_gpu_device.h`, with queues that scan ranges of nonces.
///
/// In C because a launch passes every argument of its kernels by address; what is scanned when is decided by the caller. By
/// one thread at a time.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hw_gpu_dataset.h"
#include "hw_gpu_device.h"
#include "hw_gpu_kernels.h"

#pragma clang assume_nonnull begin

enum { hw_gpu_session_queues = 2, hw_gpu_session_depth = 2 };

/// One launch that is under way.
typedef struct hw_gpu_flight {
  hw_gpu_ticket *_Nullable ticket;
  /// Count, then nonces, as the device copies them.
  uint32_t *_Nullable results;
  uint32_t first;
  uint64_t count;
} hw_gpu_flight;

typedef struct hw_gpu_lane {
  hw_gpu_queue *_Nullable queue;
  hw_gpu_buffer *_Nullable results, *_Nullable state, *_Nullable scratch;
  hw_gpu_flight flights[hw_gpu_session_depth];
} hw_gpu_lane;

typedef struct hw_gpu_session {
  hw_gpu_device *device;
  hw_gpu_facts facts;
  const hw_gpu_shape *shape;
  hw_gpu_program *_Nullable program;
  /// hw_scan; or hw_begin, hw_mix, hw_end.
  hw_gpu_kernel *_Nullable kernels[3];
  hw_gpu_lane lanes[hw_gpu_session_queues];
  /// Nonces that fit into the results of a launch.
  uint32_t capacity;
  /// Most nonces of a launch: what the buffers between scrypt's kernels hold.
  uint64_t largest_launch;
  /// Hashes of scrypt in work at a time in each queue.
  uint32_t slots;
  uint32_t group;
  uint32_t registers, local_bytes;
  double build_seconds;
  uint8_t work[hw_gpu_work_room];
  size_t work_size;
  /// Of shapes that work on a dataset; somebody else's.
  const hw_gpu_dataset *_Nullable dataset;
} hw_gpu_session;

/// Builds the shape; from `image` (PTX or cubin) if it is not NULL, else from its source. False with an error.
bool hw_gpu_session_open(hw_gpu_session *session, hw_gpu_device *device, const hw_gpu_facts *facts,
                         const hw_gpu_shape *shape, const void *_Nullable image, uint32_t capacity,
                         hw_gpu_error *error);
/// Makes the buffers for launches of up to `launch` nonces and, of scrypt, `slots` hashes in work; anew if they exist.
bool hw_gpu_session_reserve(hw_gpu_session *session, uint64_t launch, uint32_t slots,
                            uint32_t group, hw_gpu_error *error);
/// Frees what hw_gpu_session_reserve made.
void hw_gpu_session_release(hw_gpu_session *session);
/// Frees everything; also what a failed hw_gpu_session_open left.
void hw_gpu_session_close(hw_gpu_session *session);

/// What the launches to come read, for shapes that work on a dataset: without one they cannot be started.
void hw_gpu_session_use(hw_gpu_session *session, const hw_gpu_dataset *_Nullable dataset);

/// Sets header and target of the launches to come; `capacity` at most the session's.
void hw_gpu_session_set_work(hw_gpu_session *session, const uint8_t *header, const uint8_t *target,
                             uint32_t capacity);

/// Starts a launch; `copied` results are copied to the host.
bool hw_gpu_session_submit(hw_gpu_session *session, unsigned queue, unsigned place, uint32_t first,
                           uint64_t count, uint32_t copied, hw_gpu_error *error);
/// As `hw_gpu_poll` of that launch.
int hw_gpu_session_poll(hw_gpu_session *session, unsigned queue, unsigned place,
                        hw_gpu_error *error);
/// Of a launch that is done: its count and nonces, until the next in its place.
const uint32_t *_Nullable hw_gpu_session_results(const hw_gpu_session *session, unsigned queue,
                                                 unsigned place);
/// As `hw_gpu_times` of a launch that is done.
int hw_gpu_session_times(hw_gpu_session *session, unsigned queue, unsigned place,
                         uint64_t *start_ns, uint64_t *end_ns, hw_gpu_error *error);
/// Makes the place of a launch free.
void hw_gpu_session_retire(hw_gpu_session *session, unsigned queue, unsigned place);

/// One launch from start to end; `results` points to its count and nonces until the next.
bool hw_gpu_session_scan(hw_gpu_session *session, uint32_t first, uint64_t count,
                         const uint32_t *_Nullable *_Nonnull results, hw_gpu_error *error);

#pragma clang assume_nonnull end

#endif
