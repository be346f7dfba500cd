import LinuxSystem
import MeterCore
import Metering
import Model
import Synchronization
import TestSupport
import Testing

/// Readings of real meters that somebody reported, read in place beside the project.
@Suite(.serialized) struct ReportedMeterTests {
  static var folder: String { "\(PowercapCaptureTests.captures)/hunt2-metering" }

  /// Nil, and a line in the list of what did not run, where the reports are absent.
  static func text(_ path: String) throws -> String? {
    guard SystemRoot.live.exists("\(folder)/\(path)") else {
      NotRun.report("report \(path): \(folder)/\(path) is absent")
      return nil
    }
    return String(decoding: try SystemRoot.live.bytes("\(folder)/\(path)"), as: UTF8.self)
  }

  static func tree(_ path: String) throws -> TemporaryFolder? {
    guard SystemRoot.live.exists("\(folder)/\(path)") else {
      NotRun.report("report \(path): \(folder)/\(path) is absent")
      return nil
    }
    let target = try TemporaryFolder()
    let outcome = try ChildProcess.run(
      try #require(ChildProcess.find("tar")), ["-xpf", "\(folder)/\(path)", "-C", target.path])
    #expect(outcome.status == 0)
    return target
  }

  static func discover(_ source: any MeterSource, _ root: String) -> MeterDiscovery {
    source.discover(
      MeterRequest(
        environment: MeterEnvironment(
          root: SystemRoot(prefix: root), clock: RawMonotonicClock(), probing: .none)))
  }

  static func channels(_ found: MeterDiscovery) -> [MeterDescriptor] {
    found.readers.flatMap(\.channels).map(\.descriptor)
  }

  // MARK: hwmon and batteries

  struct Tree: CustomTestStringConvertible {
    let path: String
    let source: any MeterSource
    /// Scopes of the channels that can be used, by what their names end in.
    let scopes: [String: Scope]
    /// Words of each reason.
    let refused: [String]
    var testDescription: String { path }
  }

  static let trees: [Tree] = [
    Tree(
      path: "hwmon/acpi-unknown-4mw.tar", source: HwmonSource(), scopes: [:],
      refused: ["stands for an unknown power"]),
    Tree(
      path: "hwmon/xe-card-stuck-at-0.tar", source: HwmonSource(),
      scopes: ["energy2_input": .gpuChip], refused: ["reads exactly 0"]),
    Tree(
      path: "hwmon/xe-b570-crit-328w.tar", source: HwmonSource(),
      scopes: ["energy1_input": .gpuBoard, "energy2_input": .gpuChip], refused: []),
    Tree(
      path: "hwmon/macsmc-battery-twin.tar", source: HwmonSource(), scopes: [:],
      refused: ["is the battery macsmc-battery, which is not discharging (Charging)"]),
    Tree(
      path: "hwmon/macsmc-battery-twin.tar", source: BatterySource(), scopes: [:],
      refused: ["macsmc-battery is not discharging (Charging)"]),
    Tree(
      path: "hwmon/corsairpsu.tar", source: HwmonSource(),
      scopes: [
        "power1_input": .dcSystem, "power2_input": .unknown, "power3_input": .unknown,
        "power4_input": .unknown,
      ], refused: []),
    Tree(
      path: "no-rapl/amd-fx-8350.tar", source: HwmonSource(), scopes: ["power1_input": .cpuPackage],
      refused: []),
    Tree(
      path: "power_supply/two-batteries.tar", source: BatterySource(), scopes: ["BAT0": .dcSystem],
      refused: ["BAT1 is not discharging (Unknown)"]),
    Tree(
      path: "power_supply/console-battery-full.tar", source: BatterySource(), scopes: [:],
      refused: ["battery is not discharging (Full)"]),
  ]

  @Test(arguments: trees) func treesGiveWhatTheyMeasure(_ example: Tree) throws {
    guard let folder = try Self.tree(example.path) else { return }
    let found = Self.discover(example.source, folder.path)
    let channels = Self.channels(found)
    #expect(channels.count == example.scopes.count, "\(channels.map(\.id))")
    for (ending, scope) in example.scopes {
      #expect(channels.first { $0.id.rawValue.hasSuffix(ending) }?.scope == scope, "\(ending)")
    }
    #expect(found.unavailable.count == example.refused.count, "\(found.unavailable)")
    for (reason, words) in zip(found.unavailable, example.refused) {
      #expect(reason.message.contains(words), "\(reason.message)")
    }
  }

  /// An empty second battery has no charger to disconnect; a processor's own estimate is no measurement.
  @Test func remediesAndKindsFitTheCause() throws {
    guard let batteries = try Self.tree("power_supply/two-batteries.tar"),
      let fx = try Self.tree("no-rapl/amd-fx-8350.tar")
    else { return }
    let found = Self.discover(BatterySource(), batteries.path)
    #expect(found.unavailable.map(\.remedy) == [nil])
    let channel = Self.channels(Self.discover(HwmonSource(), fx.path)).first
    #expect(channel?.kind == .estimated)
    #expect(channel?.covers == .package(0))
  }

  /// The board's own limit: 3868 J a second from a card of 328 W.
  @Test func aBoardsOwnLimitBoundsItsCounter() throws {
    guard let folder = try Self.tree("hwmon/xe-b570-crit-328w.tar") else { return }
    let found = Self.discover(HwmonSource(), folder.path)
    let card = try #require(found.readers.first?.channels.first)
    #expect(card.rules.maximumPower == Watts(328))
    for (joules, isSound) in [(300.0, true), (3868, false)] {
      var channel = ChannelAccumulator(rules: card.rules)
      for second in 0...3 {
        channel.add(
          .value(710_520_000_000_000 + UInt64(Double(second) * joules * 1e6)),
          at: Instant(nanoseconds: UInt64(second) * 1_000_000_000))
      }
      #expect((channel.faultCount == 0) == isSound)
    }
  }

  /// Four meters of a socket stood for the whole machine, and the first won.
  @Test func gracesMetersContainOneAnother() throws {
    let tree = try FixtureTree()
    let labels = [
      "SysIO Power Socket 1", "CPU Power Socket 1", "Grace Power Socket 1", "Module Power Socket 1",
    ]
    for (index, label) in labels.enumerated() {
      try DriverMeterTests.chip(
        tree, "hwmon\(index)", "power_meter",
        ["power1_average": "\(50_000_000 * (index + 1))", "power1_oem_info": label])
    }
    let channels = Self.channels(Self.discover(HwmonSource(), tree.path))
    #expect(channels.map(\.scope) == [.cpuUncore, .cpuCore, .cpuPackage, .board])
    #expect(channels.allSatisfy { $0.covers == .package(1) })
    #expect(ScopeLattice.contains(.cpuPackage, .cpuCore))
  }

  @Test func severalMetersThatSayNothingAreNoWhole() throws {
    let tree = try FixtureTree()
    for index in 0..<2 {
      try DriverMeterTests.chip(
        tree, "hwmon\(index)", "power_meter", ["power1_average": "150000000"])
    }
    let channels = Self.channels(Self.discover(HwmonSource(), tree.path))
    #expect(channels.map(\.scope) == [.unknown, .unknown])
  }

  /// A driver whose average fails still has its input.
  @Test func aFileThatCannotBeReadHidesNoOther() throws {
    let tree = try FixtureTree()
    try DriverMeterTests.chip(
      tree, "hwmon0", "amdgpu", ["power1_average": "n/a", "power1_input": "36000000"])
    #expect(
      DriverMeterTests.raws(HwmonSource(), DriverMeterTests.environment(tree)) == [
        "hwmon:amdgpu/hwmon0/power1_input": 36_000_000
      ])
  }

