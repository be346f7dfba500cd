package import Model

/// Several fleets that are collected together: one plan, one program, and one fact in which they differ.
package struct FleetSweep: Sendable {
  /// By whose value they are told apart.
  package let fact: NodeFact

  /// The plans with the names of their folders, in the order that was given, and the fact that was named, if any was.
  ///
  /// - Throws: `Failure` with exit code 4 for fleets that say nothing of one another: another program, other options of the run, no
  ///   fact in which they differ or more than one, one value twice.
  package init(
    _ fleets: [(name: String, plan: FleetPlan)], over name: String?
  ) throws(Failure) {
    for (index, fleet) in fleets.enumerated() {
      for earlier in fleets[..<index] { try Self.checkComparable(earlier, fleet) }
    }
    fact = try Self.fact(fleets, name)
    for (index, fleet) in fleets.enumerated() {
      guard let setting = setting(fleet.plan),
        let earlier = fleets[..<index].first(where: { self.setting($0.plan) == setting })
      else { continue }
      throw Failure(
        .badInput, "\(earlier.name) and \(fleet.name) were both submitted for \(setting.text)",
        remedy: "collect one of them")
    }
  }

  /// What a fleet was submitted for; nil where it names no value of the fact, so that its results alone tell it.
  package func setting(_ plan: FleetPlan) -> NodeSetting? {
    Self.settings(plan).first { $0.fact == fact }
  }

  private static func settings(_ plan: FleetPlan) -> [NodeSetting] {
    plan.expected.compactMap { ExpectedFact($0)?.setting }
  }

  private typealias Named = (name: String, plan: FleetPlan)

  private static func checkComparable(_ one: Named, _ other: Named) throws(Failure) {
    func refuse(_ what: String, _ own: String, _ others: String) -> Failure {
      Failure(
        .badInput,
        "\(one.name) and \(other.name) are not comparable: \(what) \(own), there \(others)",
        remedy: "collect them one by one")
    }
    guard one.plan.challenge != other.plan.challenge else {
      throw Failure(
        .badInput, "\(one.name) and \(other.name) are one fleet", remedy: "name it once")
    }
    if let own = one.plan.programDigest, let others = other.plan.programDigest, own != others {
      throw refuse(
        "program of SHA-256", String(own.prefix(12)), String(others.prefix(12)))
    }
    if one.plan.toolVersion != other.plan.toolVersion {
      throw refuse("hashwatt", one.plan.toolVersion, other.plan.toolVersion)
    }
    let options = [one, other].map { comparable($0.plan.runOptions) }
    if options[0] != options[1] {
      throw refuse(
        "run options", "'\(options[0].joined(separator: " "))'",
        "'\(options[1].joined(separator: " "))'")
    }
  }

  /// The words of a run but for its note, which says what a person likes.
  private static func comparable(_ words: [String]) -> [String] {
    var kept: [String] = []
    var isNote = false
    for word in words {
      defer { isNote = word == "--note" }
      if !isNote, word != "--note", !word.hasPrefix("--note=") { kept.append(word) }
    }
    return kept
  }

  private static func fact(_ fleets: [Named], _ name: String?) throws(Failure) -> NodeFact {
    if let name { return NodeFacts.fact(named: name) }
    let settings = fleets.map { Set(Self.settings($0.plan)) }
    // What all of them expect is no difference.
    let common = settings.dropFirst().reduce(settings.first ?? []) { $0.intersection($1) }
    let facts = Set(settings.flatMap { $0.subtracting(common) }.map(\.fact)).sorted()
    let names = fleets.map(\.name).joined(separator: ", ")
    switch facts.count {
    case 1: return facts[0]
    case 0:
      throw Failure(
        .badInput, "\(names) were submitted with no --expect in which they differ",
        remedy: "name what was changed between them, such as --over pl1_limit_uw, "
          + "or collect them one by one")
    default:
      throw Failure(
        .badInput, "\(names) differ in \(facts.map(\.name).joined(separator: ", "))",
        remedy: "name the one that they are to be compared over: --over \(facts[0].name)")
    }
  }
}
