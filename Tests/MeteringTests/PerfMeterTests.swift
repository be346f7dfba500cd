import LinuxSystem
import MeterCore
import Metering
import Model
import TestSupport
import Testing

/// F18, F19: perf's energy events, and their comparison with powercap.
@Suite(.serialized) struct PerfMeterTests {
  static let scale = "2.3283064365386962890625e-10"

  static func tree(
    _ device: PerfPMU.Device, _ events: [String: (config: String, scale: String)], vendor: String,
    cpus: String = "0,28"
  ) throws -> FixtureTree {
    let tree = try FixtureTree()
    let folder = String(device.folder.dropFirst())
    try tree.write("23\n", to: "\(folder)/type")
    try tree.write("\(cpus)\n", to: "\(folder)/cpumask")
    for (name, event) in events {
      try tree.write(event.config + "\n", to: "\(folder)/events/\(name)")
      try tree.write(event.scale + "\n", to: "\(folder)/events/\(name).scale")
      try tree.write("Joules\n", to: "\(folder)/events/\(name).unit")
    }
    try tree.write("vendor_id\t: \(vendor)\n", to: "proc/cpuinfo")
    return tree
  }

  static func pmu(_ events: [String: (config: String, scale: String)], vendor: String) throws
    -> PerfPMU?
  {
    let tree = try tree(.power, events, vendor: vendor)
    let root = SystemRoot(prefix: tree.path)
    defer { withExtendedLifetime(tree) {} }
    return PerfPMU(root, ProcessorFacts(root))
  }

