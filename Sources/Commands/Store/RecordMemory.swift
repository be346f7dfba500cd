internal import Analysis
internal import Arguments
internal import LinuxSystem
internal import Model

/// A file, and which memory it belongs to.
struct RecordPlace: Sendable {
  let path: String
  /// The path that was named, which it is or lies below.
  let root: String
  /// Which of the memory's folders it lies below, and its path from there; nil where nothing is remembered.
  var home: (folder: Int, name: String)?

  init(_ path: String, below root: String) {
    self.path = path
    self.root = root
  }
}

/// What earlier commands of this program remember of the files that this one is about.
///
/// Nothing in here is the truth: what does not fit is read again, and what cannot be kept costs time only.
final class RecordMemory: Sendable {
  private struct Folder: Sendable {
    let index: any RecordIndex
    /// What it had at the beginning; nil where files are asked for one by one.
    let rows: [String: IndexedRecord]?
  }

  /// As they were named.
  let paths: [String]
  let places: [RecordPlace]
  /// Whether what only fleets need is wanted.
  let withFacts: Bool
  private let folders: [Folder]
  /// When the command began, by the clock that files are stamped by.
  private let now = SystemRoot.wallTime()
  private let fresh = Locked<[[String: IndexedRecord]]>([])
  private let notes: [String]

  /// Fewer files, or files of fewer bytes together, are read in a tenth of a second, and nothing is left beside them.
  private static let leastFiles = 32
  private static let leastBytes: Int64 = 1 << 20

  /// The files below the paths, each once, and what is remembered of them unless `isOn` is false; with what only fleets need
  /// where that is wanted.
  ///
  /// - Throws: `Failure` with exit code 4 for a path that cannot be read.
  init(_ paths: [String], isOn: Bool, withFacts: Bool = false) throws(Failure) {
    var seen: Set<String> = []
    var places: [RecordPlace] = []
    var folders: [Folder] = []
    var notes: [String] = []
    var named: [Int] = []
    for path in paths {
      let all = try RecordLoader.files(below: path)
      let isFolder = all != [path]
      let files = all.filter { seen.insert($0).inserted }
      guard isOn, isFolder else {
        if isOn, !files.isEmpty { named.append(places.count) }
        places += files.map { RecordPlace($0, below: path) }
        continue
      }
      let root = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      let opened = Composition.recordIndex(root, makes: Self.isWorthwhile(files))
      notes += [opened.note].compactMap(\.self)
      let home = folders.count
      places += files.map { file in
        var place = RecordPlace(file, below: path)
        if opened.index != nil {
          place.home = (home, String(file.dropFirst(root.count).drop { $0 == "/" }))
        }
        return place
      }
      if let index = opened.index {
        folders.append(Folder(index: index, rows: index.records(withFacts: withFacts)))
      }
    }
    Self.find(named, in: &places, &folders, &notes)
    self.paths = paths
    self.withFacts = withFacts
    self.places = places
    self.folders = folders
    self.notes = notes
    fresh.withLock { $0 = Array(repeating: [:], count: folders.count) }
  }

  /// Files that were named, be they there or not.
  init(files: [String], isOn: Bool) {
    var places = files.map { RecordPlace($0, below: $0) }
    var folders: [Folder] = []
    var notes: [String] = []
    if isOn { Self.find(Array(places.indices), in: &places, &folders, &notes) }
    paths = files
    withFacts = false
    self.places = places
    self.folders = folders
    self.notes = notes
    fresh.withLock { $0 = Array(repeating: [:], count: folders.count) }
  }

