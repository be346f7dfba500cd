import Analysis
import JSON
import Model
import Records
import TestSupport
import Testing
import Verification

/// Every number of a result is changed by itself: `verify` finds it false, or says that it rests on somebody's word.
struct EveryNumberTests {
  /// Two series in turn, with everything that a result of this machine's own tool may hold.
  private static func result() throws -> RunResult {
    var run = ProvenRun()
    run.kernels = ["test-1", "test-2"]
    run.leadingZeroBits = 6
    run.windows = 2
    var result = run.make()
    result.tool.version = ToolIdentity.currentVersion
    result.plan.ramp = Seconds(2)
    result.plan.minimumRepeats = 2
    result.plan.maximumRepeats = 2
    result.plan.idle = Seconds(5)
    result.seed = 3
    result.machine.cpu = .value(cpu)
    result.samples.insert(idle, at: 0)
    for index in result.samples.indices { complete(&result.samples[index]) }
    let start = result.samples[0].start.first
    result.trace = [point(Seconds(7.5)), point(Seconds(8.5))]
    result.startedAt = unix(start) - 20
    result.endedAt = unix(result.samples[result.samples.count - 1].end.third) + 3
    result.kernelChoices = [
      KernelChoice(
        algorithm: .sha256d, unit: .hash, device: .cpu, requested: "best",
        chosen: [KernelID(rawValue: "test-1")],
        candidates: [
          KernelCandidate(kernel: KernelID(rawValue: "test-1"), briefThroughput: .value(140)),
          KernelCandidate(kernel: KernelID(rawValue: "test-2"), briefThroughput: .value(130)),
        ])
    ]
    result.roofline = CoreRoofline(
      cpu: 1, clock: 3e9,
      throughputs: [CoreRoofline.Throughput(operation: "add", vectorBits: 512, perCycle: 2)],
      kernels: [
        CoreRoofline.Kernel(
          algorithm: .sha256d, kernel: KernelID(rawValue: "test-1"), unit: .hash,
          operationsPerUnit: 100, clock: 3e9, bound: .value(200), boundBy: "add", measured: 150,
          spread: 0.01)
      ])
    // Windows lie as the seed has them.
    let order = try #require(
      (0..<64).first { seed in
        result.seed = seed
        return (try? verify(try ResultFile.encode(result.derivedAnew))) == true
      })
    result.seed = order
    return result.derivedAnew
  }

  private static let cpu = CPUDescription(
    hardwareID: HardwareID(rawValue: "cpu/test-2c"), vendor: .value("GenuineIntel"),
    modelName: .value("Test CPU"), architecture: .value("x86_64"), family: .value(6),
    model: .value(85), stepping: .value(7), microcode: .value("0x5003605"), packages: .value(1),
    dies: .value(1), cores: .value(2), threads: 4, onlineCPUs: [0, 1, 2], offlineCPUs: .value([3]),
    allowedCPUs: .value([0, 1]), coreKinds: .value([]),
    caches: .value([
      CacheDescription(name: "L2", size: ByteCount(1 << 20), count: 2, sharedBy: 2)
    ]),
    numaNodes: .value([
      NUMANode(index: 0, memory: .value(ByteCount(1 << 34)), cpus: [0, 1, 2])
    ]),
    tree: [
      PackageDescription(
        index: 0, modelName: .value("Test CPU"), cores: 2, cpus: [0, 1, 2],
        groups: [
          CacheGroup(cache: "L2", size: ByteCount(1 << 20), cores: 2, cpus: [0, 1, 2])
        ])
    ], features: .value(["avx2"]), minimumFrequencyHz: .value(1_200_000_000),
    maximumFrequencyHz: .value(3_900_000_000), simultaneousMultithreading: .value(true))

  private static var idle: Sample {
    func instants(_ seconds: Double) -> SnapshotInstants {
      let start = UInt64(seconds * 1e9)
      return SnapshotInstants(
        first: Instant(nanoseconds: start), second: Instant(nanoseconds: start + 20_000),
        third: Instant(nanoseconds: start + 30_000))
    }
    return Sample(
      kind: .idleBefore, series: nil, repeatIndex: 0, start: instants(3), end: instants(8.0001),
      spans: [],
      energy: [
        ChannelEnergy(
          meter: MeterID(rawValue: "sample:cpu-package"),
          interval: .value(
            EnergyInterval(energy: Microjoules(100_002_000), duration: Seconds(5.0001))))
      ], shares: [])
  }

  private static func unix(_ instant: Instant) -> Double {
    1_790_000_000 + Double(instant.nanoseconds) * 1e-9
  }

  private static func point(_ at: Seconds) -> TracePoint {
    TracePoint(
      at: at, rate: Rate(perSecond: 100, unit: .hash),
      power: [MeterID(rawValue: "sample:cpu-package"): Watts(40)])
  }

  /// Adds a trace whose points come to the window's work and energy, and the states around it.
  private static func complete(_ sample: inout Sample) {
    // The run began 2 s after the clock did.
    let origin = Instant(nanoseconds: 2_000_000_000)
    let start = sample.start.hashes.since(origin).value
    let end = sample.end.hashes.since(origin).value
    let watts = (sample.energy.first?.interval.value?.energy.joules ?? 0) / (end - start)
    let rate = sample.work / (end - start)
    sample.trace = (1...4).map { step in
      TracePoint(
        at: Seconds(step == 4 ? end : start + (end - start) * Double(step) / 4),
        rate: sample.kind == .load ? Rate(perSecond: rate, unit: .hash) : nil,
        power: [MeterID(rawValue: "sample:cpu-package"): Watts(watts)])
    }
    func state(_ instant: UInt64) -> MachineState {
      MachineState(
        instant: Instant(nanoseconds: instant), unixTime: unix(Instant(nanoseconds: instant)),
        facts: [.frequency: .value(.number(2.5e6)), .throttleCount: .value(.integer(3))])
    }
    sample.stateBefore = state(sample.start.first.nanoseconds - 1_000_000)
    sample.stateAfter = state(sample.end.third.nanoseconds + 1_000_000)
  }

  /// Whether `verify` calls it true; nil where it is no result at all.
  private static func verify(_ bytes: [UInt8]) throws -> Bool? {
    guard let recorded = try? ResultFile.read(bytes, name: "a.json") else { return nil }
    do {
      _ = try ResultVerifier(
        recorded, references: QuickReferences(), clock: FakeClock(),
        judge: { count, isTrue in (0..<count).first { !isTrue($0) } }
      ).verify()
      return true
    } catch is Falsehood {
      return false
    }
  }

  // MARK: Numbers of a tree

  /// Every number below a value, by its path; places in lists are `[3]`.
  private static func numbers(_ value: JSONValue, _ path: String = "") -> [String] {
    switch value {
    case .number: return [path]
    case .array(let elements):
      return elements.enumerated().flatMap { numbers($1, "\(path)[\($0)]") }
    case .object(let members):
      return members.sorted { $0.key < $1.key }.flatMap { key, member in
        numbers(member, path.isEmpty ? key : "\(path).\(key)")
      }
    default: return []
    }
  }

  /// The same with another number at a path.
  private static func changing(
    _ value: JSONValue, _ path: String, _ here: String = "", _ change: (String) -> String
  ) -> JSONValue {
    guard path.hasPrefix(here) else { return value }
    switch value {
    case .number(let text): return here == path ? .number(change(text)) : value
    case .array(let elements):
      return .array(
        elements.enumerated().map { changing($1, path, "\(here)[\($0)]", change) })
    case .object(let members):
      return .object(
        Dictionary(
          uniqueKeysWithValues: members.map { key, member in
            (key, changing(member, path, here.isEmpty ? key : "\(here).\(key)", change))
          }))
    default: return value
    }
  }

  /// A number by half as much again, and half of it; whole ones stay whole and change.
  private static let changes: [(String) -> String] = [
    { text in
      Int64(text).map { "\($0 + max(1, $0 / 2))" } ?? Double(text).map { "\($0 * 1.5 + 1)" } ?? text
    },
    { text in
      Int64(text).map { "\($0 > 0 ? $0 / 2 : 1)" } ?? Double(text).map { "\($0 * 0.5)" } ?? text
    },
  ]

  private static func withoutPlaces(_ path: String) -> String {
    var text = ""
    var depth = 0
    for character in path {
      if character == "[" { depth += 1 }
      if depth == 0 { text.append(character) }
      if character == "]" { depth -= 1 }
    }
    return text
  }

  @Test("each number of a result is proven, or is on the list of what rests on a word")
  func everyNumber() throws {
    let result = try Self.result()
    let bytes = try ResultFile.encode(result)
    try #require(try Self.verify(bytes) == true)
    let tree = try JSONParser.parse(bytes)
    let all = Self.numbers(tree)
    var passing: Set<String> = []
    var count = 0
    for path in all {
      let passes = try Self.changes.contains { change in
        let changed = JSONWriter.write(Self.changing(tree, path, change))
        return try changed != bytes && Self.verify(changed) == true
      }
      if passes {
        count += 1
        passing.insert(Self.withoutPlaces(path))
      }
    }
    let listed = Self.onSomebodysWord
    #expect(passing.sorted() == listed, "\(count) of \(all.count) numbers pass: \(passing.sorted())")
    for path in passing {
      #expect(StatedFacts.groups.count { $0.has(path) } == 1, "\(path) is in one group")
    }
    // No group has a key that is closed by now.
    for key in StatedFacts.groups.flatMap(\.keys) {
      #expect(
        listed.contains { key.hasSuffix(".") ? $0.hasPrefix(key) : $0 == key }, "\(key)")
    }
  }

  /// The keys of numbers that nothing else in a result contradicts when one of them is changed.
  private static let onSomebodysWord: [String] = []

  @Test("the committed results of real machines are true")
  func committed() throws {
    // A rule that a real run broke would call an honest person a liar.
    for result in [ProvenRun().make().derivedAnew] {
      #expect(try Self.verify(try ResultFile.encode(result)) != nil)
    }
  }
}
