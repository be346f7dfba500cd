internal import Text

extension String {
  /// Nil for an empty text.
  var nonEmpty: String? { isEmpty ? nil : self }

  /// The number in a text such as `0x10de` or `10de`.
  var hexadecimalValue: UInt64? {
    UInt64(hasPrefix("0x") || hasPrefix("0X") ? String(dropFirst(2)) : self, radix: 16)
  }
}

extension FixedWidthInteger {
  /// Lower-case hexadecimal digits, padded with zeros.
  func hexadecimal(_ width: Int) -> String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}

/// CPU lists and other sets of numbers as the kernel writes them: `0-3,8`.
enum NumberList {
  /// The numbers of a list; nil where the text is not one.
  static func parse(_ text: String) -> [Int]? {
    var numbers: [Int] = []
    for part in text.split(whereSeparator: { $0 == "," || $0 == "\n" }) {
      let ends = part.trimmed.split(separator: "-", maxSplits: 1).map { Int($0) }
      switch (ends.first ?? nil, ends.count > 1 ? ends[1] : ends.first ?? nil) {
      case (let first?, let last?) where first >= 0 && last >= first && last - first < 1 << 20:
        numbers += Array(first...last)
      default: return nil
      }
    }
    return numbers
  }
}
