internal import JSON
package import Model

/// Files of the format "hashwatt-profile".
package enum ProfileFile {
  package static let format = "hashwatt-profile"
  package static let newestVersion = 1

  /// The canonical bytes of a profile.
  ///
  /// - Throws: `JSONProblem` that names a number that JSON cannot hold.
  package static func encode(_ profile: Profile) throws -> [UInt8] {
    JSONWriter.write(try JSONTreeEncoder.encode(ProfileV1(profile)))
  }

  /// The profile in a file's bytes; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> Profile {
    try read(try FormatHeader.parse(bytes, name: name), name: name)
  }

  static func read(_ document: JSONDocument, name: String) throws(Failure) -> Profile {
    try FormatHeader.check(document, name: name, format: format, newest: newestVersion)
    return try FormatHeader.decode(ProfileV1.self, from: document, name: name).domain
  }
}

/// A file of ours, whichever it is.
package enum RecordFile: Sendable {
  case result(RecordedResult)
  case profile(Profile)

  /// Reads a result or a profile; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> RecordFile {
    let document = try FormatHeader.parse(bytes, name: name)
    switch FormatHeader.format(of: document) {
    case ResultFile.format: return .result(try ResultFile.read(document, name: name))
    case ProfileFile.format: return .profile(try ProfileFile.read(document, name: name))
    default:
      throw Failure(
        .badInput, "\(name): neither a result nor a profile of hashwatt",
        remedy: "give a file that hashwatt wrote")
    }
  }
}
