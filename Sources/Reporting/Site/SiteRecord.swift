package import Analysis
package import Economics
internal import Model
package import Verification

/// One file that a site is made from.
package struct SiteRecord: Sendable {
  package let kind: FigureSource.Kind
  /// As it was named on the command line.
  package let path: String
  /// The very bytes of the file, for download; of a packed one its content's.
  package let bytes: [UInt8]
  package let figures: [Figure]
  package let proof: RecordProof
  /// Names of the results behind a profile; empty for results.
  package let sources: [String]
  /// What the sanity rules say of a profile's claims.
  package let findings: [Finding]

  package init(
    kind: FigureSource.Kind, path: String, bytes: [UInt8], figures: [Figure], proof: RecordProof,
    sources: [String], findings: [Finding] = []
  ) {
    self.kind = kind
    self.path = path
    self.bytes = bytes
    self.figures = figures
    self.proof = proof
    self.sources = sources
    self.findings = findings
  }

  var fileName: String { RecordName.of(path) }
}

/// One file of a site.
package struct SiteFile: Hashable, Sendable {
  /// Relative, with `/`.
  package let path: String
  package let bytes: [UInt8]

  init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  init(path: String, text: String) { self.init(path: path, bytes: Array(text.utf8)) }
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
