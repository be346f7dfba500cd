package import Kernels
internal import LinuxSystem
package import Model
internal import Synchronization

/// What one core of this machine can do at most, measured, and how near each kernel comes to it.
package struct Roofline: Hashable, Sendable {
  /// Operations a cycle of one kind on registers of one width.
  package struct Throughput: Hashable, Sendable {
    package let kind: OperationKind
    package let vectorBits: Int
    package let perCycle: Double

    package init(kind: OperationKind, vectorBits: Int, perCycle: Double) {
      self.kind = kind
      self.vectorBits = vectorBits
      self.perCycle = perCycle
    }
  }

  /// One kernel against its bound.
  package struct Row: Hashable, Sendable {
    package let algorithm: AlgorithmID
    package let kernel: KernelID
    package let measured: Double
    /// Operations for one hash, or why there is no bound.
    package let operationsPerHash: Reading<Double>
    package let bound: Reading<Double>
  }

  /// Cycles a second of the core while it ran the loops.
  package let clock: Double
  package let throughputs: [Throughput]
  package let rows: [Row]

  /// Hashes a second that no code with these operations can pass on this core.
  ///
  /// No kind of operation takes less than its count divided by its throughput; and all but the loads share the ports of
  /// the arithmetic, so together they take not less than their sum divided by the highest throughput of any of them.
  package static func bound(
    _ operations: KernelOperations, clock: Double, _ throughputs: [Throughput]
  ) -> Reading<Double> {
    var cycles = 0.0
    var arithmetic = 0.0
    var highest = 0.0
    for (kind, count) in operations.counts {
      guard
        let throughput = throughputs.first(where: {
          $0.kind == kind && $0.vectorBits == operations.vectorBits
        })
      else {
        return .unavailable(
          Reason(
            .notMeasured,
            "no loop measures '\(kind.name)' on registers of \(operations.vectorBits) bits"))
      }
      cycles = max(cycles, Double(count) / throughput.perCycle)
      if !kind.isLoad {
        arithmetic += Double(count)
        highest = max(highest, throughput.perCycle)
      }
    }
    if highest > 0 { cycles = max(cycles, arithmetic / highest) }
    guard cycles > 0 else {
      return .unavailable(Reason(.notMeasured, "no operation is counted for this kernel"))
    }
    return .value(clock * Double(operations.hashes) / cycles)
  }

  /// Measures on one CPU: the loops, then every usable kernel.
  ///
  /// It takes about a tenth of a second for each kernel and loop.
  package static func measure(
    _ catalog: KernelCatalog, on features: CPUFeatures, cpu: Int,
    isCancelled: @Sendable @escaping () -> Bool
  ) throws(Failure) -> Roofline {
    // A thread of its own, so that only it is pinned.
    let threads = ThreadGroup()
    let box = OutcomeBox()
    try threads.start {
      do throws(Failure) {
        do throws(SystemError) { try Affinity.pinCurrentThread(to: cpu) } catch {
          throw Failure(.unavailable, error.description)
        }
        box.set(
          .success(try RooflineMeter(isCancelled: isCancelled).measure(catalog, on: features)))
      } catch { box.set(.failure(error)) }
    }
    threads.join()
    return try box.take()
  }
}

/// Carries the outcome from the measuring thread.
private final class OutcomeBox: Sendable {
  private let outcome = Mutex<Result<Roofline, Failure>?>(nil)

  func set(_ result: Result<Roofline, Failure>) { outcome.withLock { $0 = result } }

  func take() throws(Failure) -> Roofline {
    guard let result = outcome.withLock({ $0 }) else {
      throw Failure(.unavailable, "the measuring thread ended without an answer")
    }
    return try result.get()
  }
}

/// The measurement itself, on the thread that runs it.
private struct RooflineMeter {
  let isCancelled: @Sendable () -> Bool
  private let clock = RawMonotonicClock()
  /// A loop at least this long is timed well enough.
  private static let enough = 0.004
  private static let rounds = 8

  init(isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }

  func measure(_ catalog: KernelCatalog, on features: CPUFeatures) throws(Failure) -> Roofline {
    let cycles = try rate(ThroughputProbe.cycleChain)
    var throughputs: [Roofline.Throughput] = []
    for probe in ThroughputProbe.all where probe.requiredFeatures.isSubset(of: features) {
      throughputs.append(
        Roofline.Throughput(
          kind: probe.kind, vectorBits: probe.vectorBits,
          perCycle: try rate(probe.run) / cycles))
    }
    var rows: [Roofline.Row] = []
    for variant in catalog.variants
    where KernelCatalog.obstacle(to: variant, on: features) == nil
      && catalog.fault(of: variant) == nil
    {
      let none = Reason(.notMeasured, "the operations of this kernel are not written down")
      rows.append(
        Roofline.Row(
          algorithm: variant.algorithm, kernel: variant.id, measured: try rate(of: variant),
          operationsPerHash: variant.operations.map { .value($0.perHash) } ?? .unavailable(none),
          bound: variant.operations.map { Roofline.bound($0, clock: cycles, throughputs) }
            ?? .unavailable(none)))
    }
    return Roofline(clock: cycles, throughputs: throughputs, rows: rows)
  }

  /// The best rate of several rounds: whatever disturbs a loop makes it slower.
  private func rate(_ run: (UInt64) -> UInt64) throws(Failure) -> Double {
    var iterations: UInt64 = 1024
    while time({ _ = run(iterations) }) < RooflineMeter.enough { iterations *= 2 }
    var best = 0.0
    for _ in 0..<RooflineMeter.rounds {
      try check()
      var operations: UInt64 = 0
      let seconds = time { operations = run(iterations) }
      best = max(best, Double(operations) / seconds)
    }
    return best
  }

  private func rate(of variant: KernelVariant) throws(Failure) -> Double {
    let scratch = try ScratchMemory(
      size: variant.scratchSize, alignment: variant.scratchAlignment, hugePages: true)
    guard let header = Header(bytes: (0..<80).map { UInt8($0) }) else { return 0 }
    let batch = try Calibration.batch(for: variant, header: header, scratch: scratch)
    let work = Work(
      header: header, firstNonce: 0, count: batch, target: Target(leadingZeroBits: 256))
    var nonces: [UInt32] = []
    var best = 0.0
    try check()
    do throws(KernelFault) {
      for _ in 0..<2 * RooflineMeter.rounds {
        let start = clock.now()
        _ = try variant.scan(work, scratch: scratch, nonces: &nonces, capacity: 0)
        best = max(best, Double(batch) / clock.now().since(start).value)
      }
    } catch { throw Failure(error.exitCode, error.message, remedy: error.remedy) }
    return best
  }

  private func time(_ body: () -> Void) -> Double {
    let start = clock.now()
    body()
    return clock.now().since(start).value
  }

  private func check() throws(Failure) {
    if isCancelled() { throw Failure(.interrupted, "interrupted") }
  }
}
