import LinuxSystem

/// The project's own files, found from where this file was compiled.
enum SourceTree {
  /// The folder of `Package.swift`.
  static let root: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/")
  }()

  /// The text of a file, given its path from the root.
  static func text(_ path: String) throws -> String {
    String(decoding: try SystemRoot.live.bytes(root + "/" + path, limit: 1 << 28), as: UTF8.self)
  }

  /// Whether a file or folder is there.
  static func exists(_ path: String) -> Bool { SystemRoot.live.exists(root + "/" + path) }

  /// The names in a folder.
  static func names(_ folder: String) throws -> [String] {
    try SystemRoot.live.names(root + "/" + folder)
  }

  /// Every file below a folder whose name ends so, without what was built or is git's own.
  static func files(below folder: String, endingIn suffixes: [String]) throws -> [String] {
    var found: [String] = []
    for name in try names(folder.isEmpty ? "." : folder) {
      if [".git", ".build", ".venv"].contains(name) { continue }
      let path = folder.isEmpty ? name : folder + "/" + name
      if let below = try? names(path) {
        if !below.isEmpty { found += try files(below: path, endingIn: suffixes) }
      } else if suffixes.contains(where: name.hasSuffix) {
        found.append(path)
      }
    }
    return found
  }
}
