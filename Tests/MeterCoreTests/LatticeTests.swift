import MeterCore
import Model
import TestSupport
import Testing

/// R25: what may be added, and what contradicts itself.
@Suite struct LatticeTests {
  static func faults(_ powers: [(MeterDescriptor, Double)]) -> [[String]] {
    ScopeLattice.faults(
      powers.map { ScopeLattice.Power(descriptor: $0.0, watts: Watts($0.1)) }
    ).map { $0.meters.map(\.rawValue) }
  }

  static let package = testMeter("powercap:package-0", scope: .cpuPackage)
  static let wall = testMeter("shelly:plug", scope: .wall, bound: nil, kind: .measuredSampled)

  @Test func onlyDisjointSiblingsMayBeAdded() {
    let second = testMeter("powercap:package-1", scope: .cpuPackage, part: "1")
    let mirror = testMeter(
      "powercap:package-1", scope: .cpuPackage, part: "1", mirrorOf: "powercap:package-0")
    #expect(ScopeLattice.areDisjoint(Self.package, second))
    #expect(!ScopeLattice.areDisjoint(Self.package, Self.package))
    #expect(!ScopeLattice.areDisjoint(Self.package, mirror))
    #expect(
      !ScopeLattice.areDisjoint(
        Self.package, testMeter("powercap:package-0/dram", scope: .dram, part: "1")))
    #expect(
      !ScopeLattice.areDisjoint(
        Self.package, testMeter("perf:energy-pkg", scope: .cpuPackage, part: "1")))
    #expect(!ScopeLattice.areDisjoint(Self.wall, testMeter("shelly:b", scope: .wall, part: "b")))
  }

  @Test func containmentGoesDownward() {
    #expect(ScopeLattice.contains(.wall, .cpuCore))
    #expect(ScopeLattice.contains(.psys, .cpuPackage))
    #expect(!ScopeLattice.contains(.cpuPackage, .dram))
    #expect(!ScopeLattice.contains(.cpuPackage, .psys))
    #expect(!ScopeLattice.contains(.cpuPackage, .cpuPackage))
  }

  @Test func whatAResultComparesLiesInsideOneAnother() {
    for pair in ScopeLattice.compared { #expect(ScopeLattice.contains(pair.parent, pair.child)) }
  }

  @Test func soundPowersAreNoFault() {
    let core = testMeter("powercap:package-0/core", scope: .cpuCore)
    let dram = testMeter("powercap:package-0/dram", scope: .dram)
    let psys = testMeter("powercap:psys", scope: .psys, part: "platform", bound: nil)
    #expect(
      Self.faults([(Self.package, 100), (core, 80), (dram, 120), (psys, 140), (Self.wall, 250)])
        .isEmpty)
  }

  /// The mirrored dies of a Threadripper: 137 W inside a wall's 125 W.
  @Test func twoDiesThatMirrorOneAreMoreThanTheWall() {
    let dies = (0..<2).map { testMeter("powercap:die-\($0)", scope: .cpuPackage, part: "0.\($0)") }
    #expect(
      Self.faults([(dies[0], 68.5), (dies[1], 68.5), (Self.wall, 125)]) == [
        ["shelly:plug", "powercap:die-0", "powercap:die-1"]
      ])
  }

  @Test func coresAboveTheirPackageAreAFaultOfBoth() {
    let core = testMeter("powercap:package-0/core", scope: .cpuCore)
    let other = testMeter("powercap:package-1/core", scope: .cpuCore, part: "1")
    #expect(
      Self.faults([(Self.package, 50), (core, 70), (other, 500)]) == [
        ["powercap:package-0", "powercap:package-0/core"]
      ])
  }

  /// A unit that cannot be right: the meter that somebody named is refused, the machine's own is kept.
  @Test(arguments: [60.0, 1000])
  func aWrongUnitVoidsTheNamedMeterAlone(factor: Double) throws {
    for watts in [200 / factor, 200 * factor] {
      let found = ScopeLattice.faults([
        ScopeLattice.Power(descriptor: Self.package, watts: Watts(100)),
        ScopeLattice.Power(descriptor: Self.wall, watts: Watts(watts)),
      ])
      #expect(found.map { $0.meters.map(\.rawValue) } == [["shelly:plug"]])
      #expect(found.first?.reason.code == .implausible)
      #expect(found.first?.reason.message.contains("a factor of about") == true)
    }
  }

  @Test func manualPowerJudgesNobody() {
    let manual = testMeter("manual:5", scope: .wall, kind: .manual)
    #expect(Self.faults([(Self.package, 100), (manual, 5)]).isEmpty)
  }
}
