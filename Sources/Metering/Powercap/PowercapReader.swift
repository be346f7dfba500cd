internal import LinuxSystem
package import MeterCore
package import Model

/// The counters of some powercap zones, kept open and read in a fixed order.
package final class PowercapReader: MeterReader {
  package let channels: [MeterChannel]
  package let pace: ReadingPace
  private let files: [AttributeFile]

  package init(_ members: [(channel: MeterChannel, file: AttributeFile)]) {
    channels = members.map(\.channel)
    files = members.map(\.file)
    let periods = channels.map { channel -> Double in
      guard let modulus = channel.rules.modulus, let limit = channel.rules.maximumPower else {
        return 1
      }
      // A quarter of the time to a wrap at the largest plausible power (R8).
      return Double(modulus) * 1e-6 / (4 * limit.value)
    }
    pace = .inline(guardPeriod: Seconds(max(0.01, min(1, periods.min() ?? 1))))
  }

  package func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    let began = clock.now()
    let values = files.map(Self.read)
    let instant = Instant.midpoint(began, clock.now())
    return values.enumerated().map {
      ChannelReading(channel: $0.offset, instant: instant, value: $0.element)
    }
  }

  private static func read(_ file: AttributeFile) -> Reading<UInt64> {
    do {
      guard let value = try file.unsigned() else {
        return .unavailable(Reason(.malformed, "\(file.path) holds no number"))
      }
      return .value(value)
    } catch {
      return .unavailable(Reason(.lost, "\(file.path): \(error.errno)"))
    }
  }
}
