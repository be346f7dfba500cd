package import LinuxSystem
internal import Model
internal import Text

/// One sysfs attribute that is kept open: each read evaluates it anew and costs one system call.
package final class AttributeFile: Sendable {
  private let descriptor: FileDescriptor
  package let path: String

  package init(_ root: SystemRoot, _ path: String) throws(SystemError) {
    self.path = path
    descriptor = try FileDescriptor.openForReading(root.resolve(path))
  }

  /// What the attribute says now, without the white space at its ends.
  package func text() throws(SystemError) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = try descriptor.read(into: &buffer, at: 0)
    return String(decoding: buffer.prefix(count), as: UTF8.self).trimmed
  }

  /// The whole number that the attribute says now.
  package func unsigned() throws(SystemError) -> UInt64? {
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = try descriptor.read(into: &buffer, at: 0)
    return Self.unsigned(buffer.prefix(count))
  }

  /// Decimal digits followed by nothing but white space, or nil.
  package static func unsigned(_ bytes: some Sequence<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    var digits = 0
    var ended = false
    for byte in bytes {
      switch byte {
      case 0x30...0x39 where !ended:
        let (product, over) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(byte - 0x30))
        guard !over, !carry else { return nil }
        value = sum
        digits += 1
      case 0x0a, 0x20, 0x09, 0x0d, 0:
        if digits > 0 { ended = true }
      default: return nil
      }
    }
    return digits > 0 ? value : nil
  }
}
