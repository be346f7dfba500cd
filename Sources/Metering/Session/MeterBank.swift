package import LinuxSystem
internal import MeterCore
package import Model
internal import Synchronization

/// Every open meter of a run: one accumulator a channel, a guard thread for the counters of this machine, and a
/// thread for each meter that may take long to answer.
package final class MeterBank: MeterSession {
  package let descriptors: [MeterDescriptor]
  package let checks: [Check]

  private struct Slot: Sendable {
    let reader: any MeterReader
    /// Index of its first channel among all.
    let offset: Int
  }

  private struct State {
    var accumulators: [ChannelAccumulator]
    var disturbances: DisturbanceWatch
    var snapshots = 0
    /// Lines that are not in the raw log yet; stays empty without one.
    var lines: [RawLogLine] = []
  }

  private struct Log: ~Copyable {
    var file: RawLog?
    var digest: Reading<String>?
  }

  private let inline: [Slot]
  private let polled: [Slot]
  private let clock: any MonotonicClock
  private let logs: Bool
  private let state: Locked<State>
  private let log: Locked<Log>
  private let isStopped = Atomic<Bool>(false)
  private let threads = Locked<[SystemThread]>([])

  /// Starts the threads and takes the first reading of every channel.
  package init(
    readers: [any MeterReader], checks: [Check], clock: any MonotonicClock,
    watch: DisturbanceWatch, options: MeterOptions
  ) throws(SystemError) {
    var slots: [Slot] = []
    var channels: [MeterChannel] = []
    for reader in readers {
      slots.append(Slot(reader: reader, offset: channels.count))
      channels += reader.channels
    }
    let placement = GuardPlacement.choose(avoiding: options.workerCPUs)
    descriptors = channels.map(\.descriptor)
    self.checks = checks + (channels.isEmpty ? [] : [placement.check])
    self.clock = clock
    inline = slots.filter { if case .inline = $0.reader.pace { true } else { false } }
    polled = slots.filter { !$0.reader.pace.isInline }
    logs = options.rawLog != nil
    var file: RawLog?
    if let path = options.rawLog { file = try RawLog(path: path) }
    log = Locked(Log(file: file, digest: nil))
    var first = State(
      accumulators: channels.map { ChannelAccumulator(rules: $0.rules) }, disturbances: watch)
    if logs {
      first.lines = channels.enumerated().map {
        .meter($0.offset, $0.element.descriptor.id, $0.element.rules)
      }
    }
    state = Locked(first)
    readInline()
    // The first answers belong to the start, so that a window may begin at once.
    pollOnce()
    if options.startsThreads, !channels.isEmpty { try start(placement) }
  }

  private func start(_ placement: GuardPlacement) throws(SystemError) {
    do {
      let period = inline.compactMap(\.reader.pace.guardPeriod).min() ?? Seconds(1)
      try run(placement, every: period) { [self] in
        readInline()
        writeLog()
      }
      for slot in polled {
        guard case .polled(let period) = slot.reader.pace else { continue }
        try run(placement, every: period) { [self] in poll(slot) }
      }
    } catch {
      finish()
      throw error
    }
  }

  private func run(
    _ placement: GuardPlacement, every period: Seconds,
    _ step: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    let thread = try SystemThread { [self] in
      placement.apply()
      var next = clock.now()
      while !isStopped.load(ordering: .relaxed) {
        // A slow step delays the next and is not made up for by a burst.
        next = max(next.advanced(by: period), clock.now())
        clock.sleep(until: next) { isStopped.load(ordering: .relaxed) }
        if !isStopped.load(ordering: .relaxed) { step() }
      }
    }
    threads.withLock { $0.append(thread) }
  }

  package func snapshot() -> MeterSnapshot {
    state.withLock { state in
      let began = clock.now()
      readCounters(&state)
      let ended = clock.now()
      watchDisturbances(&state)
      if logs { state.lines.append(.snapshot(state.snapshots, began: began, ended: ended)) }
      state.snapshots += 1
      return MeterSnapshot(
        began: began, ended: ended, channels: state.accumulators.map(\.snapshot))
    }
  }

  /// How long a snapshot may wait for its verdict; counters that may stand for longer are found out by the next window.
  private static let patience = Seconds(3)

  package func judged(_ snapshot: MeterSnapshot) -> MeterSnapshot {
    let deadline = clock.now().advanced(by: Self.patience)
    while true {
      let verdicts = state.withLock { state -> [ChannelAccumulator.Judgement]? in
        let judgements = zip(state.accumulators, snapshot.channels).map { $0.judgement(of: $1) }
        let isUndecided = judgements.contains(.undecided)
        if !isUndecided || clock.now() >= deadline {
          if logs { state.lines.append(.judged(snapshot.began)) }
          return judgements
        }
        readCounters(&state)
        return nil
      }
      if let verdicts { return snapshot.judged(verdicts) }
      clock.sleep(until: clock.now().advanced(by: Seconds(0.001))) {
        isStopped.load(ordering: .relaxed)
      }
    }
  }

  package func finish() {
    isStopped.store(true, ordering: .relaxed)
    let stopped = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in stopped { thread.join() }
    writeLog()
    log.withLock { log in
      if log.digest == nil { log.digest = log.file?.close() }
      log.file = nil
    }
  }

  package var rawLogDigest: Reading<String>? { log.withLock { $0.digest } }

  /// What the guard thread does once a period.
  package func readInline() {
    state.withLock { state in
      readCounters(&state)
      watchDisturbances(&state)
    }
  }

  /// What the threads of the polled meters do once a period each.
  package func pollOnce() {
    for slot in polled { poll(slot) }
  }

  /// Off the lock that snapshots take, for a disk may be slow.
  private func writeLog() {
    guard logs else { return }
    log.withLock { log in
      let lines = state.withLock { state in
        defer { state.lines = [] }
        return state.lines
      }
      log.file?.write(lines)
    }
  }

  private func readCounters(_ state: inout State) {
    for slot in inline { take(slot.reader.read(clock), slot.offset, &state) }
  }

  private func poll(_ slot: Slot) {
    let readings = slot.reader.read(clock)
    state.withLock { take(readings, slot.offset, &$0) }
  }

  private func take(_ readings: [ChannelReading], _ offset: Int, _ state: inout State) {
    for reading in readings {
      let index = offset + reading.channel
      state.accumulators[index].add(reading.value, at: reading.instant, lag: reading.lag)
      guard logs else { continue }
      switch reading.value {
      case .value(let raw): state.lines.append(.read(index, reading.instant, raw))
      case .unavailable(let reason): state.lines.append(.miss(index, reading.instant, reason))
      }
    }
  }

  private func watchDisturbances(_ state: inout State) {
    let findings = state.disturbances.look()
    guard !findings.isEmpty else { return }
    let now = clock.now()
    for finding in findings {
      for index in descriptors.indices where finding.concerns(descriptors[index].scope) {
        state.accumulators[index].interrupt(finding.reason, at: now)
        if logs { state.lines.append(.void(index, now, finding.reason)) }
      }
    }
  }
}
