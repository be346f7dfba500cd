internal import Text

/// Makes text from files harmless in each language that a report is written in.
package enum Escape {
  /// For HTML text and for attribute values in double quotes.
  package static func html(_ text: String) -> String {
    var result = ""
    for character in DisplayText.visible(text).unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// For XML 1.0 text and attribute values; what XML cannot carry at all is U+FFFD.
  package static func xml(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      kept.append(scalar.value == 0xfffe || scalar.value == 0xffff ? "\u{fffd}" : scalar)
    }
    return html(String(kept))
  }

  /// For a cell of a Markdown table.
  package static func markdown(_ text: String) -> String {
    var result = ""
    for character in DisplayText.visible(text).unicodeScalars {
      switch character {
      case "\\", "|", "`", "*", "_", "[", "]", "#", "~", "$", "!":
        result += "\\"
        result.unicodeScalars.append(character)
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// For LaTeX text.
  ///
  /// Letters outside Latin-1 that pdfLaTeX's T1 fonts do not have become `?`, so that the table compiles.
  package static func latex(_ text: String) -> String {
    var result = ""
    for scalar in DisplayText.visible(text).unicodeScalars {
      switch scalar {
      case "\\": result += "\\textbackslash{}"
      case "{", "}", "$", "&", "#", "%", "_":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "<": result += "\\textless{}"
      case ">": result += "\\textgreater{}"
      case "|": result += "\\textbar{}"
      case "\"": result += "\\textquotedbl{}"
      case "'": result += "\\textquotesingle{}"
      case "`": result += "\\textasciigrave{}"
      case "±": result += "\\ensuremath{\\pm}"
      case "µ": result += "\\ensuremath{\\mu}"
      case "–", "—": result += "--"
      case "…": result += "\\dots{}"
      default:
        if scalar.isASCII || ("\u{c0}"..."\u{17e}").contains(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          result += "?"
        }
      }
    }
    return result
  }

  /// A field of a CSV file (RFC 4180) that no spreadsheet takes for a formula.
  ///
  /// A text that begins with one of the characters that start a formula, white space aside, gets an apostrophe in
  /// front of it (OWASP, "CSV Injection"). Numbers are no texts: they are written as they are.
  package static func csv(_ text: String) -> String {
    if isPlainCSV(text) { return text }
    let visible = DisplayText.visible(text)
    let first = visible.first { !$0.isWhitespace }
    let isFormula = first.map { "=+-@＝＋－＠".contains($0) } ?? false
    let safe = isFormula ? "'" + visible : visible
    guard
      safe.contains(where: { ",\"\r\n;".contains($0) }) || safe.first == " "
        || safe.last == " "
    else {
      return safe
    }
    return "\""
      + safe.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  /// Whether nothing of a text needs a second look; of most fields nothing does.
  private static func isPlainCSV(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, let last = bytes.last, first != UInt8(ascii: " "),
      last != UInt8(ascii: " ")
    else { return bytes.isEmpty }
    switch first {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"): return false
    default: break
    }
    return bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: ";"): false
      default: (0x20...0x7e).contains(byte)
      }
    }
  }
}