  @Test func f18WrongEventListsAreRefused() throws {
    let listed = [
      "energy-pkg": ("event=0x02", Self.scale), "energy-cores": ("event=0x01", Self.scale),
      "energy-ram": ("event=0x03", Self.scale),
    ]
    let amd = try #require(try Self.pmu(listed, vendor: "AuthenticAMD"))
    #expect(amd.events.map(\.name) == ["energy-pkg"])
    #expect(amd.refused.count == 2)
    #expect(amd.cpus == [0, 28])
    let intel = try #require(try Self.pmu(listed, vendor: "GenuineIntel"))
    #expect(intel.events.map(\.config) == [1, 2, 3])
    let odd = try #require(
      try Self.pmu(
        ["energy-pkg": ("event=0x02", "1.0"), "energy-gpu": ("config1=7", Self.scale)],
        vendor: "GenuineIntel"))
    #expect(odd.events.isEmpty)
    #expect(odd.refused.count == 2)
  }

  /// Newer kernels count each core of an AMD processor: one channel is one core, never "cores".
  @Test func coresOfAMDAreOneChannelEach() throws {
    let tree = try Self.tree(
      .core, ["energy-core": ("event=0x01", Self.scale)], vendor: "AuthenticAMD", cpus: "0-3")
    let root = SystemRoot(prefix: tree.path)
    let facts = ProcessorFacts(root)
    #expect(PerfPMU(root, facts) == nil)
    let pmu = try #require(PerfPMU(root, facts, .core))
    #expect(pmu.cpus == [0, 1, 2, 3])
    let event = try #require(pmu.events.first)
    let channels = [0, 3].map { PerfReader.channel(event, .core, $0, 1, facts).descriptor }
    #expect(channels.map(\.id.rawValue) == ["perf:energy-core@cpu0", "perf:energy-core@cpu3"])
    #expect(channels.map(\.label) == ["core[cpu0]", "core[cpu3]"])
    #expect(channels.map(\.part) == ["1/cpu0", "1/cpu3"])
    #expect(channels.allSatisfy { $0.scope == .cpuCore && $0.kind == .modelled })
    #expect(ScopeLattice.areDisjoint(channels[0], channels[1]))
    // A core that is not there is told with those that are; one that is cannot be opened on a captured machine.
    func refusal(_ name: String) throws -> Reason? {
      try MeterCatalog.open(
        selection: [name],
        environment: MeterEnvironment(root: root, clock: RawMonotonicClock(), probing: .none)
      ).unavailable.first?.reason
    }
    #expect(try refusal("perf:energy-core@cpu9")?.remedy?.contains("0, 1, 2, 3") == true)
    #expect(try refusal("perf:energy-core@cpu3")?.code == .notCaptured)
    withExtendedLifetime(tree) {}
  }

  /// The machine's own PMU, where it has one: read, or refused with a reason.
  @Test func theMachinesOwnPowerEventsAreReadOrExplained() {
    let found = PerfSource().discover(
      MeterRequest(
        environment: MeterEnvironment(root: .live, clock: RawMonotonicClock())))
    if found.readers.isEmpty {
      NotRun.report("perf power events: \(found.unavailable.first?.message ?? "no reason given")")
      #expect(!found.unavailable.isEmpty)
    }
    for reader in found.readers {
      #expect(reader.read(RawMonotonicClock()).allSatisfy { $0.value.value != nil })
    }
  }

  // MARK: Refusals (R13)

  static func refusal(paranoid: String?, lockdown: String?) throws -> Reason {
    let tree = try FixtureTree()
    if let paranoid { try tree.write(paranoid, to: "proc/sys/kernel/perf_event_paranoid") }
    if let lockdown { try tree.write(lockdown, to: "sys/kernel/security/lockdown") }
    defer { withExtendedLifetime(tree) {} }
    return PerfReader.refusal(.permissionDenied, SystemRoot(prefix: tree.path))
  }

  @Test func aRefusalNamesTheSettingThatDidIt() throws {
    let paranoid = try Self.refusal(
      paranoid: "4\n", lockdown: "none integrity [confidentiality]\n")
    #expect(paranoid.code == .permission)
    #expect(paranoid.message.contains("perf_event_paranoid is 4"))
    #expect(paranoid.remedy?.contains("sysctl kernel.perf_event_paranoid=0") == true)
    #expect(paranoid.remedy?.contains("PROGRAM") == false)
    let locked = try Self.refusal(
      paranoid: "-1\n", lockdown: "none integrity [confidentiality]\n")
    #expect(locked.code == .lockdown)
    #expect(locked.remedy?.contains("Secure Boot") == true)
    #expect(locked.remedy?.contains("cost: ") == true)
    for lockdown in [
      "[none] integrity confidentiality\n", "none [integrity] confidentiality\n", nil,
    ] {
      let filtered = try Self.refusal(paranoid: "0\n", lockdown: lockdown)
      #expect(filtered.code == .permission)
      #expect(filtered.message.contains("seccomp"))
    }
  }

  @Test(arguments: [
    ("[none] integrity confidentiality\n", KernelLockdown.off),
    ("none [integrity] confidentiality\n", .integrity), ("none integrity\n", nil),
    ("[strange]", nil),
  ])
  func lockdownIsReadFromItsFile(text: String, state: KernelLockdown?) throws {
    let tree = try FixtureTree()
    try tree.write(text, to: "sys/kernel/security/lockdown")
    withExtendedLifetime(tree) {
      #expect(KernelLockdown(SystemRoot(prefix: tree.path)) == state)
    }
  }

  // MARK: Lost wraps (F19)

  @Test func theLostWrapFollowsFromTheStepThatTheProbeSaw() {
    func probe(_ steps: [UInt64]) -> CounterProbe {
      var probe = CounterProbe()
      probe.steps = steps
      return probe
    }
    let unit: UInt64 = 1 << 18
    #expect(PerfProbe.lostWrap(probe([7, 12, 9, 10].map { $0 * unit })) == 1 << 50)
    #expect(PerfProbe.lostWrap(probe([7, 12].map { $0 * unit })) == nil)
    #expect(PerfProbe.lostWrap(probe([9, 12, 15, 3].map { $0 * unit })) == nil)
    #expect(PerfProbe.lostWrap(probe([1, 2, 3, 4])) == nil)
    #expect(PerfProbe.lostWrap(probe([1, 2, 3, 4].map { $0 << 32 })) == nil)
  }

  // MARK: The cross-check (R11)

  @Test func theCrossCheckKnowsTheTwoUnitsOfDRAM() {
    func descriptor(_ scope: Scope) -> MeterDescriptor {
      testMeter("powercap:x", scope: scope)
    }
    #expect(RAPLCrossCheck.judge(descriptor(.cpuPackage), 0.012).verdict == .fail)
    #expect(RAPLCrossCheck.judge(descriptor(.dram), 0.012).verdict == .pass)
    #expect(RAPLCrossCheck.judge(descriptor(.dram), -0.02).verdict == .fail)
    #expect(RAPLCrossCheck.judge(descriptor(.dram), nil).verdict == .unknown)
  }

  /// The catalogue's powercap on a simulated machine beside a stand-in for perf that shows the simulation's own counter.
  static func crossCheck(gain: Double, opensIt: Bool) throws -> [Check] {
    let machine = try #require(SimulatedMachines.machine("one-package"))
    let simulation = try SimulatedPowercap(
      in: FixtureTree(), zones: machine.zones, load: .constant(1), vendor: machine.vendor)
    simulation.start()
    defer { simulation.stop() }
    let sources: [any MeterSource] = [
      PowercapSource(), StandInPerf(simulation: simulation, gain: gain),
    ]
    let environment = MeterEnvironment(
      root: SystemRoot(prefix: simulation.root), clock: RawMonotonicClock())
    guard opensIt else {
      return MeterCatalog.diagnose(environment, among: sources).flatMap(\.checks)
    }
    let opened = try MeterCatalog.open(selection: [], environment: environment, among: sources)
    defer { opened.session.finish() }
    // Perf is the cross-check only: the run has one column for the package.
    #expect(opened.session.descriptors.map(\.id.rawValue) == ["powercap:package-0"])
    return opened.session.checks
  }

  /// Both ways to the registers are read at the same instants for two seconds, for a run and for `doctor`.
  @Test(arguments: [(1.0, true), (1.0, false), (1.03, true), (0.95, false)])
  func powercapAndPerfAreComparedOverTheSameTime(gain: Double, opensIt: Bool) throws {
    let checks = try Self.crossCheck(gain: gain, opensIt: opensIt)
    let check = try #require(
      checks.first { $0.name.rawValue == "meter-cross-check:powercap:package-0" })
    #expect(check.verdict == (gain == 1 ? .pass : .fail), "\(check.message)")
    #expect(check.message.contains("over 2 s"))
  }
}

