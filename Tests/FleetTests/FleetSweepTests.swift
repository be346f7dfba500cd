import Analysis
import Fleet
import Model
import TestSupport
import Testing

/// Fleets that are collected together over a setting.
struct FleetSweepTests {
  private static let limit = NodeFacts.fact(named: "pl1_limit_uw")

  /// Nodes from n1 on at power limits in watts, each with a rate in MH/s and watts.
  private static func report(
    nodes: Int = 6, _ points: [(limit: Int64, rate: Double, watts: Double?)],
    _ change: (String, Int64, inout RunResult) -> Void = { _, _, _ in }
  ) -> FleetReport {
    var answers: [NodeAnswer] = []
    for point in points {
      for node in 1...nodes {
        // Meters differ in gain from node to node, by far more than the settings do.
        let gain = 1 + 0.04 * Double(node % 3 - 1)
        let result = MadeFleet.result(
          rate: point.rate * (1 + 0.0005 * Double(node % 4)), watts: point.watts.map { $0 * gain }
        ) {
          $0.set(.longTermPowerLimit, .integer(point.limit * 1_000_000))
          change("n\(node)", point.limit, &$0)
        }
        let facts = NodeFacts(result)
        answers.append(
          NodeAnswer(
            name: "n\(node)", files: ["\(point.limit)/n\(node).json"], state: .measured,
            isVerified: true,
            figures: Figure.all(of: result, name: "\(point.limit)/n\(node).json"),
            identity: SisterIdentity(result), facts: facts, setting: facts.setting(limit)))
      }
    }
    return FleetReport(
      answers, FleetDemands(gates: [], allowsOneMachine: false, base: nil, over: limit))
  }

  private static let caps: [(limit: Int64, rate: Double, watts: Double?)] = [
    (320, 100, 300), (80, 40, 90), (240, 90, 225), (160, 70, 150),
  ]

