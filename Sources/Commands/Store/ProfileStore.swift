internal import Analysis
internal import LinuxSystem
internal import Model
internal import Records

/// The folder of profiles: one file for each hardware model, `KIND/NAME.json`.
struct ProfileStore {
  let folder: String

  /// Writes the measured part of each profile; published claims that the file holds stay.
  ///
  /// - Returns: the paths written, in order.
  /// - Throws: `Failure`; files that could not be written are as they were.
  func write(_ profiles: [Profile]) throws -> [String] {
    // All are made before the first is written, so that a bad one changes nothing.
    let files = try profiles.map { profile in
      let path = path(of: profile.hardwareID)
      let whole = profile.keepingClaims(of: try existing(path))
      return (path: path, bytes: try ProfileFile.encode(whole))
    }
    for file in files {
      do {
        try AtomicFile.createFolder(String(file.path.prefix(upTo: lastSlash(file.path))))
        try AtomicFile.write(file.bytes, to: file.path)
      } catch {
        throw Failure(
          .unavailable, "cannot write the profile \(file.path): \(error.errno)",
          remedy: "name a folder that can be written with --profiles")
      }
    }
    return files.map(\.path)
  }

  /// Adds a result to the profiles of its hardware, pooled with the results that they rest on already.
  ///
  /// - Parameter path: the result's file; the others are looked for beside it.
  /// - Returns: the paths written.
  /// - Throws: `Failure` when a result that a profile rests on is not there or was changed: then it cannot be pooled.
  func add(resultAt path: String) throws -> [String] {
    let results = path.contains("/") ? String(path.prefix(upTo: lastSlash(path))) : "."
    return try write(
      try ProfileDerivation.profiles(
        adding: try Self.cite(path), to: { try existing(self.path(of: $0)) },
        cited: { name in
          let path = "\(results)/\(name)"
          let packed = path + RecordName.packedEnding
          let isPacked = !SystemRoot.live.exists(path) && SystemRoot.live.exists(packed)
          return try Self.cite(isPacked ? packed : path)
        }))
  }

  /// Adds a result to the profiles of a folder, and says so, or why not: the result is safe, and a profile can be derived from
  /// it at any time.
  static func line(adding path: String, to folder: String) -> String {
    do {
      let paths = try ProfileStore(folder: folder).add(resultAt: path)
      return "profile: \(paths.joined(separator: ", "))"
    } catch {
      return "profile: not updated, \(ErrorReport.failure(for: error).line)"
    }
  }

  /// A result as profiles cite it.
  static func cite(_ path: String) throws -> CitedResult {
    let recorded = try ResultFile.read(try InputFile.read(path), name: path)
    return CitedResult(
      name: RecordName.of(path), digest: recorded.digest, result: recorded.result)
  }

  private func path(of id: HardwareID) -> String { "\(folder)/\(id.rawValue).json" }

  /// A profile that is there already; nil where there is none.
  private func existing(_ path: String) throws -> Profile? {
    guard SystemRoot.live.exists(path) else { return nil }
    return try ProfileFile.decode(try InputFile.read(path), name: path)
  }

  private func lastSlash(_ path: String) -> String.Index {
    path.lastIndex(of: "/") ?? path.startIndex
  }
}
