#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "hw_gpu_device.h"
#include "hw_gpu_kernels.h"

/// One shape, built for one device, with queues that scan ranges of nonces.

enum { session_queues = 2, session_depth = 2, session_capacity = 1 << 18 };

/// One launch that is under way.
typedef struct flight {
  hw_gpu_ticket *ticket;
  /// Count, then nonces, as the device copies them.
  uint32_t *results;
  uint32_t first;
  uint64_t count;
} flight;

typedef struct lane {
  hw_gpu_queue *queue;
  hw_gpu_buffer *results, *state, *scratch;
  flight flights[session_depth];
} lane;

typedef struct session {
  hw_gpu_device *device;
  hw_gpu_facts facts;
  const hw_gpu_shape *shape;
  hw_gpu_program *program;
  /// hw_scan; or hw_begin, hw_mix, hw_end.
  hw_gpu_kernel *kernels[3];
  lane lanes[session_queues];
  /// Most nonces of a launch: what the buffers between scrypt's kernels hold.
  uint64_t largest_launch;
  /// Hashes of scrypt in work at a time in each queue.
  uint32_t slots;
  uint32_t group;
  uint32_t registers, local_bytes;
  double build_seconds;
  uint8_t work[hw_gpu_work_room];
  size_t work_size;
} session;

/// Builds the shape; from `image` (PTX or cubin) if it is not NULL, else from its source. False with an error.
bool session_open(session *s, hw_gpu_device *device, const hw_gpu_facts *facts,
                  const hw_gpu_shape *shape, const void *image, hw_gpu_error *error);
/// Makes the buffers for launches of up to `launch` nonces and, of scrypt, `slots` hashes in work; anew if they exist.
bool session_reserve(session *s, uint64_t launch, uint32_t slots, uint32_t group,
                     hw_gpu_error *error);
/// Frees what session_reserve made.
void session_release(session *s);
void session_close(session *s);

/// Sets header and target of the launches to come; `capacity` at most session_capacity.
void session_set_work(session *s, const uint8_t *header, const uint8_t *target, uint32_t capacity);

/// Starts a launch; `copied` results are copied to the host.
bool session_submit(session *s, unsigned queue, unsigned place, uint32_t first, uint64_t count,
                    uint32_t copied, hw_gpu_error *error);

/// One launch from start to end; `results` points to its count and nonces until the next.
bool session_scan(session *s, uint32_t first, uint64_t count, const uint32_t **results,
                  hw_gpu_error *error);

/// Seconds of a clock that only goes forward.
double seconds_now(void);

#endif