  // MARK: Processors without counters

  @Test(arguments: ["no-rapl/amd-fx-8350.tar", "no-rapl/ampere-altra.tar"])
  func noModuleIsOfferedWhereTheProcessorHasNoCounter(path: String) throws {
    guard let folder = try Self.tree(path) else { return }
    for source in [PowercapSource() as any MeterSource, PerfSource()] {
      let reason = try #require(Self.discover(source, folder.path).unavailable.first)
      #expect(reason.code == .unsupported)
      #expect(reason.message.contains("has no energy counter"), "\(reason.message)")
      #expect(reason.remedy?.contains("modprobe") == false)
    }
  }

  @Test(arguments: [
    (true, "sudo modprobe intel_rapl_msr"), (false, "linux-modules-extra-6.8.0-test"),
  ])
  func aModuleIsOfferedWhereItsFileIs(isThere: Bool, words: String) throws {
    let tree = try FixtureTree()
    try tree.write(
      "vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\n", to: "proc/cpuinfo")
    try tree.write("6.8.0-test\n", to: "proc/sys/kernel/osrelease")
    try tree.write(
      isThere ? "kernel/drivers/powercap/intel_rapl_msr.ko.zst:\n" : "kernel/fs/ext4.ko:\n",
      to: "lib/modules/6.8.0-test/modules.dep")
    try tree.write("kernel/fs/proc.ko\n", to: "lib/modules/6.8.0-test/modules.builtin")
    let reason = try #require(try PowercapFixtureTests.reason(tree))
    #expect(reason.code == .moduleMissing)
    #expect(reason.remedy?.contains(words) == true, "\(reason.remedy ?? "none")")
    #expect(reason.remedy?.hasPrefix("install") == !isThere)
  }

