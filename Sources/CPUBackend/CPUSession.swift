internal import Dispatch
internal import LinuxSystem
package import Model
internal import Synchronization

/// Pinned workers at work.
package final class CPUSession: ComputeSession {
  package let batch: UInt64
  package let hugePages: String
  private let control: SessionControl
  private let states: [WorkerState]
  private let threads: ThreadGroup

  /// Starts the workers; returns once all of them hash.
  internal init(job: ComputeJob, work: Worker.Work) throws(Failure) {
    let control = SessionControl(job: job)
    let start = WorkPosition(sequence: job.firstSequence, nonce: 0)
    let states = job.cpus.map { _ in WorkerState(start: start) }
    let threads = ThreadGroup()
    do throws(Failure) {
      for (index, cpu) in job.cpus.enumerated() {
        let worker = Worker(
          index: index, cpu: cpu, work: work, control: control, state: states[index])
        try threads.start { worker.run() }
      }
      // Pinned, memory mapped.
      try CPUSession.awaitAll(states, control)
      control.release(states.count)
      // Calibrated, each while the others were calibrating.
      try CPUSession.awaitAll(states, control)
      if job.mode == .hash, job.batch == nil {
        // The slowest worker's batch: on every other one a call is only shorter.
        control.batch.store(states.map { $0.snapshot.batch }.min() ?? 1, ordering: .releasing)
      }
      control.release(states.count)
      // The first call is done.
      try CPUSession.awaitAll(states, control)
    } catch {
      control.stop.store(true, ordering: .releasing)
      control.release(2 * states.count)
      threads.join()
      throw error
    }
    batch = control.batch.load(ordering: .relaxed)
    hugePages = HugePageReport.text(states.map { $0.snapshot.scratch }, root: .live)
    self.control = control
    self.states = states
    self.threads = threads
  }

  deinit { stopAndJoin() }

  package func positions() -> [WorkPosition] { states.map(\.current) }

  package func finish() throws -> [Share] {
    stopAndJoin()
    let reports = states.map(\.snapshot)
    for case let failure? in reports.map(\.failure) { throw failure }
    return reports.flatMap(\.shares).sorted()
  }

  private func stopAndJoin() {
    control.stop.store(true, ordering: .releasing)
    threads.join()
  }

  /// Waits until every worker has come to the end of its present phase, and throws what stopped one of them.
  private static func awaitAll(
    _ states: [WorkerState], _ control: SessionControl
  ) throws(Failure) {
    for _ in states { control.arrived.wait() }
    for state in states { if let failure = state.snapshot.failure { throw failure } }
  }
}