  /// The indexes of the folders that named files lie in.
  private static func find(
    _ named: [Int], in places: inout [RecordPlace], _ folders: inout [Folder],
    _ notes: inout [String]
  ) {
    let byFolder = Dictionary(grouping: named) { folder(of: places[$0].path) }
    for (root, members) in byFolder.sorted(by: { $0.key < $1.key }) {
      let opened = Composition.recordIndex(
        root, makes: isWorthwhile(members.map { places[$0].path }))
      notes += [opened.note].compactMap(\.self)
      guard let index = opened.index else { continue }
      for member in members {
        let name = places[member].path.split(separator: "/").last.map(String.init) ?? ""
        places[member].home = (folders.count, name)
      }
      folders.append(Folder(index: index, rows: nil))
    }
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  private static func isWorthwhile(_ files: [String]) -> Bool {
    guard files.count >= leastFiles else { return false }
    var bytes: Int64 = 0
    for file in files {
      bytes += SystemRoot.live.identity(file)?.size ?? 0
      if bytes >= leastBytes { return true }
    }
    return false
  }

  // MARK: - Files

  /// What is remembered of a file that is as it was; nil where it is to be read.
  func row(_ place: RecordPlace) -> IndexedRecord? {
    guard let home = place.home else { return nil }
    let folder = folders[home.folder]
    guard let row = folder.rows.map({ $0[home.name] }) ?? folder.index.record(home.name),
      row.identity == SystemRoot.live.identity(place.path), row.identity.isSettled(at: now)
    else { return nil }
    return row
  }

  /// Begins to read a file: what it is now is held against what it is afterwards.
  func identity(_ place: RecordPlace) -> FileIdentity? {
    place.home.flatMap { _ in SystemRoot.live.identity(place.path) }
  }

  /// Keeps what was read of a file, if nothing can have changed it since `before`.
  func keep(
    _ reading: RecordReading, before: FileIdentity?, atOnce: Bool = false
  ) {
    guard let home = reading.place.home, let before, before.isSettled(at: now),
      SystemRoot.live.identity(reading.path) == before
    else { return }
    let row = IndexedRecord(
      identity: before, digest: reading.digest, reading: reading.content.packed,
      facts: reading.facts?.packed ?? [])
    if atOnce {
      folders[home.folder].index.remember([home.name: row], forgetting: [])
    } else {
      fresh.withLock { $0[home.folder][home.name] = row }
    }
  }

  /// Writes down what was kept, forgets files that are gone, and says what is to be said of the indexes.
  func finish() -> [String] {
    let kept = fresh.withLock { fresh in
      defer { fresh = Array(repeating: [:], count: folders.count) }
      return fresh
    }
    var present = Array(repeating: Set<String>(), count: folders.count)
    for place in places { if let home = place.home { present[home.folder].insert(home.name) } }
    for (number, folder) in folders.enumerated() {
      let gone = (folder.rows ?? [:]).keys.filter { !present[number].contains($0) }
      folder.index.remember(kept[number], forgetting: gone.sorted())
    }
    return notes + folders.compactMap { $0.index.complaint() }
  }

  // MARK: - Verdicts

  /// What this program's verification came to, where it is remembered of the very file that lies here.
  func verdict(of reading: RecordReading, _ demands: String) -> RememberedVerdict? {
    guard reading.isRemembered, let digest = reading.digest, let home = reading.place.home,
      let bytes = folders[home.folder].index.verdict(of: digest, demands)
    else { return nil }
    return RememberedVerdict.unpacked(bytes)
  }

  func keep(_ verdict: RememberedVerdict, of digest: [UInt8], _ demands: String) {
    for folder in folders { folder.index.remember(verdict.packed, of: digest, demands) }
  }
}

/// What a verification came to.
enum RememberedVerdict: Hashable, Sendable, Packed {
  /// What was proven, a line for each thing.
  case proven([String])
  case refuted(place: String, message: String)

  func pack(into bytes: inout Packing) {
    switch self {
    case .proven(let lines):
      true.pack(into: &bytes)
      lines.pack(into: &bytes)
    case .refuted(let place, let message):
      false.pack(into: &bytes)
      place.pack(into: &bytes)
      message.pack(into: &bytes)
    }
  }

  init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    if try Bool(from: &bytes) {
      self = .proven(try [String](from: &bytes))
    } else {
      let place = try String(from: &bytes)
      self = .refuted(place: place, message: try String(from: &bytes))
    }
  }
}
