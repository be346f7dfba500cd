import MeterCore
import Model
import TestSupport
import Testing

@Suite struct ChannelAccumulatorTests {
  static func instant(_ seconds: Double) -> Instant {
    Instant(nanoseconds: UInt64((1000 + seconds) * 1e9))
  }

  static func counter(range: UInt64, maximum: Double = 1000) -> ChannelRules {
    ChannelRules(
      unit: .microjoule, modulus: ChannelRules.modulus(largestValue: range),
      maximumPower: Watts(maximum))
  }

  /// F11: the largest values that real zones have, and the moduli that the kernel's 32-bit counters imply.
  @Test(
    arguments: [
      (262_143_328_850, 61_035), (65_532_610_987, 15_258), (65_712_999_613, 15_300),
    ] as [(UInt64, UInt64)])
  func modulusIsOneUnitMoreThanTheRange(range: UInt64, unitNanojoules: UInt64) {
    let exact = UInt64((UInt128(1) << 32) * UInt128(unitNanojoules) / 1000)
    #expect(ChannelRules.modulus(largestValue: range) == exact)
  }

  @Test(arguments: [262_143_328_850, 65_532_610_987, 65_712_999_613] as [UInt64])
  func oneWrapIsRepaired(range: UInt64) {
    var channel = ChannelAccumulator(rules: Self.counter(range: range))
    channel.add(.value(range - 40_000_000), at: Self.instant(0))
    channel.add(.value(25_000_000), at: Self.instant(1))
    let unit = ChannelRules.modulus(largestValue: range) - range
    #expect(channel.snapshot.accumulated == Microjoules(65_000_000 + unit))
    #expect(channel.snapshot.faultCount == 0)
  }

