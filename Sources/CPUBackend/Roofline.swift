package import Kernels
internal import LinuxSystem
package import Model

/// What one core of this machine can do at most, measured, and how near each kernel comes to it.
package struct Roofline: Hashable, Sendable {
  /// Operations a cycle of one kind on registers of one width.
  package struct Throughput: Hashable, Sendable {
    package let kind: OperationKind
    package let vectorBits: Int
    package let perCycle: Double
    /// Of the even and of the odd rounds alone.
    internal var halves: [Double] = []

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
    package let unit: WorkUnit
    package let measured: Double
    /// Cycles a second of the core between this kernel's calls.
    package let clock: Double
    /// Operations for one hash, or why there is no bound.
    package let operationsPerUnit: Reading<Double>
    package let bound: Reading<Double>
    /// How far the fraction of the even and of the odd rounds differ, relative to it; 0 without a bound.
    package let spread: Double
  }

  /// The highest clock of the core beside any loop or kernel, in cycles a second.
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

  /// Whether this build can measure one: loops that nobody optimized say nothing of the core.
  package static var isMeasurable: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }

  /// Throws where this build cannot measure one.
  package static func checkBuild() throws(Failure) {
    guard isMeasurable else {
      throw Failure(
        .unavailable, "--roofline: the loops of a debug build do not reach what a core can do",
        remedy: "build with 'swift build -c release'")
    }
  }

  /// The kernels of a catalogue that can run here and are not known to be faulty.
  package static func candidates(
    _ catalog: KernelCatalog, on features: CPUFeatures
  ) -> [KernelVariant] {
    catalog.variants.filter {
      KernelCatalog.obstacle(to: $0, on: features) == nil && catalog.fault(of: $0) == nil
    }
  }

  /// Measures on one CPU: the loops, then the kernels.
  ///
  /// It takes about a tenth of a second for each kernel and loop. `widths` are those of the registers that loops are
  /// measured on; nil for all.
  ///
  /// - Throws: `Interrupted` once `isCancelled` is true; `StuckKernel` when a kernel does not come back.
  package static func measure(
    _ variants: [KernelVariant], on features: CPUFeatures, cpu: Int, widths: Set<Int>? = nil,
    patience: Patience = Patience(), isCancelled: @Sendable @escaping () -> Bool
  ) throws -> Roofline {
    let probes = ThroughputProbe.all.filter {
      $0.requiredFeatures.isSubset(of: features) && widths?.contains($0.vectorBits) != false
    }
    // A thread of its own, so that only it is pinned.
    return try GuardedThread.run(patience) { pulse throws in
      do throws(SystemError) { try Affinity.pinCurrentThread(to: cpu) } catch {
        throw Failure(.unavailable, error.description)
      }
      return try RooflineMeter(pulse: pulse, isCancelled: isCancelled).measure(variants, probes)
    }
  }
}

/// The measurement itself, on the thread that runs it.
private struct RooflineMeter {
  let pulse: Pulse
  let isCancelled: @Sendable () -> Bool
  private let clock = RawMonotonicClock()
  /// A loop at least this long is timed well enough, and short enough to pass between two disturbances.
  private static let enough = 0.001
  private static let rounds = 16

  init(pulse: Pulse, isCancelled: @escaping @Sendable () -> Bool) {
    self.pulse = pulse
    self.isCancelled = isCancelled
  }

