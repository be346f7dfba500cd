internal import JSON
internal import Model

/// The two keys that every file of ours starts its meaning with.
enum FormatHeader {
  /// The values in a file's bytes.
  static func parse(_ bytes: [UInt8], name: String) throws(Failure) -> JSONDocument {
    do {
      return try JSONParser.document(bytes)
    } catch {
      throw failure(name, error, remedy: "use a copy that is whole")
    }
  }

  /// Refuses a file whose format and version are not ones that can be read.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  static func check(
    _ document: JSONDocument, name: String, format: String, newest: Int
  ) throws(Failure) {
    guard let found = self.format(of: document) else {
      throw Failure(
        .badInput, "\(name): not a file of hashwatt (no \"format\")",
        remedy: "give a file that hashwatt wrote")
    }
    guard found == format else {
      throw Failure(
        .badInput, "\(name): its format is \"\(found.prefix(40))\", not \"\(format)\"",
        remedy: "give a file of that format")
    }
    guard let version = document.value(of: "version", in: 0).flatMap(document.wholeNumber),
      version >= 1
    else {
      throw Failure(
        .badInput, "\(name): its version is missing or not a whole number from 1",
        remedy: "use a copy that is whole")
    }
    guard version <= newest else {
      throw Failure(
        .badInput,
        "\(name): written in version \(version) of \(format); this hashwatt reads up to \(newest)",
        remedy: "use a newer hashwatt")
    }
  }

  /// What a file says that it is; nil where it does not say.
  static func format(of document: JSONDocument) -> String? {
    document.value(of: "format", in: 0).flatMap(document.string)
  }

  /// The value of a document in one version's types, refused when the file has anything that the version does not.
  static func decode<Version: Decodable>(
    _ type: Version.Type, from document: JSONDocument, name: String
  ) throws(Failure) -> Version {
    do {
      return try JSONDecoding.decode(type, from: document)
    } catch {
      throw failure(name, error)
    }
  }

  static func failure(_ name: String, _ error: any Error, remedy: String? = nil) -> Failure {
    Failure(.badInput, "\(name): \(error)", remedy: remedy)
  }
}