  // MARK: powercap

  /// The other control type shows the same hardware, and goes on where this one stands.
  @Test func aTwinSpeaksForAFrozenZone() throws {
    let frozen = SimulatedZone("intel-rapl:0", "package-0", base: 0, perBusyCPU: 0)
    let simulation = try SimulatedPowercap(
      in: FixtureTree(),
      zones: [frozen, PowercapFixtureTests.zone("intel-rapl-mmio:0", "package-0")])
    simulation.start()
    defer { simulation.stop() }
    let found = PowercapSource().discover(
      MeterRequest(
        environment: MeterEnvironment(
          root: SystemRoot(prefix: simulation.root), clock: RawMonotonicClock())))
    #expect(Self.channels(found).map(\.id.rawValue) == ["powercap:package-0@intel-rapl-mmio:0"])
    #expect(found.unavailable.map(\.code) == [.stalled])
  }

  @Test func theLimitsOfAMobilePartAreItsShortTermOnes() throws {
    guard let folder = try Self.tree("powercap/i9-13900hx.tar") else { return }
    let found = Self.discover(PowercapSource(), folder.path)
    let channels = found.readers.flatMap(\.channels)
    #expect(channels.map(\.descriptor.scope) == [.cpuPackage, .cpuCore, .cpuUncore, .psys])
    #expect(channels.first?.rules.maximumPower == Watts(315))
  }

  /// Two packages of 180 W under two psys of 250 W are no contradiction.
  @Test func twoPsysAreOneWhole() throws {
    guard let folder = try Self.tree("powercap/two-psys.tar") else { return }
    let channels = Self.channels(Self.discover(PowercapSource(), folder.path))
    #expect(channels.map(\.scope) == [.cpuPackage, .cpuPackage, .psys, .psys])
    func faults(_ watts: [Scope: Double]) -> Int {
      ScopeLattice.faults(
        channels.map {
          ScopeLattice.Power(descriptor: $0, watts: Watts(watts[$0.scope] ?? 0))
        }
      ).count
    }
    #expect(faults([.cpuPackage: 180, .psys: 250]) == 0)
    #expect(faults([.cpuPackage: 180, .psys: 150]) == 1)
  }

  // MARK: DCMI

  static func dcmi(_ file: String, fails: Bool) throws -> (
    found: MeterDiscovery, clock: RawMonotonicClock
  )? {
    guard let text = try text("dcmi/\(file)") else { return nil }
    let script = "cat \(fails ? ">&2 " : "")<<'END'\n\(text)\nEND\nexit \(fails ? 1 : 0)"
    let environment = try DriverMeterTests.controller(script)
    return (DCMISource().discover(MeterRequest(environment: environment)), RawMonotonicClock())
  }