  @Test func aGapInWhichTwoWrapsFitVoidsTheWindow() {
    var channel = ChannelAccumulator(rules: Self.counter(range: 65_532_610_987))
    channel.add(.value(5), at: Self.instant(0))
    let before = channel.snapshot
    channel.add(.value(7_000_000), at: Self.instant(66))
    #expect(EnergyInterval.between(before, channel.snapshot).reason?.code == .lost)
    // The next window is sound again.
    let after = channel.snapshot
    channel.add(.value(107_000_000), at: Self.instant(67))
    #expect(
      EnergyInterval.between(after, channel.snapshot).value?.energy == Microjoules(100_000_000))
  }

  /// F13: one error must not become a wrap's worth of energy.
  @Test func anErrorAndRecoveryIsNeverAWrap() {
    var channel = ChannelAccumulator(rules: Self.counter(range: 262_143_328_850))
    channel.add(.value(9_000_000_000), at: Self.instant(0))
    channel.add(.value(9_050_000_000), at: Self.instant(1))
    let before = channel.snapshot
    channel.add(.unavailable(Reason(.lost, "Input/output error")), at: Self.instant(2))
    #expect(channel.snapshot.raw == nil)
    channel.add(.value(9_150_000_000), at: Self.instant(3))
    channel.add(.value(9_200_000_000), at: Self.instant(4))
    #expect(
      EnergyInterval.between(before, channel.snapshot).reason?.message == "Input/output error")
    #expect(channel.snapshot.accumulated == Microjoules(100_000_000))
  }

  @Test func aCounterThatStartsAnewIsImplausibleAndNotAWrap() {
    var channel = ChannelAccumulator(rules: Self.counter(range: 262_143_328_850))
    channel.add(.value(9_000_000_000), at: Self.instant(0))
    channel.add(.value(12_000_000), at: Self.instant(1))
    #expect(channel.snapshot.latestFault?.code == .implausible)
    #expect(channel.snapshot.accumulated == Microjoules(0))
  }

  @Test func aCounterWithoutARangeThatRunsBackwardsIsAFault() {
    var channel = ChannelAccumulator(
      rules: ChannelRules(unit: .millijoule, maximumPower: Watts(1000)))
    channel.add(.value(5000), at: Self.instant(0))
    channel.add(.value(4000), at: Self.instant(1))
    #expect(channel.snapshot.faultCount == 1)
    #expect(channel.snapshot.accumulated == Microjoules(0))
  }

  @Test func aStalledCounterVoidsEveryWindowWhileItStands() {
    var rules = Self.counter(range: 262_143_328_850)
    rules.stallAfter = Seconds(0.05)
    var channel = ChannelAccumulator(rules: rules)
    channel.add(.value(1000), at: Self.instant(0))
    channel.add(.value(2000), at: Self.instant(1))
    channel.add(.value(2000), at: Self.instant(1.01))
    #expect(channel.snapshot.faultCount == 0)
    for second in 2..<5 {
      let before = channel.snapshot
      channel.add(.value(2000), at: Self.instant(Double(second)))
      #expect(EnergyInterval.between(before, channel.snapshot).reason?.code == .stalled)
    }
    let before = channel.snapshot
    channel.add(.value(3000), at: Self.instant(5))
    #expect(EnergyInterval.between(before, channel.snapshot).value?.energy == Microjoules(1000))
  }

  @Test func sampledPowerIsIntegratedByTrapezoidAndNotOverAGap() {
    var channel = ChannelAccumulator(
      rules: ChannelRules(
        unit: .milliwatt, maximumPower: Watts(100_000), gapLimit: Seconds(3)))
    channel.add(.value(100_000), at: Self.instant(0))
    channel.add(.value(200_000), at: Self.instant(1))
    channel.add(.value(200_000), at: Self.instant(3))
    #expect(channel.snapshot.accumulated == Microjoules(550_000_000))
    // One missed poll within the limit does no harm.
    channel.add(.unavailable(Reason(.failed, "timed out")), at: Self.instant(4))
    channel.add(.value(200_000), at: Self.instant(5))
    #expect(channel.snapshot.accumulated == Microjoules(950_000_000))
    #expect(channel.snapshot.faultCount == 0)
    channel.add(.value(200_000), at: Self.instant(9))
    #expect(channel.snapshot.latestFault?.code == .lost)
    #expect(channel.snapshot.accumulated == Microjoules(950_000_000))
  }

  @Test func powerThatCannotBeAndTimeThatRunsBackwardsAreFaults() {
    var channel = ChannelAccumulator(
      rules: ChannelRules(unit: .watt, maximumPower: Watts(1000), gapLimit: Seconds(3)))
    channel.add(.value(100), at: Self.instant(0))
    channel.add(.value(60_000), at: Self.instant(1))
    #expect(channel.snapshot.latestFault?.code == .implausible)
    channel.add(.value(100), at: Self.instant(2))
    channel.add(.value(100), at: Self.instant(1.5))
    #expect(channel.snapshot.latestFault?.message == "the meter's time ran backwards")
    #expect(channel.snapshot.faultCount == 2)
  }

  // MARK: - Windows that end in a stall

  /// A counter that moved shortly before the end looks sound at the end; only a read afterwards tells.
  @Test func aSnapshotIsJudgedByWhatComesAfterIt() {
    var rules = Self.counter(range: 262_143_328_850)
    rules.stallAfter = Seconds(0.05)
    var channel = ChannelAccumulator(rules: rules)
    channel.add(.value(1000), at: Self.instant(0))
    channel.add(.value(2000), at: Self.instant(1))
    let end = channel.snapshot
    #expect(channel.judgement(of: end) == .undecided)
    channel.add(.value(2000), at: Self.instant(1.04))
    #expect(channel.judgement(of: end) == .undecided)
    var moving = channel
    moving.add(.value(2010), at: Self.instant(1.045))
    #expect(moving.judgement(of: end) == .sound)
    channel.add(.value(2000), at: Self.instant(1.06))
    guard case .stalled(let reason) = channel.judgement(of: end) else {
      Issue.record("not stalled")
      return
    }
    #expect(reason.code == .stalled)
    rules.stallAfter = nil
    #expect(ChannelAccumulator(rules: rules).judgement(of: end) == .sound)
  }

  @Test func aStaleEdgeVoidsTheWindowsOnBothSidesOfIt() {
    func snapshot(_ energy: UInt64, at second: Double, stall: Reason? = nil) -> ChannelSnapshot {
      ChannelSnapshot(
        accumulated: Microjoules(energy), instant: Self.instant(second), raw: energy, stall: stall)
    }
    let stale = snapshot(100, at: 1, stall: Reason(.stalled, "stood still"))
    #expect(EnergyInterval.between(snapshot(0, at: 0), stale).reason?.code == .stalled)
    #expect(EnergyInterval.between(stale, snapshot(200, at: 2)).reason?.code == .stalled)
  }

  // MARK: - Counts of perf that run backwards (F19)

  /// 2^32 units of 61 µJ: what the kernel's sum loses when it misses a wrap.
  static let lostWrap: UInt64 = 1 << (18 + 32)

  static func perf(lostWrap: UInt64? = lostWrap) -> ChannelAccumulator {
    ChannelAccumulator(
      rules: ChannelRules(
        unit: .perf, maximumPower: Watts(1000), resolution: 1 << 18, lostWrap: lostWrap))
  }

  @Test(arguments: [UInt64(5) << 50, 3 << 49, 1 << 40])
  func f19AWrapThatTheKernelLostIsPutBackAndCounted(start: UInt64) throws {
    var channel = Self.perf()
    channel.add(.value(start), at: Self.instant(0))
    let before = channel.snapshot
    // 300 J on, and a wrap back: the sum may fall below zero, which reads as a number above 2^63.
    channel.add(.value(start &+ 300 << 32 &- Self.lostWrap), at: Self.instant(1))
    let interval = try #require(EnergyInterval.between(before, channel.snapshot).value)
    #expect(interval.energy == Microjoules(300_000_000))
    #expect(interval.repairs == 1)
    let after = channel.snapshot
    channel.add(.value(start &+ 500 << 32 &- Self.lostWrap), at: Self.instant(2))
    let next = try #require(EnergyInterval.between(after, channel.snapshot).value)
    #expect(next.energy == Microjoules(200_000_000))
    #expect(next.repairs == 0)
  }

  /// 10 J back, or half a wrap: nothing that the kernel does explains it, so the window is void and nothing is added.
  @Test(arguments: [10 << 32, 1 << 49, 1 << 62] as [UInt64])
  func f19ACountThatRunsBackwardsOtherwiseIsAFault(back: UInt64) {
    for lostWrap in [Self.lostWrap, nil] {
      var channel = Self.perf(lostWrap: lostWrap)
      channel.add(.value(1 << 62), at: Self.instant(0))
      let before = channel.snapshot
      channel.add(.value(1 << 62 - back), at: Self.instant(1))
      #expect(EnergyInterval.between(before, channel.snapshot).reason?.code == .implausible)
      #expect(channel.snapshot.accumulated == Microjoules(0))
    }
  }

  // MARK: - Properties

  /// A monotone signal in microjoules with the instants at which it is read.
  static func signal(_ generator: inout SeededGenerator, modulus: UInt64) -> [(
    Double, UInt64
  )] {
    var points: [(Double, UInt64)] = []
    var time = 0.0
    var energy = UInt64.random(in: 0..<modulus, using: &generator)
    for _ in 0..<200 {
      points.append((time, energy))
      let gap = Double.random(in: 0.001...1, using: &generator)
      time += gap
      energy += UInt64.random(in: 0..<(modulus / 2), using: &generator)
    }
    return points
  }

  static func rules(modulus: UInt64) -> ChannelRules {
    ChannelRules(unit: .microjoule, modulus: modulus)
  }

  @Test func wrappedSignalsIntegrateExactly() {
    var generator = SeededGenerator(seed: 5)
    for modulus in [1_000, 65_532_611_002, 262_143_328_911, UInt64(1) << 32] {
      for _ in 0..<50 {
        let points = Self.signal(&generator, modulus: modulus)
        var channel = ChannelAccumulator(rules: Self.rules(modulus: modulus))
        for (time, energy) in points {
          channel.add(.value(energy % modulus), at: Self.instant(time))
        }
        #expect(
          channel.snapshot.accumulated.value == (points.last?.1 ?? 0) - (points.first?.1 ?? 0))
      }
    }
  }

  @Test func splittingAWindowConservesEnergyAndSkippedReadingsChangeNothing() {
    var generator = SeededGenerator(seed: 6)
    let modulus: UInt64 = 65_532_611_002
    for _ in 0..<50 {
      let points = Self.signal(&generator, modulus: modulus / 8)
      var every = ChannelAccumulator(rules: Self.rules(modulus: modulus))
      var some = every
      var parts: UInt64 = 0
      for (index, (time, energy)) in points.enumerated() {
        let before = every.snapshot
        every.add(.value(energy % modulus), at: Self.instant(time))
        parts += every.snapshot.accumulated.value - before.accumulated.value
        if index.isMultiple(of: 3) || index == points.count - 1 {
          some.add(.value(energy % modulus), at: Self.instant(time))
        }
      }
      #expect(parts == every.snapshot.accumulated.value)
      #expect(some.snapshot.accumulated == every.snapshot.accumulated)
    }
  }

  @Test func scalingASignalScalesItsEnergy() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<50 {
      let points = Self.signal(&generator, modulus: 1 << 32)
      var microjoules = ChannelAccumulator(rules: ChannelRules(unit: .microjoule))
      var millijoules = ChannelAccumulator(rules: ChannelRules(unit: .millijoule))
      for (time, energy) in points {
        microjoules.add(.value(energy * 1000), at: Self.instant(time))
        millijoules.add(.value(energy), at: Self.instant(time))
      }
      #expect(microjoules.snapshot.accumulated == millijoules.snapshot.accumulated)
    }
  }

  @Test func perfUnitsAreExact() {
    var channel = ChannelAccumulator(rules: ChannelRules(unit: .perf))
    channel.add(.value(0), at: Self.instant(0))
    channel.add(.value(1 << 32), at: Self.instant(1))
    channel.add(.value(3 << 31), at: Self.instant(2))
    #expect(channel.snapshot.accumulated == Microjoules(1_500_000))
  }
}
