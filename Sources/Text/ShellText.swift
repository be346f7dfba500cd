/// Words as a POSIX shell reads them back.
package enum ShellText {
  /// The words with a space between, each quoted where it must be.
  package static func words(_ words: [String]) -> String {
    words.map(word).joined(separator: " ")
  }

  private static func word(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || "-_./,:=+@%".utf8.contains(byte)
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
