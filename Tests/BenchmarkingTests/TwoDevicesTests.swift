import Analysis
import Benchmarking
import Model
import TestSupport
import Testing

/// A CPU and a card in one run, over fakes.
struct TwoDevicesTests {
  private static let card = DeviceID(rawValue: "pci:0000:65:00.0")

  private static func series(_ backend: FakeBackend, workers: Int) throws -> SeriesRequest {
    let placement = try backend.placements(PlacementWish())[0]
    return SeriesRequest(
      series: SeriesID(
        algorithm: .sha256d, device: backend.device, kernel: KernelID(rawValue: "fake"),
        placement: placement.name), shape: .blockHeader, placement: placement,
      target: Target(leadingZeroBits: 14))
  }

  private static let plan = Plan(
    suite: nil, warmup: Seconds(1), warmupLimit: Seconds(1), warmsToSteadyState: false,
    window: Seconds(10), ramp: Seconds(1), minimumRepeats: 3, maximumRepeats: 3,
    stopHalfWidth: nil, idle: Seconds(5), idlesAfter: true)

  private static func run(
    stuck: Set<KernelID> = [], isContained: Bool = true
  ) throws -> (outcome: RunOutcome, cpu: FakeBackend, card: FakeBackend) {
    let clock = FakeClock()
    let cpu = FakeBackend(clock: clock, mostWorkers: 2) { _, from, to in (to - from) * 1e6 }
    let card = FakeBackend(
      clock: clock, device: Self.card, worker: .queue, mostWorkers: 2, stuck: stuck,
      isContained: isContained
    ) { _, from, to in (to - from) * 5e7 }
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 3, count: 32)))
    let outcome = BenchmarkEngine(
      RunPorts(
        backends: [cpu, card], meters: FakeMeter(clock: clock, []) { _, _ in 0 }, clock: clock,
        probe: FakeProbe(clock: clock)),
      RunRequest(
        plan: plan, series: [try series(cpu, workers: 2), try series(card, workers: 2)], seed: 4,
        challenge: challenge, measuresSpin: true)
    ).run()
    return (outcome, cpu, card)
  }

  @Test("each device has its windows, its placement and its rate; none of the other's")
  func inTurn() throws {
    let (outcome, cpu, card) = try Self.run()
    #expect(outcome.endReason == nil)
    let summaries = outcome.workers.compactMap {
      Summarizing.summary(
        of: $0, plan: Self.plan, meters: [], unavailable: [], samples: outcome.samples)
    }
    #expect(summaries.count == 2)
    for summary in summaries {
      let rate = summary.series.device == .cpu ? 2e6 : 1e8
      #expect(abs(summary.throughput.mean / rate - 1) < 1e-3)
      #expect(summary.throughput.count == 3)
    }
    let placements = Dictionary(
      uniqueKeysWithValues: outcome.workers.map { ($0.series.device, $0.placement) })
    #expect(placements[.cpu]?.places == [0, 1])
    #expect(placements[Self.card]?.facts == [.group: .integer(256)])
    #expect(cpu.jobs.allSatisfy { $0.series.device == .cpu })
    #expect(card.jobs.allSatisfy { $0.series.device == Self.card })
    // Only the CPU has a loop in registers alone.
    #expect(outcome.samples.filter { $0.kind == .spin }.map(\.series?.device) == [.cpu])
    #expect(card.jobs.allSatisfy { $0.mode == .hash })
  }

  @Test("a kernel that hangs in a child process costs its own series and nothing else")
  func containedHang() throws {
    let (outcome, _, _) = try Self.run(stuck: [KernelID(rawValue: "fake")])
    #expect(outcome.stuck == nil)
    let loads = outcome.samples.filter { $0.kind == .load }
    #expect(loads.count { $0.series?.device == .cpu } == 3)
    #expect(loads.count { $0.series?.device == Self.card } == 1)
    #expect(outcome.checks.contains { $0.name == .worker && $0.verdict == .fail })
    #expect(outcome.samples.contains { $0.kind == .idleAfter })
  }

  @Test("a kernel that hangs on a thread of ours ends the run, with what was measured")
  func hangOfOurs() throws {
    let (outcome, _, _) = try Self.run(
      stuck: [KernelID(rawValue: "fake")], isContained: false)
    #expect(outcome.stuck != nil)
    #expect(!outcome.samples.contains { $0.kind == .idleAfter })
  }
}