  @Test(
    arguments: [
      ("rack-server-215w.out", 215.0, nil), ("gpu-server-2578w.out", 2578, 300),
    ] as [(String, Double, Double?)])
  func controllersReadTheirPower(file: String, watts: Double, averaging: Double?) throws {
    guard let (found, clock) = try Self.dcmi(file, fails: false) else { return }
    let reader = try #require(found.readers.first)
    #expect(reader.read(clock).first?.value.value == UInt64(watts * 1e6))
    #expect(reader.channels[0].descriptor.averagingWindow == averaging.map { Seconds($0) })
  }

  @Test(arguments: [
    (
      "witherspoon-319w-deactivated.out", false, ReasonCode.notMeasured, "deactivated",
      "power activate"
    ),
    ("node-busy.err", true, .failed, "Node busy (c0)", "try again"),
    ("permission-denied.err", true, .permission, "Permission denied", "/dev/ipmi0"),
  ])
  func refusalsRepeatTheToolsWords(
    file: String, fails: Bool, code: ReasonCode, words: String, remedy: String
  ) throws {
    guard let (found, _) = try Self.dcmi(file, fails: fails) else { return }
    let reason = try #require(found.unavailable.first)
    #expect(reason.code == code)
    #expect(reason.message.contains(words), "\(reason.message)")
    #expect(reason.remedy?.contains(remedy) == true, "\(reason.remedy ?? "none")")
    if code != .permission { #expect(reason.remedy?.contains("chgrp") == false) }
  }

  // MARK: exec and csv

  @Test func unitsAreTakenAsTheyAreWritten() throws {
    guard let table = try Self.text("exec/units.txt") else { return }
    let clock = RawMonotonicClock()
    for line in table.split(separator: "\n") {
      let parts = line.split(separator: "\t").map(String.init)
      try #require(parts.count == 2)
      let found = ExecSource().discover(
        MeterRequest(
          environment: MeterEnvironment(
            root: SystemRoot(prefix: "/nonexistent"), clock: clock,
            variables: ["PATH": "/usr/bin:/bin"]), argument: "echo '\(parts[0])'"))
      guard let meant = Double(parts[1].prefix { $0 != " " }) else {
        #expect(found.readers.isEmpty, "\(line)")
        continue
      }
      let reader = try #require(found.readers.first, "\(line)")
      let raw = try #require(reader.read(clock).first?.value.value)
      #expect(abs(Double(raw) * 1e-6 / meant - 1) < 1e-9, "\(line)")
    }
  }

  @Test(arguments: ["crlf.csv", "bom.csv"]) func filesOfSpreadsheetsHaveAHeader(file: String) throws
  {
    guard try Self.text("csv/\(file)") != nil else { return }
    let found = CSVSource().discover(
      MeterRequest(
        environment: MeterEnvironment(root: .live, clock: RawMonotonicClock()),
        argument: "\(Self.folder)/csv/\(file)"))
    #expect(found.readers.count == 1, "\(found.unavailable)")
    #expect(found.readers.first?.channels.first?.descriptor.updatePeriod == Seconds(1))
  }

  // MARK: Redfish

  /// A controller that answers with the files of one report.
  static func controller(_ bodies: [String: String]) throws -> LoopbackServer {
    try LoopbackServer { [bodies] path, _ in
      bodies[path].map { LoopbackServer.Answer($0) } ?? LoopbackServer.Answer("", status: 404)
    }
  }

  struct Controller: CustomTestStringConvertible {
    let name: String
    let chassis: String?
    let files: [String: String]
    let watts: [Double]
    let averaging: Seconds?
    let refused: [String]
    var testDescription: String { name }
  }

  static let controllers = [
    Controller(
      name: "ilo4-g9", chassis: "Chassis.json", files: ["1": "Chassis-1-Power.json"], watts: [93],
      averaging: Seconds(1200), refused: []),
    Controller(
      name: "lenovo-hx3720", chassis: "Chassis.json",
      files: ["1": "Chassis-1-Power.json", "2": "Chassis-2-Power.json"], watts: [263],
      averaging: nil, refused: ["Chassis/2/Power lists no PowerControl of the whole"]),
    Controller(
      name: "dell-429w", chassis: nil,
      files: ["System.Embedded.1": "Chassis-System.Embedded.1-Power.json"], watts: [429],
      averaging: Seconds(60), refused: []),
    Controller(
      name: "hpe-221w", chassis: nil, files: ["1": "Chassis-1-Power.json"], watts: [221],
      averaging: Seconds(1200), refused: []),
    Controller(
      name: "fujitsu-rx2530-m7", chassis: nil, files: ["0": "Chassis-0-Power.json"], watts: [150],
      averaging: nil, refused: []),
  ]

  @Test(arguments: controllers) func controllersGiveTheWhole(_ example: Controller) throws {
    var bodies: [String: String] = [:]
    for (id, file) in example.files {
      guard let text = try Self.text("redfish/\(example.name)/\(file)") else { return }
      bodies["/redfish/v1/Chassis/\(id)/Power"] = text
    }
    let members = example.files.keys.sorted().map { #"{"@odata.id":"/redfish/v1/Chassis/\#($0)"}"# }
    bodies["/redfish/v1/Chassis"] =
      try example.chassis.flatMap { try Self.text("redfish/\(example.name)/\($0)") }
      ?? #"{"Members":[\#(members.joined(separator: ","))]}"#
    let server = try Self.controller(bodies)
    let opened = try NetworkMeterTests.open("redfish:http://\(server.address)", probing: .none)
    let raws = opened.session.snapshot().channels.map(\.raw)
    opened.session.finish()
    #expect(raws == example.watts.map { UInt64($0 * 1e6) }, "\(opened.unavailable)")
    #expect(opened.session.descriptors.allSatisfy { $0.averagingWindow == example.averaging })
    #expect(opened.unavailable.count == example.refused.count)
    for (meter, words) in zip(opened.unavailable, example.refused) {
      #expect(meter.reason.message.contains(words), "\(meter.reason.message)")
    }
  }

  /// 263 W that are missing for a moment are a gap, and never the 155 W of the processors.
  @Test func aValueThatIsMissingIsAGap() throws {
    guard let text = try Self.text("redfish/lenovo-hx3720/Chassis-1-Power.json") else { return }
    let count = Counted()
    let server = try LoopbackServer { path, _ in
      guard path == "/power" else { return .init("", status: 404) }
      return .init(
        count.next() == 1
          ? text
          : text.replacing(#""PowerConsumedWatts": 263.0"#, with: #""PowerConsumedWatts": null"#))
    }
    let found = RedfishSource().discover(
      MeterRequest(
        environment: MeterEnvironment(
          root: SystemRoot(prefix: "/nonexistent"), clock: RawMonotonicClock(), probing: .none),
        argument: "http://\(server.address)/power"))
    let reader = try #require(found.readers.first)
    #expect(reader.read(RawMonotonicClock()).first?.value.reason?.code == .lost)
  }

  /// The chassis that contains another one is the headline.
  @Test func nestedChassisAreNotAllTheWall() throws {
    let server = try Self.controller([
      "/redfish/v1/Chassis":
        #"{"Members":[{"@odata.id":"/redfish/v1/Chassis/Board/"},{"@odata.id":"/redfish/v1/Chassis/Box/"}]}"#,
      "/redfish/v1/Chassis/Board":
        ##"{"ChassisType":"Module","Links":{"ContainedBy":{"@odata.id":"/redfish/v1/Chassis/Box"}}}"##,
      "/redfish/v1/Chassis/Box": #"{"ChassisType":"RackMount"}"#,
      "/redfish/v1/Chassis/Board/EnvironmentMetrics": #"{"PowerWatts":{"Reading":400}}"#,
      "/redfish/v1/Chassis/Box/EnvironmentMetrics": #"{"PowerWatts":{"Reading":900}}"#,
    ])
    let opened = try NetworkMeterTests.open("redfish:http://\(server.address)", probing: .none)
    let raws = opened.session.snapshot().channels.map(\.raw)
    opened.session.finish()
    #expect(raws == [900_000_000, 400_000_000])
    #expect(opened.session.descriptors.map(\.scope) == [.wall, .unknown])
  }

  @Test func severalWholesAreSaidToBeRivals() throws {
    let server = try Self.controller([
      "/redfish/v1/Chassis": #"{"Members":[{"@odata.id":"/a"},{"@odata.id":"/b"}]}"#,
      "/a/EnvironmentMetrics": #"{"PowerWatts":{"Reading":400}}"#,
      "/b/EnvironmentMetrics": #"{"PowerWatts":{"Reading":900}}"#,
    ])
    let opened = try NetworkMeterTests.open("redfish:http://\(server.address)", probing: .none)
    opened.session.finish()
    #expect(
      opened.session.checks.contains { $0.name == .meterScope(.wall) && $0.verdict == .unknown })
  }

  @Test func oneSlashMoreIsFollowedAndNothingElse() throws {
    let server = try LoopbackServer { path, head in
      let host =
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("host:") }?.dropFirst(6)
        ?? ""
      return switch path {
      case "/power/": .init(#"{"PowerWatts":{"Reading":93}}"#)
      case "/power": .init("", status: 308, headers: "Location: http://\(host)/power/\r\n")
      case "/other": .init("", status: 308, headers: "Location: http://\(host)/power/\r\n")
      default: .init("", status: 404)
      }
    }
    let good = try NetworkMeterTests.open("redfish:http://\(server.address)/power", probing: .none)
    #expect(good.session.snapshot().channels.map(\.raw) == [93_000_000], "\(good.unavailable)")
    good.session.finish()
    let other = try NetworkMeterTests.open("redfish:http://\(server.address)/other", probing: .none)
    #expect(other.unavailable.first?.reason.message.contains("HTTP 308") == true)
  }

  // MARK: Passwords

  /// Supermicro X10 says 401 and not how it wants to be asked.
  @Test func credentialsAreSentAtOnceAndRefusalsAreToldApart() throws {
    guard let refusal = try Self.text("redfish/supermicro-x10/401.json") else { return }
    let server = try LoopbackServer { _, head in
      head.contains("Authorization: Basic dTpw")
        ? .init(#"{"PowerWatts":{"Reading":120}}"#) : .init(refusal, status: 401)
    }
    func message(_ variables: [String: String]) throws -> String? {
      try NetworkMeterTests.open(
        "redfish:http://\(server.address)/power", variables: variables, probing: .none
      ).unavailable.first?.reason.message
    }
    let given = ["HASHWATT_METER_CREDENTIALS": "u:p"]
    #expect(try message(given) == nil)
    #expect(try message([:])?.contains("without a password") == true)
    #expect(
      try message(["HASHWATT_METER_CREDENTIALS": "u:wrong"])?.contains("that were given") == true)
    let shelly = try NetworkMeterTests.open(
      "shelly:\(server.address)", variables: ["HASHWATT_METER_CREDENTIALS": "u:wrong"])
    #expect(shelly.unavailable.first?.reason.message.contains("a way that is not known") == true)
  }

  @Test func tasmotaWantsThemInTheQuery() throws {
    let server = try LoopbackServer { path, _ in
      path.contains("user=u&password=p%20q")
        ? .init(#"{"StatusSNS":{"ENERGY":{"Power":5}}}"#)
        : .init(#"{"WARNING":"Need user=<username>&password=<password>"}"#)
    }
    let opened = try NetworkMeterTests.open(
      "tasmota:\(server.address)", variables: ["HASHWATT_METER_CREDENTIALS": "u:p q"])
    #expect(opened.session.descriptors.count == 1, "\(opened.unavailable)")
    opened.session.finish()
  }

  /// Results are made to be published.
  @Test func noSecretIsInWhatIsStoredOrPrinted() throws {
    let server = try LoopbackServer { path, head in
      head.contains("Authorization: Basic dTpzZWNyZXQ=") && path.contains("key=secret")
        ? .init(#"{"PowerWatts":{"Reading":120}}"#) : .init("", status: 500)
    }
    for (selection, works) in [
      ("redfish:http://u:secret@\(server.address)/power?key=secret", true),
      ("redfish:http://u:secret@\(server.address)/power?no=secret", false),
      ("redfish:http://u:secret@127.0.0.1:1/power?key=secret", false),
      ("shelly:u:secret@127.0.0.1:1", false), ("cgminer:u:secret@127.0.0.1:1", false),
      ("exec:TOKEN=secret echo 65 W", true), ("exec:echo secret", false),
      ("exec:false --token secret", false),
    ] {
      let opened = try MeterCatalog.open(
        selection: [selection],
        environment: MeterEnvironment(
          root: SystemRoot(prefix: "/nonexistent"), clock: RawMonotonicClock(),
          variables: ["PATH": "/usr/bin:/bin"], probing: .none),
        options: MeterOptions(startsThreads: false))
      #expect(
        (opened.session.descriptors.count == 1) == works, "\(selection): \(opened.unavailable)")
      opened.session.finish()
      let stored = "\(opened.session.descriptors) \(opened.session.checks) \(opened.unavailable)"
      let isQuoted = selection == "exec:echo secret"
      #expect(isQuoted || !stored.contains("secret"), "\(stored)")
    }
  }

  // MARK: Plugs

  static func plug(
    _ device: String, source: String, channel: String = "", _ files: [String: String]
  ) throws -> (raws: [String: UInt64], reason: String?, labels: [MeterDescriptor])? {
    var bodies: [String: String] = ["/shelly": #"{"gen":2,"model":"test","app":"test"}"#]
    for (path, file) in files {
      guard let text = try text("\(source)/\(device)/\(file)") else { return nil }
      bodies[path] = text
    }
    let server = try controller(bodies)
    let opened = try NetworkMeterTests.open("\(source):\(server.address)\(channel)")
    let raws = NetworkMeterTests.raws(opened)
    return (
      raws.compactMapValues(\.raw), opened.unavailable.first?.reason.message,
      opened.session.descriptors
    )
  }

  static let status = ["/rpc/Shelly.GetStatus": "Shelly.GetStatus.json"]

  @Test func plugsShowWhatTheyMeasure() throws {
    if let first = try Self.plug(
      "1pm-gen1", source: "shelly", ["/shelly": "shelly.json", "/status": "status.json"])
    {
      #expect(first.raws == ["power": 455_850_000, "energy": 145_827_000_000])
    }
    if let three = try Self.plug("pro-3em-805w", source: "shelly", Self.status) {
      #expect(three.raws == ["power": 805_281_000, "energy": 1_346_366_540_000])
    }
    if let clamp = try Self.plug("pro-em-50", source: "shelly", channel: "/1", Self.status) {
      #expect(clamp.raws.values.contains(501_800_000))
    }
    if let bare = try Self.plug("em-gen3-switch-without-meter", source: "shelly", Self.status) {
      #expect(bare.reason?.contains("without a meter") == true)
    }
    let energy = ["/cm?cmnd=Status%208": "status8.json"]
    if let none = try Self.plug("pow-r2-without-energy", source: "tasmota", energy) {
      #expect(none.reason?.contains("ENERGY is missing") == true)
    }
    if let sum = try Self.plug("three-phases-one-total", source: "tasmota", energy) {
      #expect(sum.raws == ["power": 178_000_000, "energy": 2_213_450_000_000])
    }
    // The counter is the sum's and not the first phase's.
    if let phase = try Self.plug("three-phases-one-total", source: "tasmota", channel: "/0", energy)
    {
      #expect(phase.labels.map(\.quantity) == [.averagePower])
      #expect(Array(phase.raws.values) == [123_000_000])
    }
  }

  /// While a roof feeds in, `aenergy` grows as fast as `ret_aenergy`, and nothing is consumed.
  @Test func whatIsFedBackIsNoConsumption() throws {
    guard let status = try Self.text("shelly/outdoor-plug-s-gen3-producing/Shelly.GetStatus.json"),
      let identity = try Self.text("shelly/outdoor-plug-s-gen3-producing/shelly.json")
    else { return }
    let count = Counted()
    let server = try LoopbackServer { path, _ in
      guard path != "/shelly" else { return .init(identity) }
      let fed = Double(count.next()) * 0.174
      return .init(
        status.replacing("15761.124", with: "\(15761.124 + fed)")
          .replacing("15754.266", with: "\(15754.266 + fed)"))
    }
    let found = ShellySource().discover(
      MeterRequest(
        environment: MeterEnvironment(
          root: SystemRoot(prefix: "/nonexistent"), clock: RawMonotonicClock()),
        argument: server.address))
    let reader = try #require(found.readers.first)
    let clock = RawMonotonicClock()
    let readings = (0..<3).map { _ in reader.read(clock) }
    #expect(readings.allSatisfy { $0[0].value.value == 6_858_000 })
    #expect(readings.allSatisfy { $0[1].value.reason?.code == .implausible })
  }

  // MARK: Miners

  @Test(arguments: [
    ("s9-bmminer/summary.json", "tells no power"), ("s23-hydro/stats.json", "tells no power"),
    ("whatsminer-v1.3-fault/any-command.json", "code 14, invalid cmd"),
  ])
  func minersWithoutPowerSayWhy(file: String, words: String) throws {
    guard let answer = try Self.text("miner/\(file)") else { return }
    let server = try LoopbackServer(endOfRequest: "}") { _, _ in .init(raw: answer) }
    let opened = try NetworkMeterTests.open("cgminer:\(server.address)", probing: .none)
    let message = opened.unavailable.first?.reason.message
    #expect(message?.contains(words) == true, "\(message ?? "none")")
  }

  @Test(
    arguments: [
      (
        #"{"STATUS":[{"STATUS":"E","Code":45,"Msg":"Access denied to 'summary' command"}],"id":1}"#,
        nil
      ),
      (#"{"STATUS":[{"STATUS":"S"}],"SUMMARY":[{"Power":1200,"Temp":nan}],"id":1}"#, 1200),
      (#"{"STATUS":[{"STATUS":"S"}],"PSU":[{"PowerIn":900},{"PowerIn":850}],"id":1}"#, 1750),
      (
        #"{"STATUS":[{"STATUS":"S"}],"STATS":[{"MM ID0":"Ver[1] WALLPOWER[1520] PS[0 1]"}],"id":1}"#,
        1520
      ),
    ] as [(String, Double?)])
  func minersAnswerInTheirOwnWays(answer: String, watts: Double?) throws {
    let server = try LoopbackServer(endOfRequest: "}") { _, _ in .init(raw: answer + "\0") }
    let opened = try NetworkMeterTests.open("cgminer:\(server.address)", probing: .none)
    let raw = opened.session.snapshot().channels.first?.raw
    opened.session.finish()
    #expect(raw == watts.map { UInt64($0 * 1e6) })
    if watts == nil {
      let message = opened.unavailable.first?.reason.message
      #expect(message?.contains("code 45, Access denied") == true, "\(message ?? "none")")
    }
  }

  @Test func aQaxeTellsItsPower() throws {
    guard let info = try Self.text("miner/nerdqaxe/system-info.json") else { return }
    let server = try Self.controller(["/api/system/info": info])
    let opened = try NetworkMeterTests.open("axeos:\(server.address)")
    #expect(opened.session.snapshot().channels.map(\.raw) == [78_250_000])
    opened.session.finish()
    #expect(opened.session.descriptors.first?.covers == .device(.miner(server.address)))
  }

  // MARK: NVML

  /// A lost GPU hid the others, and nvmlInit was blamed.
  @Test func aLostGPUIsItsOwnTrouble() throws {
    guard let library = try DriverMeterTests.nvml(counterWatts: 50, lost: 0) else { return }
    let found = DriverMeterTests.gpu(library, probing: .none)
    #expect(found.readers.count == 1)
    #expect(found.unavailable.map(\.code) == [.lost])
    #expect(found.unavailable.first?.message.contains("GPU 0: nvmlDeviceGetHandleByIndex") == true)
    #expect(found.readers.first?.channels.first?.rules.maximumPower == Watts(350))
    #expect(
      found.readers.first?.channels.first?.descriptor.covers
        == .device(DeviceID(rawValue: "pci:0000:3b:00.0")))
  }
}

/// Counts from 1, on whatever thread.
final class Counted: Sendable {
  private let value = Atomic<Int>(0)
  func next() -> Int { value.add(1, ordering: .relaxed).newValue }
}
