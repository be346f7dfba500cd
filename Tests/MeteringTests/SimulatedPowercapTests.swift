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
    truth: [SimulatedPowercap.Truth], zones: [SimulatedZone], span: (UInt64, UInt64)
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
    return (
      opened.session, pairs, simulation.trace, machine.zones,
      (start.midpoint.nanoseconds, end.midpoint.nanoseconds)
    )
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
    #expect(abs(measured.energy.joules / (Double(after - before) * 1e-6) - 1) < 0.003)
    #expect(outcome.session.checks.contains { $0.name == "meter-tick:powercap:package-0" })
  }
}
