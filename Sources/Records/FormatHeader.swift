internal import Model

/// The two keys that every file of ours starts its meaning with.
enum FormatHeader {
  /// The tree of a file's bytes.
  static func parse(_ bytes: [UInt8], name: String) throws(Failure) -> JSONValue {
    do {
      return try JSONParser.parse(bytes)
    } catch {
      throw failure(name, error, remedy: "use a copy that is whole")
    }
  }

  /// Refuses a file whose format and version are not ones that can be read.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  static func check(_ tree: JSONValue, name: String, format: String, newest: Int) throws(Failure) {
    guard case .string(let found) = tree["format"] else {
      throw Failure(
        .badInput, "\(name): not a file of hashwatt (no \"format\")",
        remedy: "give a file that hashwatt wrote")
    }
    guard found == format else {
      throw Failure(
        .badInput, "\(name): its format is \"\(found.prefix(40))\", not \"\(format)\"",
        remedy: "give a file of that format")
    }
    guard case .number(let text) = tree["version"], let version = Int(text), version >= 1 else {
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

  /// The value of a tree in one version's types, refused when the file has anything that the version does not.
  static func decode<Version: Codable>(_ type: Version.Type, from tree: JSONValue, name: String)
    throws(Failure) -> Version
  {
    do {
      let decoded = try JSONTreeDecoder.decode(type, from: tree)
      try TreeComparison.requireEqual(file: tree, again: JSONTreeEncoder.encode(decoded))
      return decoded
    } catch {
      throw failure(name, error)
    }
  }

  static func failure(_ name: String, _ error: any Error, remedy: String? = nil) -> Failure {
    Failure(.badInput, "\(name): \(error)", remedy: remedy)
  }
}

/// Finds what a file holds beyond what its version's types took from it.
enum TreeComparison {
  /// - Throws: `JSONProblem` with the path of the first key that the format does not have.
  static func requireEqual(file: JSONValue, again: JSONValue, path: String = "")
    throws(JSONProblem)
  {
    switch (file, again) {
    case (.object(let old), .object(let new)):
      for key in old.keys.sorted() {
        let place = path.isEmpty ? key : "\(path).\(key)"
        // A null for an optional key says the same as its absence.
        guard let newValue = new[key] else {
          if old[key] == .null { continue }
          throw JSONProblem(place: place, message: "a key that this version does not have")
        }
        if let oldValue = old[key] {
          try requireEqual(file: oldValue, again: newValue, path: place)
        }
      }
    case (.array(let old), .array(let new)) where old.count == new.count:
      for (index, pair) in zip(old, new).enumerated() {
        try requireEqual(file: pair.0, again: pair.1, path: "\(path)[\(index)]")
      }
    case (.number(let old), .number(let new)):
      guard old == new || Double(old) == Double(new) else {
        throw JSONProblem(place: path, message: "\(old) was read as \(new)")
      }
    default:
      guard file == again else {
        throw JSONProblem(place: path, message: "cannot be kept as it is written")
      }
    }
  }
}