  func measure(
    _ variants: [KernelVariant], _ probes: [ThroughputProbe]
  ) throws -> Roofline {
    var highest = 0.0
    var throughputs: [Roofline.Throughput] = []
    for probe in probes {
      let (rate, cycles) = try besideClock(loop(probe.run))
      highest = max(highest, cycles.best)
      var throughput = Roofline.Throughput(
        kind: probe.kind, vectorBits: probe.vectorBits, perCycle: rate.best / cycles.best)
      throughput.halves = rate.halves(over: cycles)
      throughputs.append(throughput)
    }
    let halves = (0..<2).map { half in
      throughputs.map {
        Roofline.Throughput(
          kind: $0.kind, vectorBits: $0.vectorBits, perCycle: $0.halves[half])
      }
    }
    let none = Reason(.notMeasured, "the operations of this kernel are not written down")
    var rows: [Roofline.Row] = []
    for variant in variants {
      let (rate, cycles) = try measure(variant)
      highest = max(highest, cycles.best)
      let bound =
        variant.operations.map { Roofline.bound($0, clock: cycles.best, throughputs) }
        ?? .unavailable(none)
      // Each half with its own clock and its own throughputs.
      let reached = (0..<2).compactMap { half in
        variant.operations.flatMap { Roofline.bound($0, clock: 1, halves[half]).value }
          .map { rate.halves(over: cycles)[half] / $0 }
      }
      rows.append(
        Roofline.Row(
          algorithm: variant.algorithm, kernel: variant.id, unit: variant.unit, measured: rate.best,
          clock: cycles.best,
          operationsPerUnit: variant.operations.map { .value($0.perHash) } ?? .unavailable(none),
          bound: bound,
          spread: reached.count == 2
            ? abs(reached[0] - reached[1]) / max(reached[0], reached[1]) : 0))
    }
    return Roofline(clock: highest, throughputs: throughputs, rows: rows)
  }

  /// The best rates of the even and of the odd rounds: whatever disturbs a round makes it slower.
  private struct Best {
    private var rates = [0.0, 0.0]
    var best: Double { max(rates[0], rates[1]) }

    mutating func add(_ rate: Double, round: Int) { rates[round % 2] = max(rates[round % 2], rate) }
    func halves(over other: Best) -> [Double] { zip(rates, other.rates).map { $0 / $1 } }
  }

  /// The rate of something with the core's clock beside it: a round of the one, a round of the other, so that both are
  /// of the same clock.
  private func besideClock(
    _ rate: () throws -> Double
  ) throws -> (rate: Best, cycles: Best) {
    let chain = loop(ThroughputProbe.cycleChain)
    var found = Best()
    var cycles = Best()
    for round in 0..<RooflineMeter.rounds {
      try check()
      cycles.add(chain(), round: round)
      found.add(try rate(), round: round)
      // The clock may rise under the load: the higher one of before and after counts.
      cycles.add(chain(), round: round)
    }
    return (found, cycles)
  }

  /// What measures the rate of a loop once, with so many iterations that it is timed well enough.
  private func loop(_ run: @escaping (UInt64) -> UInt64) -> () -> Double {
    var iterations: UInt64 = 1024
    while time({ _ = run(iterations) }) < RooflineMeter.enough { iterations *= 2 }
    let count = iterations
    return {
      var operations: UInt64 = 0
      let seconds = time { operations = run(count) }
      return Double(operations) / seconds
    }
  }

  private func measure(
    _ variant: KernelVariant
  ) throws -> (rate: Best, cycles: Best) {
    let scratch = try ScratchMemory(
      size: variant.scratchSize, alignment: variant.scratchAlignment, hugePages: true)
    guard let header = Header(bytes: (0..<80).map { UInt8($0) }) else {
      preconditionFailure("80 bytes make a header")
    }
    pulse.enter(variant)
    let batch = try Calibration.batch(for: variant, header: header, scratch: scratch)
    let work = Work(
      header: header, firstNonce: 0, count: batch, target: Target(leadingZeroBits: 256))
    var nonces: [UInt32] = []
    return try besideClock { () throws -> Double in
      do throws(KernelFault) {
        let start = clock.now()
        _ = try variant.scan(work, scratch: scratch, nonces: &nonces, capacity: 0)
        let took = clock.now().since(start)
        pulse.beat(took: took)
        return Double(batch) / took.value
      } catch { throw Failure(error.exitCode, error.message, remedy: error.remedy) }
    }
  }

  private func time(_ body: () -> Void) -> Double {
    let start = clock.now()
    body()
    return clock.now().since(start).value
  }

  private func check() throws {
    if isCancelled() { throw Interrupted() }
  }
}
