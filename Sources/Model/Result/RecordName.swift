/// How the file of a result or profile is called.
///
/// A file may be packed by gzip, `NAME.json.gz`: it stays the result NAME.json, which profiles cite, lists of commits name and
/// signatures lie beside, and its digest is that of its content.
package enum RecordName {
  /// What the name of a packed file ends in.
  package static let packedEnding = ".gz"

  /// A path as it is where the file is not packed.
  package static func unpacked(_ path: String) -> String {
    path.hasSuffix(".json" + packedEnding) ? String(path.dropLast(packedEnding.count)) : path
  }

  /// The name without folders, as where the file is not packed.
  package static func of(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return unpacked(name)
  }

  /// Whether a file in a folder may be a record by its name; schemas are none.
  package static func mayBeRecord(_ name: String) -> Bool {
    let name = unpacked(name)
    return name.hasSuffix(".json") && !name.hasSuffix(".schema.json")
  }
}
