internal import Kernels
internal import LinuxSystem
internal import Model
internal import Synchronization

/// What one worker shares with the session, alone on its cache lines.
///
/// The worker writes its position once a call; nobody else writes into these lines, so that snapshots cost the
/// worker one cache miss and nothing more. Position and units belong together: the version is odd while they change, and
/// who reads looks again when it has changed meanwhile.
internal final class WorkerState: Sendable {
  /// Two lines of 64 bytes: the CPUs' prefetchers fetch them in pairs.
  private typealias Padding = InlineArray<16, UInt64>
  private let before = Padding(repeating: 0)
  private let version = Atomic<UInt64>(0)
  private let position: Atomic<UInt64>
  /// Units of work in all attempts so far.
  private let units = Atomic<UInt64>(0)
  private let after = Padding(repeating: 0)
  /// Written by the worker when it is ready and when it ends; read after that has been signalled.
  private let report = Locked(Report())
  /// Of a kernel that is not ours.
  let fault = FaultFlag()

  struct Report {
    var failure: Failure?
    /// Nonces per call that this worker measured, when it was asked to.
    var batch: UInt64 = 0
    /// How long the first call took.
    var firstCall = Seconds(0)
    var scratch: ScratchPlacement = .notNeeded
    var proofs: [Proof] = []
  }

  init(start: WorkPosition) { position = Atomic(start.value) }

  /// Counted at the end of each call: what is in flight is not in it.
  var current: WorkerProgress {
    while true {
      let before = version.load(ordering: .acquiring)
      let (place, done) = (position.load(ordering: .relaxed), units.load(ordering: .relaxed))
      atomicMemoryFence(ordering: .acquiring)
      guard before.isMultiple(of: 2), version.load(ordering: .relaxed) == before else { continue }
      return WorkerProgress(position: WorkPosition(place), units: done)
    }
  }

  /// Called by the worker only.
  func advance(to new: WorkPosition, units more: UInt64) {
    let odd = version.load(ordering: .relaxed) &+ 1
    version.store(odd, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    position.store(new.value, ordering: .relaxed)
    units.store(units.load(ordering: .relaxed) &+ more, ordering: .relaxed)
    version.store(odd &+ 1, ordering: .releasing)
  }

  func update(_ change: (inout sending Report) -> Void) { report.withLock { change(&$0) } }
  var snapshot: Report { report.withLock { $0 } }
}

/// How the scratch memory of one worker lies.
internal enum ScratchPlacement: Sendable {
  case notNeeded
  case granted
  case refused
  /// Huge pages were asked for at these addresses; `/proc/self/smaps` tells what came of it.
  case advised(Range<UInt>)
}
