/// Cuts what arrives from a miner into lines, and holds never more than one line's worth of bytes.
package struct LineBuffer {
  /// More than any client sends in one message.
  package static let limit = 4096

  /// What has come of the next line.
  package private(set) var pending: [UInt8] = []

  /// A line that is longer than the limit.
  package struct TooLong: Error, Hashable {
    package init() {}
  }

  package init() {}

  /// The lines that these bytes complete, without their ends; a carriage return before the end is dropped.
  ///
  /// After it threw, the connection is of no use any more.
  package mutating func take(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
        lines.append(pending)
        pending.removeAll(keepingCapacity: true)
        continue
      }
      guard pending.count < Self.limit else { throw TooLong() }
      pending.append(byte)
    }
    return lines
  }
}
