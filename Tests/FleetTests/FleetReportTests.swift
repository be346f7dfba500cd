import Analysis
import Fleet
import Model
import Statistics
import TestSupport
import Testing

struct FleetReportTests {
  /// Rates of equal nodes about 100 MH/s that are nowhere near any limit.
  private static func equal(_ count: Int) -> [Double] {
    (0..<count).map { 100 + 0.1 * Double($0 % 5 - 2) }
  }

  private static func fleet(_ count: Int, watts: Double? = nil) -> MadeFleet {
    var fleet = MadeFleet()
    for (index, rate) in equal(count).enumerated() {
      fleet.add("n\(index + 1)", rate: rate, watts: watts)
    }
    return fleet
  }

  @Test("a slow node is called out with its depth and the fact in which it differs")
  func slow() throws {
    var fleet = Self.fleet(20)
    fleet.add("slow", rate: 95) { $0.set(.longTermPowerLimit, .integer(280_000_000)) }
    let report = fleet.report()
    #expect(report.nodes(.slow) == ["slow"])
    #expect(report.nodes(.tooGood).isEmpty)
    #expect(!report.passes)
    #expect(
      report.conclusion
        == "21 of 21 nodes verified; 1 slower than its sisters by 5.0 % (PL1 280 W, others 320 W)")
    let comparison = try #require(report.groups.first?.comparisons.first)
    #expect(comparison.limit == 0.0175)
    let value = try #require(comparison.values.first)
    #expect(value.node == "slow" && abs(value.deviation + 0.05) < 1e-9)
    #expect(try #require(value.lower) < -0.05 && (try #require(value.upper)) > -0.05)
  }

  @Test("nodes that worked over datasets of two epochs are not held against one another")
  func epochs() {
    var fleet = MadeFleet()
    for (index, rate) in Self.equal(12).enumerated() {
      let isLate = index >= 6
      fleet.add("n\(index)", rate: rate * (isLate ? 0.9 : 1)) {
        $0.workers[0].facts[.epoch] = .integer(isLate ? 440 : 435)
      }
    }
    let comparisons = fleet.report().groups.flatMap(\.comparisons)
    #expect(comparisons.map(\.work.epoch) == [435, 440])
    #expect(comparisons.allSatisfy { $0.values.count == 6 })
    #expect(comparisons.flatMap(\.values).allSatisfy { $0.verdict == .equal })
  }

  @Test("equal nodes pass, and one that is too good is told of but fails nothing")
  func tooGood() {
    #expect(Self.fleet(12).report().passes)
    var fleet = Self.fleet(12)
    fleet.add("fast", rate: 106)
    let report = fleet.report()
    #expect(report.nodes(.tooGood) == ["fast"])
    #expect(report.passes)
    #expect(report.conclusion.contains("1 better than its sisters"))
  }

  @Test("a node that does too much per joule is judged apart from its rate")
  func energy() {
    var fleet = Self.fleet(12, watts: 100)
    fleet.add("meter", rate: 100, watts: 80)
    let report = fleet.report()
    let called = report.groups.flatMap(\.comparisons).filter {
      $0.values.contains { $0.verdict == .tooGood }
    }
    #expect(called.map(\.quantity) == [.efficiency])
    #expect(called.first?.scope == .cpuPackage)
    #expect(called.first?.wanted == 0.05)
  }

  @Test("below four sisters nothing is told", arguments: 1...3)
  func few(count: Int) {
    var fleet = MadeFleet()
    for index in 0..<count { fleet.add("n\(index)", rate: index == 0 ? 50 : 100) }
    let report = fleet.report()
    #expect(report.nodes(.slow).isEmpty)
    #expect(report.nodes(.cannotTell).count == count)
    #expect(report.passes)
    #expect(report.conclusion.hasSuffix("\(count) with too few sisters to tell"))
    #expect(report.groups.first?.comparisons.first?.limit == nil)
  }

  @Test(
    "nodes with the very same value are equal, and one beside them is called out by the limit alone"
  )
  func ties() {
    var fleet = MadeFleet()
    for index in 0..<8 { fleet.add("n\(index)", rate: 100, scatter: 0) }
    #expect(fleet.report().passes)
    fleet.add("slow", rate: 98, scatter: 0)
    #expect(fleet.report().nodes(.slow) == ["slow"])
    #expect(
      fleet.report(
        FleetDemands(gates: [ComparisonGate(.throughput, limit: -0.03)].compactMap(\.self))
      ).nodes(.slow).isEmpty)
  }

  @Test("many slow nodes do not hide one another")
  func masking() {
    var fleet = Self.fleet(18)
    for index in 0..<6 { fleet.add("slow\(index)", rate: 94 + 0.1 * Double(index)) }
    #expect(fleet.report().nodes(.slow).count == 6)
    // What the usual rule of three standard deviations would say of the same numbers: nothing.
    let all = Self.equal(18) + (0..<6).map { 94 + 0.1 * Double($0) }
    let mean = Descriptive.mean(all) ?? 0
    let deviation = Descriptive.standardDeviation(all) ?? 0
    #expect(!all.contains { $0 < mean - 3 * deviation })
  }

  @Test("a node that measured badly must lie further out than one that measured well")
  func ownUncertainty() {
    var fleet = Self.fleet(12)
    fleet.add("noisy", rate: 97, scatter: 0.03)
    #expect(fleet.report().nodes(.slow).isEmpty)
    fleet.add("steady", rate: 97, scatter: 0.001)
    #expect(fleet.report().nodes(.slow) == ["steady"])
  }

  @Test("what is not equal is not compared: hardware, memory, plan, program")
  func groups() {
    var fleet = Self.fleet(6)
    fleet.add("other cpu", rate: 60) { result in
      result.devices[0] = Device(
        id: .cpu, kind: .cpu, hardwareID: HardwareID(rawValue: "cpu/other"), name: "Other",
        capabilities: [.sha256d], verdict: "can hash")
    }
    fleet.add("half the memory", rate: 60) {
      $0.machine.memory = .value(
        MemoryDescription(
          total: ByteCount(405_000_000_000), type: .value("DDR5"), speedMTps: .value(4800)))
    }
    fleet.add("other plan", rate: 60) { $0.plan.window = Seconds(20) }
    fleet.add("other tool", rate: 60) {
      $0.tool.executableDigest = .value(String(repeating: "cd", count: 32))
    }
    // Firmware keeps back a little more on this one.
    fleet.add("sister", rate: 60) {
      $0.machine.memory = .value(
        MemoryDescription(
          total: ByteCount(806_000_000_000), type: .value("DDR5"), speedMTps: .value(4800)))
    }
    let report = fleet.report()
    #expect(report.groups.map(\.nodes.count) == [7, 1, 1, 1, 1])
    #expect(report.nodes(.slow) == ["sister"])
    // What keeps machines of one model apart is said; another model says it by its name.
    let partings = [
      "half the memory": "memory 377.2 GiB, there 755.3 GiB",
      "other plan": "another plan",
      "other tool": "program of SHA-256 cdcdcdcdcdcd, there abababababab",
    ]
    #expect(report.notes.count { $0.contains("is not held against group 1") } == partings.count)
    for (node, text) in partings {
      let group = report.groups.first { $0.nodes == [node] }
      let note = "group \(group?.number ?? 0) is not held against group 1: "
      #expect(report.notes.contains { $0.hasPrefix(note) && $0.contains(text) }, "\(node)")
    }
  }

  @Test(
    "nodes that measured one after the other are told of, for one machine can have answered for them"
  )
  func overlap() {
    func notes(_ starts: [Double]) -> [String] {
      var fleet = MadeFleet()
      for (index, start) in starts.enumerated() {
        fleet.add("n\(index)", rate: 100) {
          $0.startedAt = start
          $0.endedAt = start + 60
        }
      }
      return fleet.report().notes
    }
    #expect(notes([0, 10, 59.9]) == [])
    #expect(
      notes([0, 60, 120]).first?.hasPrefix("at most 1 of 3 nodes measured at one moment") == true)
    #expect(notes([0, 30, 60, 90]).first?.hasPrefix("at most 2 of 4") == true)
    #expect(notes([0]) == [])
    // A file whose clock went backwards says nothing of that.
    var odd = MadeFleet()
    for index in 0..<2 {
      odd.add("n\(index)", rate: 100) {
        $0.startedAt = 100
        $0.endedAt = 50
      }
    }
    #expect(odd.report().notes == [])
  }

  @Test("the step of a load is the greatest power above idle that a result has, or is not known")
  func loadStep() throws {
    var summaries = MadeFleet.result(rate: 100, watts: 250) { _ in }.summaries
    #expect(LoadStep(summaries) == nil)
    var scopes = try #require(summaries[0].energy.value)
    // 100 MH/s at 0.5 MH/J above idle are 200 W.
    scopes[0].dynamicWorkPerJoule = 0.5e6
    summaries[0].energy = .value(scopes)
    let step = try #require(LoadStep(summaries))
    #expect(abs(step.power.value - 200) < 1e-6 && step.scope == .cpuPackage)
    scopes[0].dynamicWorkPerJoule = 0.4e6
    scopes[0].scope = .wall
    summaries[0].energy = .value((summaries[0].energy.value ?? []) + scopes)
    #expect(LoadStep(summaries)?.scope == .wall)
    #expect(LoadStep([]) == nil)
  }

  @Test("a node is held against a base, however few its sisters, as a gate is judged")
  func base() throws {
    func figures(_ rate: Double, scatter: Double = 0.001, watts: Double? = nil) -> [Figure] {
      Figure.all(
        of: MadeFleet.result(rate: rate, watts: watts, scatter: scatter) { _ in }, name: "base")
    }
    func report(_ rates: [Double], scatter: Double = 0.001, _ base: [Figure]) throws -> FleetReport
    {
      var fleet = MadeFleet()
      for (index, rate) in rates.enumerated() {
        fleet.add("n\(index)", rate: rate, watts: 100, scatter: scatter)
      }
      return fleet.report(FleetDemands(base: FleetBase("the base", base)))
    }
    let few = try report([100, 95], figures(100, watts: 100))
    #expect(few.belowBase == ["n1"] && !few.passes)
    #expect(few.conclusion.contains("1 below the base; 2 with too few sisters to tell"))
    // A little below is within the limit; where the node itself scatters, nobody can tell; a faster one is none the worse.
    #expect(try report([99, 103], figures(100)).passes)
    #expect(try report([95], scatter: 0.2, figures(100)).passes)
    #expect(try report([95], figures(100, scatter: 0.2)).passes)
    #expect(try report([50], scatter: 0.1, figures(100)).belowBase == ["n0"])
    // Work per joule apart from the rate, and only where the base has it.
    let dear = try report([100], figures(100, watts: 80))
    #expect(dear.belowBase == ["n0"])
    let value = try #require(dear.groups.first?.comparisons.first?.values.first?.base)
    #expect(abs(value.deviation) < 1e-9 && !value.isBelow)
    #expect(
      try report([100], figures(100)).groups[0].comparisons.map { $0.values[0].base == nil } == [
        false, true,
      ])
    #expect(FleetBase("nothing", []) == nil)
  }

  @Test("the runs of one node are one value, and their scatter is its uncertainty")
  func runs() throws {
    var answers = Self.fleet(6).answers
    let runs = [99.0, 101.0].map { MadeFleet.result(rate: $0, watts: nil) { _ in } }
    answers.append(
      NodeAnswer(
        name: "twice", files: ["a", "b"], state: .measured, isVerified: true,
        figures: zip(runs, ["a", "b"]).flatMap { Figure.all(of: $0, name: $1) },
        identity: SisterIdentity(runs[0]), facts: NodeFacts(runs[0])))
    let report = FleetReport(answers, FleetDemands())
    let value = try #require(
      report.groups.first?.comparisons.first?.values.first { $0.node == "twice" })
    #expect(abs(value.value - 100e6) < 1)
    #expect(abs((value.uncertainty ?? 0) - 0.01) < 1e-9)
  }

  @Test("what did not come back whole fails the fleet and is counted by its kind")
  func others() {
    var fleet = Self.fleet(6)
    fleet.add("half", rate: 0, state: .partial, remark: "interrupted")
    fleet.add("liar", rate: 0, state: .refuted, remark: "samples[0]: no")
    fleet.add("gone", rate: 0, state: .missing)
    let report = fleet.report()
    #expect(!report.passes)
    #expect(
      report.conclusion
        == "6 of 9 nodes verified; 1 interrupted; 1 false; 1 did not answer")
  }

  @Test("one boot of one machine that answers for two nodes is found")
  func oneMachine() {
    var fleet = Self.fleet(4)
    for name in ["a", "b"] { fleet.add(name, rate: 100) { $0.set(.bootID, .text("6f2b")) } }
    fleet.add("c", rate: 100) { $0.set(.bootID, .text("77aa")) }
    let report = fleet.report()
    #expect(report.oneMachine == [["a", "b"]])
    #expect(!report.passes)
    #expect(report.conclusion.hasSuffix("2 nodes are 1 machine"))
    #expect(fleet.report(FleetDemands(allowsOneMachine: true)).passes)
  }

  @Test("a fact that the slower nodes share is found, and one that tells nothing is not")
  func minorities() throws {
    var fleet = MadeFleet()
    var numbers = NormalNumbers(seed: 3)
    for index in 0..<40 {
      let isOld = index % 4 == 0
      fleet.add("n\(index)", rate: (isOld ? 97 : 100) + 0.3 * numbers.next()) { result in
        result.machine.platform.firmwareVersion = .value(isOld ? "1.0" : "2.0")
        result.machine.operatingSystem.kernelRelease = .value(index % 5 == 0 ? "6.1" : "6.8")
      }
    }
    let group = try #require(fleet.report().groups.first)
    #expect(group.minorities.map(\.fact.name) == ["firmware_version"])
    let finding = try #require(group.minorities.first)
    #expect(finding.nodes.count == 10 && finding.value == "1.0" && finding.usual == "2.0")
    #expect(abs(finding.deviation + 0.03) < 0.005)
    #expect(
      finding.text.hasPrefix("10 nodes with firmware 1.0 (others 2.0): sha256d avx512-2x16 -"))
  }

  @Test("heat, clock and failed checks of a node that stands out are told")
  func remarks() throws {
    var fleet = MadeFleet()
    for index in 0..<8 {
      fleet.add("n\(index)", rate: 100 + 0.1 * Double(index % 3)) { result in
        result.set(.temperature, .integer(71_000 + Int64(index % 3) * 500))
        result.set(.frequency, .integer(3_100_000 + Int64(index % 3) * 1000))
      }
    }
    fleet.add("hot", rate: 80) { result in
      result.set(.temperature, .integer(99_000))
      result.set(.frequency, .integer(2_400_000))
      result.checks = [
        Check(name: .throttling, verdict: .fail, message: "the counter rose"),
        Check(name: .swap, verdict: .pass, message: "none"),
      ]
    }
    let reasons = try #require(fleet.report().groups.first?.reasons["hot"])
    #expect(
      reasons.texts == [
        "failed check throttling", "clock 2.40 GHz, median 3.10 GHz",
        "temperature 99 °C, median 72 °C",
      ])
  }

  @Test("an expected fact is held against every state, and against silence")
  func expectations() throws {
    let result = MadeFleet.result(rate: 100, watts: nil) { _ in }
    #expect(try #require(ExpectedFact("governor=performance")).problem(in: result) == nil)
    #expect(
      try #require(ExpectedFact("pl1_limit_uw=280000000")).problem(in: result)
        == "pl1_limit_uw is 320000000, expected 280000000")
    #expect(
      try #require(ExpectedFact("turbo=true")).problem(in: result)
        == "turbo is not recorded, expected true")
    #expect(
      ExpectedFact("governor") == nil && ExpectedFact("=x") == nil && ExpectedFact("x=") == nil)
  }
}
