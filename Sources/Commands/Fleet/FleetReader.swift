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
      let run: RunKey
    }

    let path: String
    let digest: String
    let content: Content

    var run: RunKey? { kept?.run }
    var facts: NodeFacts? { kept?.facts }

    private var kept: Kept? { if case .result(let kept) = content { kept } else { nil } }
  }

  /// Tells one run from every other: two files with the same are one run, whatever was changed in one of them.
  private struct RunKey: Hashable {
    let challenge: Challenge
    let startedAt: Double
    let seed: UInt64
  }

  /// The answers of nodes by the paths of their files, and what else is to be said.
  ///
  /// - Throws: `Interrupted` once the user pressed Ctrl-C.
  func answers(_ nodes: [String: [String]]) throws -> (nodes: [NodeAnswer], notes: [String]) {
    FreedMemory.keep()
    let names = nodes.keys.sorted()
    let files = names.flatMap { name in (nodes[name] ?? []).map { (node: name, path: $0) } }
    let read = try ParallelMap.map(files) { file throws(Failure) in
      (node: file.node, answer: self.read(file.path))
    }
    var notes: [String] = []
    var byNode: [String: [FileAnswer]] = [:]
    var contents: [String: (node: String, path: String)] = [:]
    var runs: [RunKey: (node: String, path: String)] = [:]
    for (node, answer) in read {
      switch answer.content {
      case .interrupted:
        throw Interrupted("interrupted before every result was verified")
      case .other: continue
      default: break
      }
      var answer = answer
      let earlier = contents[answer.digest] ?? answer.run.flatMap { runs[$0] }
      if let earlier {
        guard earlier.node != node else {
          notes.append("\(answer.path) is the run of \(earlier.path) again, and is counted once")
          continue
        }
        answer = FileAnswer(
          path: answer.path, digest: answer.digest,
          content: .refuted("it is the run of \(earlier.node) (\(earlier.path))"))
      } else {
        contents[answer.digest] = (node, answer.path)
        if let run = answer.run { runs[run] = (node, answer.path) }
      }
      byNode[node, default: []].append(answer)
    }
    return (byNode.map { answer($0.key, $0.value) }, notes)
  }

  private func answer(_ name: String, _ files: [FileAnswer]) -> NodeAnswer {
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

  private func read(_ path: String) -> FileAnswer {
    do {
      let bytes = try InputFile.read(path)
      let digest = ResultFile.digest(of: bytes)
      return FileAnswer(path: path, digest: digest, content: try content(bytes, path))
    } catch {
      // What cannot be read has nothing that another file could repeat.
      return FileAnswer(
        path: path, digest: "unreadable " + path, content: .unreadable(error.message))
    }
  }

  private func content(_ bytes: [UInt8], _ path: String) throws(Failure) -> FileAnswer.Content {
    guard case .result(let recorded) = try RecordFile.decode(bytes, name: path) else {
      return .other
    }
    let result = recorded.result
    if verifies {
      if isInterrupted() { return .interrupted }
      do {
        _ = try ResultVerifier(
          recorded, references: Composition.references, clock: RawMonotonicClock(),
          judge: { count, isTrue in (0..<count).first { !isTrue($0) } }
        ).verify()
      } catch let falsehood as Falsehood {
        return .refuted("\(falsehood.place): \(falsehood.message)")
      } catch let failure as Failure {
        throw failure
      } catch {
        return .interrupted
      }
    }
    let figures = Figure.all(of: result, name: path).filter { $0.kernel?.isOther != true }
    return .result(
      FileAnswer.Kept(
        figures: figures.map { figure in
          var bare = figure
          bare.windows = []
          return bare
        },
        identity: SisterIdentity(result), facts: NodeFacts(result), isComplete: result.isComplete,
        endReason: result.endReason?.message,
        refusal: expected.lazy.compactMap { $0.problem(in: result) }.first,
        run: RunKey(
          challenge: result.challenge, startedAt: result.startedAt, seed: result.seed)))
  }
}
