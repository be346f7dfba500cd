import Analysis
import Benchmarking
import CPUBackend
import Kernels
import LinuxSystem
import Model
import Records
import Reporting
import TestSupport
import Testing
import Verification

/// An algorithm of another shape through every room: kernel, run, result, verification, table.
@Suite("A foreign shape: Equihash 48,5")
struct ForeignShapeTests {
  private let clock = RawMonotonicClock()

  @Test("the kernel passes the proof that every kernel passes")
  func kernel() throws {
    try KernelSelfTest.run(SmallEquihash.descriptor.kernels[0], of: SmallEquihash.descriptor)
  }

  @Test("a proof finds a kernel that is wrong", arguments: Fault.allCases)
  func faults(fault: Fault) throws {
    let kernel = try GuardedKernel(SmallEquihash.descriptor.kernels[0], key: [])
    let proof = KernelProof(
      SmallEquihash.descriptor, KernelID(rawValue: "faulty"), lanes: 1,
      yield: fault == .overstatedYield ? 0.9 : 1
    ) { work, capacity in
      fault.applied(to: try kernel.scan(work, capacity: capacity))
    }
    #expect(throws: KernelFault.self) { try proof.run() }
  }

  enum Fault: CaseIterable {
    case missing, twice, payload, units, order, overstatedYield

    func applied(to report: ScanReport) -> ScanReport {
      var report = report
      let last = report.proofs.indices.last
      switch self {
      case .missing:
        if last != nil {
          report.proofs.removeLast()
          report.counts.found -= 1
        }
      case .twice: if let last, last > 0 { report.proofs[last] = report.proofs[last - 1] }
      case .payload:
        if let last {
          let proof = report.proofs[last]
          report.proofs[last] = FoundProof(
            nonce: proof.nonce, payload: proof.payload.dropLast() + [1 ^ (proof.payload.last ?? 0)])
        }
      case .units: report.counts.units += 1
      case .order: report.proofs.reverse()
      case .overstatedYield:
        report.proofs.removeAll()
        report.counts.found = 0
        report.counts.units = 0
      }
      return report
    }
  }

  @Test("a session counts attempts and solutions apart, and its proofs carry payloads")
  func session() throws {
    let (job, session) = try started(bits: 0)
    clock.sleep(until: clock.now().advanced(by: Seconds(0.3))) { false }
    let proofs = try session.finish()
    let progress = try #require(session.progress().first)
    #expect(progress.position.value > 0)
    #expect(progress.units == UInt64(proofs.count))
    #expect(proofs == proofs.sorted() && Set(proofs).count == proofs.count)
    for proof in proofs.prefix(20) {
      let input = WorkDerivation.input(
        SmallEquihash.shape, challenge: job.challenge, series: job.series, worker: 0,
        sequence: proof.position.sequence)
      let value = SmallEquihash.small.value(
        of: input.with(nonce: proof.position.nonce), payload: proof.payload)
      #expect(value != nil)
    }
  }

  private func started(bits: Int) throws -> (ComputeJob, any ComputeSession) {
    let job = ComputeJob(
      series: SeriesID(
        algorithm: SmallEquihash.id, device: .cpu, kernel: KernelVariant.referenceName, threads: 1),
      mode: .hash, placement: .cpus(Array(try Affinity.allowedCPUs().prefix(1))),
      challenge: try #require(Challenge(bytes: Array(0..<32))),
      target: Target(leadingZeroBits: bits), firstSequence: 0, batch: 1)
    let catalog = KernelCatalog(algorithms: SmallEquihash.algorithms)
    return (job, try CPUBackend(catalog: catalog).start(job))
  }

  // MARK: From run to table

  private static let series = SeriesID(
    algorithm: SmallEquihash.id, device: .cpu, kernel: KernelVariant.referenceName, threads: 1)

