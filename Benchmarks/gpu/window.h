#ifndef WINDOW_H
#define WINDOW_H

#include "hw_gpu_session.h"
#include "nvml_log.h"

/// Seconds of a clock that only goes forward.
double seconds_now(void);

/// One timed stretch of work on both queues of a session.
typedef struct window {
  double from, to;
  uint64_t hashes, launches;
  /// Sum of the queues' rates between their own first and last fences.
  double rate;
  /// Share of the time between the first start and the last end in which no kernel ran, by the device's clock, and the
  /// longest such gap; -1 where the device tells no times.
  double idle_share, longest_gap_s;
  double launch_s;
  /// Candidates that the reference did not confirm.
  uint64_t candidates, wrong;
} window;

/// Runs launches of `launch` nonces, two deep on `queues` queues, for about `seconds`. False with an error.
bool window_run(hw_gpu_session *s, unsigned queues, uint64_t launch, double seconds, window *result,
                hw_gpu_error *error);

/// The number of nonces that takes about `seconds` in one launch: `unit` times a whole number. 0 with an error.
uint64_t window_calibrate(hw_gpu_session *s, uint64_t unit, double seconds, uint64_t largest,
                          hw_gpu_error *error);

#endif
