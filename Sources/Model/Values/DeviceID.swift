/// A device of one machine, the same in detection, backends, meters and results.
///
/// It says where the device is, never how manieth it is: what is switched off or asleep changes no other's identifier.
///
/// | form | device |
/// |---|---|
/// | `cpu` | the CPUs |
/// | `pci:0000:65:00.0` | a PCI function, by its domain, bus, device and function |
/// | `platform:17000000.gpu` | a device of a board, by the kernel's name of it |
/// | `usb:1-2.4` | a USB device, by its bus and ports |
/// | `opencl:pocl` | an OpenCL device that is no PCI device, by its platform |
/// | `miner:192.0.2.7` | a miner reached over the network, by its name or address |
/// | `together` | no device: all those of a run that hashed at the same time, as one |
package struct DeviceID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String

  /// An identifier from a file, taken as it is; what a user writes goes through `init(parsing:)`.
  package init(rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }

  package static let cpu = DeviceID(rawValue: "cpu")
  /// All devices that a run measured at the same time; only the summary of what they did together has it.
  package static let together = DeviceID(rawValue: "together")

  /// Where a device is, the word before the colon.
  package enum Place: String, Hashable, Sendable, CaseIterable {
    case cpu, pci, platform, usb, opencl, miner
  }

  package static func pci(_ address: PCIAddress) -> DeviceID { DeviceID(.pci, "\(address)") }
  package static func platform(_ name: String) -> DeviceID { DeviceID(.platform, name) }
  package static func usb(_ port: String) -> DeviceID { DeviceID(.usb, port) }
  package static func openCL(_ platform: String) -> DeviceID { DeviceID(.opencl, platform) }
  package static func miner(_ host: String) -> DeviceID { DeviceID(.miner, host) }

  /// Whether it is another machine than the one that measures it.
  package var isMiner: Bool { rawValue.hasPrefix("miner:") }

  private init(_ place: Place, _ name: String) { self.init(rawValue: "\(place.rawValue):\(name)") }

  /// The identifier that a text spells, in its one spelling (`pci:65:00.0` is `pci:0000:65:00.0`).
  ///
  /// Nil for a text of no known form: an unknown place, no name behind the colon, blanks or a slash in it, an address
  /// that is none, or a number where a name must stand (`opencl:0`).
  package init?(parsing text: some StringProtocol) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let place = parts.first.flatMap({ Place(rawValue: String($0)) }) else { return nil }
    if place == .cpu {
      guard parts.count == 1 else { return nil }
      self = .cpu
      return
    }
    guard parts.count == 2, case let name = String(parts[1]), !name.isEmpty,
      !name.contains(where: { $0.isWhitespace || $0 == "/" || $0 == "," })
    else { return nil }
    switch place {
    case .pci:
      guard let address = PCIAddress(name) else { return nil }
      self = .pci(address)
    case .opencl where name.allSatisfy(\.isNumber): return nil
    default: self.init(place, name)
    }
  }

  /// Where the device is; nil for an identifier of a form that this version does not know.
  package var place: Place? { DeviceID(parsing: rawValue).flatMap { $0.knownPlace } }

  private var knownPlace: Place? { Place(rawValue: String(rawValue.prefix { $0 != ":" })) }

  /// The address of a PCI device; nil for others.
  package var pciAddress: PCIAddress? {
    guard rawValue.hasPrefix("pci:") else { return nil }
    return PCIAddress(rawValue.dropFirst(4))
  }
}
