internal import LinuxSystem
internal import MachineFacts
internal import Model
internal import Text

/// A dump in the form that `lspci -x` prints, looked through before libpci reads it.
///
/// libpci stops at the first line that it does not like and does not say which one it was.
struct DumpFile {
  static let remedy = "make it with 'sudo lspci -xxxx > FILE'"

  /// Sizes that a verbose dump prints, by function and region.
  private(set) var regionSizes: [PCIAddress: [Int: UInt64]] = [:]
  private(set) var functions: [PCIAddress] = []

  /// libpci's buffer for one line, with the end of the line and a zero byte.
  private static let longestLine = 254
  private static let largestSpace = 4096
  private static let smallestSpace = 64

  init(_ path: String) throws {
    let bytes: [UInt8]
    do {
      bytes = try FileDescriptor.openForReading(path).readToEnd(limit: 256 << 20)
    } catch {
      throw Failure(.badInput, "\(path): \(error.errno)", remedy: "name a dump made with lspci -x")
    }
    try self.init(bytes, path: path)
  }

  init(_ bytes: [UInt8], path: String) throws {
    func wrong(_ line: Int, _ what: String) -> Failure {
      Failure(.badInput, "\(path), line \(line): \(what)", remedy: DumpFile.remedy)
    }
    guard !bytes.isEmpty else {
      throw Failure(.badInput, "\(path): the file is empty", remedy: DumpFile.remedy)
    }
    var current: (address: PCIAddress, line: Int, length: Int)?
    func checkLength() throws {
      guard let current, current.length < DumpFile.smallestSpace else { return }
      throw wrong(
        current.line,
        "\(current.address) has \(current.length) bytes of configuration space, "
          + "at least \(DumpFile.smallestSpace) are needed: the dump is truncated")
    }
    var number = 0
    var start = 0
    while start < bytes.count {
      number += 1
      guard let end = bytes[start...].firstIndex(of: 0x0a) else {
        throw wrong(number, "the line has no end: the dump is truncated")
      }
      var line = bytes[start..<end]
      start = end + 1
      if line.count > DumpFile.longestLine {
        throw wrong(
          number, "\(line.count) characters, libpci takes at most \(DumpFile.longestLine)")
      }
      if line.last == 0x0d { line.removeLast() }
      if line.contains(0) { throw wrong(number, "a zero byte: this is not a text") }
      if let address = DumpFile.address(line) {
        try checkLength()
        current = (address, number, 0)
        functions.append(address)
      } else if line.isEmpty {
        try checkLength()
        current = nil
      } else if let device = current {
        switch DumpFile.hexLine(line) {
        case .text: noteSize(line, of: device.address)
        case .malformed: throw wrong(number, "not two hexadecimal digits a byte")
        case .bytes(let offset, let count):
          guard offset + count <= DumpFile.largestSpace else {
            throw wrong(number, "more than \(DumpFile.largestSpace) bytes of configuration space")
          }
          // Bytes that were left out would read as zeros, which are not what the machine had.
          guard offset <= device.length else {
            throw wrong(
              number,
              "the bytes from \(device.length.hexadecimal(2)) to \(offset.hexadecimal(2)) are missing"
            )
          }
          current?.length = max(device.length, offset + count)
        }
      }
    }
    try checkLength()
    guard !functions.isEmpty else {
      throw Failure(.badInput, "\(path): no PCI function in it", remedy: DumpFile.remedy)
    }
  }

  private enum HexLine {
    case text
    case malformed
    case bytes(offset: Int, count: Int)
  }

  /// The address that a line begins with, followed by a space; nil for any other line.
  private static func address(_ line: ArraySlice<UInt8>) -> PCIAddress? {
    guard let space = line.firstIndex(of: 0x20) else { return nil }
    let word = String(decoding: line[..<space], as: UTF8.self)
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || (parts.count == 3 && (4...8).contains(parts[0].count)),
      parts[parts.count - 2].count == 2, parts[parts.count - 1].count == 4
    else { return nil }
    return PCIAddress(word)
  }

  /// Reads `10: de 10 06 1b ...` as libpci does.
  private static func hexLine(_ line: ArraySlice<UInt8>) -> HexLine {
    guard let colon = line.firstIndex(of: 0x3a), (2...3).contains(colon - line.startIndex),
      line.index(after: colon) < line.endIndex, line[colon + 1] == 0x20,
      let offset = Int(String(decoding: line[..<colon], as: UTF8.self), radix: 16)
    else { return .text }
    var position = colon + 2
    var count = 0
    while position + 1 < line.endIndex, isDigit(line[position]), isDigit(line[position + 1]),
      position + 2 == line.endIndex || line[position + 2] == 0x20
    {
      count += 1
      position += 3
    }
    return position < line.endIndex ? .malformed : .bytes(offset: offset, count: count)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }

  /// `Region 1: Memory at e0000000 (64-bit, prefetchable) [size=256M]`.
  private mutating func noteSize(_ line: ArraySlice<UInt8>, of address: PCIAddress) {
    let text = String(decoding: line, as: UTF8.self).trimmed
    guard text.hasPrefix("Region "), let mark = text.firstRange(of: "[size="),
      let region = Int(text.dropFirst(7).prefix { $0 != ":" }), (0..<6).contains(region)
    else { return }
    let size = text[mark.upperBound...].prefix { $0 != "]" }
    let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    let unit = size.last.flatMap { units[$0] }
    guard let number = UInt64(unit == nil ? size : size.dropLast()), number < 1 << 20 else {
      return
    }
    regionSizes[address, default: [:]][region] = number * (unit ?? 1)
  }
}
