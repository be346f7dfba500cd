import Benchmarking
import Model
import Synchronization
import TestSupport
import Testing

/// The energy of what is prepared: by the run's meters, and in no window.
struct PreparationMeterTests {
  private func joules(_ preparation: MeteredPreparation) -> [Double?] {
    preparation.energy.map { $0.interval.value.map { Double($0.energy.value) * 1e-6 } }
  }

  @Test("a preparation has the joules and the seconds between its beginning and its end")
  func metered() {
    let bench = Bench(watts: 50)
    let watch = PreparationMeter(bench.meter, clock: bench.clock)
    let ends = watch.began()
    bench.clock.sleep(
      until: bench.clock.present.advanced(by: Seconds(20)), isCancelled: { false })
    let found = ends()
    #expect(abs(found.duration.value - 20) < 1e-3)
    #expect(joules(found).map { abs(($0 ?? 0) - 1000) < 0.01 } == [true])
  }

  @Test("a run keeps it with the workers, once, and no window has any of it")
  func run() throws {
    var bench = Bench(kernels: ["a"], watts: 50)
    let backend = FakeBackend(
      clock: bench.clock, kernels: ["a"], preparation: Seconds(30)
    ) { _, from, to in (to - from) * 1e6 }
    bench.series = [Bench.series("a")]
    backend.meterPreparations(PreparationMeter(bench.meter, clock: bench.clock))
    let challenge = try #require(Challenge(bytes: [UInt8](repeating: 9, count: 32)))
    let outcome = BenchmarkEngine(
      RunPorts(
        backends: [backend], meters: bench.meter, clock: bench.clock, probe: bench.probe),
      RunRequest(
        plan: bench.plan, series: bench.series, seed: 7, challenge: challenge,
        measuresSpin: false)
    ).run()
    let found = try #require(outcome.workers.first?.preparations)
    #expect(found.count == 1 && abs(found[0].duration.value - 30) < 1e-3)
    #expect(joules(found[0]).map { abs(($0 ?? 0) - 1500) < 0.01 } == [true])
    for sample in outcome.samples {
      #expect(
        sample.end.third <= found[0].start.first || found[0].end.third <= sample.start.first)
      let watts = try #require(sample.energy.first?.interval.value?.meanPower.value)
      #expect(abs(watts - 50) < 1e-3)
    }
  }

  @Test("what a meter cannot tell is unavailable with its reason")
  func unavailable() {
    let bench = Bench()
    let fault = Reason(.lost, "the plug did not answer")
    let meter = FaultyMeter(bench.meter, fault)
    let ends = PreparationMeter(meter, clock: bench.clock).began()
    bench.clock.sleep(
      until: bench.clock.present.advanced(by: Seconds(20)), isCancelled: { false })
    #expect(ends().energy.map(\.interval.reason) == [fault])
  }
}

/// A meter whose channel reports a fault at every look.
private final class FaultyMeter: MeterSession {
  private let inner: FakeMeter
  private let fault: Reason
  private let looks = Mutex(0)
  var descriptors: [MeterDescriptor] { inner.descriptors }

  init(_ inner: FakeMeter, _ fault: Reason) {
    self.inner = inner
    self.fault = fault
  }

  func snapshot() -> MeterSnapshot {
    let number = looks.withLock { looks in
      looks += 1
      return looks
    }
    let plain = inner.snapshot()
    return MeterSnapshot(
      began: plain.began, ended: plain.ended,
      channels: plain.channels.map { channel in
        ChannelSnapshot(
          accumulated: channel.accumulated, instant: channel.instant, raw: channel.raw,
          faultCount: number, latestFault: fault)
      })
  }

  func finish() {}
}
