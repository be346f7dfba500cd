import Analysis
import Benchmarking
import Model
import TestSupport
import Testing

struct SelectionTests {
  private func ports(_ backend: FakeBackend, _ clock: FakeClock, _ meter: FakeMeter? = nil)
    -> RunPorts
  {
    RunPorts(
      backends: [backend], meters: meter ?? FakeMeter(clock: clock, []) { _, _ in 0 },
      clock: clock, probe: FakeProbe(clock: clock))
  }

  @Test("the brief measurement finds each kernel's rate, and none of its work is timed work")
  func rates() throws {
    let clock = FakeClock()
    let backend = FakeBackend(
      clock: clock, kernels: ["slow", "quick", "broken"],
      broken: [KernelID(rawValue: "broken")]
    ) { kernel, from, to in (to - from) * (kernel.rawValue == "quick" ? 3e6 : 1e6) }
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 5, count: 32)))
    let measured = try KernelSelection(ports(backend, clock), challenge: challenge).throughputs(
      of: ["slow", "quick", "broken"].map(KernelID.init(rawValue:)), .sha256d, on: backend,
      in: .cpus([0, 1]))
    #expect(measured.map(\.kernel.rawValue) == ["slow", "quick", "broken"])
    #expect(abs(try #require(measured[0].briefThroughput.value) / 2e6 - 1) < 0.02)
    #expect(abs(try #require(measured[1].briefThroughput.value) / 6e6 - 1) < 0.02)
    #expect(measured[2].briefThroughput.reason?.message.contains("failed") == true)
    #expect(backend.jobs.allSatisfy { $0.challenge != challenge })
  }

  @Test("a kernel whose call takes longer than the brief measurement is waited for")
  func longCalls() throws {
    let clock = FakeClock()
    // A call ends every 1.5 s.
    let backend = FakeBackend(clock: clock, kernels: ["long", "still"]) { kernel, from, to in
      kernel.rawValue == "long" ? 1.5e6 * (to / 1.5).rounded(.down) : 0
    }
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 5, count: 32)))
    let measured = try KernelSelection(ports(backend, clock), challenge: challenge).throughputs(
      of: ["long", "still"].map(KernelID.init(rawValue:)), .sha256d, on: backend,
      in: .cpus([0]))
    let rate = try #require(measured[0].briefThroughput.value)
    #expect(rate > 0.9e6 && rate < 5.1e6)
    #expect(measured[1].briefThroughput.reason?.message == "no work was done in 3.3 s")
  }

  @Test("a window yields about a thousand shares at any rate", arguments: [50.0, 1e3, 1e6, 1e11])
  func targets(rate: Double) {
    let target = KernelSelection.target(.blockHeader, workPerSecond: rate, window: Seconds(60))
    let expected = rate * 60 * target.probability
    #expect(expected >= 700 && expected <= 3000)
  }

  @Test("a calibration finds the line that the simulated machine follows")
  func calibration() throws {
    let clock = FakeClock()
    let backend = FakeBackend(clock: clock) { _, from, to in (to - from) * 1e6 }
    // Idle 30 s, then two loads of 30 s each: 10 s to settle and two blocks of 10 s.
    let sensor = Curve([(0, 10), (30, 10), (30, 40), (60, 40), (60, 70), (90, 70)])
    let meter = FakeMeter(
      clock: clock,
      [FakeMeter.counter("shelly:x", scope: .wall), FakeMeter.counter("powercap:package-0")]
    ) { channel, time in
      let sensors = sensor.integral(to: time)
      return channel == 1 ? sensors : 1.2 * sensors + 30 * time
    }
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 5, count: 32)))
    let points = try CalibrationEngine(
      ports(backend, clock, meter), backend,
      CalibrationEngine.Steps(blocks: 2, block: Seconds(10), settle: Seconds(10))
    ).points(
      wall: MeterID(rawValue: "shelly:x"), sensors: [MeterID(rawValue: "powercap:package-0")],
      .sha256d, KernelID(rawValue: "fake"), placements: [.cpus([0]), .cpus([0, 1])],
      challenge: challenge)
    #expect(points.map(\.threads) == [0, 0, 1, 1, 2, 2])
    let fit = try CalibrationFit(
      Calibration(
        binding: Calibration.Binding(
          hardwareID: HardwareID(rawValue: "cpu/x"), boardVendor: nil, boardName: nil,
          machineDigest: nil, powerSupply: nil), madeAt: 0,
        wallMeter: MeterID(rawValue: "shelly:x"),
        wallAccuracy: MeterAccuracy(gainBound: 0.01, source: "test", isAssumed: false),
        sensors: [MeterID(rawValue: "powercap:package-0")], points: points))
    #expect(abs(fit.slope - 1.2) < 1e-3)
    #expect(abs(fit.intercept - 30) < 0.1)
  }

  @Test("the most efficient point is marked, and need not be the fastest")
  func scaling() throws {
    let clock = FakeClock()
    let backend = FakeBackend(clock: clock) { _, from, to in (to - from) * 1e6 }
    let meter = FakeMeter(clock: clock, [FakeMeter.counter()]) { _, time in time * 50 }
    var bench = Bench()
    bench.series = [Bench.series("fake", threads: 1), Bench.series("fake", threads: 2)]
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 5, count: 32)))
    let outcome = BenchmarkEngine(
      ports(backend, clock, meter),
      RunRequest(
        plan: bench.plan, series: bench.series, seed: 1, challenge: challenge, measuresSpin: false)
    ).run()
    let summaries = outcome.workers.compactMap {
      Summarizing.summary(
        of: $0, plan: bench.plan, meters: meter.descriptors, unavailable: [],
        samples: outcome.samples)
    }
    let scaling = try #require(Scaling.all(of: summaries).first)
    #expect(scaling.points.count == 2)
    #expect(scaling.scope == .value(.cpuPackage))
    #expect(scaling.fastest?.series.workers == 2)
    #expect(scaling.mostEfficient?.series.workers == 2)
    // The second thread made dearer: the first is now the efficient one, the second still the faster.
    let dearer = summaries.map { summary -> SeriesSummary in
      guard summary.series.workers == 2 else { return summary }
      var changed = summary
      changed.energy = summary.energy.map { scopes in
        scopes.map { scope in
          var scope = scope
          scope.workPerJoule /= 3
          return scope
        }
      }
      return changed
    }
    let other = try #require(Scaling.all(of: dearer).first)
    #expect(other.fastest?.series.workers == 2)
    #expect(other.mostEfficient?.series.workers == 1)
    #expect(Scaling.all(of: Array(summaries.prefix(1))).isEmpty)
  }
}
