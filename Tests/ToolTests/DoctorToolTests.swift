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
    // The longest command of all takes several lines, and can still be copied.
    let text = try #require(
      try Unprivileged.run(Tool.path, ["doctor", "--sysroot", tree.path])
    ).output
    #expect(text.contains("fix: run 'sudo groupadd -f power && "))
    for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    try Self.expectShellCommands(in: text)
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

  /// What a new user sees: on this machine, and on trees that lack this or that.
  @Test func everyLineFitsAndNoRemedyOpensACounterToAll() throws {
    let locked = try FixtureTree()
    try locked.write("vendor_id\t: GenuineIntel\nflags\t: sse2\n", to: "proc/cpuinfo")
    try locked.write("none integrity [confidentiality]\n", to: "sys/kernel/security/lockdown")
    let machine = try #require(SimulatedMachines.machine("two-packages-reversed-dram"))
    let simulation = try SimulatedPowercap(in: FixtureTree(), zones: machine.zones)
    simulation.start()
    defer { simulation.stop() }
    for tree in [nil, locked.path, simulation.root] {
      let outcome = try Tool.run(["doctor"] + (tree.map { ["--sysroot", $0] } ?? []))
      #expect(outcome.status == 0, "\(outcome.errors)")
      for line in outcome.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
      #expect(!outcome.output.contains("0444"))
      try Self.expectShellCommands(in: outcome.output)
    }
  }

  /// What stands between quotes after "run" is a command that the shell can read, also where the line was broken.
  static func expectShellCommands(in text: String) throws {
    for part in text.components(separatedBy: "run '").dropFirst() {
      let command = part.components(separatedBy: "'")[0]
      let outcome = try ChildProcess.run("/bin/sh", ["-n", "-c", command])
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
      let parts = command.split(separator: "\n").dropLast()
      #expect(parts.allSatisfy { $0.hasSuffix(" \\") }, "\(command)")
    }
  }

  /// R13, R16: lockdown is a cause of its own, with what it hides, the way out and the cost of that.
  @Test func lockdownIsNamed() throws {
    let machine = try #require(SimulatedMachines.machine("one-package"))
    let tree = try FixtureTree()
    let simulation = try SimulatedPowercap(in: tree, zones: machine.zones)
    try tree.write("none [integrity] confidentiality\n", to: "sys/kernel/security/lockdown")
    simulation.start()
    defer { simulation.stop() }
    let outcome = try Tool.run(["doctor", "--format", "json", "--sysroot", tree.path])
    let powercap = try Self.meter("powercap", in: try Self.document(outcome.output))
    let checks = try #require(powercap["checks"] as? [[String: Any]])
    let filter = try #require(checks.first { $0["name"] as? String == "energy-filter" })
    #expect(filter["verdict"] as? String == "unknown")
    #expect((filter["message"] as? String)?.contains("locked down (integrity)") == true)
    let remedy = try #require(filter["remedy"] as? String)
    #expect(remedy.contains("Secure Boot") && remedy.contains("cost: "))
  }

  @Test(
    "a tree that is not there, or is none, is bad input in the same words whatever the command",
    arguments: [["doctor"], ["run"], ["detect"], ["calibrate", "--meter", "a", "--meter", "b"]])
  func noTree(words: [String]) throws {
    let empty = try FixtureTree()
    for (folder, what) in [
      ("/nonexistent", "no such folder"), (empty.path, "neither sys nor proc"),
    ] {
      expectOneLine(
        try Tool.run(words + ["--sysroot", folder]), code: 4, naming: ["--sysroot \(folder)", what])
    }
  }
}
