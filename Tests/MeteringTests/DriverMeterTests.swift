import LinuxSystem
import MeterCore
import Metering
import Model
import TestSupport
import Testing

/// F20, F21, F24: meters of drivers, from trees built after the kernel's documents and programs that stand in.
@Suite struct DriverMeterTests {
  static func environment(_ tree: FixtureTree, variables: [String: String] = [:])
    -> MeterEnvironment
  {
    MeterEnvironment(
      root: SystemRoot(prefix: tree.path), clock: RawMonotonicClock(), variables: variables,
      probing: .none)
  }

  /// Each channel's raw value by its identifier.
  static func raws(_ source: any MeterSource, _ environment: MeterEnvironment) -> [String: UInt64] {
    var raws: [String: UInt64] = [:]
    for reader in source.discover(MeterRequest(environment: environment)).readers {
      for reading in reader.read(environment.clock) {
        raws[reader.channels[reading.channel].descriptor.id.rawValue] = reading.value.value
      }
    }
    return raws
  }

  static func chip(_ tree: FixtureTree, _ entry: String, _ name: String, _ files: [String: String])
    throws
  {
    try tree.write(name + "\n", to: "sys/class/hwmon/\(entry)/name")
    for (file, text) in files {
      try tree.write(text + "\n", to: "sys/class/hwmon/\(entry)/\(file)")
    }
  }

  // MARK: hwmon

