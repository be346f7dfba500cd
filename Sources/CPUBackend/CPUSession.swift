internal import Dispatch
internal import Kernels
internal import LinuxSystem
package import Model
internal import Synchronization

/// Pinned workers at work.
package final class CPUSession: ComputeSession {
  package let batch: UInt64
  package let facts: [WorkerFact: StateValue]
  package let preparations: [MeteredPreparation]
  private let control: SessionControl
  private let states: [WorkerState]
  private let threads: ThreadGroup
  /// How long a call may take.
  private let limit: Seconds
  private let ending = Locked(Ending.none)
  private let watch = Locked(ProgressWatch())

  private enum Ending {
    case none
    case joined
    case givenUp(StuckKernel)
  }

  /// Starts the workers; returns once all of them hash.
  ///
  /// - Throws: what stopped a worker; `StuckKernel` when one does not come back.
  internal init(
    job: ComputeJob, task: Worker.Task, patience: Patience, prepared: KeptStates.Use? = nil
  ) throws {
    let control = SessionControl(job: job, prepared: prepared)
    let start = WorkPosition(sequence: job.firstSequence, nonce: 0)
    let states = job.placement.places.map { _ in WorkerState(start: start) }
    let threads = ThreadGroup()
    var started = 0
    do {
      for (index, cpu) in job.placement.places.enumerated() {
        let worker = Worker(
          index: index, cpu: cpu, task: task, control: control, state: states[index])
        try threads.start { worker.run() }
        started += 1
      }
      // Pinned, memory mapped; what needs a state is prepared.
      if case .hash(let variant) = task, variant.state != nil, prepared == nil {
        try CPUSession.awaitAll(states, control, patience.preparation)
      } else {
        for _ in states { control.arrived.wait() }
        try CPUSession.check(states)
      }
      control.release(states.count, from: .prepared)
      // Calibrated, each while the others were calibrating.
      try CPUSession.awaitAll(states, control, patience.start)
      if job.mode == .hash, job.batch == nil {
        // The slowest worker's batch: on every other one a call is only shorter.
        control.batch.store(states.map { $0.snapshot.batch }.min() ?? 1, ordering: .releasing)
      }
      control.release(states.count, from: .calibrated)
      // The first call is done.
      try CPUSession.awaitAll(states, control, patience.start)
    } catch {
      control.askToStop()
      control.release(states.count, from: .prepared)
      control.release(states.count, from: .calibrated)
      let stuck =
        error as? StuckKernel
        ?? control.wait(control.ended, started, of: states, limit: patience.start)
      if let stuck {
        ProcessControl.giveUpThread()
        throw stuck
      }
      threads.join()
      throw error
    }
    batch = control.batch.load(ordering: .relaxed)
    let reports = states.map(\.snapshot)
    facts =
      prepared?.facts ?? [
        .hugePages: .text(HugePageReport.text(reports.map(\.scratch), root: .live))
      ]
    limit = patience.limit(firstCall: reports.map(\.firstCall).max() ?? Seconds(0))
    self.control = control
    preparations = prepared?.preparations ?? []
    self.states = states
    self.threads = threads
  }

  deinit { _ = stopAndJoin() }

  package func progress() -> [WorkerProgress] { states.map(\.current) }

  package func stuckKernel() -> StuckKernel? {
    guard control.job.mode == .hash else { return nil }
    if let crash = control.crash(of: states) {
      return ending.withLock { giveUp(crash, &$0) }
    }
    let now = RawMonotonicClock().now()
    let still = watch.withLock { $0.still(states.map(\.current.position), at: now, limit: limit) }
    // A worker that failed stands still as well; `finish` tells of it.
    guard still.contains(where: { states[$0].snapshot.failure == nil }) else { return nil }
    return ending.withLock { giveUp(StuckKernel(control.job.series, .silent(limit)), &$0) }
  }

  package func finish() throws -> [Proof] {
    if let stuck = stopAndJoin() { throw stuck }
    let reports = states.map(\.snapshot)
    for case let failure? in reports.map(\.failure) { throw failure }
    return reports.flatMap(\.proofs).sorted()
  }

  /// Ends the workers; one that does not come back from its kernel is given up.
  private func stopAndJoin() -> StuckKernel? {
    ending.withLock { ending in
      switch ending {
      case .joined: return nil
      case .givenUp(let stuck): return stuck
      case .none: break
      }
      control.askToStop()
      if let stuck = control.wait(control.ended, states.count, of: states, limit: limit) {
        return giveUp(stuck, &ending)
      }
      threads.join()
      ending = .joined
      return nil
    }
  }

  private func giveUp(_ stuck: StuckKernel, _ ending: inout Ending) -> StuckKernel {
    control.askToStop()
    ProcessControl.giveUpThread()
    ending = .givenUp(stuck)
    return stuck
  }

  /// Waits until every worker has come to the end of its present phase, and throws what stopped one of them.
  private static func awaitAll(
    _ states: [WorkerState], _ control: SessionControl, _ limit: Seconds
  ) throws {
    if let stuck = control.wait(control.arrived, states.count, of: states, limit: limit) {
      throw stuck
    }
    try check(states)
  }

  private static func check(_ states: [WorkerState]) throws(Failure) {
    for state in states { if let failure = state.snapshot.failure { throw failure } }
  }
}
