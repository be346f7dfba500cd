internal import Analysis
internal import Fleet
internal import LinuxSystem
internal import Model
internal import Records
internal import Verification

/// Reads and verifies the files of many nodes; one that is no result costs its node and no other.
struct FleetReader {
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
  /// With a plan each result is of the node whose challenge it has, wherever it lies, and nodes without any are missing.
  ///
  /// - Throws: `Interrupted` once the user pressed Ctrl-C.
  func answers(
    _ files: [NodeFile], _ memory: RecordMemory, of plan: FleetPlan?,
    lastLine: (NodeName, Int) -> String? = { _, _ in nil }
  ) throws -> (nodes: [NodeAnswer], notes: [String]) {
    FreedMemory.keep()
    let read = try ParallelMap.map(files) { file throws(Failure) in
      (file: file, answer: self.read(file.place, memory))
    }
    if read.contains(where: { if case .interrupted = $0.answer.content { true } else { false } }) {
      throw Interrupted("interrupted before every result was verified")
    }
    var assigned = Assigned(plan)
    for (file, answer) in read { assigned.add(answer, file) }
    let nodes = assigned.names.map { name in
      answer(name, assigned.files(of: name), missing: plan.map { Self.missing($0, name, lastLine) })
    }
    return (nodes, assigned.notes)
  }

  // MARK: - Which file is whose

  private struct Assigned {
    private let plan: FleetPlan?
    private let assignment: FleetAssignment?
    private var byNode: [String: [(attempt: Int, answer: FileAnswer)]] = [:]
    private var contents: [String: (node: String, path: String)] = [:]
    private var runs: [RunKey: (node: String, path: String)] = [:]
    private(set) var notes: [String] = []

    init(_ plan: FleetPlan?) {
      self.plan = plan
      assignment = plan.map(FleetAssignment.init)
      for node in plan?.nodes ?? [] { byNode[node.name.rawValue] = [] }
    }

    var names: [String] { byNode.keys.sorted() }

    mutating func add(_ answer: FileAnswer, _ file: NodeFile) {
      if case .other = answer.content { return }
      var node = file.node
      var attempt = 0
      if let assignment {
        if let run = answer.run {
          guard let place = assignment.place(of: run.challenge) else {
            return notes.append("\(answer.path): a stranger, its challenge is that of no attempt")
          }
          node = place.node.rawValue
          attempt = place.attempt
        } else if byNode[node] == nil {
          return notes.append("\(answer.path): no node's, and no result can be made of it")
        }
      }
      var answer = answer
      if let earlier = contents[answer.digest] ?? answer.run.flatMap({ runs[$0] }) {
        guard earlier.node != node else {
          return notes.append(
            "\(answer.path) is the run of \(earlier.path) again, and is counted once")
        }
        answer.content = .refuted("it is the run of \(earlier.node) (\(earlier.path))")
      } else {
        contents[answer.digest] = (node, answer.path)
        if let run = answer.run { runs[run] = (node, answer.path) }
      }
      byNode[node, default: []].append((attempt, answer))
    }

    /// With a plan one result counts: of several complete ones that of the last attempt, and of its the one that ended last;
    /// their spans overlap, so that they are never pooled.
    mutating func files(of node: String) -> [FileAnswer] {
      let files = byNode[node] ?? []
      guard plan != nil else { return files.map(\.answer) }
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

  private static func missing(
    _ plan: FleetPlan, _ name: String, _ lastLine: (NodeName, Int) -> String?
  ) -> String {
    guard let node = plan.nodes.first(where: { $0.name.rawValue == name }),
      let attempt = node.attempts.last
    else { return "it was never submitted" }
    return lastLine(node.name, attempt.number) ?? "no result, and no line in its log"
  }

  // MARK: - One node

  /// `missing` is what is said of a node without any file.
  private func answer(_ name: String, _ files: [FileAnswer], missing: String?) -> NodeAnswer {
    if files.isEmpty, let missing {
      return NodeAnswer(name: name, files: [], state: .missing, isVerified: false, remark: missing)
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
    return NodeAnswer(
      name: name, files: files.map(\.path), state: isMeasured ? .measured : state ?? .unreadable,
      isVerified: verifies, remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "),
      figures: isMeasured ? results.flatMap(\.figures) : [],
      identity: isMeasured ? results.last?.identity : nil,
      facts: results.last?.facts ?? files.lazy.compactMap(\.facts).last)
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
        endReason: facts.endReason, refusal: try refusal(of: reading)))
  }

  /// What was expected and is not so; the facts of the state are in the file alone.
  private func refusal(of reading: RecordReading) throws(Failure) -> String? {
    guard !expected.isEmpty else { return nil }
    let result = try ResultFile.decode(try reading.bytes(), name: reading.path)
    return expected.lazy.compactMap { $0.problem(in: result) }.first
  }
}
