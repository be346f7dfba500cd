import LinuxSystem
import Metering
import Model
import TestSupport
import Testing

/// Clocks, temperature, limit and throttle reasons of AMD's and Intel's GPUs, from captured cards and trees built after the
/// kernel's documents.
struct GPUStateTests {
  private static func state(_ root: String) -> MachineState {
    GPUStateProbe(
      FakeProbe(clock: FakeClock()), root: SystemRoot(prefix: root), variables: [:]
    ).read()
  }

  private static func facts(_ root: String, _ card: String) -> [Int64?] {
    let device = DeviceID(rawValue: "pci:\(card)")
    let state = state(root)
    return [StateFact.clock, .memoryClock, .deviceTemperature, .powerLimit].map {
      state.integer($0.of(device))
    }
  }

  private static func reasons(_ root: String, _ card: String) -> String? {
    state(root).text(StateFact.throttleReasons.of(DeviceID(rawValue: "pci:\(card)")))
  }

  struct Captured: Sendable {
    let name: String
    let card: String
    let facts: [Int64?]
    let reasons: String?
  }

  @Test(
    "captured cards of AMD",
    arguments: [
      Captured(
        name: "rx6900xt", card: "0000:0c:00.0", facts: [500_000, 1_000_000, 56_000, 289_000_000],
        reasons: ""),
      Captured(
        name: "rx7800xt", card: "0000:03:00.0", facts: [2_011_000, 456_000, 24_000, 236_000_000],
        reasons: ""),
      Captured(
        name: "rx5500xt", card: "0000:04:00.0", facts: [31_000, 875_000, 48_000, 130_000_000],
        reasons: nil),
      // Its driver tells throttling in another layout, and no limit.
      Captured(
        name: "strixpoint-apu", card: "0000:c1:00.0", facts: [848_000, nil, 38_000, nil],
        reasons: nil),
    ])
  func captured(card: Captured) throws {
    let path = "\(PowercapCaptureTests.captures)/gpu-telemetry/sysfs/\(card.name).tar.gz"
    guard SystemRoot.live.exists(path) else {
      NotRun.report("capture gpu-telemetry/\(card.name): \(path) is absent")
      return
    }
    let tree = try FixtureTree()
    let outcome = try ChildProcess.run(
      try #require(ChildProcess.find("tar")), ["-xzf", path, "-C", tree.path])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(Self.facts(tree.path, card.card) == card.facts)
    #expect(Self.reasons(tree.path, card.card) == card.reasons)
  }

  /// `gpu_metrics` 1.3 with these bits of `indep_throttle_status`; bytes below 0x80 are themselves as text.
  private static func metrics(_ bits: [Int: UInt8]) -> String {
    var bytes = [UInt8](repeating: 0, count: 120)
    (bytes[0], bytes[2], bytes[3]) = (120, 1, 3)
    for (place, byte) in bits { bytes[112 + place] = byte }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func amd(_ metrics: String, _ more: [String: String] = [:]) throws -> FixtureTree {
    let tree = try FixtureTree()
    let base = "sys/bus/pci/devices/0000:03:00.0"
    let files = [
      "drm/card0/dev": "226:0", "hwmon/hwmon2/name": "amdgpu", "gpu_metrics": metrics,
      "hwmon/hwmon2/freq1_input": "2500000000", "hwmon/hwmon2/freq2_input": "1250000000",
      "hwmon/hwmon2/temp1_input": "61000", "hwmon/hwmon2/power1_cap": "300000000",
    ].merging(more) { $1 }
    for (file, text) in files { try tree.write(text, to: "\(base)/\(file)") }
    return tree
  }

  @Test(
    "why an AMD card is slower: power, current, heat, and what nobody knows",
    arguments: [
      ([:], ""), ([0: 1], "power-cap"), ([0: 0x40], "power-cap"), ([2: 1], "current-limit"),
      ([4: 8], "thermal"), ([5: 0x40], "hardware-thermal"), ([7: 1], "other"),
      ([0: 2, 4: 1, 2: 2], "current-limit,power-cap,thermal"),
    ] as [([Int: UInt8], String)])
  func amdReasons(bits: [Int: UInt8], words: String) throws {
    let tree = try Self.amd(Self.metrics(bits))
    #expect(Self.reasons(tree.path, "0000:03:00.0") == words)
    #expect(
      Self.facts(tree.path, "0000:03:00.0") == [2_500_000, 1_250_000, 61_000, 300_000_000])
  }

  @Test("metrics of another layout, cut off or absent say nothing, and never no reason")
  func otherMetrics() throws {
    var other = Array(Self.metrics([0: 1]).utf8)
    other[3] = 4
    let whole = Self.metrics([:])
    for text in ["", "x", String(decoding: other, as: UTF8.self), String(whole.prefix(119))] {
      #expect(Self.reasons(try Self.amd(text).path, "0000:03:00.0") == nil)
    }
  }

  @Test("a sensor of 0 is none, and a card that sleeps is not asked")
  func absent() throws {
    let zero = try Self.amd(
      Self.metrics([:]),
      [
        "hwmon/hwmon2/freq1_input": "0", "hwmon/hwmon2/temp1_input": "0",
        "hwmon/hwmon2/power1_cap": "n/a",
      ])
    #expect(Self.facts(zero.path, "0000:03:00.0") == [nil, 1_250_000, nil, nil])
    let asleep = try Self.amd(Self.metrics([0: 1]), ["power/runtime_status": "suspended"])
    #expect(Self.facts(asleep.path, "0000:03:00.0") == [nil, nil, nil, nil])
    #expect(Self.reasons(asleep.path, "0000:03:00.0") == nil)
    let awake = try Self.amd(Self.metrics([0: 1]), ["power/runtime_status": "active"])
    #expect(Self.reasons(awake.path, "0000:03:00.0") == "power-cap")
  }

  @Test("a card of Intel's xe driver")
  func xe() throws {
    let tree = try FixtureTree()
    let base = "sys/bus/pci/devices/0000:0a:00.0"
    for (file, text) in [
      "drm/card1/dev": "226:1", "hwmon/hwmon3/name": "xe", "hwmon/hwmon3/temp2_input": "52000",
      "hwmon/hwmon3/power1_max": "190000000", "tile0/gt0/freq0/act_freq": "2400",
      "tile0/gt0/freq0/throttle/status": "1", "tile0/gt0/freq0/throttle/reason_pl1": "1",
      "tile0/gt0/freq0/throttle/reason_thermal": "0", "tile0/gt0/freq0/throttle/reason_pl2": "1",
      "tile0/gt0/freq0/throttle/reason_vr_tdc": "1",
      "tile0/gt0/freq0/throttle/reason_prochot": "0",
    ] { try tree.write(text + "\n", to: "\(base)/\(file)") }
    #expect(Self.facts(tree.path, "0000:0a:00.0") == [2_400_000, nil, 52_000, 190_000_000])
    #expect(Self.reasons(tree.path, "0000:0a:00.0") == "current-limit,power-cap")
  }

  @Test("graphics of Intel's i915 driver, which have no sensors")
  func i915() throws {
    let tree = try FixtureTree()
    let base = "sys/bus/pci/devices/0000:00:02.0"
    for (file, text) in [
      "rps_act_freq_mhz": "1150", "throttle_reason_status": "1", "throttle_reason_pl1": "0",
      "throttle_reason_prochot": "1", "throttle_reason_new": "1",
    ] { try tree.write(text + "\n", to: "\(base)/drm/card0/gt/gt0/\(file)") }
    #expect(Self.facts(tree.path, "0000:00:02.0") == [1_150_000, nil, nil, nil])
    #expect(Self.reasons(tree.path, "0000:00:02.0") == "hardware-thermal,other")
  }

  @Test("a card of another driver adds nothing")
  func stranger() throws {
    let tree = try FixtureTree()
    try tree.write("nouveau\n", to: "sys/bus/pci/devices/0000:01:00.0/hwmon/hwmon0/name")
    try tree.write("226:0\n", to: "sys/bus/pci/devices/0000:01:00.0/drm/card0/dev")
    #expect(Self.facts(tree.path, "0000:01:00.0") == [nil, nil, nil, nil])
  }
}
