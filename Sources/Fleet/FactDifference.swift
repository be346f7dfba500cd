internal import Analysis
internal import Model
internal import Statistics
internal import Text

/// A fact in which a node is not as most of its sisters are.
package struct FactDifference: Hashable, Sendable {
  package let fact: NodeFact
  /// Nil where the node does not tell.
  package let own: String?
  /// What most of the others have.
  package let usual: String

  package var text: String { "\(fact.title) \(own ?? "not recorded"), others \(usual)" }
}

/// Nodes of a group that share a fact that most do not have, and are slower or faster for it.
package struct MinorityFinding: Hashable, Sendable {
  package let fact: NodeFact
  package let value: String
  package let usual: String
  package let nodes: [String]
  /// Median of the minority over that of the majority, less one.
  package let deviation: Double
  /// Mann and Whitney 1947, two-sided.
  package let probability: Double
  package let quantity: String

  package var text: String {
    "\(CountText.text(nodes.count, "node")) with \(fact.title) \(value) (others \(usual)): "
      + "\(quantity) \(DecimalText.percent(deviation, decimals: 1, signed: true))"
  }
}

/// The facts of all nodes of one group.
struct GroupFacts {
  private let nodes: [(name: String, facts: NodeFacts)]
  /// What more than half of the nodes have.
  private let usual: [NodeFact: String]
  private let temperatures: [Double]
  private let clocks: [Double]
  private let usualFailures: Set<String>

  /// Least number of nodes that make a majority which says anything.
  private static let leastNodes = 3
  /// How often all findings on the facts of a group may be chance.
  private static let falseAlarmRate = 0.01

  init(_ answers: [NodeAnswer]) {
    nodes = answers.compactMap { answer in answer.facts.map { (answer.name, $0) } }
    var counts: [NodeFact: [String: Int]] = [:]
    var failures: [String: Int] = [:]
    for node in nodes {
      for (fact, text) in node.facts.texts { counts[fact, default: [:]][text, default: 0] += 1 }
      for name in node.facts.failedChecks { failures[name, default: 0] += 1 }
    }
    let total = nodes.count
    usual =
      total < Self.leastNodes
      ? [:]
      : counts.compactMapValues { texts in
        texts.first { $0.value * 2 > total }?.key
      }
    usualFailures = Set(failures.filter { $0.value * 2 > total }.keys)
    temperatures = nodes.compactMap(\.facts.temperature)
    clocks = nodes.compactMap(\.facts.clock)
  }

  /// What is unusual about one node, settings first.
  func differences(of name: String) -> (facts: [FactDifference], remarks: [String]) {
    guard let own = nodes.first(where: { $0.name == name })?.facts else { return ([], []) }
    let facts = usual.compactMap { fact, text -> FactDifference? in
      own.texts[fact] == text
        ? nil : FactDifference(fact: fact, own: own.texts[fact], usual: text)
    }.sorted { $0.fact.name < $1.fact.name }
    var remarks = own.failedChecks.subtracting(usualFailures).sorted().map { "failed check \($0)" }
    if let text = Self.unusual(
      own.clock, among: clocks, "clock", { "\(DecimalText.fixed($0 / 1e9, decimals: 2)) GHz" })
    {
      remarks.append(text)
    }
    if let text = Self.unusual(
      own.temperature, among: temperatures, "temperature",
      { "\(DecimalText.fixed($0, decimals: 0)) °C" })
    {
      remarks.append(text)
    }
    return (facts, remarks)
  }

  /// A number that stands out of those of all nodes (Iglewicz and Hoaglin 1993) by more than 1 %.
  private static func unusual(
    _ own: Double?, among all: [Double], _ title: String, _ text: (Double) -> String
  ) -> String? {
    guard let own, all.count >= 4, let median = Descriptive.median(all), median > 0,
      let deviation = Descriptive.medianAbsoluteDeviation(all),
      abs(own - median) > max(3.5 / 0.6745 * deviation, 0.01 * median)
    else { return nil }
    return "\(title) \(text(own)), median \(text(median))"
  }

  /// Facts whose minority differs in what was measured, each test of all together right in 99 of 100 groups.
  func minorities(_ comparisons: [SisterComparison]) -> [MinorityFinding] {
    let candidates = usual.flatMap {
      fact, usual -> [(fact: NodeFact, value: String, usual: String)] in
      let others = Set(nodes.compactMap { $0.facts.texts[fact] }).subtracting([usual])
      return others.map { (fact, $0, usual) }
    }.sorted { ($0.fact.name, $0.value) < ($1.fact.name, $1.value) }
    let tests = Double(max(1, candidates.count * comparisons.count))
    return comparisons.flatMap { comparison -> [MinorityFinding] in
      let values = Dictionary(
        comparison.values.map { ($0.node, $0.value) }, uniquingKeysWith: { first, _ in first })
      return candidates.compactMap { candidate in
        func members(_ text: String) -> [String] {
          nodes.filter { $0.facts.texts[candidate.fact] == text && values[$0.name] != nil }
            .map(\.name).sorted()
        }
        let few = members(candidate.value)
        let many = members(candidate.usual)
        guard few.count >= 2, let test = Self.test(few, many, values),
          test.probability < Self.falseAlarmRate / tests,
          abs(test.deviation) >= comparison.wanted / 2
        else { return nil }
        return MinorityFinding(
          fact: candidate.fact, value: candidate.value, usual: candidate.usual, nodes: few,
          deviation: test.deviation, probability: test.probability, quantity: comparison.title)
      }
    }
  }

  private static func test(
    _ few: [String], _ many: [String], _ values: [String: Double]
  ) -> (deviation: Double, probability: Double)? {
    let first = few.compactMap { values[$0] }
    let second = many.compactMap { values[$0] }
    guard let low = Descriptive.median(first), let high = Descriptive.median(second), high > 0,
      let outcome = GroupTests.mannWhitney(first, second)
    else { return nil }
    return (low / high - 1, outcome.probability)
  }
}

extension SisterComparison {
  /// `sha256d avx512-2x16`, `sha256d avx512-2x16 per joule in cpu-package`.
  package var title: String {
    let series = work.series(kernel)
    guard quantity == .efficiency else { return series }
    return "\(series) per joule" + (scope.map { " in \($0)" } ?? "")
  }
}
