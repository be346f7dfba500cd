import Foundation
import TestSupport
import Testing

/// What Documentation/Fleet.md says of engines that take commands, run on this machine in place of many.
struct FleetExampleTests {
  private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let brief = [
    "--algorithm", "sha256d", "--kernel", "portable", "--threads", "1", "--warmup", "0", "--window",
    "0.2", "--repeats", "2", "--idle", "0",
  ]

  /// A fleet `night` of two nodes in a folder, for the engine `commands`.
  private func fleet() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(
      ["fleet", "submit", "night", "--engine", "commands", "--nodes", "n[1-2]", "--"] + Self.brief,
      in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return folder
  }

  private func expectComplete(_ folder: TemporaryFolder) throws {
    let status = try Tool.run(["fleet", "status", "night"], in: folder.path)
    #expect(status.status == 0, "\(status.output)\(status.errors)")
    #expect(status.output.contains("of 2 nodes: 2 complete"), "\(status.output)")
    // Both nodes are this machine, which is found.
    let report = try Tool.run(["fleet", "collect", "night"], in: folder.path)
    #expect(report.status == 1, "\(report.output)\(report.errors)")
    #expect(report.output.contains("2 of 2 nodes verified"))
    #expect(report.output.contains("2 nodes are 1 machine") || report.output.contains("1\nmachine"))
    let allowed = try Tool.run(
      ["fleet", "collect", "night", "--allow-one-machine"], in: folder.path)
    #expect(allowed.status == 0, "\(allowed.output)")
  }

  @Test("the line for GNU parallel measures every node")
  func parallel() throws {
    guard ChildProcess.find("parallel") != nil else {
      return NotRun.report("a fleet by GNU parallel: parallel is not installed")
    }
    let page = try String(
      contentsOf: Self.project.appendingPathComponent("Documentation/Fleet.md"), encoding: .utf8)
    let line = try #require(page.split(separator: "\n").first { $0.hasPrefix("parallel --") })
    let folder = try fleet()
    // In place of ssh: the node's name goes, and the words are run here as a login shell there would.
    let ssh = folder.path + "/ssh"
    try "#!/bin/sh\nshift\nexec /bin/sh -c \"$*\"\n".write(
      toFile: ssh, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: ssh)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    // The pause between two nodes is for a rack's sake.
    let outcome = try ChildProcess.run(
      "/bin/sh", ["-c", line.replacingOccurrences(of: "--delay 20", with: "--delay 0")],
      in: folder.path, environment: ["PATH": "\(folder.path):\(path)", "HOME": folder.path])
    #expect(outcome.status == 0, "\(outcome.text)")
    try expectComplete(folder)
  }

  @Test("the playbook for Ansible measures every node and brings the very bytes")
  func ansible() throws {
    guard ChildProcess.find("ansible-playbook") != nil else {
      return NotRun.report("a fleet by Ansible: ansible-playbook is not installed (ansible-core)")
    }
    let folder = try fleet()
    let playbook = Self.project.appendingPathComponent("Packaging/examples/hashwatt-fleet.yml").path
    let outcome = try ChildProcess.run(
      "/bin/sh",
      [
        "-c",
        """
        exec ansible-playbook -i night/inventory.ini "$0" -e ansible_connection=local -e fleet="$PWD/night" \
        -e program="$1" -e "run='$2'"
        """, playbook, Tool.path, Self.brief.joined(separator: " "),
      ], in: folder.path,
      environment: [
        "HOME": folder.path, "LC_ALL": "C.UTF-8", "ANSIBLE_LOCAL_TEMP": folder.path + "/ansible",
        "ANSIBLE_REMOTE_TEMP": folder.path + "/ansible",
        "ANSIBLE_ASYNC_DIR": folder.path + "/async", "ANSIBLE_RETRY_FILES_ENABLED": "0",
      ])
    #expect(outcome.status == 0, "\(outcome.text.suffix(3000))")
    try expectComplete(folder)
  }

  /// ReFrame with the check of the examples, on this machine as the only node.
  private func reframe(_ settings: [String], in folder: TemporaryFolder) throws
    -> ChildProcess.Outcome?
  {
    guard let reframe = ChildProcess.find("reframe") else {
      NotRun.report("the check for ReFrame: reframe is not installed (ReFrame-HPC of PyPI)")
      return nil
    }
    let check = Self.project.appendingPathComponent("Packaging/examples/hashwatt_check.py").path
    let words = ["program=\(Tool.path)", "options=\(Self.brief.joined(separator: " "))"] + settings
    return try ChildProcess.run(
      reframe, ["-c", check, "-r"] + words.flatMap { ["-S", $0] }, in: folder.path,
      environment: ["HOME": folder.path, "LC_ALL": "C.UTF-8", "RFM_COLORIZE": "n"])
  }

  @Test(
    "the check for ReFrame passes by a true result, whose rate it shows, and collect reads what it kept"
  )
  func reframe() throws {
    let folder = try TemporaryFolder()
    guard let outcome = try reframe(["least=sha256d:1"], in: folder) else { return }
    #expect(outcome.status == 0, "\(outcome.text)")
    #expect(outcome.text.contains("P: sha256d_cpu_portable_1: "), "\(outcome.text)")
    let report = try Tool.run(["fleet", "collect", "output"], in: folder.path)
    #expect(report.status == 0, "\(report.output)\(report.errors)")
    #expect(report.output.contains("1 of 1 node verified"), "\(report.output)")
  }

  @Test(
    "the check for ReFrame fails by a rate below what is asked, one that was not measured, and a program that says no"
  )
  func reframeFails() throws {
    let folder = try TemporaryFolder()
    guard let slow = try reframe(["least=sha256d:9e18"], in: folder) else { return }
    #expect(slow.status == 1 && slow.text.contains("performance error"), "\(slow.text)")
    let absent = try reframe(["least=sha256d:1,keccak256:1"], in: folder)
    #expect(absent?.status == 1, "\(absent?.text ?? "")")
    #expect(absent?.text.contains("not measured") == true)
    let wrong = try reframe(["program=/bin/false"], in: folder)
    #expect(wrong?.status == 1, "\(wrong?.text ?? "")")
  }
}
