internal import Kernels
internal import LinuxSystem
internal import Model

/// Finds how many attempts make a call of a kernel last a few milliseconds.
///
/// Long enough that what happens between calls costs nothing, short enough that a worker's position is fresh.
internal enum BatchCalibration {
  /// How long one call should last.
  static let goal = Seconds(0.004)
  /// A call of at least this length is timed well enough to scale from.
  private static let enough = Seconds(0.001)

  /// Attempts per call: a multiple of the kernel's lanes.
  static func batch(
    for variant: KernelVariant, _ input: WorkInput, scratch: borrowing ScratchMemory,
    state: PreparedState?, stop: StopWord
  ) throws(Failure) -> UInt64 {
    let clock = RawMonotonicClock()
    let lanes = UInt64(variant.lanes)
    // No value meets this target in practice, and none is kept if it does.
    let target = Target(leadingZeroBits: 256)
    var room = ProofRoom(capacity: 0, variant.shape)
    var count = lanes
    while true {
      let work = Work(input: input, firstNonce: 0, count: count, target: target)
      var best = Double.infinity
      do throws(KernelFault) {
        for _ in 0..<3 {
          let start = clock.now()
          _ = try variant.scan(
            work, scratch: scratch, state: state, room: &room, capacity: 0, stop: stop)
          best = min(best, clock.now().since(start).value)
        }
      } catch { throw Failure(error.exitCode, error.message, remedy: error.remedy) }
      if best >= enough.value || count > 1 << 31 || stop.isSet {
        return scaled(count: count, took: Seconds(best), lanes: lanes)
      }
      // Grow fast while the call is too short to tell anything.
      count *= best < enough.value / 16 ? 8 : 2
    }
  }

  /// The batch for the goal, from one timed call.
  static func scaled(count: UInt64, took: Seconds, lanes: UInt64) -> UInt64 {
    let wanted = Double(count) * goal.value / max(took.value, 1e-9)
    let passes = max(1, (wanted / Double(lanes)).rounded())
    return min(UInt64(passes) * lanes, (1 << 32) / lanes * lanes)
  }
}
