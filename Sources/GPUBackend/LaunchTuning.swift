internal import CGPUShims
internal import LinuxSystem
internal import Model

/// How a shape is launched on a device.
internal struct LaunchPlan: Hashable, Sendable {
  /// Items in one group.
  var group: UInt32
  /// Hashes of scrypt in work at a time in each queue; 0 for algorithms without scratch memory.
  var slots: UInt32
  /// Nonces of one launch.
  var launch: UInt64
}

/// Finds how a shape is launched best: group sizes by trying, the launch's length by the clock.
internal struct LaunchTuning {
  /// No divisor of 100 ms, so that boards which sample their power for 25 ms of every 100 see every part of a launch.
  static let usualLength = 0.018
  /// Where the driver ends launches that take long, because a display waits for them.
  static let watchedLength = 0.005
  /// Between scrypt's kernels at most 2 GiB a queue; a launch's count is a 32-bit word.
  private static let stateSize: UInt64 = 48 * 4

  let session: DriverSession
  /// Seconds that one launch should take.
  let length: Double

  init(_ session: DriverSession) {
    self.session = session
    length = session.device.facts.has_watchdog == 1 ? Self.watchedLength : Self.usualLength
  }

  private var isProcessor: Bool { session.device.facts.is_cpu != 0 }

  /// The group sizes worth trying: on processors a group is only a loop.
  var groups: [UInt32] {
    let most = max(1, session.device.facts.maximum_group)
    // Items that read for one another exchange through local memory where there is nothing else: for up to 256 of them.
    let wanted: [UInt32] =
      isProcessor
      ? [64]
      : session.shape.hasScratch
        ? [128] : session.shape.hasDataset ? [64, 128, 256] : [128, 256, 512]
    let fitting = wanted.filter { $0 <= most }
    return fitting.isEmpty ? [most] : fitting
  }

  /// A plan that any launch of up to `launch` nonces fits, for proofs.
  func small(_ launch: UInt64) -> LaunchPlan {
    let group = groups[0]
    return LaunchPlan(
      group: group, slots: session.shape.hasScratch ? slots(128, group: group) : 0, launch: launch)
  }

  /// As many hashes of scrypt in work as `wanted` and memory allow, a whole number of groups.
  private func slots(_ wanted: UInt64, group: UInt32) -> UInt32 {
    let facts = session.device.facts
    let room = session.device.freeMemory * 4 / 5 / UInt64(DriverSession.queues)
    let buffer = facts.largest_buffer == 0 ? room : facts.largest_buffer
    let most = min(room, buffer) / session.shape.scratchPerHash
    let step = max(
      1, UInt64(group) * UInt64(session.shape.hashesPerItem) / UInt64(session.shape.itemsPerHash))
    return UInt32(clamping: max(step, min(wanted, most) / step * step))
  }

  private var largestLaunch: UInt64 {
    session.shape.hasScratch ? (2 << 30) / Self.stateSize : 1 << 31
  }

  /// Reserves buffers for a plan that was found before.
  func apply(_ plan: LaunchPlan) throws(DriverError) {
    try session.reserve(launch: plan.launch, slots: plan.slots, group: plan.group)
  }

  /// The best plan, by launches of a work that yields nothing.
  func find(_ input: WorkInput) throws(DriverError) -> LaunchPlan {
    session.setWork(input, Target(topWord: 0), capacity: 1)
    if session.shape.hasScratch { return try findWithScratch() }
    var best: (plan: LaunchPlan, rate: Double)?
    for group in groups {
      try session.reserve(launch: largestLaunch, slots: 0, group: group)
      let unit =
        session.device.computeUnits * UInt64(group) * UInt64(session.shape.hashesPerItem) * 8
      let launch = try calibrate(unit: unit)
      let seconds = try min(time(launch), time(launch))
      let rate = Double(launch) / max(seconds, 1e-9)
      if rate > (best?.rate ?? 0) {
        best = (LaunchPlan(group: group, slots: 0, launch: launch), rate)
      }
    }
    guard let plan = best?.plan else { return small(1 << 16) }
    try apply(plan)
    return plan
  }

  /// Whole passes over the slots.
  private func findWithScratch() throws(DriverError) -> LaunchPlan {
    let group = groups[0]
    let slots = slots(session.device.computeUnits * 256, group: group)
    session.release()
    try session.reserve(launch: UInt64(slots), slots: slots, group: group)
    // The first one loads the kernel and touches the memory.
    _ = try time(UInt64(slots))
    let pass = try time(UInt64(slots))
    let passes = max(1, min((length / pass).rounded(), Double(largestLaunch / UInt64(slots))))
    let plan = LaunchPlan(group: group, slots: slots, launch: UInt64(passes) * UInt64(slots))
    session.release()
    try apply(plan)
    return plan
  }

  /// The whole number of units that takes about as long as a launch should.
  private func calibrate(unit: UInt64) throws(DriverError) -> UInt64 {
    let most = max(unit, largestLaunch / unit * unit)
    var launch = min(unit, most)
    for _ in 0..<12 {
      _ = try time(launch)
      let factor = min(16, length / max(try time(launch), 1e-9))
      let wanted = (Double(launch) * factor / Double(unit)).rounded()
      let next = min(most, UInt64(max(1, wanted)) * unit)
      if next == launch || (0.8...1.25).contains(factor) { return next }
      launch = next
    }
    return launch
  }

  private func time(_ count: UInt64) throws(DriverError) -> Double {
    let clock = RawMonotonicClock()
    let start = clock.now()
    _ = try session.scan(first: 0, count: count, copied: 1)
    return clock.now().since(start).value
  }
}
