import Analysis
import Model
import TestSupport
import Testing

/// What a result makes of meters that are coarse, late, or at odds with themselves.
@Suite struct MeterJudgementTests {
  /// Three windows of 10 s of one series at 300 W, whose energies a test replaces.
  static func result(_ change: (inout RunResult) -> Void) -> RunResult {
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "fake", rates: [1e6, 1e6, 1e6], watts: [.wall: [300, 300, 300]])
    ]
    var result = sample.make()
    change(&result)
    return result
  }

  /// Two windows without a step and one with a minute's: 0, 0 and 1800 W.
  @Test func aCoarseCounterSpeaksForAllWindowsOrForNone() throws {
    let coarse = Reason(.coarse, "the counter goes in steps of 18000 J")
    let result = Self.result { result in
      for index in 0..<2 {
        result.samples[index].energy[0] = ChannelEnergy(
          meter: result.meters[0].id, interval: .unavailable(coarse))
      }
    }
    let summary = try #require(Summarizing.summaries(of: result).first)
    #expect(summary.energy.reason?.code == .coarse)
  }

  /// A zero is a value among others: leaving it out makes the rest the headline.
  @Test func aWindowOfNothingIsNotLeftOut() throws {
    let result = Self.result { result in
      result.samples[0].energy[0] = ChannelEnergy(
        meter: result.meters[0].id,
        interval: .value(EnergyInterval(energy: Microjoules(0), duration: Seconds(10))))
    }
    let summary = try #require(Summarizing.summaries(of: result).first)
    #expect(summary.energy.value?.first?.power.mean == 200)
  }

  static func named(_ name: CheckName, in result: RunResult) -> [Check] {
    SampleChecks.checks(of: result).filter { $0.name == name }
  }

  /// A counter that steps back 40 J at 95 W.
  @Test(arguments: [(55.0, 1), (94, 0)]) func aPowerThatFallsForOneLookIsFlagged(
    low: Double, count: Int
  ) {
    let result = Self.result { result in
      let meter = result.meters[0].id
      for index in result.samples.indices {
        result.samples[index].trace = (0..<10).map { look in
          TracePoint(
            at: Seconds(Double(look)), rate: Rate(perSecond: 1e6, unit: .hash),
            power: [meter: Watts(index == 1 && look == 4 ? low : 95)])
        }
      }
    }
    let found = Self.named(CheckName.meterDip, in: result)
    #expect(found.count == count)
    #expect(found.allSatisfy { $0.verdict == .fail && $0.sample == 1 })
  }

  @Test func answersThatTakeLongAreFlaggedAndInTheBudget() throws {
    func result(_ lag: Double) -> RunResult {
      Self.result { result in
        for index in result.samples.indices {
          result.samples[index].energy[0] = ChannelEnergy(
            meter: result.meters[0].id,
            interval: .value(
              EnergyInterval(
                energy: Microjoules(3_000_000_000), duration: Seconds(10), lag: Seconds(lag))))
        }
      }
    }
    #expect(Self.named(CheckName.meterLag, in: result(0.01)).isEmpty)
    let late = result(1.2)
    #expect(Self.named(CheckName.meterLag, in: late).count == 3)
    func tick(_ result: RunResult) throws -> Double {
      let summary = try #require(Summarizing.summaries(of: result).first)
      let scope = try #require(summary.energy.value?.first)
      return try #require(scope.terms.first { $0.name == .tick }).relative
    }
    // 2.4 s over three windows of 10 s: 2.4 * sqrt(3 / 6) / 30.
    #expect(abs(try tick(late) - 2.4 * 0.5.squareRoot() / 30) < 1e-9)
  }

  /// 179.3 W by the counter of all phases beside 123 W of the first.
  @Test(arguments: [(123.0, CheckVerdict.fail), (180, .pass)])
  func aCounterAndAPowerOfOneDeviceMustAgree(watts: Double, verdict: CheckVerdict) throws {
    let result = Self.result { result in
      let counter = testMeter("shelly:x#energy", scope: .wall, part: "x")
      let power = MeterDescriptor(
        id: MeterID(rawValue: "shelly:x#power"), source: counter.source, label: "power",
        scope: .wall, covers: .machine, part: "x", kind: .measuredSampled, quantity: .averagePower,
        rawUnit: "uW", resolution: nil, updatePeriod: nil, accuracy: counter.accuracy,
        privilege: "network")
      result.meters = [counter, power]
      for index in result.samples.indices {
        result.samples[index].energy = [(counter, 179.3), (power, watts)].map {
          ChannelEnergy(
            meter: $0.id,
            interval: .value(
              EnergyInterval(
                energy: Microjoules(UInt64($1 * 10e6)), duration: Seconds(10))))
        }
      }
    }
    let check = try #require(Self.named(CheckName.meterAgreement, in: result).first)
    #expect(check.verdict == verdict)
    #expect(check.message.contains("1793.0 J") || check.message.contains("5379.0 J"))
  }

  /// A counter too coarse for its windows is no failed check where the power of its device speaks.
  @Test func aCoarseCounterBesideAPowerFailsNothing() {
    func verdicts(hasPower: Bool) -> [CheckVerdict] {
      let result = Self.result { result in
        let counter = testMeter("shelly:x#energy", scope: .wall, part: "x")
        var power = counter
        power.mirrorOf = nil
        let second = testMeter("shelly:x#power", scope: .wall, part: "x")
        result.meters = hasPower ? [counter, second] : [counter]
        let value = result.samples[0].energy[0].interval
        for index in result.samples.indices {
          result.samples[index].energy = result.meters.map {
            ChannelEnergy(
              meter: $0.id,
              interval: $0.id == counter.id
                ? .unavailable(Reason(.coarse, "steps of 3600 J")) : value)
          }
        }
      }
      return Self.named(CheckName.meter, in: result).map(\.verdict)
    }
    #expect(verdicts(hasPower: true) == [.pass, .pass, .pass])
    #expect(verdicts(hasPower: false) == [.fail, .fail, .fail])
  }

  @Test func oldReadingsAreNoted() {
    let result = Self.result { result in
      let meter = result.meters[0]
      result.meters = [
        MeterDescriptor(
          id: meter.id, source: meter.source, label: meter.label, scope: .wall, covers: .machine,
          part: "0", kind: .measuredSampled, quantity: .averagePower, rawUnit: "uW",
          resolution: nil, updatePeriod: Seconds(5), accuracy: meter.accuracy, privilege: "root")
      ]
    }
    #expect(Self.named(CheckName.meterAge, in: result).map(\.verdict) == [.fail])
  }
}
