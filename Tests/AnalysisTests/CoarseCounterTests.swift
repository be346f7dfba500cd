import Analysis
import Model
import TestSupport
import Testing

/// R23: what a counter's steps demand of a window's length.
@Suite struct CoarseCounterTests {
  /// A wall counter with steps of so many joules at 300 W, in windows of 60 s.
  static func checks(stepJoules: Double, hasPower: Bool = false) -> [Check] {
    var sample = SampleResult()
    sample.window = 60
    sample.series = [
      SampleResult.Series(
        .sha256d, "fake", rates: [1e6, 1e6, 1e6], watts: [.wall: [300, 300, 300]])
    ]
    var result = sample.make()
    let meter = result.meters[0]
    func copy(_ name: String, _ quantity: MeterQuantity, _ resolution: Double?) -> MeterDescriptor {
      MeterDescriptor(
        id: MeterID(rawValue: name), source: MeterSourceID("shelly", isOnMachine: false),
        label: name,
        scope: .wall, covers: .machine, part: "plug",
        kind: meter.kind, quantity: quantity, rawUnit: meter.rawUnit, resolution: resolution,
        updatePeriod: meter.updatePeriod, accuracy: meter.accuracy, privilege: "network")
    }
    let counter = copy("shelly:plug#energy", .energyCounter, stepJoules * 1e6)
    let power = copy("shelly:plug#power", .averagePower, nil)
    result.meters = hasPower ? [counter, power] : [counter]
    for index in result.samples.indices {
      let interval = result.samples[index].energy[0].interval
      result.samples[index].energy = result.meters.map {
        ChannelEnergy(meter: $0.id, interval: interval)
      }
    }
    return SampleChecks.checks(of: result).filter { $0.name == CheckName.meterResolution }
  }

  /// The three steps of power.md 3.5 at 300 W: 1 s, 16 s and 16 min for 0.5 %.
  @Test(arguments: [(3.6, true), (60.0, true), (3600, false)])
  func aCoarseCounterFailsWithTheTimeThatItWouldTake(step: Double, isFine: Bool) throws {
    let checks = Self.checks(stepJoules: step)
    #expect(checks.isEmpty == isFine)
    guard !isFine else { return }
    let check = try #require(checks.first)
    #expect(check.verdict == .fail)
    #expect(
      check.message.contains("windows of 979.8 s; the shortest was 60.0 s"), "\(check.message)")
  }

  @Test func thePowerOfTheSameMeterStandsIn() throws {
    let check = try #require(Self.checks(stepJoules: 3600, hasPower: true).first)
    #expect(check.verdict == .unknown)
    #expect(check.remedy?.contains("use shelly:plug#power") == true)
  }
}
