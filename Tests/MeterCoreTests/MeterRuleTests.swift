import MeterCore
import Model
import TestSupport
import Testing

/// The general rules for what a window may take from a meter.
@Suite struct MeterRuleTests {
  static func instant(_ seconds: Double) -> Instant {
    Instant(nanoseconds: UInt64((1000 + seconds) * 1e9))
  }

  /// Windows of a polled counter whose value at each second a test gives.
  static func windows(
    resolution: UInt64, lengths seconds: Int, count: Int, joules: (Int) -> Double
  ) -> [Reading<EnergyInterval>] {
    var channel = ChannelAccumulator(
      rules: ChannelRules(
        unit: .microjoule, maximumPower: Watts(50_000), tick: Seconds(60), resolution: resolution,
        gapLimit: Seconds(3.5)))
    var snapshots: [ChannelSnapshot] = []
    for second in 0...seconds * count {
      channel.add(.value(UInt64(joules(second) * 1e6)), at: instant(Double(second)))
      if second % seconds == 0 { snapshots.append(channel.snapshot) }
    }
    return zip(snapshots, snapshots.dropFirst()).map { EnergyInterval.between($0, $1) }
  }

  // MARK: Steps

  /// 60 W in steps of 3600 J, as Tasmota counts, and 300 W in steps of 18000 J once a minute: 360 W and 1800 W.
  @Test(arguments: [(60.0, 60, 3_600_000_000), (300, 60, 1_000_000)] as [(Double, Int, UInt64)])
  func aCounterOfCoarseStepsDoesNotSpeak(watts: Double, every: Int, resolution: UInt64) {
    let windows = Self.windows(resolution: resolution, lengths: 10, count: 12) { second in
      Double((second + 35) / every) * watts * Double(every)
    }
    for window in windows { #expect(window.value == nil) }
    #expect(windows.contains { $0.reason?.code == .coarse })
  }

  @Test func aCounterOfFineStepsSpeaks() {
    let windows = Self.windows(resolution: 1_000_000, lengths: 10, count: 3) { Double($0) * 300 }
    #expect(windows.map { $0.value?.energy.joules } == [3000, 3000, 3000])
  }

  @Test func aCounterThatStandsStillGivesNoZero() {
    let windows = Self.windows(resolution: 1, lengths: 10, count: 2) { _ in 5 }
    #expect(windows.map { $0.reason?.code } == [.stalled, .stalled])
  }

  /// Neighbouring looks of a trace may see nothing.
  @Test func looksAreNotJudgedAsWindows() {
    var channel = ChannelAccumulator(rules: ChannelRules(unit: .microjoule))
    channel.add(.value(7), at: Self.instant(0))
    let first = channel.snapshot
    channel.add(.value(7), at: Self.instant(1))
    let look = EnergyInterval.between(first, channel.snapshot, isWindow: false)
    #expect(look.value?.energy == Microjoules(0))
    #expect(EnergyInterval.between(first, channel.snapshot).value == nil)
  }

  // MARK: Zeros and sentinels

  @Test func exactlyZeroWattsIsAValueOnlyWhereMoreWasShown() {
    for (earlier, isVoid) in [(0, true), (60, false)] as [(UInt64, Bool)] {
      var channel = ChannelAccumulator(rules: ChannelRules(unit: .watt, maximumPower: Watts(1000)))
      channel.add(.value(earlier), at: Self.instant(0))
      channel.add(.value(0), at: Self.instant(1))
      let start = channel.snapshot
      channel.add(.value(0), at: Self.instant(2))
      let window = EnergyInterval.between(start, channel.snapshot)
      #expect((window.value == nil) == isVoid)
    }
  }

  @Test(
    arguments: [
      (RawUnit.microwatt, 4_294_967_295_000), (.milliwatt, 4_294_967_295), (.watt, 2_147_483_647),
      (.milliwatt, 4_294_967_295_000_000),
    ] as [(RawUnit, UInt64)])
  func theLargestNumberIsNoPower(unit: RawUnit, raw: UInt64) {
    let rules = ChannelRules(unit: unit, maximumPower: Watts(1e12))
    #expect(rules.powerRefusal(raw)?.code == .notMeasured)
    // One a little smaller is judged as any other power.
    #expect(rules.powerRefusal(raw - 3)?.code != .notMeasured)
  }

  // MARK: Age

  static func power(_ period: Double?, averaging: Double?) -> MeterDescriptor {
    MeterDescriptor(
      id: MeterID(rawValue: "redfish:x"), source: MeterSourceID("redfish", isOnMachine: false),
      label: "x", scope: .wall, covers: .machine, part: "x", kind: .measuredSampled,
      quantity: .averagePower, rawUnit: "uW", resolution: nil,
      updatePeriod: period.map { Seconds($0) }, averagingWindow: averaging.map { Seconds($0) },
      accuracy: MeterAccuracy(gainBound: nil, source: "test", isAssumed: false),
      privilege: "network")
  }

  /// 197 W for a minute and 389 W after it: a mean of one minute shows the minute before.
  @Test(
    arguments: [
      (nil, 60.0, 10.0, true, true), (1, 60, 60, false, true), (1, 60, 240, false, true),
      (1, 60, 700, false, false), (20, nil, 10, true, true), (1, nil, 10, false, false),
      (nil, nil, 10, false, false), (0.1, 1, 10, false, false),
    ] as [(Double?, Double?, Double, Bool, Bool)])
  func aReadingOfAnotherTimeIsNone(
    period: Double?, averaging: Double?, window: Double, isVoid: Bool, isNoted: Bool
  ) {
    let meter = Self.power(period, averaging: averaging)
    #expect((MeterAge.refusal(meter, window: Seconds(window)) != nil) == isVoid)
    #expect((MeterAge.note(meter, window: Seconds(window)) != nil) == isNoted)
  }

  @Test func aCountersAgeIsNoMatter() {
    let counter = testMeter("shelly:x", scope: .wall)
    #expect(MeterAge.age(counter) == nil)
  }

  // MARK: Containment

  @Test func aChipAboveItsBoardVoidsBoth() {
    let device = MeterCover.device(DeviceID(rawValue: "pci:0000:03:00.0"))
    let other = MeterCover.device(DeviceID(rawValue: "pci:0000:04:00.0"))
    let board = testMeter("hwmon:card", scope: .gpuBoard, part: "a", covers: device)
    let chip = testMeter("hwmon:pkg", scope: .gpuChip, part: "a", covers: device)
    let stranger = testMeter("hwmon:other", scope: .gpuChip, part: "b", covers: other)
    #expect(
      LatticeTests.faults([(board, 100), (chip, 150), (stranger, 500)]) == [
        ["hwmon:card", "hwmon:pkg"]
      ])
    #expect(LatticeTests.faults([(board, 150), (chip, 100), (stranger, 500)]).isEmpty)
  }