  @Test("the engine's run counts solutions and keeps the proofs inside its windows")
  func run() throws {
    let catalog = KernelCatalog(algorithms: SmallEquihash.algorithms)
    let plan = Plan(
      suite: nil, warmup: Seconds(0.05), warmupLimit: Seconds(0.05), warmsToSteadyState: false,
      window: Seconds(0.5), ramp: Seconds(0.05), minimumRepeats: 1, maximumRepeats: 1,
      stopHalfWidth: nil, idle: Seconds(0), idlesAfter: false)
    let request = RunRequest(
      plan: plan,
      series: [
        SeriesRequest(
          series: Self.series, shape: SmallEquihash.shape,
          placement: .cpus(Array(try Affinity.allowedCPUs().prefix(1))),
          target: Target(leadingZeroBits: 0),
          batch: 1)
      ], seed: 1, challenge: try #require(Challenge(bytes: Array(0..<32))), measuresSpin: false)
    let fake = FakeClock()
    let ports = RunPorts(
      backends: [CPUBackend(catalog: catalog)], meters: FakeMeter(clock: fake, []) { _, _ in 0 },
      clock: clock, probe: FakeProbe(clock: fake) { _ in [:] })
    let outcome = BenchmarkEngine(ports, request).run()
    let workers = try #require(outcome.workers.first)
    #expect(workers.unit == .solution && workers.unitsPerAttempt == 0.72)
    let sample = try #require(outcome.samples.first)
    #expect(sample.unit == .solution && sample.origin == .counted)
    // Every solution is a proof, so those inside the window are as many as it counts.
    #expect(UInt64(sample.shares.count) == sample.units)
  }

  /// A result of two windows whose proofs are real: every attempt of its spans was made.
  private static let result = Result { try made() }

  private static func made() throws -> RunResult {
    var result = SampleResult().make()
    result.challenge = try #require(Challenge(bytes: Array(0..<32)))
    let target = Target(leadingZeroBits: 1)
    result.workers = [
      SeriesWorkers(
        series: series, unit: .solution, unitsPerAttempt: 0.72, target: target,
        placement: .cpus([0]), batch: 1)
    ]
    let input = WorkDerivation.input(
      SmallEquihash.shape, challenge: result.challenge, series: series, worker: 0, sequence: 0)
    result.samples = [0..<14, 20..<30].enumerated().map { index, attempts in
      var units: UInt64 = 0
      var proofs: [Proof] = []
      for attempt in attempts {
        let outcomes = SmallEquihash.small.outcomes(of: input.with(nonce: UInt32(attempt)))
        units += UInt64(outcomes.count)
        proofs += outcomes.filter { target.isMet(by: $0.value) }.map {
          Proof(
            worker: 0, position: WorkPosition(sequence: 0, nonce: UInt32(attempt)),
            payload: $0.payload)
        }
      }
      let instants = [1, 2].map { step in
        let instant = Instant(nanoseconds: UInt64(1_000_000_000 * (10 * index + 4 * step)))
        return SnapshotInstants(first: instant, second: instant, third: instant)
      }
      return Sample(
        kind: .load, series: series, unit: .solution, repeatIndex: index, start: instants[0],
        end: instants[1],
        spans: [
          WorkerSpan(
            worker: 0, from: WorkPosition(UInt64(attempts.lowerBound)),
            to: WorkPosition(UInt64(attempts.upperBound)), units: units)
        ], energy: [], shares: proofs.sorted())
    }
    result.meters = []
    result.checks = SampleChecks.checks(of: result)
    result.summaries = Summarizing.summaries(of: result)
    result.grading = Grader.grade(result)
    return result
  }

  @Test("a result file keeps attempts and units apart, and the payloads")
  func file() throws {
    let result = try Self.result.get()
    #expect(result.summaries.map(\.unit) == [.solution])
    #expect(result.samples.contains { $0.spans[0].attempts != $0.spans[0].units })
    #expect(result.samples.contains { !$0.shares.isEmpty })
    let again = try ResultFile.decode(try ResultFile.encode(result), name: "equihash.json")
    #expect(again.samples == result.samples && again.workers == result.workers)
    #expect(again.summaries == result.summaries)
  }

  @Test("verify judges every proof with its payload, and a rescan finds the same ones")
  func verification() throws {
    let result = try Self.result.get()
    let series = try verify(result)
    #expect(series.map(\.unit) == [.solution])
    #expect(series.map(\.units) == [result.samples.reduce(0) { $0 + $1.units }])
    #expect(series[0].shares == result.samples.reduce(0) { $0 + $1.shares.count })
    var random = SeededGenerator(seed: 5)
    let scan = try Rescan(
      result, references: CatalogReferences(SmallEquihash.algorithms), count: 2, size: { _ in 3 },
      using: &random)
    _ = try scan.verify(judge: sequential)
    let window = try #require(result.samples.firstIndex { !$0.shares.isEmpty })
    let share = result.samples[window].shares[0]
    // A payload with one bit changed and one of another length prove nothing; a share left out is found again.
    for payload in [[share.payload[0] ^ 1] + share.payload.dropFirst(), share.payload + [0]] {
      var forged = result
      forged.samples[window].shares[0] = Proof(
        worker: share.worker, position: share.position, payload: payload)
      #expect(throws: Falsehood.self) { try verify(forged) }
    }
    var hidden = result
    hidden.samples[window].shares.removeAll()
    let span = hidden.samples[window].spans[0]
    #expect(throws: Falsehood.self) {
      let all = try Rescan(
        hidden, references: CatalogReferences(SmallEquihash.algorithms), count: 12,
        size: { _ in span.attempts }, using: &random)
      _ = try all.verify(judge: sequential)
    }
  }

  private func verify(_ result: RunResult) throws -> [ProvenSeries] {
    try WorkVerification(result, references: CatalogReferences(SmallEquihash.algorithms))
      .verify(result.samples.map(\.figures), judge: sequential)
  }

  private func sequential(_ count: Int, _ isTrue: (Int) -> Bool) -> Int? {
    (0..<count).first { !isTrue($0) }
  }

  @Test("tables and metrics say solutions")
  func table() throws {
    let figures = Figure.all(of: try Self.result.get(), name: "equihash.json")
    let ranking = Ranking(figures)
    #expect(TextFormat().render(ranking, .plain()).contains("Sol/s"))
    #expect(OpenMetricsFormat().render(ranking, .plain()).contains("unit=\"solution\""))
    #expect(RunTable.text(try Self.result.get(), .plain()).contains("Sol/s"))
  }
}
