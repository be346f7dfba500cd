import LinuxSystem
import Metering
import Model
import TestSupport
import Testing

@Suite(.serialized) struct SimulatedPowercapTests {
  static func environment(_ path: String, probing: MeterEnvironment.Probing = .full)
    -> MeterEnvironment
  {
    MeterEnvironment(
      root: SystemRoot(prefix: path), clock: RawMonotonicClock(), probing: probing)
  }

  /// Energy of each channel over about a second, and what the simulation says of the same instants.
  static func compare(_ name: String, busy: Double, seconds: Double = 1.2) throws -> (
    session: any MeterSession, pairs: [(MeterDescriptor, measured: Reading<EnergyInterval>)],
    truth: [SimulatedPowercap.Truth], zones: [SimulatedZone], span: (UInt64, UInt64),
    tolerance: Double
  ) {
    let machine = try #require(SimulatedMachines.machine(name))
    let simulation = try SimulatedPowercap(
      in: FixtureTree(), zones: machine.zones, load: .constant(busy), vendor: machine.vendor)
    simulation.start()
    defer { simulation.stop() }
    let opened = try MeterCatalog.open(
      selection: ["powercap"], environment: Self.environment(simulation.root))
    let clock = RawMonotonicClock()
    let start = opened.session.snapshot()
    clock.sleep(until: start.ended.advanced(by: Seconds(seconds))) { false }
    let end = opened.session.snapshot()
    opened.session.finish()
    let pairs = opened.session.descriptors.indices.map {
      (
        opened.session.descriptors[$0],
        measured: EnergyInterval.between(start.channels[$0], end.channels[$0])
      )
    }
    let trace = simulation.trace
    // A millisecond is the simulation's own step.
    let late = max(0, lateness(trace, start, end) - 0.004)
    return (
      opened.session, pairs, trace, machine.zones,
      (start.midpoint.nanoseconds, end.midpoint.nanoseconds), 0.003 + late / seconds
    )
  }

  /// Seconds by which a busy machine may have kept the simulation from writing, and the snapshots from reading, at
  /// both edges together: no fault of the meter.
  static func lateness(
    _ trace: [SimulatedPowercap.Truth], _ start: MeterSnapshot, _ end: MeterSnapshot
  ) -> Double {
    let times = trace.map(\.nanoseconds)
    let latest = zip(times.dropFirst(), times).map { $0.0 - $0.1 }.max() ?? 0
    return 2 * Double(latest) * 1e-9 + start.ended.since(start.began).value
      + end.ended.since(end.began).value
  }

