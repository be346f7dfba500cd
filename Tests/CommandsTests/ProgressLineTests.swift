#if DEBUG
  import Benchmarking
  import Model
  import TestSupport
  import Testing

  @testable import Commands

  /// The line that a person watches for minutes.
  struct ProgressLineTests {
    /// Seconds after the start.
    private func wait(_ clock: FakeClock, _ seconds: Double) {
      clock.sleep(until: clock.present.advanced(by: Seconds(seconds)), isCancelled: { false })
    }

    private static let series = SeriesID(
      algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: "avx2-2x8"), threads: 2)

    @Test("it shows the whole run and the present step")
    func whole() {
      let text = ProgressLine.text(
        RunProgress(
          phase: "window", series: Self.series, repeatIndex: 1, remaining: Seconds(112),
          rate: Rate(perSecond: 60.34e6, unit: .hash),
          power: [MeterID(rawValue: "m"): Watts(98.2)],
          steps: RunProgress.Steps(number: 5, count: 13), fraction: 0.42),
        after: Seconds(0), [MeterID(rawValue: "m")])
      #expect(
        text
          == "[###.....] 5/13  1:52 left  60.34 MH/s  98.20 W  window 2, sha256d avx2-2x8")
      #expect(text.count < 80)
    }

    @Test("it moves each second though nobody says anything, and never stands still for more")
    func ticks() {
      let stream = MemoryStream(isTerminal: true)
      let clock = FakeClock()
      let line = ProgressLine(stream, clock: clock, planned: Seconds(150))
      line.note("kernel 4 of 9: timing sha256d avx2-2x8")
      let first = stream.text
      wait(clock, 0.5)
      line.tick()
      #expect(stream.text == first)
      wait(clock, 0.7)
      line.tick()
      #expect(
        stream.text.hasSuffix(
          "[........] 2:30 to come  kernel 4 of 9: timing sha256d avx2-2x8  0:01"))
      line.clear()
      #expect(stream.text.hasSuffix("\u{1b}[K"))
      wait(clock, 8)
      line.tick()
      #expect(stream.text.hasSuffix("\u{1b}[K"))
    }

    @Test("nothing is written where no person looks")
    func silent() {
      let stream = MemoryStream()
      let clock = FakeClock()
      let line = ProgressLine(stream, clock: clock)
      line.note("opening the meters")
      wait(clock, 5)
      line.tick()
      line.clear()
      #expect(stream.text.isEmpty)
    }

    @Test("the time left goes on between two reports")
    func left() {
      let progress = RunProgress(
        phase: "idle", series: nil, repeatIndex: nil, remaining: Seconds(5), rate: nil, power: [:])
      #expect(ProgressLine.left(progress, after: Seconds(3)) == "0:02")
      #expect(ProgressLine.left(progress, after: Seconds(30)) == "0:00")
    }
  }
#endif
