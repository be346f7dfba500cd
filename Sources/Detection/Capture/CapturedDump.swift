internal import Model

/// A PCI function in the form that `lspci -xxxx` prints.
enum CapturedDump {
  /// Nil for a function whose configuration space could not be read.
  static func text(of function: PCIFunction) -> String? {
    guard let configuration = function.configuration.value else { return nil }
    let bytes = withoutSerialNumber(configuration)
    var lines = [
      "\(function.address) \(function.classCode.hexadecimal(4)): "
        + "\(function.vendor.hexadecimal(4)):\(function.device.hexadecimal(4))"
    ]
    for start in stride(from: 0, to: bytes.count, by: 16) {
      let row = bytes[start..<min(start + 16, bytes.count)].map { $0.hexadecimal(2) }
      lines.append("\(start.hexadecimal(2)): \(row.joined(separator: " "))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The bytes with the device's serial number and its vital product data as zeros.
  ///
  /// The serial number of a network card holds its MAC address.
  static func withoutSerialNumber(_ configuration: PCIConfiguration) -> [UInt8] {
    var bytes = configuration.bytes
    if let position = configuration.extendedCapability(0x03) {
      for index in position + 4..<min(position + 12, bytes.count) { bytes[index] = 0 }
    }
    // The data register of the vital product data shows what was read last.
    if let position = configuration.capability(0x03) {
      for index in position + 2..<min(position + 8, bytes.count) { bytes[index] = 0 }
    }
    return bytes
  }
}
