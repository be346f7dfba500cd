import Model
import Reporting
import TestSupport
import Testing

/// What a person reads of a preparation.
struct PreparationTextTests {
  private static func text(
    _ joules: [(scope: Scope, joules: Double?)], covers: MeterCover = .machine
  ) -> String {
    var sample = SampleResult()
    sample.series = [SampleResult.Series(.randomx, "librandomx-jit", rates: [700, 701, 702])]
    var result = sample.make()
    result.workers[0].facts[.preparation] = .number(24.5)
    result.meters = joules.map {
      testMeter("powercap:\($0.scope)", scope: $0.scope, covers: covers)
    }
    let instants = [5.0, 30].map { seconds in
      let instant = Instant(nanoseconds: UInt64(seconds * 1e9))
      return SnapshotInstants(first: instant, second: instant, third: instant)
    }
    result.workers[0].preparations = [
      MeteredPreparation(
        start: instants[0], end: instants[1],
        energy: zip(result.meters, joules).map { meter, found in
          ChannelEnergy(
            meter: meter.id,
            interval: found.joules.map {
              .value(
                EnergyInterval(energy: Microjoules(UInt64($0 * 1e6)), duration: Seconds(25)))
            } ?? .unavailable(Reason(.stalled, "the counter stood still")))
        })
    ]
    return RunTable.text(result, .plain(width: 200))
  }

  @Test("time, joules of the widest scope and mean power")
  func metered() {
    let text = Self.text([(.cpuPackage, 1500), (.psys, 2000)])
    #expect(
      text.contains("randomx librandomx-jit: prepared in 24.5 s, 2.000 kJ in psys (80.00 W)"),
      "\(text)")
  }

  @Test("a scope without energy leaves the next one, and none at all its reason")
  func partly() {
    #expect(
      Self.text([(.cpuPackage, 1500), (.psys, nil)]).contains("1.500 kJ in cpu-package (60.00 W)"))
    let none = Self.text([(.cpuPackage, nil)])
    #expect(
      none.contains("prepared in 24.5 s, energy unavailable: the counter stood still"), "\(none)")
  }

  @Test("without a meter, or with one of another device, only the time is told")
  func other() {
    for text in [
      Self.text([]), Self.text([(.cpuPackage, 1500)], covers: .device(DeviceID(rawValue: "gpu0"))),
    ] {
      #expect(text.contains("prepared in 24.5 s") && !text.contains("kJ"), "\(text)")
    }
  }
}
