internal import Analysis
internal import Fleet
internal import LinuxSystem
internal import Model
internal import Records
internal import Verification

/// Reads and verifies the files of many nodes; one that is no result costs its node and no other.
struct FleetReader {
  /// With any, each result is of the node whose challenge it has, wherever it lies, and nodes without any are missing.
  let fleets: [CollectedFleet]
  /// What these fleets differ in, of several.
  let sweep: FleetSweep?
  /// The fact whose value tells what is collected together apart.
  let over: NodeFact?
  /// Of every result; what a fleet expects besides is its own.
  let expected: [ExpectedFact]
  /// Whether every share is hashed again.
  let verifies: Bool
  let isInterrupted: @Sendable () -> Bool

  /// A file, and the node that its place says it is of.
  struct NodeFile: Sendable {
    let node: String
    let place: RecordPlace
  }

  /// What one file came to: not what was decoded, of which there may be gigabytes.
  private struct FileAnswer: Sendable {
    enum Content: Sendable {
      case result(Kept)
      case refuted(String)
      case unreadable(String)
      /// A profile, which is no node's answer.
      case other
      case interrupted
    }

    struct Kept: Sendable {
      let figures: [Figure]
      let identity: SisterIdentity
      let facts: NodeFacts
      let isComplete: Bool
      /// Why the run ended early, or what was expected and is not so.
      let endReason: String?
      let refusal: String?
    }

    let path: String
    let digest: String
    /// Nil where no result can be made of the file.
    let run: RunKey?
    let endedAt: Double
    var content: Content

    var facts: NodeFacts? { if case .result(let kept) = content { kept.facts } else { nil } }

    var isComplete: Bool {
      if case .result(let kept) = content { kept.isComplete } else { false }
    }
  }

  /// The answers of nodes, and what else is to be said.
  ///
  /// - Throws: `Interrupted` once the user pressed Ctrl-C.
  func answers(
    _ files: [NodeFile], _ memory: RecordMemory
  ) throws -> (nodes: [NodeAnswer], notes: [String]) {
    FreedMemory.keep()
    let read = try ParallelMap.map(files) { file throws(Failure) in
      (file: file, answer: self.read(file.place, memory))
    }
    if read.contains(where: { if case .interrupted = $0.answer.content { true } else { false } }) {
      throw Interrupted("interrupted before every result was verified")
    }
    var assigned = Assigned(fleets, over)
    for (file, answer) in read { assigned.add(answer, file) }
    let nodes = assigned.keys.map { answer($0, assigned.files(of: $0)) }
    return (nodes, assigned.notes)
  }

  // MARK: - Which file is whose

  private struct Assigned {
    private let fleets: [CollectedFleet]
    private let over: NodeFact?
    private var byNode: [NodeKey: [(attempt: Int, answer: FileAnswer)]] = [:]
    private var contents: [String: (node: NodeKey, path: String)] = [:]
    private var runs: [RunKey: (node: NodeKey, path: String)] = [:]
    private(set) var notes: [String] = []

    init(_ fleets: [CollectedFleet], _ over: NodeFact?) {
      self.fleets = fleets
      self.over = over
      for (index, fleet) in fleets.enumerated() {
        for node in fleet.plan.nodes {
          byNode[NodeKey(name: node.name.rawValue, fleet: index, setting: nil)] = []
        }
      }
    }

    var keys: [NodeKey] { byNode.keys.sorted() }

    mutating func add(_ answer: FileAnswer, _ file: NodeFile) {
      if case .other = answer.content { return }
      guard let (node, attempt) = place(of: answer, file) else { return }
      var answer = answer
      if let earlier = contents[answer.digest] ?? answer.run.flatMap({ runs[$0] }) {
        guard earlier.node != node else {
          return notes.append(
            "\(answer.path) is the run of \(earlier.path) again, and is counted once")
        }
        answer.content = .refuted("it is the run of \(earlier.node.name) (\(earlier.path))")
      } else {
        contents[answer.digest] = (node, answer.path)
        if let run = answer.run { runs[run] = (node, answer.path) }
      }
      byNode[node, default: []].append((attempt, answer))
    }

    /// Nil, with a note, for a file that is no node's.
    private mutating func place(
      of answer: FileAnswer, _ file: NodeFile
    ) -> (node: NodeKey, attempt: Int)? {
      guard !fleets.isEmpty else {
        let setting = over.flatMap { answer.facts?.setting($0) }
        return (NodeKey(name: file.node, fleet: nil, setting: setting), 0)
      }
      if let run = answer.run {
        for (index, fleet) in fleets.enumerated() {
          guard let place = fleet.assignment.place(of: run.challenge) else { continue }
          let node = NodeKey(name: place.node.rawValue, fleet: index, setting: nil)
          return (node, place.attempt)
        }
        notes.append("\(answer.path): a stranger, its challenge is that of no attempt")
        return nil
      }
      // What is no result has no challenge; its place must do.
      let own = fleets.firstIndex { $0.folder.results == file.place.root }
      let node = NodeKey(
        name: file.node, fleet: own ?? (fleets.count == 1 ? 0 : nil), setting: nil)
      if byNode[node] != nil { return (node, 0) }
      notes.append("\(answer.path): no node's, and no result can be made of it")
      return nil
    }