  // MARK: Mirrors

  static func sample(_ powers: [(MeterDescriptor, (Int) -> Double)], looks: Int = 10) -> Sample {
    let instants = SnapshotInstants(
      first: instant(0), second: instant(0), third: instant(0))
    let end = SnapshotInstants(
      first: instant(Double(looks)), second: instant(Double(looks)), third: instant(Double(looks)))
    return Sample(
      kind: .load, series: nil, repeatIndex: 0, start: instants, end: end, spans: [],
      energy: powers.map { meter, watts in
        ChannelEnergy(
          meter: meter.id,
          interval: .value(
            EnergyInterval(
              energy: Microjoules(UInt64((0..<looks).reduce(0.0) { $0 + watts($1) } * 1e6)),
              duration: Seconds(Double(looks)))))
      }, shares: [],
      trace: (0..<looks).map { look in
        TracePoint(
          at: Seconds(Double(look)), rate: nil,
          power: Dictionary(uniqueKeysWithValues: powers.map { ($0.id, Watts($1(look))) }))
      })
  }

  @Test func twoThatAlwaysShowTheSameAreOne() {
    let sockets = (0..<2).map {
      testMeter("hwmon:Esocket\($0)", scope: .cpuPackage, part: "\($0)", kind: .modelled)
    }
    func mirrors(_ second: @escaping (Int) -> Double, looks: Int = 10) -> [MeterID?] {
      MirroredMeters.marked(
        sockets,
        in: [Self.sample([(sockets[0], { _ in 160 }), (sockets[1], second)], looks: looks)]
      ).map(\.mirrorOf)
    }
    #expect(mirrors { _ in 160 } == [nil, sockets[0].id])
    #expect(mirrors { $0 == 7 ? 161 : 160 } == [nil, nil])
    #expect(mirrors({ _ in 160 }, looks: 3) == [nil, nil])
  }

  /// Equal loads draw equal power: packages that the kernel numbers and boards with addresses are taken at their word.
  @Test func namesOfTheirOwnAreBelieved() {
    let packages = (0..<2).map {
      testMeter("powercap:package-\($0)", scope: .cpuPackage, part: "\($0)")
    }
    let boards = (1...2).map {
      testMeter(
        "nvml:\($0)", scope: .gpuBoard, part: "\($0)",
        covers: .device(DeviceID(rawValue: "pci:0000:0\($0):00.0")))
    }
    for pair in [packages, boards] {
      let sample = Self.sample(pair.map { ($0, { _ in 180 }) })
      #expect(MirroredMeters.marked(pair, in: [sample]) == pair)
    }
  }
}
