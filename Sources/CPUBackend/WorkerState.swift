internal import Kernels
internal import LinuxSystem
internal import Model
internal import Synchronization

/// What one worker shares with the session, alone on its cache lines.
///
/// The worker writes its position once a call; nobody else writes into these lines, so that snapshots cost the
/// worker one cache miss and nothing more.
internal final class WorkerState: Sendable {
  /// Two lines of 64 bytes: the CPUs' prefetchers fetch them in pairs.
  private typealias Padding = InlineArray<16, UInt64>
  private let before = Padding(repeating: 0)
  private let position: Atomic<UInt64>
  private let after = Padding(repeating: 0)
  /// Written by the worker when it is ready and when it ends; read after that has been signalled.
  private let report = Mutex(Report())
  /// Of a kernel that is not ours.
  let fault = FaultFlag()

  struct Report {
    var failure: Failure?
    /// Nonces per call that this worker measured, when it was asked to.
    var batch: UInt64 = 0
    /// How long the first call took.
    var firstCall = Seconds(0)
    var scratch: ScratchPlacement = .notNeeded
    var shares: [Share] = []
  }

  init(start: WorkPosition) { position = Atomic(start.value) }

  var current: WorkPosition { WorkPosition(position.load(ordering: .relaxed)) }

  /// Called by the worker only.
  func advance(to new: WorkPosition) { position.store(new.value, ordering: .relaxed) }

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
