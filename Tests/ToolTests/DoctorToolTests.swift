import Foundation
import TestSupport
import Testing

@Suite struct DoctorToolTests {
  static func document(_ output: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  static func meter(_ name: String, in document: [String: Any]) throws -> [String: Any] {
    let meters = try #require(document["meters"] as? [[String: Any]])
    return try #require(meters.first { $0["source"] as? String == name })
  }

  /// R13, R14, F8: an ordinary user is told why and how, and never to open the counter to everybody.
  @Test func anUnreadableCounterIsNamedWithItsRemedy() throws {
    let tree = try FixtureTree()
    let machine = try #require(SimulatedMachines.machine("unreadable-file"))
    let simulation = try SimulatedPowercap(in: tree, zones: machine.zones)
    simulation.start()
    defer { simulation.stop() }
    tree.makeReadable()
    guard
      let outcome = try Unprivileged.run(
        Tool.path, ["doctor", "--format", "json", "--sysroot", tree.path])
    else { return }
    #expect(outcome.status == 0, "\(outcome.errors)")
    let powercap = try Self.meter("powercap", in: try Self.document(outcome.output))
    #expect(powercap["state"] as? String == "unavailable")
    let reasons = try #require(powercap["unavailable"] as? [[String: Any]])
    #expect(reasons.first?["code"] as? String == "permission")
    let remedy = try #require(reasons.first?["remedy"] as? String)
    #expect(remedy.contains("0440"))
    #expect(remedy.contains("cost: members of the group"))
    #expect(!remedy.contains("0444"))
  }

  @Test func aWorkingCounterShowsItsTickUnitAndWrapTime() throws {
    let machine = try #require(SimulatedMachines.machine("one-package"))
    let simulation = try SimulatedPowercap(in: FixtureTree(), zones: machine.zones)
    simulation.start()
    defer { simulation.stop() }
    let outcome = try Tool.run([
      "doctor", "--format", "json", "--power", "250", "--sysroot", simulation.root,
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let powercap = try Self.meter("powercap", in: try Self.document(outcome.output))
    #expect(powercap["state"] as? String == "usable")
    let channel = try #require((powercap["channels"] as? [[String: Any]])?.first)
    #expect(channel["id"] as? String == "powercap:package-0")
    let wrap = try #require(channel["wrap_time_s"] as? Double)
    #expect(abs(wrap - 262_143.328911 / 250) < 1e-3)
    let period = try #require(channel["update_period_s"] as? Double)
    #expect(period > 0.0005 && period < 0.1)
    let text = try Tool.run(["doctor", "--sysroot", simulation.root])
    #expect(text.output.contains("powercap  usable      powercap:package-0: cpu-package"))
    #expect(text.output.contains("governor"))
  }

  @Test func aMissingTreeIsAWrongUsage() throws {
    let outcome = try Tool.run(["doctor", "--sysroot", "/nonexistent"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("--sysroot /nonexistent"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }
}
