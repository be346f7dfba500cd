/// Where a PCI function sits: `0000:01:00.0`; the domain may need 32 bits.
package struct PCIAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var domain: UInt32
  package var bus: UInt8
  package var device: UInt8
  package var function: UInt8

  package init(domain: UInt32, bus: UInt8, device: UInt8, function: UInt8) {
    self.domain = domain
    self.bus = bus
    self.device = device
    self.function = function
  }

  /// `[domain:]bus:device.function` in hexadecimal; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3 else { return nil }
    let last = parts[parts.count - 1].split(separator: ".", omittingEmptySubsequences: false)
    guard last.count == 2,
      let domain = parts.count == 3 ? UInt32(parts[0], radix: 16) : 0,
      let bus = UInt8(parts[parts.count - 2], radix: 16),
      let device = UInt8(last[0], radix: 16), device < 32,
      let function = UInt8(last[1], radix: 16), function < 8
    else { return nil }
    self.init(domain: domain, bus: bus, device: device, function: function)
  }

  /// The number within the domain, by which a bus counts its functions.
  package var routingNumber: Int { Int(bus) << 8 | Int(device) << 3 | Int(function) }

  /// Whether the other is another function of the same card.
  package func isBeside(_ other: PCIAddress) -> Bool {
    domain == other.domain && bus == other.bus && device == other.device
      && function != other.function
  }

  package var description: String {
    "\(domain.hexadecimal(4)):\(bus.hexadecimal(2)):\(device.hexadecimal(2)).\(function)"
  }

  package static func < (left: PCIAddress, right: PCIAddress) -> Bool {
    (left.domain, left.bus, left.device, left.function)
      < (right.domain, right.bus, right.device, right.function)
  }
}
