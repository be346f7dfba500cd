import Analysis
import Foundation
import JSON
import LinuxSystem
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
    // Few, because all of it is verified some hundred times.
    run.hashes = 120
    run.leadingZeroBits = 4
    run.windows = 2
    var result = run.make()
    // Every other round mirrors the one before.
    var (first, second) = (result.samples[3], result.samples[2])
    let (early, late) = (second, first)
    (first.start, first.end, first.energy) = (early.start, early.end, early.energy)
    (second.start, second.end, second.energy) = (late.start, late.end, late.energy)
    result.samples[2...3] = [first, second]
    result.tool.version = ToolIdentity.currentVersion
    result.plan.warmup = Seconds(3)
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
    var found: Set<Falsehood> = []
    for seed in UInt64(0)..<64 {
      result.seed = seed
      guard let falsehood = try falsehood(ResultFile.encode(result.derivedAnew)) else {
        return result.derivedAnew
      }
      found.insert(falsehood)
    }
    throw TestSupportError("no seed gives the order of its windows: \(found)")
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
    guard (try? ResultFile.read(bytes, name: "a.json")) != nil else { return nil }
    return try falsehood(bytes) == nil
  }

  private static func falsehood(_ bytes: [UInt8]) throws -> Falsehood? {
    do {
      _ = try ResultVerifier(
        try ResultFile.read(bytes, name: "a.json"), references: QuickReferences(),
        clock: FakeClock(), judge: { count, isTrue in (0..<count).first { !isTrue($0) } }
      ).verify()
      return nil
    } catch let falsehood as Falsehood {
      return falsehood
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
    _ value: JSONValue, _ path: String, below here: String = "", _ change: (String) -> String
  ) -> JSONValue {
    guard path.hasPrefix(here) else { return value }
    switch value {
    case .number(let text): return here == path ? .number(change(text)) : value
    case .array(let elements):
      return .array(
        elements.enumerated().map { changing($1, path, below: "\(here)[\($0)]", change) })
    case .object(let members):
      return .object(
        Dictionary(
          uniqueKeysWithValues: members.map { key, member in
            (key, changing(member, path, below: here.isEmpty ? key : "\(here).\(key)", change))
          }))
    default: return value
    }
  }

  /// A number by half as much again, and half of it; whole ones stay whole and change.
  private static let changes: [@Sendable (String) -> String] = [
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
    // Of numbers that differ in their places only, the first and the last.
    let places = Dictionary(grouping: all, by: Self.withoutPlaces)
    for path in places.values.flatMap({ Set([$0.first, $0.last].compactMap(\.self)) }).sorted() {
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
    #expect(
      passing.sorted() == listed, "\(count) of \(all.count) numbers pass: \(passing.sorted())")
    for path in passing {
      #expect(StatedFacts.groups.count { $0.has(path) } == 1, "\(path) is in one group")
    }
    // No group has a key that is closed by now. These hold words, are told twice and could be changed in both places, or
    // are known to a day.
    let others = [
      "arguments.", "devices.", "ended_unix_s", "meters.", "note", "samples.energy.",
      "started_unix_s",
      "workers.",
    ]
    for key in StatedFacts.groups.flatMap(\.keys) where !others.contains(key) {
      #expect(
        listed.contains { key.hasSuffix(".") ? $0.hasPrefix(key) : $0 == key }, "\(key)")
    }
  }

  /// The keys of numbers that nothing else in a result contradicts when one of them is changed.
  private static let onSomebodysWord: [String] = [
    "kernel_choices.candidates.brief_rate_per_s",
    "machine.cpu.caches.count",
    "machine.cpu.caches.shared_by_threads",
    "machine.cpu.caches.size_bytes",
    "machine.cpu.dies",
    "machine.cpu.family",
    "machine.cpu.maximum_frequency_hz",
    "machine.cpu.minimum_frequency_hz",
    "machine.cpu.model",
    "machine.cpu.numa_nodes.cpus",
    "machine.cpu.numa_nodes.index",
    "machine.cpu.numa_nodes.memory_bytes",
    "machine.cpu.offline_cpus",
    "machine.cpu.stepping",
    "machine.cpu.tree.groups.cpus",
    "machine.cpu.tree.groups.size_bytes",
    "machine.cpu.tree.index",
    "plan.idle_s",
    "plan.maximum_repeats",
    "plan.ramp_s",
    "plan.warmup_limit_s",
    "roofline.clock_hz",
    "roofline.cpu",
    "roofline.kernels.clock_hz",
    "roofline.kernels.operations_per_unit",
    "roofline.kernels.spread_relative",
    "roofline.throughputs.per_cycle",
    "roofline.throughputs.vector_bits",
    "samples.end.meters_from_ns",
    "samples.start.meters_from_ns",
    "samples.state_after.at_ns",
    "samples.state_after.at_unix_s",
    "samples.state_after.facts.scaling_cur_mean_khz",
    "samples.state_before.at_ns",
    "samples.state_before.at_unix_s",
    "samples.state_before.facts.scaling_cur_mean_khz",
    "samples.trace.at_s",
    "trace.at_s",
    "trace.power_w.sample:cpu-package",
    "trace.rate_per_s",
  ]

  @Test(
    "the committed results of real machines contradict themselves nowhere", arguments: treeResults)
  func committed(path: String) throws {
    // A rule that an honest run breaks would call its owner a liar.
    let bytes = try SystemRoot.live.bytes("\(Self.project)/\(path)", limit: 1 << 28)
    try ResultConsistency(try ResultFile.decode(bytes, name: path)).verify()
  }

  private static let project = #filePath.components(separatedBy: "/Tests/")[0]

  /// Every result in the tree, by its path.
  private static let treeResults: [String] = ["results", "Benchmarks"].flatMap { folder in
    (FileManager.default.enumerator(atPath: "\(project)/\(folder)")?.allObjects ?? [])
      .compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }.sorted()
      .map { "\(folder)/\($0)" }
      .filter { path in
        let text = try? String(contentsOfFile: "\(project)/\(path)", encoding: .utf8)
        return text?.contains("\"format\": \"hashwatt-result\"") == true
      }
  }

  @Test("there are such results")
  func someAreThere() { #expect(Self.treeResults.count >= 4, "\(Self.treeResults)") }
}
