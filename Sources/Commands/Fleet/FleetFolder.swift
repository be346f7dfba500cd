internal import Fleet
internal import LinuxSystem
internal import Model
internal import Records

/// A fleet's folder: its plan, the nodes' results and the attempts' logs.
struct FleetFolder {
  let path: String

  private var file: String { "\(path)/\(FleetFile.name)" }

  /// Whether a fleet was submitted here.
  var holdsPlan: Bool { SystemRoot.live.exists(file) }

  func plan() throws(Failure) -> FleetPlan {
    try FleetFile.decode(try InputFile.read(file), name: file)
  }

  /// Writes the plan, readable by its owner alone: who knows the challenges early could compute ahead.
  func write(_ plan: FleetPlan) throws(Failure) {
    let bytes: [UInt8]
    do {
      bytes = try FleetFile.encode(plan)
    } catch {
      throw Failure(.badInput, "\(file): \(error)")
    }
    try write(bytes, FleetFile.name)
  }

  /// Writes a file of the folder, readable by its owner alone.
  func write(_ bytes: [UInt8], _ name: String) throws(Failure) {
    do {
      try AtomicFile.write(bytes, to: "\(path)/\(name)", mode: 0o600)
    } catch {
      throw Failure(
        .unavailable, "\(path)/\(name): not written: \(error.errno); what was there is untouched",
        remedy: "make room, or choose a folder that can be written")
    }
  }

  func create() throws(Failure) {
    do {
      for folder in ["results", "logs", "profiles"] {
        try AtomicFile.createFolder("\(path)/\(folder)")
      }
    } catch {
      throw Failure(
        .unavailable, "\(path): cannot be made: \(error.errno)",
        remedy: "choose a folder that can be written")
    }
  }

  /// Where nodes write; nil before there is such a folder.
  var results: String? {
    let results = "\(path)/results"
    return SystemRoot.live.exists(results) ? results : nil
  }

  /// Every file below the results' folder.
  func files() throws(Failure) -> [String] {
    guard let results else { return [] }
    return try RecordLoader.files(below: results)
  }

  /// Every result below the results' folder as far as a state needs it; files that are none are told of.
  func found() throws(Failure) -> (results: [FoundResult], unreadable: [String]) {
    FreedMemory.keep()
    let read = try ParallelMap.map(try files()) { path throws(Failure) in Self.look(at: path) }
    var results: [FoundResult] = []
    var unreadable: [String] = []
    for found in read {
      switch found {
      case .result(let result): results.append(result)
      case .unreadable(let message): unreadable.append(message)
      case .nothing: continue
      }
    }
    return (results, unreadable)
  }

  private static func look(at path: String) -> Found {
    do throws(Failure) {
      guard case .result(let recorded) = try RecordFile.decode(try InputFile.read(path), name: path)
      else { return .nothing }
      let result = recorded.result
      return .result(
        FoundResult(
          path: path, challenge: result.challenge, endedAt: result.endedAt,
          isComplete: result.isComplete, endReason: result.endReason?.message))
    } catch {
      return .unreadable(error.message)
    }
  }

  private enum Found: Sendable {
    case result(FoundResult)
    case unreadable(String)
    case nothing
  }

  /// The last line of an attempt's log, which is where hashwatt says in one line why it could not go on.
  func lastLine(_ node: NodeName, _ attempt: Int) -> String? {
    let log = FleetSchedule.log(of: node, attempt: attempt, in: path)
    guard let text = try? SystemRoot.live.text(log, limit: 1 << 20) else { return nil }
    return text.split(whereSeparator: \.isNewline).last.map { String($0.prefix(300)) }
  }
}
