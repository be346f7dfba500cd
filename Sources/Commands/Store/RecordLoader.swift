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
  /// As it was read, and unpacked where gzip had packed it, for those who pass it on.
  let bytes: [UInt8]

  init(path: String, bytes: [UInt8]) throws(Failure) {
    self.path = path
    self.bytes = bytes
    file = try RecordFile.decode(bytes, name: path)
  }

  /// What two files are told apart by.
  var origin: RecordOrigin {
    if case .profile(let profile) = file {
      RecordOrigin(path: path, profiled: profile.hardwareID)
    } else {
      RecordOrigin(path: path, profiled: nil)
    }
  }

  /// File name without folders, as where the file is not packed: by this it is cited.
  var name: String { RecordName.of(path) }

  /// The profile in the file; nil for a result.
  var profile: Profile? { if case .profile(let profile) = file { profile } else { nil } }

  /// Every line that a table has of it; a result's with what is known of its signature.
  func figures(_ signatures: Signatures) throws(Failure) -> [Figure] {
    guard case .result = file else { return figures }
    let text = try signatures.finding(bytes, of: path).text
    return figures.map { figure in
      var figure = figure
      figure.signature = text
      return figure
    }
  }

  /// Every line that a table has of it.
  var figures: [Figure] {
    switch file {
    case .result(let recorded): Figure.all(of: recorded.result, name: path)
    case .profile(let profile): Figure.all(of: profile, name: path)
    }
  }
}

/// Bytes by a hash whose key is new in every run of the program, so that nobody can make two files that share it; two
/// of ten thousand files do so by chance once in 10^11 runs.
private struct ContentHash: Hashable {
  private let count: Int
  private let hash: Int

  init(_ bytes: [UInt8]) {
    var hasher = Hasher()
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    count = bytes.count
    hash = hasher.finalize()
  }
}

/// Reads results and profiles from files and folders.
enum RecordLoader {
  /// Every record below the paths, in the order of the paths, folders in the order of their names.
  ///
  /// In a folder only `*.json` and `*.json.gz` count, without schemas; files and folders that begin with a dot are passed over.
  ///
  /// A file with the very bytes of another is taken once, so that a copy does not count as a second run.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file; also when there is no record at all.
  static func load(_ paths: [String]) throws(Failure) -> [LoadedRecord] {
    try load(paths) { $0 }
  }

  /// Of every record below the paths only what `keeping` makes of it, so that a folder of any size may be read.
  static func load<Kept: Sendable>(
    _ paths: [String], keeping: @Sendable (LoadedRecord) throws(Failure) -> Kept
  ) throws(Failure) -> [Kept] {
    var seen: Set<String> = []
    var files: [String] = []
    for path in paths { files += try self.files(below: path).filter { seen.insert($0).inserted } }
    FreedMemory.keep()
    let records = try ParallelMap.map(files) { path throws(Failure) in
      let record = try LoadedRecord(path: path, bytes: try InputFile.read(path))
      return (content: ContentHash(record.bytes), kept: try keeping(record))
    }
    guard !records.isEmpty else {
      throw Failure(
        .badInput, "no result or profile in \(paths.joined(separator: ", "))",
        remedy: "make results with 'hashwatt run', or name a folder that holds some")
    }
    var contents: Set<ContentHash> = []
    return records.filter { contents.insert($0.content).inserted }.map(\.kept)
  }

  /// The operands, or where none was given the project's own folders, as far as they are here.
  static func operands(_ arguments: ParsedArguments) -> [String] {
    guard arguments.operands.isEmpty else { return arguments.operands }
    let present = ["profiles", "results"].filter { SystemRoot.live.exists($0) }
    return present.isEmpty ? ["profiles", "results"] : present
  }

  /// Every file below a path that a record may be in, in the order of names; a path that is no folder is such a file.
  ///
  /// What cannot be read to an end is passed over: links that lead back, pipes and devices. Plans of fleets are no records.
  static func files(below path: String) throws(Failure) -> [String] {
    var places = mostPlaces
    return try files(below: path, above: [], &places)
  }

  /// How many files and folders are looked at below one path; links can make more of a few than there is time for.
  private static let mostPlaces = 1_000_000

  private static func files(
    below path: String, above: [String], _ places: inout Int
  ) throws(Failure) -> [String] {
    let names: [String]
    do {
      names = try SystemRoot.live.names(path)
    } catch {
      // Not a folder: a file, whatever its name ends in.
      if error.errno == .notDirectory { return [path] }
      throw unreadable(path, error)
    }
    let real = (try? SystemRoot.live.realPath(path)) ?? path
    if above.contains(real) { return [] }
    places -= names.count
    guard places >= 0 else {
      throw Failure(
        .badInput, "\(path): more than \(mostPlaces) files and folders",
        remedy: "see whether links lead in circles, or name fewer folders")
    }
    var found: [String] = []
    let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
    for name in names where !name.hasPrefix(".") && name != FleetFile.name {
      let place = "\(folder)/\(name)"
      if RecordName.mayBeRecord(name) {
        if !SystemRoot.live.isSpecial(place) { found.append(place) }
      } else if isChainData(folder, name) {
        continue
      } else if (try? SystemRoot.live.names(place)) != nil {
        found += try files(below: place, above: above + [real], &places)
      }
    }
    return found
  }

  /// The chains' rules lie beside the profiles, and are none.
  private static func isChainData(_ folder: String, _ name: String) -> Bool {
    name == "chains" && SystemRoot.live.exists("\(folder)/\(name)/btc.json")
  }

  private static func unreadable(_ path: String, _ error: SystemError) -> Failure {
    Failure(.badInput, "\(path): \(error.errno)", remedy: "check the path and its permissions")
  }
}