/// Perf's view of a simulated package: the same energy in perf's unit, times a gain.
struct StandInPerf: MeterSource {
  let simulation: SimulatedPowercap
  let gain: Double

  var id: MeterSourceID { MeterSourceID("perf", isOnMachine: true) }
  var summary: String { "a stand-in" }
  var argumentName: String? { nil }

  func discover(_ request: MeterRequest) -> MeterDiscovery {
    MeterDiscovery(readers: [Reader(simulation: simulation, gain: gain)])
  }

  struct Reader: MeterReader {
    let simulation: SimulatedPowercap
    let gain: Double
    let channels: [MeterChannel]
    let pace = ReadingPace.inline(guardPeriod: Seconds(1))

    init(simulation: SimulatedPowercap, gain: Double) {
      self.simulation = simulation
      self.gain = gain
      channels = [
        MeterChannel(
          descriptor: testMeter("perf:energy-pkg@package-0", scope: .cpuPackage),
          rules: ChannelRules(unit: .perf, maximumPower: Watts(1000)))
      ]
    }

    func read(_ clock: any MonotonicClock) -> [ChannelReading] {
      let shown = Double(simulation.present.microjoules[0]) * gain
      return [
        ChannelReading(
          channel: 0, instant: clock.now(), value: .value(UInt64(shown * 4294.967296)))
      ]
    }
  }
}
