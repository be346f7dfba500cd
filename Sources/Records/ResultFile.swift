package import JSON
package import Model

/// A result as a file holds it: what was measured, and the derived numbers that the file states beside it.
package struct RecordedResult: Sendable {
  package let result: RunResult
  /// For each sample, in order, the figures that the file states, true or not.
  package let statedFigures: [SampleFigures]
  fileprivate let bytes: [UInt8]

  /// SHA-256 of the file's bytes, by which profiles cite it; made when it is asked for.
  package var digest: String { Hexadecimal.encode(digestBytes) }
  package var digestBytes: [UInt8] { SHA256.hash(bytes) }
}

/// Files of the format "hashwatt-result".
package enum ResultFile {
  package static let format = "hashwatt-result"
  package static let newestVersion = 1

  /// SHA-256 of a file's bytes, by which profiles cite it.
  package static func digest(of bytes: [UInt8]) -> String { Hexadecimal.encode(SHA256.hash(bytes)) }

  /// The canonical bytes of a result.
  ///
  /// - Throws: `JSONProblem` that names a number that JSON cannot hold; a result that was measured has none.
  package static func encode(_ result: RunResult) throws(JSONProblem) -> [UInt8] {
    JSONWriter.write(try StatedResult(result).encoded())
  }

  /// The result in a file's bytes; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> RunResult {
    try read(bytes, name: name).result
  }

  /// The result in a file's bytes with everything else that the file states.
  package static func read(_ bytes: [UInt8], name: String) throws(Failure) -> RecordedResult {
    try read(try FormatHeader.parse(bytes, name: name), name: name)
  }

  static func read(_ document: JSONDocument, name: String) throws(Failure) -> RecordedResult {
    try FormatHeader.check(document, name: name, format: format, newest: newestVersion)
    let stated = try FormatHeader.decode(StatedResult.self, from: document, name: name)
    return RecordedResult(
      result: stated.result, statedFigures: stated.figures, bytes: document.bytes)
  }
}
