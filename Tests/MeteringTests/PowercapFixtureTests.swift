import LinuxSystem
import MeterCore
import Metering
import Model
import TestSupport
import Testing

/// F1 to F10, F15 to F17 of power.md 6.2: trees built from the kernel's documented layout.
@Suite struct PowercapFixtureTests {
  static func zone(_ folder: String, _ name: String) -> SimulatedZone {
    SimulatedZone(folder, name, base: 40, perBusyCPU: 25)
  }

  /// The channels that a tree gives, its counters standing, without trying them out.
  static func discover(
    _ zones: [SimulatedZone], vendor: String = "GenuineIntel", isVirtual: Bool = false
  ) throws -> MeterDiscovery {
    let simulation = try SimulatedPowercap(
      in: FixtureTree(), zones: zones, vendor: vendor, isVirtual: isVirtual)
    return PowercapSource().discover(
      MeterRequest(
        environment: MeterEnvironment(
          root: SystemRoot(prefix: simulation.root), clock: RawMonotonicClock(), probing: .none)))
  }

  static func ids(_ discovery: MeterDiscovery) -> [String] {
    discovery.readers.flatMap(\.channels).map(\.descriptor.id.rawValue)
  }

  @Test func f1ClientWithTwinAndPsys() throws {
    let found = try Self.discover([
      Self.zone("intel-rapl:0", "package-0"), Self.zone("intel-rapl:0:0", "core"),
      Self.zone("intel-rapl:0:1", "uncore"), Self.zone("intel-rapl:1", "psys"),
      Self.zone("intel-rapl-mmio:0", "package-0"),
    ])
    #expect(
      Self.ids(found) == [
        "powercap:package-0", "powercap:package-0/core", "powercap:package-0/uncore",
        "powercap:psys",
      ])
  }

  @Test func f1TheTwinIsUsedWhereItIsAlone() throws {
    #expect(
      try Self.ids(Self.discover([Self.zone("intel-rapl-mmio:0", "package-0")])) == [
        "powercap:package-0"
      ])
  }

  @Test func f3DiesOfIntelPartsAreShares() throws {
    let found = try Self.discover([
      Self.zone("intel-rapl:0", "package-0-die-0"), Self.zone("intel-rapl:1", "package-0-die-1"),
    ])
    let channels = found.readers.flatMap(\.channels).map(\.descriptor)
    #expect(channels.map(\.part) == ["0.0", "0.1"])
    #expect(channels.allSatisfy { $0.scope == .cpuPackage && $0.mirrorOf == nil })
    #expect(ScopeLattice.areDisjoint(channels[0], channels[1]))
  }

  @Test func f4TheCoreZoneOfAMDIsOneCore() throws {
    let found = try Self.discover(
      [Self.zone("intel-rapl:0", "package-0"), Self.zone("intel-rapl:0:0", "core")],
      vendor: "AuthenticAMD")
    let channels = found.readers.flatMap(\.channels).map(\.descriptor)
    #expect(channels.map(\.kind) == [.modelled, .modelled])
    #expect(channels[1].label == "package-0/core[cpu0]")
    #expect(channels[1].part == "0/cpu0")
    #expect(channels[0].accuracy.gainBound == 0.10)
    #expect(channels[0].accuracy.isAssumed)
  }

  @Test func f6ServerPsysStandsApart() throws {
    var psys = Self.zone("intel-rapl:1", "psys")
    psys.start = 60_293_987_000_000
    psys.range = 4_294_967_295_000_000
    psys.unitNanojoules = 1_000_000_000
    let found = try Self.discover([
      Self.zone("intel-rapl:0", "package-0"), Self.zone("intel-rapl:0:0", "dram"), psys,
    ])
    let channels = found.readers.flatMap(\.channels)
    #expect(channels.map(\.descriptor.scope) == [.cpuPackage, .dram, .psys])
    #expect(channels[1].descriptor.accuracy.gainBound == 0.20)
    #expect(channels[2].rules.modulus == 4_294_967_296_000_000)
  }

  @Test func f7IdsAreHexadecimalAndTheirOrderMeansNothing() throws {
    let zones = (0..<18).map {
      Self.zone("intel-rapl:\(String(17 - $0, radix: 16))", "package-\($0)")
    }
    let found = try Self.discover(zones)
    #expect(Set(Self.ids(found)) == Set((0..<18).map { "powercap:package-\($0)" }))
  }

  @Test func f9AMaskedFolderIsToldFromAnAbsentOne() throws {
    let tree = try FixtureTree()
    try tree.write("vendor_id\t: GenuineIntel\nflags\t: sse2\n", to: "proc/cpuinfo")
    try tree.folder("sys/class/powercap")
    try tree.link(
      "sys/class/powercap/intel-rapl:0", to: "../../devices/virtual/powercap/intel-rapl:0")
    try tree.folder("sys/devices/virtual/powercap")
    #expect(try Self.reason(tree)?.code == .masked)
  }

  @Test func f10AnAbsentFolderNamesTheModule() throws {
    let tree = try FixtureTree()
    try tree.write("vendor_id\t: GenuineIntel\nflags\t: sse2\n", to: "proc/cpuinfo")
    try tree.folder("sys/class")
    let reason = try Self.reason(tree)
    #expect(reason?.code == .moduleMissing)
    #expect(reason?.remedy?.contains("modprobe intel_rapl_msr") == true)
    try tree.write("vendor_id\t: GenuineIntel\nflags\t: sse2 hypervisor\n", to: "proc/cpuinfo")
    #expect(try Self.reason(tree)?.code == .virtualMachine)
    try tree.write("Processor\t: ARMv8\n", to: "proc/cpuinfo")
    #expect(try Self.reason(tree)?.code == .unsupported)
  }

  static func reason(_ tree: FixtureTree) throws -> Reason? {
    let found = PowercapSource().discover(
      MeterRequest(
        environment: MeterEnvironment(
          root: SystemRoot(prefix: tree.path), clock: RawMonotonicClock())))
    #expect(found.readers.isEmpty)
    return found.unavailable.first
  }

  @Test func f15ACounterThatStaysZeroIsNone() throws {
    var zone = SimulatedZone("intel-rapl:0", "package-0", base: 0, perBusyCPU: 0)
    zone.start = 0
    let simulation = try SimulatedPowercap(in: FixtureTree(), zones: [zone])
    let found = PowercapSource().discover(
      MeterRequest(
        environment: MeterEnvironment(
          root: SystemRoot(prefix: simulation.root), clock: RawMonotonicClock())))
    #expect(found.readers.isEmpty)
    #expect(found.unavailable.map(\.code) == [.absent])
  }

  @Test func f16AGuestsCounterIsAttributed() throws {
    let found = try Self.discover([Self.zone("intel-rapl:0", "package-0")], isVirtual: true)
    let channel = try #require(found.readers.first?.channels.first)
    #expect(channel.descriptor.kind == .attributed)
    #expect(channel.descriptor.accuracy.gainBound == nil)
  }

  @Test func f17AnUnknownZoneIsKeptAndNeverAdded() throws {
    let found = try Self.discover([
      Self.zone("intel-rapl:0", "package-0"), Self.zone("intel-rapl:1", "accelerator"),
      Self.zone("intel-rapl:2", "accelerator"),
    ])
    let channels = found.readers.flatMap(\.channels).map(\.descriptor)
    #expect(
      channels.map(\.id.rawValue) == [
        "powercap:accelerator", "powercap:accelerator@intel-rapl:2", "powercap:package-0",
      ])
    #expect(channels[0].scope == .unknown)
    #expect(!ScopeLattice.areDisjoint(channels[0], channels[1]))
  }

  @Test(arguments: [
    ("package-0", ZoneName.package(0, die: nil)), ("package-12-die-3", .package(12, die: 3)),
    ("core", .core), ("uncore", .uncore), ("dram", .dram), ("psys", .psys),
    ("package-", .unknown("package-")), ("package-0-die-", .unknown("package-0-die-")),
    ("package-x", .unknown("package-x")), ("package--1", .unknown("package--1")),
    ("", .unknown("")),
  ])
  func namesFollowOneGrammar(text: String, name: ZoneName) {
    #expect(ZoneName(text) == name)
  }

  @Test func theGuardReadsAQuarterOfTheWrapTimeOrOnceASecond() throws {
    var small = Self.zone("intel-rapl:0", "package-0")
    small.range = 400_000_000
    let fast = try #require(try Self.discover([small]).readers.first)
    #expect(abs((fast.pace.guardPeriod?.value ?? 0) - 0.1) < 1e-6)
    let usual = try #require(
      try Self.discover([Self.zone("intel-rapl:0", "package-0")]).readers.first)
    #expect(usual.pace.guardPeriod == Seconds(1))
  }
}
