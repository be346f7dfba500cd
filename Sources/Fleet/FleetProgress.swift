package import Model
internal import Text

/// A result that was found in a fleet's folder.
package struct FoundResult: Hashable, Sendable {
  package let path: String
  package let challenge: Challenge
  package let endedAt: Double
  package let isComplete: Bool
  /// Why the run ended early.
  package let endReason: String?

  package init(
    path: String, challenge: Challenge, endedAt: Double, isComplete: Bool, endReason: String? = nil
  ) {
    self.path = path
    self.challenge = challenge
    self.endedAt = endedAt
    self.isComplete = isComplete
    self.endReason = endReason
  }
}

/// Which result belongs to which attempt of which node: by its challenge alone, for nothing else of it tells.
package struct FleetAssignment: Sendable {
  package struct Place: Hashable, Sendable {
    package let node: NodeName
    package let attempt: Int
  }

  private let places: [Challenge: Place]

  package init(_ plan: FleetPlan) {
    var places: [Challenge: Place] = [:]
    for node in plan.nodes {
      for attempt in node.attempts {
        places[plan.challenge(of: node.name, attempt: attempt.number)] = Place(
          node: node.name, attempt: attempt.number)
      }
    }
    self.places = places
  }

  /// Nil for a stranger.
  package func place(of challenge: Challenge) -> Place? { places[challenge] }
}

/// How far one node is.
package struct NodeProgress: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// A complete result is there; whether it is true, `collect` says.
    case complete
    case running
    case waiting
    case nodeDown = "node-down"
    /// Only an interrupted result is there, and nothing runs.
    case partial
    /// The job ended and left no result.
    case failed
    /// The engine knows nothing of it, and no result is there.
    case lost
    /// The engine never took it.
    case notSubmitted = "not-submitted"
    /// The engine was not asked, or has no states to tell.
    case open

    /// Whether nothing more will come of it by itself.
    package var needsAgain: Bool {
      switch self {
      case .complete, .running, .waiting, .open: false
      case .nodeDown, .partial, .failed, .lost, .notSubmitted: true
      }
    }
  }

  package let node: NodeName
  package let rack: String?
  package let attempt: Int
  package let job: FleetJobID?
  package let state: State
  package let remark: String?
  /// The result that counts.
  package let result: String?
}

/// How far a fleet is: files first, then what the engine says.
package struct FleetProgress: Hashable, Sendable {
  package let nodes: [NodeProgress]
  /// Results that belong to no attempt.
  package let strangers: [String]
  /// Complete results beside the ones that count.
  package let superseded: [String]
  /// Files that are no result, each with why.
  package let unreadable: [String]

  /// The states are nil where the engine was not asked or tells none; the last line is that of the log of an attempt that
  /// left nothing.
  package init(
    _ plan: FleetPlan, found: [FoundResult], states: [FleetJobID: FleetJobState]?,
    unreadable: [String] = [], lastLine: (NodeName, Int) -> String?
  ) {
    self.unreadable = unreadable
    let assignment = FleetAssignment(plan)
    var byNode: [NodeName: [(attempt: Int, result: FoundResult)]] = [:]
    var strangers: [String] = []
    for result in found {
      if let place = assignment.place(of: result.challenge) {
        byNode[place.node, default: []].append((place.attempt, result))
      } else {
        strangers.append(result.path)
      }
    }
    self.strangers = strangers.sorted()
    var superseded: [String] = []
    nodes = plan.nodes.map { node in
      let own = byNode[node.name] ?? []
      let chosen = Self.chosen(own)
      superseded += own.filter { $0.result.isComplete && $0.result.path != chosen?.result.path }
        .map(\.result.path)
      return Self.progress(
        node, chosen: chosen, partial: own.last { !$0.result.isComplete }, states, lastLine)
    }
    self.superseded = superseded.sorted()
  }

  /// Of several complete results that of the last attempt, and of its the one that ended last.
  package static func chosen(
    _ results: [(attempt: Int, result: FoundResult)]
  ) -> (attempt: Int, result: FoundResult)? {
    results.filter(\.result.isComplete).max { left, right in
      (left.attempt, left.result.endedAt, left.result.path)
        < (right.attempt, right.result.endedAt, right.result.path)
    }
  }

  private static func progress(
    _ node: FleetNode, chosen: (attempt: Int, result: FoundResult)?,
    partial: (attempt: Int, result: FoundResult)?, _ states: [FleetJobID: FleetJobState]?,
    _ lastLine: (NodeName, Int) -> String?
  ) -> NodeProgress {
    let last = node.attempts.last
    func made(
      _ state: NodeProgress.State, _ remark: String? = nil, attempt: Int? = nil,
      result: String? = nil
    ) -> NodeProgress {
      NodeProgress(
        node: node.name, rack: node.rack, attempt: attempt ?? last?.number ?? 0, job: last?.job,
        state: state, remark: remark, result: result)
    }
    if let chosen { return made(.complete, attempt: chosen.attempt, result: chosen.result.path) }
    guard let last else { return made(.notSubmitted) }
    let early = partial.map { $0.result.endReason ?? "the run was interrupted" }
    guard let states else {
      return early.map { made(.partial, $0, result: partial?.result.path) } ?? made(.open)
    }
    guard let job = last.job else { return made(.notSubmitted) }
    switch states[job] {
    case .running: return made(.running, early.map { "an earlier try: \($0)" })
    case .waiting(let reason): return made(.waiting, reason)
    case .nodeDown(let reason): return made(.nodeDown, reason)
    case .ended(let word):
      if let early { return made(.partial, early, result: partial?.result.path) }
      let line = lastLine(node.name, last.number)
      return made(.failed, [word, line].compactMap(\.self).joined(separator: ": "))
    case nil:
      if let early { return made(.partial, early, result: partial?.result.path) }
      let line = lastLine(node.name, last.number)
      return line.map { made(.failed, $0) }
        ?? made(.lost, "not in the queue, and no result is there")
    }
  }

  package func count(_ state: NodeProgress.State) -> Int { nodes.count { $0.state == state } }

  /// One line: `180 complete; 12 running; 8 waiting`.
  package var conclusion: String {
    let counts = NodeProgress.State.allCases.filter { count($0) > 0 }.map { state in
      "\(count(state)) \(state.rawValue.replacing("-", with: " "))"
    }
    return "of \(CountText.text(nodes.count, "node")): " + counts.joined(separator: "; ")
  }
}