  @Test(
    "nodes are sisters at one setting, and the settings stand in their order with the best named")
  func curve() throws {
    let report = Self.report(Self.caps)
    #expect(report.groups.map(\.nodes.count) == [6, 6, 6, 6])
    #expect(report.passes, "\(report.conclusion)")
    let curve = try #require(report.curves.first)
    #expect(report.curves.count == 1 && curve.scope == .cpuPackage)
    #expect(
      curve.points.map(\.setting.text) == ["PL1 80 W", "PL1 160 W", "PL1 240 W", "PL1 320 W"])
    #expect(curve.best == 1 && curve.fastest == 3)
    #expect(curve.nodes.map(\.setting.value) == [String](repeating: "160 W", count: 6))
    // 70 / 150 against 100 / 300, and 100 against 70, whatever gain each meter has.
    let change = try #require(curve.points[3].efficiencyChange)
    #expect(abs(change.deviation - (100.0 / 300 / (70.0 / 150) - 1)) < 1e-9)
    #expect(change.nodes == 6)
    #expect(abs(try #require(curve.points[1].rateChange).deviation + 0.3) < 1e-9)
    #expect(
      report.conclusion
        == "24 of 24 measurements of 6 nodes verified; most work per joule at PL1 160 W")
  }

  @Test("a node that is slow at one setting is slow there, among its sisters of that setting")
  func slow() throws {
    let report = Self.report(Self.caps) { node, limit, result in
      guard node == "n4", limit == 240 else { return }
      result = MadeFleet.result(rate: 80, watts: 225) {
        $0.set(.longTermPowerLimit, .integer(240_000_000))
      }
    }
    #expect(report.nodes(.slow) == ["n4"] && !report.passes)
    let group = try #require(report.groups.first { !$0.nodes(.slow).isEmpty })
    #expect(group.setting?.value == "240 W")
  }

  @Test("settings whose difference the nodes cannot tell are as efficient, and a clear one is not")
  func doubt() throws {
    let equal = Self.report([(100, 50, 100), (110, 50.0001, 100), (200, 80, 200)]) {
      node, limit, result in
      // The second scatters about the first from node to node.
      guard limit == 110 else { return }
      let sign = node.hasSuffix("1") || node.hasSuffix("3") || node.hasSuffix("5") ? 1.0 : -1.0
      let gain = 1 + 0.04 * Double((Int(node.dropFirst()) ?? 0) % 3 - 1)
      result = MadeFleet.result(rate: 50, watts: 100 * gain * (1 + 0.01 * sign)) {
        $0.set(.longTermPowerLimit, .integer(110_000_000))
      }
    }
    let curve = try #require(equal.curves.first)
    let best = try #require(curve.best)
    #expect([0, 1].contains(best))
    #expect(curve.points[1 - best].isAsEfficient)
    #expect(!curve.points[2].isAsEfficient)
    let change = try #require(curve.points[1 - best].efficiencyChange)
    let (lower, upper) = (try #require(change.lower), try #require(change.upper))
    #expect(lower < 0 && upper > 0)
  }

  @Test(
    "without energy there is a curve of rates and no most efficient point; at one value there is none"
  )
  func rates() throws {
    let report = Self.report(Self.caps.map { ($0.limit, $0.rate, nil) })
    let curve = try #require(report.curves.first)
    #expect(curve.best == nil && curve.fastest == 3 && curve.scope == nil)
    #expect(curve.points.allSatisfy { $0.efficiency == nil && $0.efficiencyChange == nil })
    #expect(report.conclusion == "24 of 24 measurements of 6 nodes verified")
    let one = Self.report([(320, 100, 300)])
    #expect(one.curves.isEmpty)
    #expect(one.notes.contains { $0.contains("at two values of PL1") })
  }

  @Test("what is not equal in all else is on no common curve")
  func unlike() {
    let plans = Self.report([(320, 100, 300), (160, 70, 150)]) { _, limit, result in
      if limit == 160 { result.plan.window = Seconds(20) }
    }
    #expect(plans.curves.isEmpty)
    // Each stands alone at its value: no group is told to be parted from another one.
    #expect(!plans.notes.contains { $0.contains("is not held against") })
    let two = Self.report([(320, 100, 300), (160, 70, 150)]) { node, _, result in
      if node == "n1" { result.tool.executableDigest = .value(String(repeating: "cd", count: 32)) }
    }
    #expect(two.curves.map(\.points.count) == [2, 2])
    #expect(two.curves.map { $0.points[0].nodes } == [5, 1])
    // One node alone is compared by its own uncertainty.
    #expect(two.curves[1].points[0].rateChange?.lower != nil)
  }

  @Test("one machine at several settings is one node, and two nodes with one boot are one machine")
  func oneMachine() {
    let own = Self.report(Self.caps) { node, _, result in result.set(.bootID, .text(node)) }
    #expect(own.oneMachine.isEmpty)
    let shared = Self.report(Self.caps) { node, _, result in
      result.set(.bootID, .text(node == "n2" ? "n1" : node))
    }
    #expect(shared.oneMachine == [["n1", "n2"]] && !shared.passes)
  }

  // MARK: - Plans

  private static func plan(
    _ seed: UInt8, expected: [String], options: [String] = ["--suite", "quick"],
    digest: String? = nil, version: String = "1"
  ) throws -> FleetPlan {
    FleetPlan(
      id: "00aa11bb",
      challenge: try #require(Challenge(bytes: [UInt8](repeating: seed, count: 32))),
      createdAt: 0, toolVersion: version, engine: "commands", program: "/opt/hashwatt",
      programDigest: digest, runOptions: options, engineOptions: [], timeLimitMinutes: 10,
      slots: nil, slotsArePerRack: false, stagger: Seconds(0), expected: expected, nodes: [])
  }

  private static func refusal(_ plans: [FleetPlan], over: String? = nil) -> String? {
    let named = zip(["a", "b", "c"], plans).map { (name: $0, plan: $1) }
    do throws(Failure) {
      _ = try FleetSweep(named, over: over)
      return nil
    } catch {
      return error.line
    }
  }

  @Test("the fact in which fleets differ is that of their --expect, or the one that is named")
  func fact() throws {
    let low = try Self.plan(1, expected: ["governor=performance", "pl1_limit_uw=160000000"])
    let high = try Self.plan(2, expected: ["governor=performance", "pl1_limit_uw=320500000"])
    let sweep = try FleetSweep([("a", low), ("b", high)], over: nil)
    #expect(sweep.fact == Self.limit && sweep.fact.title == "PL1")
    #expect(sweep.setting(low)?.text == "PL1 160 W" && sweep.setting(high)?.value == "320.5 W")
    let turbo = try FleetSweep(
      [("a", try Self.plan(1, expected: ["turbo=true"])), ("b", try Self.plan(2, expected: []))],
      over: "turbo")
    #expect(turbo.setting(try Self.plan(1, expected: ["turbo=true"]))?.value == "on")
    #expect(turbo.setting(low) == nil)
  }

  @Test("fleets that say nothing of one another are refused with the reason")
  func refusals() throws {
    let cap = { (watts: Int) in ["pl1_limit_uw=\(watts)000000"] }
    let one = try Self.plan(1, expected: cap(160))
    #expect(Self.refusal([one, try Self.plan(2, expected: cap(240))]) == nil)
    #expect(
      Self.refusal([
        one,
        try Self.plan(2, expected: cap(240), options: ["--suite", "quick", "--note", "240 W"]),
      ]) == nil)
    for (other, part) in [
      (one, "a and b are one fleet"),
      (try Self.plan(2, expected: cap(160)), "no --expect in which they differ"),
      (
        try Self.plan(2, expected: cap(240), options: ["--suite", "standard"]),
        "run options '--suite quick', there '--suite standard'"
      ),
      (
        try Self.plan(
          2, expected: cap(240), options: ["--suite", "quick", "--algorithm", "sha256d"]),
        "run options"
      ),
      (try Self.plan(2, expected: cap(240), version: "2"), "hashwatt 1, there 2"),
      (try Self.plan(2, expected: cap(240) + ["turbo=false"]), "differ in pl1_limit_uw, turbo"),
    ] {
      let told = Self.refusal([one, other])
      #expect(told?.contains(part) == true, "\(told ?? "not refused")")
    }
    let twice = [one, try Self.plan(2, expected: cap(240)), try Self.plan(3, expected: cap(160))]
    #expect(Self.refusal(twice)?.contains("a and c were both submitted for PL1 160 W") == true)
    let same = [try Self.plan(1, expected: []), try Self.plan(2, expected: [])]
    #expect(Self.refusal(same)?.contains("no --expect in which they differ") == true)
    #expect(Self.refusal(same, over: "governor") == nil)
    let digests = try ["ab", "cd"].enumerated().map { index, byte in
      try Self.plan(
        UInt8(index), expected: cap(160 + index), digest: String(repeating: byte, count: 32))
    }
    #expect(Self.refusal(digests)?.contains("abababababab, there cdcdcdcdcdcd") == true)
  }

  @Test("a result of another program than was submitted is told, where both are known")
  func program() throws {
    var tool = MadeFleet.result(rate: 100, watts: nil) { _ in }.tool
    let plan = try Self.plan(1, expected: [], digest: String(repeating: "ab", count: 32))
    #expect(plan.otherProgram(tool) == nil)
    tool.executableDigest = .value(String(repeating: "cd", count: 32))
    #expect(plan.otherProgram(tool)?.contains("cdcdcdcdcdcd, submitted was abababababab") == true)
    #expect(try Self.plan(1, expected: []).otherProgram(tool) == nil)
    tool.executableDigest = .unavailable(Reason(.notMeasured, "a debug build"))
    #expect(plan.otherProgram(tool) == nil)
  }
}
