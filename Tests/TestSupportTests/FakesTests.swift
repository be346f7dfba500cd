import Model
import TestSupport
import Testing

/// What tests stand on is tested itself: a fake that lies lets a fault pass everywhere.
struct FakesTests {
  private let clock = FakeClock(start: 5_000_000_000, lookCost: 1_000)

  @Test("a fake clock moves by looks and by sleeps, and never back")
  func fakeClock() {
    let first = clock.now()
    #expect(clock.now().nanoseconds == first.nanoseconds + 1_000)
    clock.sleep(until: first.advanced(by: Seconds(3600))) { false }
    #expect(clock.present.since(first).value == 3600)
    clock.sleep(until: first) { false }
    #expect(clock.present.since(first).value == 3600)
    clock.sleep(until: first.advanced(by: Seconds(7200))) { true }
    #expect(clock.present.since(first).value == 3600, "a cancelled sleep takes no time")
  }

  @Test("the integral of a curve is that of its values")
  func curve() {
    let curve = Curve([(0, 10), (2, 30), (5, 30), (6, 0)])
    #expect(curve.value(at: 1) == 20 && curve.value(at: 7) == 0 && curve.value(at: -1) == 10)
    for end in [0.5, 2, 3.25, 6, 9] {
      let steps = 20_000
      let width = end / Double(steps)
      let sum = (0..<steps).reduce(0.0) {
        $0 + curve.value(at: (Double($1) + 0.5) * width) * width
      }
      #expect(abs(curve.integral(to: end) - sum) < 1e-4 * max(1, sum), "to \(end)")
    }
    #expect(Curve(constant: 40).integral(to: 3) == 120)
  }

  @Test("a meter gives the energy of its power, channel by channel")
  func meter() throws {
    let meter = FakeMeter(
      clock: clock, [FakeMeter.counter(), FakeMeter.counter("nvml:0", scope: .gpuBoard)]
    ) { channel, time in time * (channel == 0 ? 50 : 200) }
    let start = meter.snapshot()
    clock.sleep(until: clock.present.advanced(by: Seconds(10))) { false }
    let end = meter.snapshot()
    for (channel, watts) in [50.0, 200].enumerated() {
      let first = start.channels[channel]
      let last = end.channels[channel]
      let joules = Double(try #require(last.raw) - (try #require(first.raw))) * 1e-6
      #expect(abs(joules / last.instant.since(first.instant).value / watts - 1) < 1e-6)
    }
  }

  @Test("a backend makes the hashes of its rate, and one proof in so many of them")
  func backend() throws {
    let backend = FakeBackend(clock: clock, batch: 10) { _, from, to in (to - from) * 1e6 }
    let target = Target(leadingZeroBits: 10)
    let session = try backend.start(
      ComputeJob(
        series: SeriesID(
          algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: "fake"), threads: 2),
        mode: .hash, placement: .cpus([0, 1]),
        challenge: try #require(Challenge(bytes: Array(0..<32))), target: target,
        firstSequence: 7, batch: nil))
    clock.sleep(until: clock.present.advanced(by: Seconds(2))) { false }
    let progress = session.progress()
    #expect(progress.count == 2)
    for worker in progress {
      #expect(worker.position.sequence == 7)
      #expect(abs(Double(worker.units) / 2e6 - 1) < 1e-4)
    }
    let proofs = try session.finish()
    let expected = progress.reduce(0.0) { $0 + Double($1.units) } * target.probability
    #expect(abs(Double(proofs.count) - expected) <= 4)
    #expect(Set(proofs).count == proofs.count)
    #expect(backend.jobs.count == 1)
  }

  @Test("the generator gives the numbers of its published definition")
  func generator() {
    // SplitMix64 from seed 1234567, as in Vigna's reference implementation.
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
  }

  @Test("a block is replaced between its two lines, and a text without them is refused")
  func blocks() throws {
    let text = "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n"
    #expect(
      try replacingBlock("x", in: text, with: "new\n")
        == "a\n<!-- x -->\nnew\n<!-- end of x -->\nb\n")
    #expect(throws: MissingBlock.self) { try replacingBlock("y", in: text, with: "") }
  }

  @Test("a snapshot that differs, or is not there, is an issue")
  func snapshots() throws {
    let folder = try FixtureTree()
    withKnownIssue { assertFile("text", at: folder.path + "/none.txt") }
    try folder.write("old\n", to: "there.txt")
    withKnownIssue { assertFile("new\n", at: folder.path + "/there.txt") }
    try folder.write("same\n", to: "same.txt")
    assertFile("same\n", at: folder.path + "/same.txt")
  }
}
