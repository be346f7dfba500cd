import CPUBackend
import Model
import Testing

/// On the CPUs of a Core i9-12900K: eight P cores of two threads (CPUs 0-15), eight E cores (CPUs 16-23).
struct CPUChoiceTests {
  private static let kinds = [
    CoreKind(name: "P", coreType: "IntelCore", cpus: Array(0...15), cores: 8),
    CoreKind(name: "E", coreType: "IntelAtom", cpus: Array(16...23), cores: 8),
  ]
  /// One thread of each core first, as the run orders them.
  private static let available =
    Array(stride(from: 0, through: 14, by: 2)) + Array(16...23)
    + Array(stride(from: 1, through: 15, by: 2))

  private func selections(
    _ cpus: String?, _ counts: [PlacementWish.Count], available: [Int] = available,
    kinds: [CoreKind] = kinds
  ) throws -> [String] {
    try CPUChoice(cpus, available: available, kinds: kinds).placements(counts).map { placement in
      (placement.name.part ?? "any") + ":"
        + placement.places.map(String.init).joined(separator: ",")
    }
  }

  @Test("a quota of CPU time limits 'all' where no CPUs are named, and nothing that is asked for")
  func quota() throws {
    func counts(_ cpus: String?, _ count: PlacementWish.Count, _ quota: Double?) throws -> [Int] {
      try CPUChoice(cpus, available: Self.available, kinds: Self.kinds, quota: quota)
        .placements([count]).map(\.workers)
    }
    #expect(try counts(nil, .all, 2) == [2])
    #expect(try counts(nil, .all, 2.9) == [2])
    #expect(try counts(nil, .all, 0.5) == [1])
    #expect(try counts(nil, .all, 1000) == [24])
    #expect(try counts(nil, .all, nil) == [24])
    #expect(try counts(nil, .count(4), 2) == [4])
    #expect(try counts("0-3", .all, 2) == [4])
  }

  @Test("each kind is measured by itself at each thread count, one thread of each core first")
  func kinds() throws {
    let all = try selections("kinds", [.count(2), .all])
    #expect(
      all == [
        "P:0,2", "P:0,2,4,6,8,10,12,14,1,3,5,7,9,11,13,15", "E:16,17", "E:16,17,18,19,20,21,22,23",
      ])
    #expect(try selections("E", [.all]) == ["E:16,17,18,19,20,21,22,23"])
    #expect(try selections("E,P", [.count(1)]) == ["E:16", "P:0"])
  }

  @Test("without kinds the counts are of all CPUs; a count that means the same is measured once")
  func counts() throws {
    let all = try selections(nil, [.count(1), .count(24), .all])
    #expect(all.count == 2)
    #expect(all.first == "any:0")
    #expect(try selections("0-3", [.all]) == ["any:0,2,1,3"])
  }

  @Test("what is not there is refused by name")
  func refused() {
    func line(_ body: () throws -> [String]) -> String? {
      #expect(throws: Failure.self) { try body() }?.line
    }
    #expect(
      line { try selections("kinds", [.count(9)]) }
        == "--threads 9: only 8 CPUs of kind E are available to hash on: give at most 8")
    #expect(
      line { try selections("kinds", [.all], kinds: []) }
        == "--cpus kinds: this machine's core kinds are not known: give a list of CPUs, such as 0-3"
    )
    #expect(
      line { try selections("E", [.all], available: [0, 2]) }
        == "--cpus: no CPU of kind E is available to this process: choose among 0,2")
    #expect(line { try selections("0-3", [.all], available: [0, 2]) }?.contains("CPU 1,3") == true)
    #expect(line { try selections("Z", [.all]) }?.contains("or core kinds: P, E") == true)
  }
}
