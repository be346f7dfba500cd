internal import Analysis
internal import Fleet
internal import LinuxSystem
internal import Model
internal import Records

/// A result or profile as tables, trends and sites need it: read now, or remembered.
struct RecordReading: Sendable {
  let place: RecordPlace
  /// What a file comes to; the windows of its figures are left out, which only comparisons and reports need.
  let content: Content
  /// What only a fleet needs; nil for a profile, and where an index was not asked for it.
  let facts: RunFacts?
  /// SHA-256 of the content, where it is known.
  let digest: [UInt8]?
  /// Whether the file was not read; the digest is then of the very file that lies here.
  let isRemembered: Bool
  /// Nil for a file that was not read.
  private let bytesRead: [UInt8]?

  struct Content: Sendable {
    let kind: FigureSource.Kind
    let length: Int
    let checksum: UInt32
    /// Whose profile it is; nil for a result.
    let profiled: HardwareID?
    /// Of all figures, which one file has but once.
    let context: [String: String]
    /// Without context.
    let figures: [Figure]
  }

  init(_ place: RecordPlace, _ record: LoadedRecord, digest: [UInt8]?) {
    self.place = place
    self.digest = digest
    isRemembered = false
    bytesRead = record.bytes
    if case .result(let recorded) = record.file {
      facts = RunFacts(recorded.result)
    } else {
      facts = nil
    }
    let figures = record.figures
    content = Content(
      kind: record.profile == nil ? .result : .profile, length: record.bytes.count,
      checksum: Checksum.crc32(record.bytes), profiled: record.profile?.hardwareID,
      context: figures.first?.context ?? [:],
      figures: figures.map { figure in
        var bare = figure
        bare.context = [:]
        bare.windows = []
        bare.source.name = ""
        return bare
      })
  }

  /// What an index remembers of the file; nil where it makes no sense.
  init?(_ place: RecordPlace, _ row: IndexedRecord) {
    guard let content = Content.unpacked(row.reading) else { return nil }
    self.place = place
    self.content = content
    facts = RunFacts.unpacked(row.facts)
    digest = row.digest
    isRemembered = true
    bytesRead = nil
  }

  var path: String { place.path }

  /// File name without folders, as where the file is not packed.
  var name: String { RecordName.of(path) }

  var origin: RecordOrigin { RecordOrigin(path: path, profiled: content.profiled) }

  /// Every line that a table has of it.
  var figures: [Figure] {
    content.figures.map { figure in
      var figure = figure
      figure.source.name = path
      figure.context = content.context
      return figure
    }
  }

  /// Every line that a table has of it; a result's with what is known of its signature.
  func figures(_ signatures: Signatures) throws(Failure) -> [Figure] {
    guard content.kind == .result else { return figures }
    let text = try signatures.finding(of: path) { () throws(Failure) in try bytes() }.text
    return text == nil
      ? figures
      : figures.map { figure in
        var figure = figure
        figure.signature = text
        return figure
      }
  }

  /// The content, read again where it was not read.
  func bytes() throws(Failure) -> [UInt8] {
    if let bytesRead { return bytesRead }
    return try InputFile.read(path)
  }

  /// The profile; nil for a result.
  func profile() throws(Failure) -> Profile? {
    guard content.kind == .profile else { return nil }
    return try ProfileFile.decode(try bytes(), name: path)
  }

  /// Files that may have the same content have the same of this.
  var likeness: ContentLikeness {
    ContentLikeness(length: content.length, checksum: content.checksum)
  }
}

/// What a fleet needs of a run besides its figures.
struct RunFacts: Sendable {
  let run: RunKey
  let endedAt: Double
  let isComplete: Bool
  let endReason: String?
  let identity: SisterIdentity
  let node: NodeFacts

  init(_ result: RunResult) {
    run = RunKey(result)
    endedAt = result.endedAt
    isComplete = result.isComplete
    endReason = result.endReason?.message
    identity = SisterIdentity(result)
    node = NodeFacts(result)
  }
}

/// Tells one run from every other: two files with the same are one run, whatever was changed in one of them.
struct RunKey: Hashable, Sendable {
  let challenge: Challenge
  let startedAt: Double
  let seed: UInt64

  init(_ result: RunResult) {
    challenge = result.challenge
    startedAt = result.startedAt
    seed = result.seed
  }
}

extension RunFacts: Packed {
  func pack(into bytes: inout Packing) {
    run.challenge.bytes.pack(into: &bytes)
    run.startedAt.pack(into: &bytes)
    run.seed.pack(into: &bytes)
    endedAt.pack(into: &bytes)
    isComplete.pack(into: &bytes)
    endReason.pack(into: &bytes)
    identity.pack(into: &bytes)
    node.pack(into: &bytes)
  }

  init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    run = try RunKey(from: &bytes)
    endedAt = try Double(from: &bytes)
    isComplete = try Bool(from: &bytes)
    endReason = try String?(from: &bytes)
    identity = try SisterIdentity(from: &bytes)
    node = try NodeFacts(from: &bytes)
  }
}

extension RunKey {
  fileprivate init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    guard let challenge = Challenge(bytes: try [UInt8](from: &bytes)) else {
      throw UnpackingProblem()
    }
    self.challenge = challenge
    startedAt = try Double(from: &bytes)
    seed = try UInt64(from: &bytes)
  }
}

/// What two equal contents have in common, and others seldom.
struct ContentLikeness: Hashable, Sendable {
  let length: Int
  let checksum: UInt32

  init(length: Int, checksum: UInt32) {
    self.length = length
    self.checksum = checksum
  }

  init(_ bytes: [UInt8]) { self.init(length: bytes.count, checksum: Checksum.crc32(bytes)) }
}

extension RecordReading.Content: Packed {
  func pack(into bytes: inout Packing) {
    kind.pack(into: &bytes)
    length.pack(into: &bytes)
    Int(checksum).pack(into: &bytes)
    profiled.pack(into: &bytes)
    context.pack(into: &bytes)
    // What speaks against a better grade is the longest part of a figure, and mostly that of its neighbours. Alike by their bytes:
    // texts equal others that are written otherwise.
    var lists: [[UInt8]: Int] = [:]
    var reasons: [[Reason]] = []
    let own = figures.map { figure in
      let list = figure.reasonsAgainstBetterGrade
      let packed = list.packed
      if let known = lists[packed] { return known }
      reasons.append(list)
      lists[packed] = reasons.count - 1
      return reasons.count - 1
    }
    reasons.pack(into: &bytes)
    own.pack(into: &bytes)
    figures.map { figure in
      var bare = figure
      bare.reasonsAgainstBetterGrade = []
      return bare
    }.pack(into: &bytes)
  }

  init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    kind = try FigureSource.Kind(from: &bytes)
    length = try Int(from: &bytes)
    checksum = UInt32(truncatingIfNeeded: try Int(from: &bytes))
    profiled = try HardwareID?(from: &bytes)
    context = try [String: String](from: &bytes)
    let reasons = try [[Reason]](from: &bytes)
    let lists = try [Int](from: &bytes)
    var figures = try [Figure](from: &bytes)
    guard lists.count == figures.count, lists.allSatisfy(reasons.indices.contains) else {
      throw UnpackingProblem()
    }
    for (place, list) in lists.enumerated() {
      figures[place].reasonsAgainstBetterGrade = reasons[list]
    }
    self.figures = figures
  }
}
