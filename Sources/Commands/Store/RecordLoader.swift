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
    self.init(path: path, bytes: bytes, file: try RecordFile.decode(bytes, name: path))
  }

  init(path: String, bytes: [UInt8], file: RecordFile) {
    self.path = path
    self.bytes = bytes
    self.file = file
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
      return (likeness: ContentLikeness(record.bytes), kept: try keeping(record))
    }
    guard !records.isEmpty else { throw none(in: paths) }
    return try withoutCopies(files, records.map(\.likeness)).map { records[$0].kept }
  }

  /// What every record of a memory comes to, in its order: what is remembered of a file that is as it was, else what the file says
  /// now, which is then remembered; with its digest where that is wanted.
  static func readings<Kept: Sendable>(
    _ memory: RecordMemory, withDigest: Bool = false,
    keeping: @Sendable (RecordReading) throws(Failure) -> Kept
  ) throws(Failure) -> [Kept] {
    FreedMemory.keep()
    let records = try ParallelMap.map(memory.places) { place throws(Failure) in
      let reading = try reading(place, memory, withDigest: withDigest)
      return (likeness: reading.likeness, kept: try keeping(reading))
    }
    guard !records.isEmpty else { throw none(in: memory.paths) }
    return try withoutCopies(memory.places.map(\.path), records.map(\.likeness))
      .map { records[$0].kept }
  }

  /// What one file comes to, with its digest, remembered at once; it must be a result.
  static func result(
    _ place: RecordPlace, _ memory: RecordMemory
  ) throws(Failure) -> RecordReading {
    try reading(place, memory, withDigest: true, atOnce: true) { bytes, path throws(Failure) in
      .result(try ResultFile.read(bytes, name: path))
    }
  }

  /// What one file comes to, with its digest, remembered at once.
  static func reading(
    _ place: RecordPlace, _ memory: RecordMemory, atOnce: Bool
  ) throws(Failure) -> RecordReading {
    try reading(place, memory, withDigest: true, atOnce: atOnce)
  }

  private static func reading(
    _ place: RecordPlace, _ memory: RecordMemory, withDigest: Bool, atOnce: Bool = false,
    decode: ([UInt8], String) throws(Failure) -> RecordFile = RecordFile.decode(_:name:)
  ) throws(Failure) -> RecordReading {
    if let row = memory.row(place), !withDigest || row.digest != nil,
      let reading = RecordReading(place, row),
      !memory.withFacts || reading.content.kind == .profile || reading.facts != nil
    {
      return reading
    }
    let before = memory.identity(place)
    let bytes = try InputFile.read(place.path)
    let record = LoadedRecord(
      path: place.path, bytes: bytes, file: try decode(bytes, place.path))
    let digest = withDigest ? SHA256.hash(record.bytes) : nil
    let reading = RecordReading(place, record, digest: digest)
    memory.keep(reading, before: before, atOnce: atOnce)
    return reading
  }

  private static func none(in paths: [String]) -> Failure {
    Failure(
      .badInput, "no result or profile in \(paths.joined(separator: ", "))",
      remedy: "make results with 'hashwatt run', or name a folder that holds some")
  }

  /// The indices of the files but for those with the very bytes of an earlier one.
  ///
  /// Files that look alike are read again: a checksum is made to be equal by whoever wants it to be.
  private static func withoutCopies(
    _ paths: [String], _ likenesses: [ContentLikeness]
  ) throws(Failure) -> [Int] {
    var alike: [ContentLikeness: [Int]] = [:]
    for (index, likeness) in likenesses.enumerated() { alike[likeness, default: []].append(index) }
    var copies: Set<Int> = []
    for group in alike.values where group.count > 1 {
      var digests: Set<[UInt8]> = []
      for index in group {
        let digest = SHA256.hash(try InputFile.read(paths[index]))
        if !digests.insert(digest).inserted { copies.insert(index) }
      }
    }
    return likenesses.indices.filter { !copies.contains($0) }
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
    let entries: [(name: String, isPlainFile: Bool)]
    do {
      entries = try SystemRoot.live.entries(path)
    } catch {
      // Not a folder: a file, whatever its name ends in.
      if error.errno == .notDirectory { return [path] }
      throw unreadable(path, error)
    }
    let real = (try? SystemRoot.live.realPath(path)) ?? path
    if above.contains(real) { return [] }
    places -= entries.count
    guard places >= 0 else {
      throw Failure(
        .badInput, "\(path): more than \(mostPlaces) files and folders",
        remedy: "see whether links lead in circles, or name fewer folders")
    }
    var found: [String] = []
    let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
    for (name, isPlainFile) in entries where !name.hasPrefix(".") && name != FleetFile.name {
      let place = "\(folder)/\(name)"
      if RecordName.mayBeRecord(name) {
        if isPlainFile || !SystemRoot.live.isSpecial(place) { found.append(place) }
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
