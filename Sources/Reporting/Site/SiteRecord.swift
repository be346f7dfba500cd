package import Analysis
internal import Model

/// One file that a site is made from.
package struct SiteRecord: Sendable {
  /// What is known of the proof behind a file, found while the site was made.
  package enum Proof: Hashable, Sendable {
    /// Nobody hashed a result's shares again.
    case notChecked
    /// Every share of a result was hashed again and every number of it derived again.
    case proven
    /// A profile has the very numbers that follow from its results, which are here; their shares were hashed again
    /// or not.
    case derived(sharesProven: Bool)
    /// A profile cannot be derived again, for this result of it is not here.
    case resultAbsent(String)
    /// The first thing that is false.
    case refuted(String)
  }

  package let kind: FigureSource.Kind
  /// As it was named on the command line.
  package let path: String
  /// The very bytes of the file, for download.
  package let bytes: [UInt8]
  package let figures: [Figure]
  package let proof: Proof
  /// Title and digest of each result behind a profile; empty for results.
  package let sources: [String]

  package init(
    kind: FigureSource.Kind, path: String, bytes: [UInt8], figures: [Figure], proof: Proof,
    sources: [String]
  ) {
    self.kind = kind
    self.path = path
    self.bytes = bytes
    self.figures = figures
    self.proof = proof
    self.sources = sources
  }

  var fileName: String { String(path.split(separator: "/").last ?? Substring(path)) }
}

/// One file of a site.
package struct SiteFile: Hashable, Sendable {
  /// Relative, with `/`.
  package let path: String
  package let bytes: [UInt8]
}

/// Names of files that a stranger's text leads to.
enum Slug {
  /// Lower-case ASCII letters, digits, `-`, `.` and `_` only, at most 80 of them; never empty or hidden.
  static func of(_ text: String) -> String {
    var slug = ""
    for byte in text.lowercased().utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "."), UInt8(ascii: "_"):
        slug.unicodeScalars.append(Unicode.Scalar(byte))
      default: if slug.last != "-" { slug += "-" }
      }
    }
    while let first = slug.first, first == "." || first == "-" { slug.removeFirst() }
    while slug.last == "-" { slug.removeLast() }
    return slug.isEmpty ? "unnamed" : String(slug.prefix(80))
  }

  /// The slug with an ending, numbered when another text already has it.
  static func unique(_ text: String, ending: String, _ taken: inout Set<String>) -> String {
    let slug = of(text.hasSuffix(ending) ? String(text.dropLast(ending.count)) : text)
    var candidate = slug + ending
    var number = 2
    while !taken.insert(candidate).inserted {
      candidate = "\(slug)-\(number)\(ending)"
      number += 1
    }
    return candidate
  }
}
