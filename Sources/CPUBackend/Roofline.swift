package import Kernels
internal import LinuxSystem
package import Model

/// Measures what one core of this machine can do at most, and how near each kernel comes to it.
package enum Roofline {
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

  /// The least time that a hash can take on a core, and what of the core takes it.
  package struct Limit: Hashable, Sendable {
    package let cyclesPerHash: Double
    /// A kind of operation, or several that share their ports: "shifts and rotates", "all operations".
    package let resource: String

    package init(cyclesPerHash: Double, resource: String) {
      self.cyclesPerHash = cyclesPerHash
      self.resource = resource
    }
  }

  /// The limit of code with these operations on this core.
  ///
  /// No kind of operation takes less than its count divided by its throughput. Shifts and rotates share their ports, so
  /// together they take not less than their sum divided by the higher throughput of the two; and all but the loads share
  /// those of the arithmetic.
  package static func limit(
    _ operations: KernelOperations, _ throughputs: [Throughput]
  ) -> Reading<Limit> {
    var rates: [OperationKind: Double] = [:]
    for kind in operations.counts.keys {
      let throughput = throughputs.first {
        $0.kind == kind && $0.vectorBits == operations.vectorBits
      }
      guard let throughput else {
        return .unavailable(
          Reason(
            .notMeasured,
            "no loop measures '\(kind.name)' on registers of \(operations.vectorBits) bits"))
      }
      rates[kind] = throughput.perCycle
    }
    let kinds = operations.counts.keys.sorted { $0.name < $1.name }
    let resources =
      kinds.map { ($0.name, [$0]) } + [
        ("shifts and rotates", kinds.filter(\.isShiftOrRotate)),
        ("all operations", kinds.filter { !$0.isLoad }),
      ]
    let times = resources.map { name, kinds in
      let count = kinds.map { Double(operations.counts[$0] ?? 0) }.reduce(0, +)
      let highest = kinds.compactMap { rates[$0] }.max() ?? 0
      return Limit(
        cyclesPerHash: highest > 0 ? count / highest / Double(operations.hashes) : 0, resource: name
      )
    }
    guard let longest = times.max(by: { $0.cyclesPerHash < $1.cyclesPerHash }),
      longest.cyclesPerHash > 0
    else {
      return .unavailable(Reason(.notMeasured, "no operation is counted for this kernel"))
    }
    return .value(longest)
  }

  /// The least limit of all forms of a kernel's algorithm in the same instructions: the operations that are counted belong to
  /// the kernel's form, the bound to the algorithm.
  package static func limit(
    of variant: KernelVariant, among forms: [KernelVariant], _ throughputs: [Throughput]
  ) -> Reading<Limit> {
    guard let operations = variant.operations else {
      return .unavailable(
        Reason(.notMeasured, "the operations of this kernel are not written down"))
    }
    let own = limit(operations, throughputs)
    let others = forms.filter {
      $0.algorithm == variant.algorithm && $0.requiredFeatures == variant.requiredFeatures
    }
    .compactMap(\.operations).filter { $0.vectorBits == operations.vectorBits }
    .compactMap { limit($0, throughputs).value }
    guard let least = others.min(by: { $0.cyclesPerHash < $1.cyclesPerHash }),
      let mine = own.value, least.cyclesPerHash < mine.cyclesPerHash
    else { return own }
    return .value(least)
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
  ) throws -> CoreRoofline {
    let probes = ThroughputProbe.all.filter {
      $0.requiredFeatures.isSubset(of: features) && widths?.contains($0.vectorBits) != false
    }
    // A thread of its own, so that only it is pinned.
    return try GuardedThread.run(patience) { pulse throws in
      do throws(SystemError) { try Affinity.pinCurrentThread(to: cpu) } catch {
        throw Failure(.unavailable, error.description)
      }
      return try RooflineMeter(pulse: pulse, isCancelled: isCancelled)
        .measure(variants, probes, cpu: cpu)
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
    _ variants: [KernelVariant], _ probes: [ThroughputProbe], cpu: Int
  ) throws -> CoreRoofline {
    let loops = probes.map { loop($0.run) }
    let chain = loop(ThroughputProbe.cycleChain)
    let (rounds, measured) = try RooflineRounds.inTurn(
      loops, clock: chain, rounds: RooflineMeter.rounds, check: check
    ) {
      try variants.map { try measure($0, chain) }
    }
    return judge(variants, measured, probes, rounds, cpu: cpu)
  }

  private func judge(
    _ variants: [KernelVariant], _ measured: [RooflineRounds], _ probes: [ThroughputProbe],
    _ rounds: [RooflineRounds], cpu: Int
  ) -> CoreRoofline {
    let throughputs = zip(probes, rounds).map { probe, rounds in
      Roofline.Throughput(
        kind: probe.kind, vectorBits: probe.vectorBits, perCycle: rounds.perCycle)
    }
    let halves = (0..<2).map { half in
      zip(probes, rounds).map { probe, rounds in
        Roofline.Throughput(
          kind: probe.kind, vectorBits: probe.vectorBits, perCycle: rounds.halves[half])
      }
    }
    let forms = KernelCatalog.builtIn.variants
    let kernels = zip(variants, measured).map { variant, rounds in
      let limit = Roofline.limit(of: variant, among: forms, throughputs)
      // Each half with its own clock and its own throughputs.
      let reached = (0..<2).compactMap { half in
        Roofline.limit(of: variant, among: forms, halves[half]).value
          .map { rounds.halves[half] * $0.cyclesPerHash }
      }
      return CoreRoofline.Kernel(
        algorithm: variant.algorithm, kernel: variant.id, unit: variant.unit,
        operationsPerUnit: variant.operations?.perHash, clock: rounds.clock,
        bound: limit.map { rounds.clock / $0.cyclesPerHash }, boundBy: limit.value?.resource,
        measured: rounds.rate,
        spread: reached.count == 2
          ? abs(reached[0] - reached[1]) / max(reached[0], reached[1]) : 0)
    }
    return CoreRoofline(
      cpu: cpu, clock: (rounds + measured).map(\.clock).max() ?? 0,
      throughputs: throughputs.map {
        CoreRoofline.Throughput(
          operation: $0.kind.name, vectorBits: $0.vectorBits, perCycle: $0.perCycle)
      }, kernels: kernels)
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
    _ variant: KernelVariant, _ chain: () -> Double
  ) throws -> RooflineRounds {
    let scratch = try ScratchMemory(
      size: variant.scratchSize, alignment: variant.scratchAlignment, hugePages: true)
    let bytes = (0..<variant.shape.size).map { UInt8(truncatingIfNeeded: $0) }
    guard let input = WorkInput(bytes: bytes, variant.shape) else {
      preconditionFailure("so many bytes were made")
    }
    pulse.enter(variant)
    let state = try variant.preparedState(key: KernelProof.key(variant.shape))
    let batch = try BatchCalibration.batch(
      for: variant, input, scratch: scratch, state: state, stop: StopWord())
    let work = Work(
      input: input, firstNonce: 0, count: batch, target: Target(leadingZeroBits: 256))
    var room = ProofRoom(capacity: 0, variant.shape)
    var rounds = RooflineRounds()
    for round in 0..<RooflineMeter.rounds {
      try check()
      try rounds.add(round % 2, clock: chain) { () throws -> Double in
        do throws(KernelFault) {
          let start = clock.now()
          _ = try variant.scan(
            work, scratch: scratch, state: state, room: &room, capacity: 0)
          let took = clock.now().since(start)
          pulse.beat(took: took)
          return Double(batch) / took.value
        } catch { throw Failure(error.exitCode, error.message, remedy: error.remedy) }
      }
    }
    return rounds
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
