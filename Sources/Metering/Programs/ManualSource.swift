internal import MeterCore
package import Model

extension MeterSourceID {
  static let manual = MeterSourceID("manual", isOnMachine: false)
}

/// A constant power that the user states: labelled as such everywhere, and never a measurement.
package struct ManualSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .manual }
  package var summary: String { "a constant power that you state, labelled manual" }
  package var argumentName: String? { "WATTS" }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    guard let watts = Double(request.argument), watts.isFinite, watts > 0, watts <= 1e6 else {
      return .none(
        Reason(
          .malformed, "manual:\(request.argument) is no power",
          remedy: "write watts above zero, as in --meter manual:65"))
    }
    return MeterDiscovery(readers: [ManualReader(watts, request.argument)])
  }
}

struct ManualReader: MeterReader {
  let channels: [MeterChannel]
  let pace = ReadingPace.inline(guardPeriod: Seconds(1))
  private let raw: UInt64

  init(_ watts: Double, _ text: String) {
    raw = UInt64((watts * 1e6).rounded())
    channels = [
      MeterChannel(
        descriptor: MeterDescriptor(
          id: MeterID(rawValue: "manual:\(text)"), source: .manual,
          label: "\(text) W, stated by hand", scope: .unknown, covers: .machine, part: "manual",
          kind: .manual,
          quantity: .averagePower, rawUnit: RawUnit.microwatt.symbol, resolution: nil,
          updatePeriod: nil,
          accuracy: MeterAccuracy(
            gainBound: nil, source: "stated by the user, not measured", isAssumed: true),
          privilege: "none"),
        rules: ChannelRules(unit: .microwatt))
    ]
  }

  func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    [ChannelReading(channel: 0, instant: clock.now(), value: .value(raw))]
  }
}
