/// The one place that keeps secrets out of what is stored or printed: results are made to be published.
///
/// An address loses its user and password and the values of its query; a command keeps its program's name and a digest of
/// its line, so that two of them can still be told apart.
package enum Redaction {
  private static let addressed = [
    "redfish", "shelly", "tasmota", "cgminer", "axeos", "http", "https",
  ]

  /// What stands for one `--meter` of a command line, or for one word of any option.
  package static func word(_ text: String) -> String {
    if text.hasPrefix("exec:") { return "exec:" + command(String(text.dropFirst(5))) }
    if text.hasPrefix("--"), let equals = text.firstIndex(of: "=") {
      return text[...equals] + word(String(text[text.index(after: equals)...]))
    }
    for name in addressed
    where text.hasPrefix(name + ":") && !text.hasPrefix(name + "://") {
      return name + ":" + address(String(text.dropFirst(name.count + 1)))
    }
    return text.contains("://") ? address(text) : text
  }

  /// `user:password@HOST/path?key=secret` as `HOST/path?key=...`.
  package static func address(_ text: String) -> String {
    var scheme = ""
    var rest = Substring(text)
    if let slashes = rest.firstRange(of: "://"), rest[..<slashes.lowerBound].allSatisfy(\.isLetter)
    {
      scheme = String(rest[..<slashes.upperBound])
      rest = rest[slashes.upperBound...]
    }
    // A password may hold a slash that should have been written %2F.
    let end = rest.firstIndex(of: "?") ?? rest.endIndex
    if let at = rest[..<end].lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    guard let question = rest.firstIndex(of: "?") else { return scheme + rest }
    let fields = rest[rest.index(after: question)...].split(
      separator: "&", omittingEmptySubsequences: false
    ).map { field in
      field.firstIndex(of: "=").map { String(field[...$0]) + "..." } ?? "..."
    }
    return scheme + rest[...question] + fields.joined(separator: "&")
  }

  /// A command by its program's name and the first eight digits of the SHA-256 of its line; a line of plain words that
  /// print a number, as `echo 65 W`, is no longer than that and says nothing either.
  package static func command(_ line: String) -> String {
    let words = line.split(whereSeparator: \.isWhitespace)
    // An assignment before the program may hold a secret too.
    let program = words.first { !$0.contains("=") } ?? "command"
    let name = program.split(separator: "/").last.map(String.init) ?? "command"
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil
        || "-_.+".unicodeScalars.contains($0)
    }
    let digest = Hexadecimal.encode(SHA256.hash(Array(line.utf8))).prefix(8)
    return "\(isPlain && name.count <= 40 ? name : "command")#\(digest)"
  }
}
