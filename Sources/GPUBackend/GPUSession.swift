internal import LinuxSystem
package import Model
internal import Synchronization

/// What has been heard of a session so far.
internal struct GPUProgress: Sendable {
  private(set) var workers: [WorkerProgress]
  private(set) var proofs: [Proof] = []
  /// The last line of a session that was stopped.
  private(set) var end: [String]?
  private let start: WorkPosition

  init(firstSequence: UInt32) {
    let start = WorkPosition(sequence: firstSequence, nonce: 0)
    self.start = start
    workers = (0..<GPUBackend.placementName.workers).map { _ in
      WorkerProgress(position: start, units: 0, instant: RawMonotonicClock().now())
    }
  }

  /// Takes a line in; false for one that says something else.
  mutating func take(_ words: [String]) -> Bool {
    switch words.first {
    case WorkerMessage.position:
      guard words.count == 4, let worker = Int(words[1]), workers.indices.contains(worker),
        let position = UInt64(words[2]), let instant = UInt64(words[3]), position >= start.value
      else { return false }
      workers[worker] = WorkerProgress(
        position: WorkPosition(position), units: position - start.value,
        instant: Instant(nanoseconds: instant))
    case WorkerMessage.share:
      guard words.count == 3, let worker = Int(words[1]), workers.indices.contains(worker),
        let position = UInt64(words[2])
      else { return false }
      proofs.append(Proof(worker: worker, position: WorkPosition(position)))
    case WorkerMessage.stopped: end = words
    default: return false
    }
    return true
  }
}

/// A device at work in its worker process.
package final class GPUSession: ComputeSession {
  package let batch: UInt64
  package let facts: [WorkerFact: StateValue]
  package let preparations: [MeteredPreparation]
  package let poll: Seconds? = Seconds(PollPause.seconds)
  private let series: SeriesID
  private let process: TalkingProcess
  private let forget: @Sendable () -> Void
  private let state: Mutex<State>
  private let limits: GPULimits

  private struct State {
    var progress: GPUProgress
    var lastMove: Instant
    /// What ended it before it was asked to stop.
    var ending: (any Error)?
    var isFinished = false
    var checks: [Check] = []
  }

  init(
    _ series: SeriesID, _ process: TalkingProcess, _ progress: GPUProgress, plan: LaunchPlan,
    facts: [WorkerFact: StateValue], preparations: [MeteredPreparation], limits: GPULimits,
    forget: @escaping @Sendable () -> Void
  ) {
    self.series = series
    self.process = process
    self.forget = forget
    self.limits = limits
    self.facts = facts
    self.preparations = preparations
    batch = plan.launch
    state = Mutex(State(progress: progress, lastMove: RawMonotonicClock().now()))
  }

  deinit {
    if !state.withLock({ $0.isFinished }) { forget() }
  }

  /// Takes in what has been said; the positions carry their own instants, so that it does not matter when.
  private func listen(_ state: inout State) {
    while state.ending == nil {
      switch process.next(within: Seconds(0)) {
      case .line(let line):
        state.lastMove = RawMonotonicClock().now()
        let words = WorkerMessage.words(line)
        guard !state.progress.take(words) else { continue }
        state.ending = Self.failure(words, series)
      case .silence: return
      case .ended(let ending):
        state.ending = StuckKernel(series, .crashed(ending.signal), isContained: true)
      }
    }
  }

  private static func failure(_ words: [String], _ series: SeriesID) -> any Error {
    let text = words.count > 1 ? words[1] : "its worker said '\(words.first ?? "")'"
    return StuckKernel(series, .failed(text), isContained: true)
  }

  package func progress() -> [WorkerProgress] {
    state.withLock { state in
      listen(&state)
      return state.progress.workers
    }
  }

  package func stuckKernel() -> StuckKernel? {
    state.withLock { state in
      listen(&state)
      if state.ending == nil, RawMonotonicClock().now().since(state.lastMove) > limits.launch {
        state.ending = StuckKernel(series, .silent(limits.launch), isContained: true)
      }
      guard let stuck = state.ending as? StuckKernel else { return nil }
      forget()
      return stuck
    }
  }

  package func finish() throws -> [Proof] {
    try state.withLock { state in
      if !state.isFinished {
        state.isFinished = true
        settle(&state)
      }
      if let ending = state.ending { throw ending }
      return state.progress.proofs.sorted()
    }
  }

  /// Asks the worker to stop and waits for its last line: what is in flight, the proofs, and one launch that is scanned again.
  private func settle(_ state: inout State) {
    listen(&state)
    if state.ending == nil, !process.send(WorkerMessage.stop) {
      state.ending = StuckKernel(series, .crashed("exit"), isContained: true)
    }
    while state.ending == nil, state.progress.end == nil {
      switch process.next(within: limits.end) {
      case .line(let line):
        let words = WorkerMessage.words(line)
        if words.first == WorkerMessage.faulty, words.count == 2 {
          state.ending = Failure(
            .no, "kernel '\(series.kernel)' of \(series.algorithm) on live work: \(words[1])")
        } else if !state.progress.take(words) {
          state.ending = Self.failure(words, series)
        }
      case .silence:
        state.ending = StuckKernel(series, .silent(limits.end), isContained: true)
      case .ended(let ending):
        state.ending = StuckKernel(series, .crashed(ending.signal), isContained: true)
      }
    }
    if state.ending != nil { forget() }
    if let end = state.progress.end { state.checks = Self.checks(end, series) }
  }

  package var checks: [Check] { state.withLock { $0.checks } }

  /// Between launches a device may be idle so much of the time.
  static let mostIdle = 0.005

  static func checks(_ end: [String], _ series: SeriesID) -> [Check] {
    guard end.count == 6 else { return [] }
    var checks: [Check] = []
    func percent(_ share: Double) -> String { "\((share * 1e5).rounded() / 1e3) %" }
    if let idle = Double(end[2]), let longest = Double(end[3]) {
      checks.append(
        Check(
          name: .deviceIdle, verdict: idle <= mostIdle ? .pass : .fail,
          message: "\(series): no launch ran for \(percent(idle)) of the time, at most "
            + "\((longest * 1e4).rounded() / 10) ms at once (limit \(percent(mostIdle)))"))
    } else {
      checks.append(
        Check(
          name: .deviceIdle, verdict: .unknown,
          message: "\(series): the device does not tell when launches run"))
    }
    if let candidates = Int(end[4]), let wrong = Int(end[5]) {
      checks.append(
        Check(
          name: .hardwareErrors, verdict: wrong == 0 ? .pass : .fail,
          message: "\(series): \(wrong) of \(candidates) reported hashes were wrong"))
    }
    return checks
  }
}
