/// A machine as the engine names it; checked, since it goes into command lines, scripts and paths.
package struct NodeName: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
  package let rawValue: String
  package var description: String { rawValue }

  /// As long as a host name may be (RFC 1035, 2.3.4).
  private static let longest = 255

  /// Nil for what is no name: letters, digits and `. _ -` only, the first one a letter or a digit.
  package init?(rawValue: String) {
    guard let first = rawValue.utf8.first, Self.isAlphanumeric(first),
      rawValue.utf8.count <= Self.longest,
      rawValue.utf8.allSatisfy({ Self.isAlphanumeric($0) || "._-".utf8.contains($0) })
    else { return nil }
    self.rawValue = rawValue
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  package static func < (left: NodeName, right: NodeName) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Names as schedulers write them: `n1,n[03-12,20],gpu7`.
package struct NodeList: Hashable, Sendable {
  /// In the order given, each once.
  package let names: [NodeName]

  /// More nodes than any scheduler has, and few enough to write down.
  package static let most = 10_000

  /// - Throws: `Failure` with exit code 2 that names the part which is no list of names.
  package init(_ text: String) throws(Failure) {
    var names: [NodeName] = []
    var seen: Set<NodeName> = []
    for part in try Self.parts(text) {
      for name in try Self.expanded(part) {
        guard let name = NodeName(rawValue: name) else { throw Self.refused(name) }
        if seen.insert(name).inserted { names.append(name) }
        guard names.count <= Self.most else {
          throw Failure(
            .usage, "more than \(Self.most) nodes", remedy: "submit them in several fleets")
        }
      }
    }
    guard !names.isEmpty else {
      throw Failure(
        .usage, "no node in '\(text.prefix(80))'", remedy: "give names such as n1,n[2-4]")
    }
    self.names = names
  }

  private static func refused(_ text: some StringProtocol) -> Failure {
    Failure(
      .usage, "'\(text.prefix(80))' is no node's name",
      remedy: "give names of letters, digits, '.', '_' and '-', such as n1,n[2-4]")
  }

  /// Split at commas and white space that are in no brackets.
  private static func parts(_ text: String) throws(Failure) -> [Substring] {
    var parts: [Substring] = []
    var start = text.startIndex
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case "[": depth += 1
      case "]": depth -= 1
      case let character where depth == 0 && (character == "," || character.isWhitespace):
        parts.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
      guard (0...1).contains(depth) else { throw refused(text) }
    }
    guard depth == 0 else { throw refused(text) }
    return (parts + [text[start...]]).filter { !$0.isEmpty }
  }

  private static func expanded(_ part: Substring) throws(Failure) -> [String] {
    guard let open = part.firstIndex(of: "[") else { return [String(part)] }
    // One pair of brackets: names with two are rare, and can be written out.
    guard let close = part.firstIndex(of: "]"), !part[part.index(after: close)...].contains("[")
    else { throw refused(part) }
    let prefix = part[..<open]
    let suffix = part[part.index(after: close)...]
    var names: [String] = []
    for range in part[part.index(after: open)..<close].split(separator: ",") {
      let ends = range.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard let first = Int(ends[0]), first >= 0, ends[0].utf8.count <= 9,
        let last = ends.count == 2 ? Int(ends[1]) : first, last >= first, last - first < most
      else { throw refused(part) }
      let width = ends[0].utf8.count
      for number in first...last {
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
        names.append("\(prefix)\(zeros)\(digits)\(suffix)")
      }
    }
    guard !names.isEmpty else { throw refused(part) }
    return names
  }
}