  @Test func f20AMDGraphicsGiveTheAverageOrTheInput() throws {
    let tree = try FixtureTree()
    try Self.chip(
      tree, "hwmon0", "amdgpu", ["power1_average": "35000000", "power1_input": "36000000"])
    try Self.chip(tree, "hwmon1", "amdgpu", ["power1_input": "12000000"])
    #expect(
      Self.raws(HwmonSource(), Self.environment(tree)) == [
        "hwmon:amdgpu/hwmon0/power1_average": 35_000_000,
        "hwmon:amdgpu/hwmon1/power1_input": 12_000_000,
      ])
  }

  /// Captured cards, and a processor with graphics whose power is not that of a card.
  @Test(
    arguments: [
      ("rx6900xt", "hwmon:amdgpu/hwmon5/power1_average", 36_000_000, Scope.gpuBoard),
      ("rx7800xt", "hwmon:amdgpu/hwmon4/power1_average", 32_000_000, .gpuBoard),
      ("rx5500xt", "hwmon:amdgpu/hwmon3/power1_average", 16_000_000, .gpuBoard),
      ("strixpoint-apu", "hwmon:amdgpu/hwmon6/power1_average", 9_087_000, .unknown),
      ("r9-280", nil, 0, .unknown), ("tigerlake-igpu-xe", nil, 0, .unknown),
    ] as [(String, String?, UInt64, Scope)])
  func f20CapturedGraphics(capture: String, id: String?, microwatts: UInt64, scope: Scope) throws {
    let path = "\(PowercapCaptureTests.captures)/gpu-telemetry/sysfs/\(capture).tar.gz"
    guard SystemRoot.live.exists(path) else {
      NotRun.report("capture gpu-telemetry/\(capture): \(path) is absent")
      return
    }
    let tree = try FixtureTree()
    let outcome = try ChildProcess.run(
      try #require(ChildProcess.find("tar")), ["-xzf", path, "-C", tree.path])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let environment = Self.environment(tree)
    let found = HwmonSource().discover(MeterRequest(environment: environment))
    let channels = found.readers.flatMap(\.channels).map(\.descriptor)
    #expect(channels.map(\.id.rawValue) == (id.map { [$0] } ?? []))
    #expect(channels.allSatisfy { $0.scope == scope })
    #expect(Self.raws(HwmonSource(), environment).values.first == id.map { _ in microwatts })
  }

  @Test func f20IntelGraphicsGiveCountersThatAreReadOftenEnough() throws {
    let tree = try FixtureTree()
    try Self.chip(tree, "hwmon0", "i915", ["energy1_input": "5000000"])
    try Self.chip(tree, "hwmon1", "xe", ["energy1_input": "7000000", "energy2_input": "6000000"])
    let found = HwmonSource().discover(MeterRequest(environment: Self.environment(tree)))
    #expect(
      found.readers.flatMap(\.channels).map(\.descriptor.scope) == [.gpuBoard, .gpuBoard, .gpuChip])
    for reader in found.readers {
      guard case .polled(let period) = reader.pace else {
        Issue.record("not polled")
        continue
      }
      // The drivers' 32-bit registers overflow after 4.36 minutes at 1000 W.
      #expect(period <= Seconds(60))
    }
  }

  @Test func f20TheACPIMeterStatesItsIntervalAndAccuracy() throws {
    let tree = try FixtureTree()
    try Self.chip(
      tree, "hwmon0", "power_meter",
      [
        "power1_average": "220000000", "power1_average_interval": "2000",
        "power1_accuracy": "97.5%", "power1_oem_info": "Total",
      ])
    let found = HwmonSource().discover(MeterRequest(environment: Self.environment(tree)))
    let channel = try #require(found.readers.first?.channels.first?.descriptor)
    #expect(channel.averagingWindow == Seconds(2))
    #expect(abs((channel.accuracy.gainBound ?? 0) - 0.025) < 1e-12)
    #expect(!channel.accuracy.isAssumed)
    #expect(channel.label.contains("Total"))
  }

  @Test func f20ShuntChipsGiveVoltageTimesCurrent() throws {
    let tree = try FixtureTree()
    try Self.chip(
      tree, "hwmon0", "ina3221",
      [
        "in1_input": "5016", "curr1_input": "-1200", "in2_input": "12000", "curr2_input": "500",
        "in1_label": "VDD_IN",
      ])
    try Self.chip(
      tree, "hwmon1", "ina226",
      ["in1_input": "19000", "curr1_input": "2000", "power1_input": "37950000"])
    try Self.chip(tree, "hwmon2", "coretemp", ["temp1_input": "45000"])
    #expect(
      Self.raws(HwmonSource(), Self.environment(tree)) == [
        "hwmon:ina3221/hwmon0/in1_input": 6_019_200, "hwmon:ina3221/hwmon0/in2_input": 6_000_000,
        "hwmon:ina226/hwmon1/power1_input": 37_950_000,
      ])
  }

  @Test func aSensorWithTextIsRefused() throws {
    let tree = try FixtureTree()
    try Self.chip(tree, "hwmon0", "amdgpu", ["power1_average": "n/a"])
    let found = HwmonSource().discover(MeterRequest(environment: Self.environment(tree)))
    #expect(found.readers.isEmpty)
    #expect(found.unavailable.map(\.code) == [.malformed])
  }

  // MARK: Battery

  static func battery(_ files: [String: String]) throws -> FixtureTree {
    let tree = try FixtureTree()
    for (file, text) in files {
      try tree.write(text + "\n", to: "sys/class/power_supply/BAT0/\(file)")
    }
    return tree
  }

  @Test func f21TheBatteryCountsOnlyWhileItDischarges() throws {
    let discharging = try Self.battery([
      "type": "Battery", "status": "Discharging", "voltage_now": "11400000",
      "current_now": "-1500000",
    ])
    #expect(
      Self.raws(BatterySource(), Self.environment(discharging)) == ["battery:BAT0": 17_100_000])
    let power = try Self.battery([
      "type": "Battery", "status": "Discharging", "power_now": "9300000",
    ])
    #expect(Self.raws(BatterySource(), Self.environment(power)) == ["battery:BAT0": 9_300_000])
    let charging = try Self.battery([
      "type": "Battery", "status": "Charging", "power_now": "9300000",
    ])
    let found = BatterySource().discover(MeterRequest(environment: Self.environment(charging)))
    #expect(found.readers.isEmpty)
    #expect(found.unavailable.first?.remedy == "disconnect the charger")
  }

  @Test func f21AChargerThatIsPluggedInVoidsTheWindow() throws {
    let tree = try Self.battery([
      "type": "Battery", "status": "Discharging", "power_now": "9300000",
    ])
    let environment = Self.environment(tree)
    let reader = try #require(
      BatterySource().discover(MeterRequest(environment: environment)).readers.first)
    #expect(reader.read(environment.clock).first?.value.value == 9_300_000)
    try tree.rewrite("Charging\n", in: "sys/class/power_supply/BAT0/status")
    #expect(reader.read(environment.clock).first?.value.reason?.code == .notMeasured)
  }

  // MARK: DCMI

  static func controller(_ script: String, device: Bool = true) throws -> MeterEnvironment {
    let tree = try FixtureTree()
    if device { try tree.write("", to: "dev/ipmi0") }
    try tree.write("#!/bin/sh\n\(script)\n", to: "bin/ipmitool", mode: 0o755)
    Self.kept.keep(tree)
    return Self.environment(tree, variables: ["PATH": "\(tree.path)/bin:/usr/bin:/bin"])
  }

  static let kept = Kept()

  static let reading = """

        Instantaneous power reading:                   222 Watts
        Minimum during sampling period:                  4 Watts
        Maximum during sampling period:                420 Watts
        Average power reading over sample period:      210 Watts
        IPMI timestamp:                           Wed Jan  1 00:00:00 2025
        Sampling period:                          00000005 Seconds.
        Power reading state is:                   activated

    """

  @Test func dcmiIsAskedThroughIpmitool() throws {
    let environment = try Self.controller("cat <<'END'\n\(Self.reading)\nEND")
    let found = DCMISource().discover(MeterRequest(environment: environment))
    let reader = try #require(found.readers.first)
    #expect(reader.read(environment.clock).first?.value.value == 222_000_000)
    #expect(reader.pace == .polled(period: Seconds(5)))
    #expect(reader.channels.first?.descriptor.accuracy.offsetBound == Watts(0.5))
  }

  @Test(arguments: [
    ("exit 1", ReasonCode.permission), ("echo hello", .unsupported),
    ("echo 'Instantaneous power reading: 222 kW'", .malformed),
    ("echo 'Instantaneous power reading: 0 Watts'", .implausible),
    ("echo 'Power reading state is: deactivated'", .notMeasured),
  ])
  func dcmiAnswersThatAreNoneAreRefused(script: String, code: ReasonCode) throws {
    let environment = try Self.controller(script)
    let found = DCMISource().discover(MeterRequest(environment: environment))
    #expect(found.readers.isEmpty)
    #expect(found.unavailable.map(\.code) == [code])
  }

  @Test func dcmiIsAbsentWithoutItsDevice() throws {
    let environment = try Self.controller("exit 0", device: false)
    #expect(
      DCMISource().discover(MeterRequest(environment: environment)).unavailable.map(\.code) == [
        .absent
      ])
  }

  // MARK: NVML

  /// A library with NVML's documented entry points: 50 W by the power, and a counter that runs at a rate of choice.
  ///
  /// `more` are functions that an old driver lacks.
  static func nvml(
    counterWatts: Double, status: Int = 0, lost: Int? = nil, more: String = ""
  ) throws -> String? {
    guard let compiler = ChildProcess.find("cc") ?? ChildProcess.find("clang") else {
      NotRun.report("NVML stand-in: no C compiler")
      return nil
    }
    let tree = try FixtureTree()
    Self.kept.keep(tree)
    try tree.write(
      """
      #include <string.h>
      #include <time.h>
      typedef struct { char a[16]; unsigned b[5]; char id[32]; } pci;
      typedef struct { unsigned field, scope; long long t, l; unsigned type; int status;
        union { double d; unsigned u; unsigned long long w; } v; } value;
      static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t);
        return t.tv_sec + t.tv_nsec * 1e-9; }
      int nvmlInit_v2(void) { return \(status); }
      int nvmlShutdown(void) { return 0; }
      int nvmlDeviceGetCount_v2(unsigned *n) { *n = \(lost == nil ? 1 : 2); return 0; }
      int nvmlDeviceGetHandleByIndex_v2(unsigned i, void **d) {
        if ((int)i == \(lost ?? -1)) return 15;
        *d = (void *)(long)(i + 1); return 0; }
      int nvmlDeviceGetPowerManagementLimitConstraints(void *d, unsigned *a, unsigned *b) {
        *a = 100000; *b = 350000; return 0; }
      int nvmlDeviceGetName(void *d, char *n, unsigned l) { strncpy(n, "Stand-in GPU", l); return 0; }
      int nvmlDeviceGetPciInfo_v3(void *d, pci *p) { strcpy(p->id, "0000:3B:00.0"); return 0; }
      int nvmlDeviceGetPowerUsage(void *d, unsigned *p) { *p = 49000; return 0; }
      int nvmlDeviceGetTotalEnergyConsumption(void *d, unsigned long long *e) {
        *e = (unsigned long long)(now() * 1000 * \(counterWatts)); return 0; }
      int nvmlDeviceGetFieldValues(void *d, int n, value *v) {
        v->status = v->field == 186 ? 0 : 3; v->type = 1; v->v.u = 50000; return 0; }
      \(more)
      """, to: "nvml.c")
    let library = "\(tree.path)/libnvml.so"
    let outcome = try ChildProcess.run(
      compiler, ["-shared", "-fPIC", "-w", "-o", library, "\(tree.path)/nvml.c"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return library
  }

  static func gpu(_ library: String, probing: MeterEnvironment.Probing) -> MeterDiscovery {
    NVMLSource().discover(
      MeterRequest(
        environment: MeterEnvironment(
          root: .live, clock: RawMonotonicClock(), variables: ["HASHWATT_NVML_LIBRARY": library],
          probing: probing)))
  }

  @Test func nvmlGivesCounterAndFieldOfAGPU() throws {
    guard let library = try Self.nvml(counterWatts: 50) else { return }
    let found = Self.gpu(library, probing: .full)
    let reader = try #require(found.readers.first)
    #expect(
      reader.channels.map(\.descriptor.id.rawValue) == [
        "nvml:0000:3b:00.0#energy", "nvml:0000:3b:00.0#power",
      ])
    #expect(reader.channels.map(\.descriptor.rawUnit) == ["mJ", "mW"])
    #expect(reader.read(RawMonotonicClock()).last?.value.value == 50_000)
    #expect(found.checks.map(\.verdict) == [.pass])
  }

  /// F24: 187 J by the counter against 327 J by the power.
  @Test func f24ACounterThatDisagreesIsAWarning() throws {
    let check = NVMLReader.judge(
      MeterID(rawValue: "nvml:x"), counted: Microjoules(187_000_000),
      integrated: Microjoules(327_000_000))
    #expect(check.verdict == .fail)
    #expect(check.message.contains("187.0 J") && check.message.contains("327.0 J"))
  }

  @Test func nvmlThatIsNoneIsExplained() throws {
    #expect(Self.gpu("/nonexistent.so", probing: .none).unavailable.map(\.code) == [.absent])
    guard let broken = try Self.nvml(counterWatts: 50, status: 9) else { return }
    #expect(Self.gpu(broken, probing: .none).unavailable.map(\.code) == [.moduleMissing])
  }

  @Test(
    arguments: [
      (
        "int nvmlDeviceGetMigMode(void *d, unsigned *c, unsigned *p) { *c = *p = 1; return 0; }",
        "MIG"
      ),
      ("int nvmlDeviceGetVirtualizationMode(void *d, int *m) { *m = 2; return 0; }", "vGPU"),
      ("int nvmlDeviceGetVirtualizationMode(void *d, int *m) { *m = 3; return 0; }", "vGPU"),
    ])
  func aSharedBoardGivesNoEnergy(more: String, word: String) throws {
    guard let library = try Self.nvml(counterWatts: 50, more: more) else { return }
    let found = Self.gpu(library, probing: .none)
    #expect(found.readers.isEmpty)
    let reason = try #require(found.unavailable.first)
    #expect(reason.message.contains("shared board") && reason.message.contains(word))
  }

  /// Passed through whole, or split off: the board is still its user's.
  @Test(arguments: [
    "int nvmlDeviceGetMigMode(void *d, unsigned *c, unsigned *p) { *c = 0; *p = 1; return 0; }",
    "int nvmlDeviceGetVirtualizationMode(void *d, int *m) { *m = 1; return 0; }",
    "int nvmlDeviceGetVirtualizationMode(void *d, int *m) { *m = 2; return 3; }",
  ])
  func aWholeBoardGivesEnergy(more: String) throws {
    guard let library = try Self.nvml(counterWatts: 50, more: more) else { return }
    #expect(!Self.gpu(library, probing: .none).readers.isEmpty)
  }

  @Test func theStateOfAGPUIsThatOfItsAddress() throws {
    guard
      let library = try Self.nvml(
        counterWatts: 50,
        more: """
          int nvmlDeviceGetClockInfo(void *d, int w, unsigned *c) { *c = w == 1 ? 1980 : 2619; return 0; }
          int nvmlDeviceGetTemperature(void *d, int s, unsigned *t) { *t = 61; return 0; }
          int nvmlDeviceGetCurrentClocksThrottleReasons(void *d, unsigned long long *r) {
            *r = 0x24 | 0x8000; return 0; }
          """)
    else { return }
    let card = DeviceID(rawValue: "pci:0000:3b:00.0")
    let state = GPUStateProbe(
      FakeProbe(clock: FakeClock()), root: .live, variables: ["HASHWATT_NVML_LIBRARY": library]
    ).read()
    #expect(state.integer(StateFact.clock.of(card)) == 1_980_000)
    #expect(state.integer(StateFact.memoryClock.of(card)) == 2_619_000)
    #expect(state.integer(StateFact.deviceTemperature.of(card)) == 61_000)
    #expect(state.text(StateFact.throttleReasons.of(card)) == "power-cap,thermal,other")
    // What the driver does not tell is no fact, and never 0.
    #expect(state.facts[StateFact.powerLimit.of(card)] == nil)
  }

  /// A real GPU, where there is one.
  @Test func theMachinesOwnGPUs() {
    let found = NVMLSource().discover(
      MeterRequest(
        environment: MeterEnvironment(root: .live, clock: RawMonotonicClock(), probing: .none)))
    if found.readers.isEmpty {
      NotRun.report("NVML on a real GPU: \(found.unavailable.first?.message ?? "none")")
    }
    for reader in found.readers {
      #expect(reader.read(RawMonotonicClock()).allSatisfy { ($0.value.value ?? 0) > 0 })
    }
  }
}
