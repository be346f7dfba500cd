internal import LinuxSystem
internal import MeterCore
internal import Model

/// Sensors in sysfs files, polled on a thread of their own, for some drivers ask firmware that takes its time.
final class PowerFileReader: MeterReader {
  /// How one channel's value comes from its files.
  indirect enum Value: Sendable {
    /// Microwatts or microjoules as the file says.
    case direct(AttributeFile)
    /// Millivolts times milliamperes, in microwatts; the current's sign is dropped.
    case product(AttributeFile, AttributeFile)
    /// As `product`, of microvolts and microamperes.
    case microProduct(AttributeFile, AttributeFile)
    /// Several that feed one thing.
    case sum([Value])
  }

  struct Member: Sendable {
    let channel: MeterChannel
    let value: Value
    /// Says why the channel's value means nothing now, or nil.
    var isVoid: (@Sendable () -> Reason?)?
  }

  let channels: [MeterChannel]
  let pace: ReadingPace
  private let members: [Member]

  init(_ members: [Member], period: Seconds) {
    self.members = members
    channels = members.map(\.channel)
    pace = .polled(period: period)
  }

  func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    members.enumerated().map { index, member in
      let began = clock.now()
      let value = Self.read(member)
      return ChannelReading(
        channel: index, asked: began, answered: clock.now(), value: value)
    }
  }

  static func read(_ member: Member) -> Reading<UInt64> {
    if let reason = member.isVoid?() { return .unavailable(reason) }
    return read(member.value)
  }

  private static func read(_ value: Value) -> Reading<UInt64> {
    switch value {
    case .direct(let file): return magnitude(file)
    case .product(let volts, let amperes):
      return magnitude(volts).flatMap { left in
        magnitude(amperes).map { UInt64(clamping: UInt128(left) * UInt128($0)) }
      }
    case .sum(let parts):
      return parts.reduce(.value(0)) { sum, part in
        sum.flatMap { left in read(part).map { left &+ $0 } }
      }
    case .microProduct(let volts, let amperes):
      return magnitude(volts).flatMap { left in
        magnitude(amperes).map { UInt64(clamping: UInt128(left) * UInt128($0) / 1_000_000) }
      }
    }
  }

  /// The number in a file without its sign, which drivers use for the direction of a current.
  private static func magnitude(_ file: AttributeFile) -> Reading<UInt64> {
    do throws(SystemError) {
      let text = try file.text()
      guard let value = Int64(text) else {
        return .unavailable(Reason(.malformed, "\(file.path) holds no number but '\(text)'"))
      }
      return .value(value.magnitude)
    } catch {
      return .unavailable(Reason(.lost, "\(file.path): \(error.errno)"))
    }
  }
}
