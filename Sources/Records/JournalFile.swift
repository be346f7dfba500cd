package import JSON
package import Model

/// Files of the format "hashwatt-journal": JSON lines, a header and then one line for each finished window.
package enum JournalFile {
  package static let format = "hashwatt-journal"
  package static let newestVersion = 1
  /// How the name of a journal ends.
  package static let suffix = ".journal"

  /// A journal that was read, and how much of the file it is.
  package struct Content: Sendable {
    package var journal: RunJournal
    /// Bytes up to the end of the last whole line; what follows was torn by the end of the process that wrote it.
    package var length: Int
    package var lines: Int
  }

  /// The first line, its end included.
  ///
  /// - Throws: `JSONProblem` that names a number that JSON cannot hold.
  package static func line(_ header: JournalHeader) throws(JSONProblem) -> [UInt8] {
    bytes(try header.encoded())
  }

  /// A later line, its end included; `number` is 2 for the first of them.
  ///
  /// - Throws: `JSONProblem` that names a number that JSON cannot hold.
  package static func line(_ step: JournalStep, number: Int) throws(JSONProblem) -> [UInt8] {
    bytes(try JournalLine(number: number, step: step).encoded())
  }

  private static func bytes(_ value: JSONValue) -> [UInt8] {
    Array(JSONWriter.line(value.members.sorted { $0.key < $1.key }).utf8) + [lineEnd]
  }

  private static let lineEnd = UInt8(ascii: "\n")

  /// The journal in a file's bytes; `name` is what errors call the file.
  ///
  /// A last line that is no JSON, or has no end, was torn and is left out.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file, the line and what may be done.
  package static func read(_ bytes: [UInt8], name: String) throws(Failure) -> Content {
    var ends = bytes.indices.filter { bytes[$0] == lineEnd }
    guard let first = ends.first else {
      throw Failure(
        .badInput, "\(name): its first line is not whole", remedy: "nothing of it can be used")
    }
    let header = try header(Array(bytes[..<first]), name: name)
    var steps: [JournalStep] = []
    var length = first + 1
    ends.removeFirst()
    for (place, end) in ends.enumerated() {
      let document: JSONDocument
      do {
        document = try JSONParser.document(Array(bytes[length..<end]))
      } catch {
        if place == ends.count - 1, end == bytes.count - 1 { break }
        throw damaged(name, line: place + 2, "\(error)")
      }
      let line: JournalLine
      do {
        line = try JournalLine.decode(document)
      } catch {
        throw damaged(name, line: place + 2, "\(error)")
      }
      guard line.number == place + 2 else {
        throw damaged(name, line: place + 2, "it says that it is line \(line.number)")
      }
      steps.append(line.step)
      length = end + 1
    }
    return Content(
      journal: RunJournal(header: header, steps: steps), length: length, lines: steps.count + 1)
  }

  private static func header(_ bytes: [UInt8], name: String) throws(Failure) -> JournalHeader {
    let document: JSONDocument
    do {
      document = try JSONParser.document(bytes)
    } catch {
      throw Failure(
        .badInput, "\(name): line 1: \(error)", remedy: "use a copy whose first line is whole")
    }
    try FormatHeader.check(document, name: name, format: format, newest: newestVersion)
    do {
      return try JournalHeader.decode(document)
    } catch {
      throw Failure(
        .badInput, "\(name): line 1: \(error)", remedy: "use a copy whose first line is whole")
    }
  }

  private static func damaged(_ name: String, line: Int, _ what: String) -> Failure {
    Failure(
      .badInput, "\(name): line \(line): \(what)",
      remedy: "only the last line may be torn: use a whole copy, or keep the lines before it with "
        + "'head -n \(line - 1)' in another file")
  }
}