    /// In a fleet one result counts: of several complete ones that of the last attempt, and of its the one that ended last;
    /// their spans overlap, so that they are never pooled.
    mutating func files(of node: NodeKey) -> [FileAnswer] {
      let files = byNode[node] ?? []
      guard node.fleet != nil else { return files.map(\.answer) }
      let whole = files.compactMap { item -> (attempt: Int, result: FoundResult)? in
        guard item.answer.isComplete, let run = item.answer.run else { return nil }
        let result = FoundResult(
          path: item.answer.path, challenge: run.challenge, endedAt: item.answer.endedAt,
          isComplete: true)
        return (item.attempt, result)
      }
      let chosen = FleetProgress.chosen(whole)
      guard let chosen else { return files.map(\.answer) }
      return files.compactMap { item in
        guard item.answer.isComplete, item.answer.path != chosen.result.path else {
          return item.answer
        }
        notes.append("\(item.answer.path): superseded by \(chosen.result.path)")
        return nil
      }
    }
  }

  // MARK: - One node

  private func answer(_ node: NodeKey, _ files: [FileAnswer]) -> NodeAnswer {
    let name = node.name
    let fleet = node.fleet.map { fleets[$0] }
    let planned = fleet.flatMap { sweep?.setting($0.plan) }
    // Of fleets that do not tell themselves apart a node without a setting is known by its folder.
    let place = planned == nil && fleets.count > 1 ? fleet.map { "\($0.folder.path): " } ?? "" : ""
    if files.isEmpty, let fleet {
      return NodeAnswer(
        name: name, files: [], state: .missing, isVerified: false,
        remark: place + fleet.missing(name), setting: planned)
    }
    var state: NodeAnswer.State?
    var remarks: [String] = []
    var results: [FileAnswer.Kept] = []
    for file in files {
      let own = file.path.split(separator: "/").last.map(String.init) ?? file.path
      let prefix = files.count > 1 ? "\(own): " : ""
      switch file.content {
      case .refuted(let text):
        // One false answer is the node's answer, whatever else it sent.
        if state != .refuted { remarks.insert(prefix + text, at: 0) }
        state = .refuted
      case .unreadable(let text):
        remarks.append(prefix + text)
        state = state ?? .unreadable
      case .result(let kept):
        if let refusal = kept.refusal {
          remarks.append(prefix + refusal)
          state = state == .refuted ? state : .refused
        } else if kept.isComplete {
          results.append(kept)
        } else {
          remarks.append(prefix + (kept.endReason ?? "the run was interrupted"))
          if state == nil || state == .unreadable { state = .partial }
        }
      case .other, .interrupted: continue
      }
    }
    // A whole result outweighs an interrupted one before it, and a damaged copy; nothing outweighs a false one.
    let isMeasured = !results.isEmpty && state != .refuted && state != .refused
    let facts = results.last?.facts ?? files.lazy.compactMap(\.facts).last
    return NodeAnswer(
      name: name, files: files.map(\.path), state: isMeasured ? .measured : state ?? .unreadable,
      isVerified: verifies, remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "),
      figures: isMeasured ? results.flatMap(\.figures) : [],
      identity: isMeasured ? results.last?.identity : nil, facts: facts,
      setting: planned ?? node.setting ?? over.flatMap { facts?.setting($0) })
  }

  // MARK: - One file

  private func read(_ place: RecordPlace, _ memory: RecordMemory) -> FileAnswer {
    do {
      let reading = try RecordLoader.reading(place, memory, atOnce: verifies)
      let digest = reading.digest.map(Hexadecimal.encode) ?? ""
      guard let facts = reading.facts else {
        return FileAnswer(path: place.path, digest: digest, run: nil, endedAt: 0, content: .other)
      }
      return FileAnswer(
        path: place.path, digest: digest, run: facts.run, endedAt: facts.endedAt,
        content: try content(reading, facts, memory))
    } catch {
      // What cannot be read has nothing that another file could repeat.
      return FileAnswer(
        path: place.path, digest: "unreadable " + place.path, run: nil, endedAt: 0,
        content: .unreadable(error.message))
    }
  }

  private func content(
    _ reading: RecordReading, _ facts: RunFacts, _ memory: RecordMemory
  ) throws(Failure) -> FileAnswer.Content {
    if verifies {
      if isInterrupted() { return .interrupted }
      do {
        _ = try RememberingJudge(memory, isAlone: false, isInterrupted: isInterrupted)
          .lines(reading)
      } catch let falsehood as Falsehood {
        return .refuted("\(falsehood.place): \(falsehood.message)")
      } catch let failure as Failure {
        throw failure
      } catch {
        return .interrupted
      }
    }
    return .result(
      FileAnswer.Kept(
        figures: reading.figures.filter { $0.kernel?.isOther != true },
        identity: facts.identity, facts: facts.node, isComplete: facts.isComplete,
        endReason: facts.endReason, refusal: try refusal(of: reading, facts)))
  }

  /// What was expected and is not so.
  private func refusal(
    of reading: RecordReading, _ facts: RunFacts
  ) throws(Failure) -> String? {
    let fleet = fleets.first { $0.assignment.place(of: facts.run.challenge) != nil }
    if let other = fleet?.plan.otherProgram(facts.identity.tool) { return other }
    let expected = expected + (fleet?.expected ?? [])
    if !expected.isEmpty {
      // The facts of every state are in the file alone.
      let result = try ResultFile.decode(try reading.bytes(), name: reading.path)
      if let problem = expected.lazy.compactMap({ $0.problem(in: result) }).first { return problem }
    }
    guard let over, fleet.flatMap({ sweep?.setting($0.plan) }) == nil,
      facts.node.setting(over) == nil
    else { return nil }
    return "\(over.name) is not recorded, over which it is to be compared"
  }
}
