import Fleet
import Model
import TestSupport
import Testing

struct FleetPlanTests {
  private static func plan(
    _ nodes: [(String, String?)], slots: Int? = nil, perRack: Bool = false, stagger: Double = 0
  ) throws -> FleetPlan {
    FleetPlan(
      id: "00aa11bb",
      challenge: try #require(Challenge(bytes: Array(0..<32))), createdAt: 0, toolVersion: "0",
      engine: "slurm", program: "/opt/hashwatt", programDigest: nil,
      runOptions: ["--suite", "quick", "--note", "it's"],
      engineOptions: [], timeLimitMinutes: 10, slots: slots, slotsArePerRack: perRack,
      stagger: Seconds(stagger), expected: [],
      nodes: try nodes.map { FleetNode(name: try #require(NodeName(rawValue: $0.0)), rack: $0.1) })
  }

  private static func schedule(_ plan: FleetPlan) -> (
    FleetSchedule, [(node: FleetNode, attempt: Int)]
  ) {
    (FleetSchedule(plan, folder: "/fleet"), plan.nodes.map { (node: $0, attempt: 1) })
  }

  @Test("the challenge of an attempt is that of the rule, for every node and attempt another one")
  func challenge() throws {
    let plan = try Self.plan([("n1", nil)])
    let name = try #require(NodeName(rawValue: "n1"))
    // printf 'hashwatt-fleet-1' followed by the bytes 00 to 1f, 02 00 00 00, 'n1', 01 00 00 00, through sha256sum.
    #expect(
      Hexadecimal.encode(plan.challenge(of: name, attempt: 1).bytes)
        == "9b1e403505ba7044e89cd58f932ca3488786ff6655bae79820b37795280acf0c")
    let other = try #require(NodeName(rawValue: "n2"))
    #expect(
      Set([
        plan.challenge(of: name, attempt: 1), plan.challenge(of: name, attempt: 2),
        plan.challenge(of: other, attempt: 1),
      ]).count == 3)
  }

  @Test("lists of names are those that schedulers write")
  func lists() throws {
    func names(_ text: String) throws -> [String] { try NodeList(text).names.map(\.rawValue) }
    #expect(try names("n1,n2 n3\nn1") == ["n1", "n2", "n3"])
    #expect(try names("n[01-03,7]-x,a.b_c-1") == ["n01-x", "n02-x", "n03-x", "n7-x", "a.b_c-1"])
    #expect(try names("n[9-11]") == ["n9", "n10", "n11"])
    for text in [
      "", ",", "n[1-3", "n1]", "n[[1]]", "n[3-1]", "n[a-b]", "n[1-99999]", "a[1]b[2]", "-n", ".n",
      "n;m", "n'",
      "$(id)", "n/../m", "n[]", "n\u{e9}", String(repeating: "n", count: 256),
      "n[1-9999],m[1-9999]",
    ] {
      #expect(throws: Failure.self, "\(text.prefix(20))") { try NodeList(text) }
    }
  }

  @Test("places are shared by names: so many names, so many at once, of the fleet or of each rack")
  func slots() throws {
    let nodes = (1...6).map { ("n\($0)", $0 <= 4 ? "r1" : "r 2") }
    let (all, attempts) = Self.schedule(try Self.plan(nodes))
    #expect(Set(all.jobs(attempts).map(\.name)).count == 6)
    #expect(all.jobs(attempts).allSatisfy { !$0.waitsForItsName && $0.delay.value == 0 })
    #expect(all.greatestStep(attempts) == 6)
    let (fleet, _) = Self.schedule(try Self.plan(nodes, slots: 2))
    #expect(
      fleet.jobs(attempts).map(\.name) == [1, 2, 1, 2, 1, 2].map { "hashwatt-00aa11bb-s\($0)" })
    #expect(fleet.jobs(attempts).allSatisfy(\.waitsForItsName) && fleet.greatestStep(attempts) == 2)
    let (racks, _) = Self.schedule(try Self.plan(nodes, slots: 3, perRack: true))
    #expect(
      racks.jobs(attempts).map(\.name)
        == ["r1-s1", "r1-s2", "r1-s3", "r1-s1", "r_2-s1", "r_2-s2"].map {
          "hashwatt-00aa11bb-\($0)"
        })
    #expect(racks.greatestStep(attempts) == 5)
    let (slow, _) = Self.schedule(try Self.plan(nodes, stagger: 20))
    #expect(slow.jobs(attempts).map(\.delay.value) == [0, 20, 40, 60, 80, 100])
    #expect(slow.greatestStep(attempts) == 1)
  }

  @Test("a line for each node is what a shell reads back")
  func commands() throws {
    let plan = try Self.plan([("n1", nil), ("n2", nil)])
    let (schedule, attempts) = Self.schedule(plan)
    let list = CommandList(schedule, attempts)
    let lines = list.commands.split(separator: "\n")
    #expect(lines.count == 2)
    let words = try #require(lines.first?.split(separator: "\t"))
    #expect(words[0] == "n1")
    let challenge = Hexadecimal.encode(plan.challenge(of: plan.nodes[0].name, attempt: 1).bytes)
    #expect(
      words[1]
        == "/opt/hashwatt run --suite quick --note 'it'\\''s' --challenge \(challenge) --results /fleet/results/n1 --profiles /fleet/profiles/n1"
    )
    #expect(list.inventory.hasPrefix("[hashwatt]\nn1 hashwatt_challenge=\(challenge)\nn2 "))
  }

  // MARK: - Progress

  private static func submitted(_ count: Int, attempts: Int = 1) throws -> FleetPlan {
    var plan = try plan((1...count).map { ("n\($0)", nil) })
    for index in plan.nodes.indices {
      plan.nodes[index].attempts = (1...attempts).map {
        FleetAttempt(
          number: $0, submittedAt: 0, job: FleetJobID(rawValue: "\(100 * $0 + index + 1)"))
      }
    }
    return plan
  }

  private static func found(
    _ plan: FleetPlan, _ node: Int, attempt: Int = 1, complete: Bool = true, at time: Double = 1,
    _ path: String
  ) -> FoundResult {
    FoundResult(
      path: path, challenge: plan.challenge(of: plan.nodes[node - 1].name, attempt: attempt),
      endedAt: time, isComplete: complete, endReason: complete ? nil : "the time limit came")
  }

  @Test("files come first, then the engine, then the log")
  func progress() throws {
    let plan = try Self.submitted(9)
    func job(_ node: Int) throws -> FleetJobID { try #require(FleetJobID(rawValue: "10\(node)")) }
    let progress = FleetProgress(
      plan,
      found: [
        Self.found(plan, 1, "a"), Self.found(plan, 2, complete: false, "b"),
        Self.found(plan, 3, complete: false, "c"),
        FoundResult(
          path: "alien",
          challenge: try #require(Challenge(bytes: [UInt8](repeating: 9, count: 32))),
          endedAt: 0, isComplete: true),
      ],
      states: [
        // A result that is there counts, whatever the engine still says.
        try job(1): .running, try job(2): .ended("TIMEOUT"), try job(3): .running,
        try job(4): .waiting("pending resources"), try job(5): .nodeDown("NodeDown"),
        try job(6): .ended("FAILED (exit code 7:0)"),
      ],
      lastLine: { node, _ in node.rawValue == "n6" || node.rawValue == "n7" ? "hashwatt: no" : nil }
    )
    #expect(
      progress.nodes.map(\.state) == [
        .complete, .partial, .running, .waiting, .nodeDown, .failed, .failed, .lost, .lost,
      ])
    #expect(progress.nodes[1].remark == "the time limit came")
    #expect(progress.nodes[5].remark == "FAILED (exit code 7:0): hashwatt: no")
    #expect(progress.strangers == ["alien"])
    #expect(
      progress.conclusion
        == "of 9 nodes: 1 complete; 1 running; 1 waiting; 1 node down; 1 partial; 2 failed; 2 lost")
    let silent = FleetProgress(plan, found: [], states: nil, lastLine: { _, _ in nil })
    #expect(silent.nodes.allSatisfy { $0.state == .open && !$0.state.needsAgain })
  }

  @Test("of several results one counts: the last attempt's, and of its the one that ended last")
  func duplicates() throws {
    let plan = try Self.submitted(1, attempts: 2)
    let progress = FleetProgress(
      plan,
      found: [
        Self.found(plan, 1, attempt: 1, at: 50, "first"),
        Self.found(plan, 1, attempt: 2, at: 9, "early"),
        Self.found(plan, 1, attempt: 2, at: 10, "late"),
        Self.found(plan, 1, attempt: 2, complete: false, at: 99, "cut"),
      ], states: [:], lastLine: { _, _ in nil })
    #expect(progress.nodes.first?.result == "late" && progress.nodes.first?.attempt == 2)
    #expect(progress.superseded == ["early", "first"])
  }
}
