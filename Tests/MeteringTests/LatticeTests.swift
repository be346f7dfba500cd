import Model
import Testing

/// R25: what may be added, and what contradicts itself.
@Suite struct LatticeTests {
  static func meter(
    _ id: String, scope: Scope, part: String = "0", bound: Double? = 0.05,
    kind: MeterKind = .measuredCounter, mirrorOf: String? = nil
  ) -> MeterDescriptor {
    MeterDescriptor(
      id: MeterID(rawValue: id), source: String(id.prefix { $0 != ":" }), label: id, scope: scope,
      part: part, kind: kind, quantity: .energyCounter, rawUnit: "uJ", resolution: 1,
      updatePeriod: nil,
      accuracy: MeterAccuracy(gainBound: bound, source: "test", isAssumed: true),
      privilege: "none", mirrorOf: mirrorOf.map { MeterID(rawValue: $0) })
  }

  static func faults(_ powers: [(MeterDescriptor, Double)]) -> [[String]] {
    ScopeLattice.faults(
      powers.map { ScopeLattice.Power(descriptor: $0.0, watts: Watts($0.1)) }
    ).map { $0.meters.map(\.rawValue) }
  }

  static let package = meter("powercap:package-0", scope: .cpuPackage)
  static let wall = meter("shelly:plug", scope: .wall, bound: nil, kind: .measuredSampled)

  @Test func onlyDisjointSiblingsMayBeAdded() {
    let second = Self.meter("powercap:package-1", scope: .cpuPackage, part: "1")
    let mirror = Self.meter(
      "powercap:package-1", scope: .cpuPackage, part: "1", mirrorOf: "powercap:package-0")
    #expect(ScopeLattice.areDisjoint(Self.package, second))
    #expect(!ScopeLattice.areDisjoint(Self.package, Self.package))
    #expect(!ScopeLattice.areDisjoint(Self.package, mirror))
    #expect(
      !ScopeLattice.areDisjoint(
        Self.package, Self.meter("powercap:package-0/dram", scope: .dram, part: "1")))
    #expect(
      !ScopeLattice.areDisjoint(
        Self.package, Self.meter("perf:energy-pkg", scope: .cpuPackage, part: "1")))
    #expect(!ScopeLattice.areDisjoint(Self.wall, Self.meter("shelly:b", scope: .wall, part: "b")))
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
    let core = Self.meter("powercap:package-0/core", scope: .cpuCore)
    let dram = Self.meter("powercap:package-0/dram", scope: .dram)
    let psys = Self.meter("powercap:psys", scope: .psys, part: "platform", bound: nil)
    #expect(
      Self.faults([(Self.package, 100), (core, 80), (dram, 120), (psys, 140), (Self.wall, 250)])
        .isEmpty)
  }

  /// The mirrored dies of a Threadripper: 137 W inside a wall's 125 W.
  @Test func twoDiesThatMirrorOneAreMoreThanTheWall() {
    let dies = (0..<2).map { Self.meter("powercap:die-\($0)", scope: .cpuPackage, part: "0.\($0)") }
    #expect(
      Self.faults([(dies[0], 68.5), (dies[1], 68.5), (Self.wall, 125)]) == [
        ["shelly:plug", "powercap:die-0", "powercap:die-1"]
      ])
  }

  @Test func coresAboveTheirPackageAreAFaultOfBoth() {
    let core = Self.meter("powercap:package-0/core", scope: .cpuCore)
    let other = Self.meter("powercap:package-1/core", scope: .cpuCore, part: "1")
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
    let manual = Self.meter("manual:5", scope: .wall, kind: .manual)
    #expect(Self.faults([(Self.package, 100), (manual, 5)]).isEmpty)
  }

  @Test func aPlugsCounterAndPowerMustAgree() {
    for (joulesPerSecond, isSound) in [(100.0, true), (6000, false), (1.67, false)] {
      var rule = Rule()
      #expect((rule.feed(watts: 100, counted: joulesPerSecond, seconds: 200) == nil) == isSound)
    }
  }
}
