/// The hardware whose energy a meter shows.
///
/// A scope says what kind of thing is inside (a board, a package), a cover says which one. Work per joule of a device is
/// computed from meters that cover it and from no others.
package enum MeterCover: Hashable, Sendable {
  /// The computer as a whole, whatever of it works.
  case machine
  /// One CPU package, or a part of it, by the kernel's number.
  case package(Int)
  /// One device by its identifier: a GPU's board, an ASIC miner.
  case device(DeviceID)
  /// Nobody says what the sensor belongs to.
  case unknown

  /// As files spell it: `machine`, `package:0`, a device's identifier, or `unknown`.
  package var text: String {
    switch self {
    case .machine: "machine"
    case .package(let number): Self.packagePrefix + "\(number)"
    case .device(let id): id.rawValue
    case .unknown: "unknown"
    }
  }

  /// Any word that is none of ours is a device's identifier.
  package init(_ text: String) {
    let number =
      text.hasPrefix(Self.packagePrefix) ? Int(text.dropFirst(Self.packagePrefix.count)) : nil
    switch text {
    case "machine": self = .machine
    case "unknown": self = .unknown
    default: self = number.map { .package($0) } ?? .device(DeviceID(rawValue: text))
    }
  }

  private static let packagePrefix = "package:"

  /// Whether the device's energy is in what the meter shows.
  ///
  /// A miner is another machine than the one that measures it. A sensor whose place nobody knows stands beside the CPU's
  /// work, as scope `unknown`, and beside nobody else's.
  package func covers(_ device: DeviceID) -> Bool {
    switch self {
    case .machine: !device.isMiner
    case .package, .unknown: device == .cpu
    case .device(let id): id == device
    }
  }
}