  @Test func onePackageAgreesWithTheSimulation() throws {
    let outcome = try Self.compare("one-package", busy: 2)
    let pair = try #require(outcome.pairs.first)
    #expect(pair.0.id.rawValue == "powercap:package-0")
    #expect(pair.0.scope == .cpuPackage)
    #expect(pair.0.kind == .measuredCounter)
    let before = try #require(
      SimulatedPowercap.microjoules(outcome.truth, zone: 0, at: outcome.span.0))
    let after = try #require(
      SimulatedPowercap.microjoules(outcome.truth, zone: 0, at: outcome.span.1))
    let measured = try #require(pair.measured.value)
    #expect(
      abs(measured.energy.joules / (Double(after - before) * 1e-6) - 1) < outcome.tolerance)
    #expect(outcome.session.checks.contains { $0.name.rawValue == "meter-tick:powercap:package-0" })
  }

  /// Measured joules over the simulation's, by channel, and how far from 1 they may be.
  static func ratios(_ name: String, busy: Double) throws -> (
    ratios: [String: Double], tolerance: Double
  ) {
    let outcome = try Self.compare(name, busy: busy)
    var ratios: [String: Double] = [:]
    for (descriptor, measured) in outcome.pairs {
      let path = descriptor.id.rawValue.dropFirst("powercap:".count)
      let zone = try #require(
        outcome.zones.firstIndex { zone in
          guard !zone.folder.contains("mmio") else { return false }
          let parent = zone.folder.split(separator: ":").count == 3
          let above = outcome.zones.first {
            parent
              && $0.folder == zone.folder.split(separator: ":").dropLast().joined(separator: ":")
          }
          return path == (above.map { $0.name + "/" } ?? "") + zone.name
        })
      let before = try #require(
        SimulatedPowercap.microjoules(outcome.truth, zone: zone, at: outcome.span.0))
      let after = try #require(
        SimulatedPowercap.microjoules(outcome.truth, zone: zone, at: outcome.span.1))
      let energy = try #require(measured.value, "\(descriptor.id): \(measured)").energy
      ratios[descriptor.id.rawValue] = energy.joules / (Double(after - before) * 1e-6)
    }
    return (ratios, outcome.tolerance)
  }

  @Test(arguments: [
    ("two-packages-reversed-dram", 4), ("package-psys-mmio", 2), ("amd-package-core", 2),
    ("mirrored-dies", 2),
  ])
  func everyChannelAgreesWithTheSimulation(name: String, count: Int) throws {
    let (ratios, tolerance) = try Self.ratios(name, busy: 1.5)
    #expect(ratios.count == count)
    for (id, ratio) in ratios { #expect(abs(ratio - 1) < tolerance, "\(id)") }
  }

  /// F5: two zones that show one counter are found by experiment, and counted once.
  @Test func mirroredDiesAreFoundAndRealOnesKept() throws {
    let mirrored = try Self.compare("mirrored-dies", busy: 1, seconds: 0.1)
    #expect(
      mirrored.session.descriptors.map { $0.mirrorOf?.rawValue } == [
        nil, "powercap:package-0-die-0",
      ])
    let check = try #require(
      mirrored.session.checks.first { $0.name.rawValue.hasPrefix("meter-mirror:") })
    #expect(check.verdict == .fail)
    #expect(check.message.contains("shows the same counter"))
  }

  @Test(arguments: ["AuthenticAMD", "GenuineIntel"])
  func diesThatDifferAreShares(vendor: String) throws {
    let simulation = try SimulatedPowercap(
      in: FixtureTree(),
      zones: [
        SimulatedZone("intel-rapl:0", "package-0-die-0", base: 90, perBusyCPU: 0),
        SimulatedZone("intel-rapl:1", "package-0-die-1", base: 30, perBusyCPU: 0),
      ], vendor: vendor)
    simulation.start()
    defer { simulation.stop() }
    let opened = try MeterCatalog.open(
      selection: ["powercap"], environment: Self.environment(simulation.root))
    defer { opened.session.finish() }
    #expect(opened.session.descriptors.map(\.mirrorOf) == [nil, nil])
    let check = try #require(
      opened.session.checks.first { $0.name.rawValue.hasPrefix("meter-mirror:") })
    #expect(check.verdict == .pass)
  }

  @Test func theTwinThatDisagreesIsAWarning() throws {
    var machine = try #require(SimulatedMachines.machine("package-psys-mmio"))
    machine.zones[1].baseWatts *= 1.2
    machine.zones[1].wattsPerBusyCPU *= 1.2
    let simulation = try SimulatedPowercap(in: FixtureTree(), zones: machine.zones)
    simulation.start()
    defer { simulation.stop() }
    let opened = try MeterCatalog.open(
      selection: [], environment: Self.environment(simulation.root))
    defer { opened.session.finish() }
    #expect(
      opened.session.checks.first { $0.name.rawValue.hasPrefix("meter-twin:") }?.verdict == .fail)
  }

  /// F11: the counter wraps inside the window, again and again.
  @Test func wrapsInsideAWindowLoseNothing() throws {
    var zone = SimulatedZone("intel-rapl:0", "package-0", base: 400, perBusyCPU: 0)
    zone.range = 250_000_000
    let simulation = try SimulatedPowercap(in: FixtureTree(), zones: [zone])
    simulation.start()
    defer { simulation.stop() }
    let opened = try MeterCatalog.open(
      selection: ["powercap"], environment: Self.environment(simulation.root))
    let clock = RawMonotonicClock()
    let start = opened.session.snapshot()
    clock.sleep(until: start.ended.advanced(by: Seconds(2))) { false }
    let end = opened.session.snapshot()
    opened.session.finish()
    let interval = EnergyInterval.between(start.channels[0], end.channels[0])
    guard let energy = interval.value?.energy else {
      // A machine so busy that the guard came late must void the window, never guess.
      #expect(interval.reason?.code == .lost || interval.reason?.code == .stalled)
      return
    }
    let trace = simulation.trace
    let before = try #require(
      SimulatedPowercap.microjoules(trace, zone: 0, at: start.midpoint.nanoseconds))
    let after = try #require(
      SimulatedPowercap.microjoules(trace, zone: 0, at: end.midpoint.nanoseconds))
    #expect(after - before > 500_000_000)
    let owed = 400 * Self.lateness(trace, start, end)
    let truth = Double(after - before) * 1e-6
    #expect(abs(energy.joules - truth) < 0.003 * truth + owed)
  }

  /// F12, F13, F14: each voids the windows that it touches, with its own reason.
  @Test(arguments: [
    (SimulatedZone.Fault.stalls(at: 2.5), ReasonCode.stalled),
    (.vanishes(at: 2.5), .malformed), (.unreadable(at: 2.5, duration: 0.2), .malformed),
  ])
  func faultsVoidTheirWindow(fault: SimulatedZone.Fault, code: ReasonCode) throws {
    var zone = SimulatedZone("intel-rapl:0", "package-0", base: 40, perBusyCPU: 25)
    zone.fault = fault
    // A small range makes the guard read often.
    zone.range = 400_000_000
    let simulation = try SimulatedPowercap(in: FixtureTree(), zones: [zone])
    let begin = SimulatedPowercap.now()
    simulation.start()
    defer { simulation.stop() }
    let opened = try MeterCatalog.open(
      selection: ["powercap"], environment: Self.environment(simulation.root))
    let clock = RawMonotonicClock()
    func wait(_ seconds: Double) {
      clock.sleep(until: Instant(nanoseconds: begin + UInt64(seconds * 1e9))) { false }
    }
    let first = opened.session.snapshot()
    wait(2.3)
    let second = opened.session.snapshot()
    wait(3.2)
    let third = opened.session.snapshot()
    opened.session.finish()
    // A machine so busy that the guard came late must void the window too, and says that it did.
    let sound = EnergyInterval.between(first.channels[0], second.channels[0])
    #expect(
      sound.value != nil || sound.reason?.code == .stalled || sound.reason?.code == .lost,
      "\(sound)")
    let broken = EnergyInterval.between(second.channels[0], third.channels[0])
    #expect(broken.reason?.code == code || broken.reason?.code == .lost)
    #expect(third.channels[0].accumulated.joules < 65 * 5 * 1.1)
  }
}
