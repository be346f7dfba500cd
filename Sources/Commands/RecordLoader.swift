internal import Analysis
internal import Arguments
internal import LinuxSystem
internal import Model
internal import Records

/// One file that was read.
struct LoadedRecord: Sendable {
  /// As the command line named it, or found below a folder that it named.
  let path: String
  let file: RecordFile
  /// As it was read, for those who pass it on.
  let bytes: [UInt8]
  /// Of the bytes, for one run of the program; equal files have equal ones.
  let hash: Int

  init(path: String, bytes: [UInt8]) throws(Failure) {
    self.path = path
    self.bytes = bytes
    file = try RecordFile.decode(bytes, name: path)
    var hasher = Hasher()
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    hash = hasher.finalize()
  }

  /// File name without folders.
  var name: String { String(path.split(separator: "/").last ?? Substring(path)) }

  /// Every line that a table has of it.
  var figures: [Figure] {
    switch file {
    case .result(let recorded): Figure.all(of: recorded.result, name: path)
    case .profile(let profile): Figure.all(of: profile, name: path)
    }
  }
}

/// Reads results and profiles from files and folders.
enum RecordLoader {
  /// Every record below the paths, in the order of the paths, folders in the order of their names.
  ///
  /// In a folder only `*.json` counts, without schemas; files and folders that begin with a dot are passed over.
  ///
  /// A file with the very bytes of another is taken once, so that a copy does not count as a second run.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file; also when there is no record at all.
  static func load(_ paths: [String]) throws(Failure) -> [LoadedRecord] {
    var seen: Set<String> = []
    var files: [String] = []
    for path in paths { files += try self.files(below: path).filter { seen.insert($0).inserted } }
    let records = withoutCopies(try ParallelMap.map(files, read))
    guard !records.isEmpty else {
      throw Failure(
        .badInput, "no result or profile in \(paths.joined(separator: ", "))",
        remedy: "make results with 'hashwatt run', or name a folder that holds some")
    }
    return records
  }

  private static func withoutCopies(_ records: [LoadedRecord]) -> [LoadedRecord] {
    var taken: [Int: [[UInt8]]] = [:]
    return records.filter { record in
      if taken[record.hash]?.contains(record.bytes) == true { return false }
      taken[record.hash, default: []].append(record.bytes)
      return true
    }
  }

  /// The operands, or where none was given the project's own folders, as far as they are here.
  static func operands(_ arguments: ParsedArguments) -> [String] {
    guard arguments.operands.isEmpty else { return arguments.operands }
    let present = ["profiles", "results"].filter { SystemRoot.live.exists($0) }
    return present.isEmpty ? ["profiles", "results"] : present
  }

  /// One sentence for each pair of profiles of one hardware that do not say the same.
  static func conflicts(_ records: [LoadedRecord]) -> [String] {
    var first: [HardwareID: String] = [:]
    return records.compactMap { record in
      guard case .profile(let profile) = record.file else { return nil }
      guard let other = first[profile.hardwareID] else {
        first[profile.hardwareID] = record.path
        return nil
      }
      return "\(other) and \(record.path) are both profiles of \(profile.hardwareID) and differ"
    }
  }

  @Sendable private static func read(_ path: String) throws(Failure) -> LoadedRecord {
    try LoadedRecord(path: path, bytes: try InputFile.read(path))
  }

  private static func files(below path: String) throws(Failure) -> [String] {
    let names: [String]
    do {
      names = try SystemRoot.live.names(path)
    } catch {
      // Not a folder: a file, whatever its name ends in.
      if error.errno == .notDirectory { return [path] }
      throw unreadable(path, error)
    }
    var found: [String] = []
    let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
    for name in names where !name.hasPrefix(".") {
      if name.hasSuffix(".json") {
        if !name.hasSuffix(".schema.json") { found.append("\(folder)/\(name)") }
      } else if (try? SystemRoot.live.names("\(folder)/\(name)")) != nil {
        found += try files(below: "\(folder)/\(name)")
      }
    }
    return found
  }

  private static func unreadable(_ path: String, _ error: SystemError) -> Failure {
    Failure(.badInput, "\(path): \(error.errno)", remedy: "check the path and its permissions")
  }
}
