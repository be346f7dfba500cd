internal import JSON

/// JSON of firmwares that never check theirs.
enum LenientJSON {
  /// The tree, with bytes that are no text as marks, and a bare `nan` or `inf`, which JSON does not have, as null; nil for
  /// bytes that are not one value even so.
  ///
  /// One such number in a field that nobody asked for must not hide the others.
  static func parse(_ bytes: [UInt8]) -> JSONValue? {
    if let tree = try? JSONParser.parse(bytes) { return tree }
    var mended = ""
    var word = ""
    var isInText = false
    var isEscaped = false
    func flush() {
      let plain = word.lowercased().drop { $0 == "-" || $0 == "+" }
      mended += ["nan", "inf", "infinity"].contains(plain) ? "null" : word
      word = ""
    }
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if !isInText, scalar.properties.isAlphabetic || scalar == "-" || scalar == "+" {
        word.unicodeScalars.append(scalar)
        continue
      }
      flush()
      if scalar == "\"", !isEscaped { isInText.toggle() }
      isEscaped = isInText && scalar == "\\" && !isEscaped
      // A control character in a text is as illegal as a broken one.
      mended.unicodeScalars.append(scalar.value < 0x20 && isInText ? " " : scalar)
    }
    flush()
    return try? JSONParser.parse(Array(mended.utf8))
  }
}
