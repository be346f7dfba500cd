import Foundation
import LinuxSystem
import TestSupport
import Testing

/// `hashwatt sign` and what reads signatures, with keys that OpenSSH makes for the test.
@Suite(.serialized)
struct SignatureTests {
  /// A new key pair and its line of allowed signers; nil where OpenSSH is not here.
  private static func key(
    _ name: String, in folder: TemporaryFolder, passphrase: String = ""
  ) throws -> (path: String, line: String)? {
    guard let program = ChildProcess.find("ssh-keygen") else {
      NotRun.report("signatures: no ssh-keygen on this machine")
      return nil
    }
    let path = "\(folder.path)/\(name)"
    let made = try ChildProcess.run(
      program, ["-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", path])
    try #require(made.status == 0, "\(made.text)")
    let line = try String(contentsOfFile: path + ".pub", encoding: .utf8)
    return (path, "\(name)@example.org namespaces=\"hashwatt\" \(line)")
  }

  /// A short run in a folder, signed where a key is given; the result's path.
  private static func measured(
    in folder: TemporaryFolder, key: String? = nil
  ) throws -> String {
    let outcome = try Tool.run(
      RunTests.short + (key.map { ["--sign-key", $0] } ?? []), in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("signature: ") == (key != nil))
    let names = try folder.files().filter { $0.hasPrefix("results/") && $0.hasSuffix(".json") }
    return "\(folder.path)/\(try #require(names.first))"
  }

  private static func signers(_ lines: String..., in folder: TemporaryFolder) throws -> String {
    let path = "\(folder.path)/signers-\(UUID().uuidString)"
    try lines.joined().write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  @Test("a signed result says who signed it wherever it is shown, and a wrong signature is refused")
  func signed() throws {
    let folder = try TemporaryFolder()
    guard let alice = try Self.key("alice", in: folder), let bob = try Self.key("bob", in: folder)
    else { return }
    let result = try Self.measured(in: folder, key: alice.path)
    #expect(SystemRoot.live.exists(result + ".sig"))
    let own = try Self.signers(bob.line, alice.line, in: folder)
    let other = try Self.signers(bob.line, in: folder)

    func verify(_ words: String...) throws -> Tool.Outcome {
      try Tool.run(["verify", result] + words)
    }
    #expect(try verify().output.contains("  signed, not checked: --allowed-signers"))
    let good = try verify("--allowed-signers", own)
    #expect(good.status == 0 && good.output.contains("  signed by alice@example.org\n"))
    let unknown = try verify("--allowed-signers", other)
    #expect(unknown.status == 1 && unknown.output.contains("its key is none of"))
    for (lines, what) in [
      ("alice@example.org\n", ":1: no line of a signer and a key"),
      ("# nobody\n\n", "names no signer"),
      (alice.line + "\u{1}\u{2}\n", ":2: no line of a signer"),
    ] {
      let strange = try Self.signers(lines, in: folder)
      expectOneLine(try verify("--allowed-signers", strange), code: 4, naming: [strange, what])
    }
    expectOneLine(
      try verify("--allowed-signers", folder.path + "/none"), code: 4, naming: ["none"])

    for (words, text) in [
      (["--allowed-signers", own], "signed by alice@example.org"),
      (["--allowed-signers", other], "its signature is refused"), ([], "signed, not checked"),
    ] {
      let table = try Tool.run(["table", result] + words)
      #expect(table.status == 0, "\(table.errors)")
      let said = table.output.split { $0.isWhitespace }.joined(separator: " ")
      #expect(said.contains(text), "\(table.output)")
      let page = folder.path + "/report.html"
      #expect(try Tool.run(["report", result, "--output", page] + words).status == 0)
      #expect(try SystemRoot.live.text(page).contains(text))
      let site = folder.path + "/site"
      #expect(try Tool.run(["site", result, "--output", site] + words).status == 0)
      let pages = try FileManager.default.subpathsOfDirectory(atPath: site)
        .filter { $0.hasSuffix(".html") }.map { try SystemRoot.live.text("\(site)/\($0)") }
      #expect(pages.contains { $0.contains(text) })
    }

    // A signature of another file, and one that was made for another purpose.
    let second = folder.path + "/second.json"
    try FileManager.default.copyItem(atPath: result, toPath: second)
    try (SystemRoot.live.text(second) + " ").write(
      toFile: second, atomically: false, encoding: .utf8)
    let again = try Tool.run(["sign", second, "--key", alice.path])
    #expect(again.status == 0 && again.output == second + ".sig\n", "\(again.errors)")
    let signature = result + ".sig"
    try SystemRoot.live.text(second + ".sig").write(
      toFile: signature, atomically: false, encoding: .utf8)
    let swapped = try verify("--allowed-signers", own)
    #expect(swapped.status == 1 && swapped.output.contains("of other bytes"), "\(swapped.output)")
    try FileManager.default.removeItem(atPath: signature)
    let foreign = try ChildProcess.run(
      try #require(ChildProcess.find("ssh-keygen")),
      ["-Y", "sign", "-n", "file", "-f", alice.path, result])
    #expect(foreign.status == 0)
    #expect(try verify("--allowed-signers", own).status == 1)
    try "garbage".write(toFile: signature, atomically: false, encoding: .utf8)
    #expect(try verify("--allowed-signers", own).status == 1)
    // A file of a gigabyte, without a byte of it on the disk.
    try #require(truncate(signature, 1 << 30) == 0)
    let long = try verify("--allowed-signers", own)
    #expect(long.status == 1 && long.output.contains("far too long"), "\(long.output)")
    try FileManager.default.removeItem(atPath: signature)
    let unsigned = try verify("--allowed-signers", own)
    #expect(unsigned.status == 1 && unsigned.output.contains("there is none"))
    #expect(try verify().status == 0)
  }

  @Test("a key with a passphrase and no agent is one line and never a wait")
  func passphrase() throws {
    let folder = try TemporaryFolder()
    guard let locked = try Self.key("locked", in: folder, passphrase: "a long secret") else {
      return
    }
    let result = try Self.measured(in: folder)
    let outcome = try Tool.run(["sign", result, "--key", locked.path])
    expectOneLine(outcome, code: 3, naming: ["ssh-add", locked.path])
    #expect(!SystemRoot.live.exists(result + ".sig"))
    // Found before anything is measured.
    let results = try folder.files()
    let run = try Tool.run(RunTests.short + ["--sign-key", locked.path], in: folder.path)
    expectOneLine(run, code: 3, naming: ["ssh-add"])
    #expect(try folder.files() == results)
  }

  @Test("what cannot be signed is one line")
  func refused() throws {
    let folder = try TemporaryFolder()
    guard let alice = try Self.key("alice", in: folder) else { return }
    let text = folder.path + "/a.json"
    try "{}".write(toFile: text, atomically: false, encoding: .utf8)
    expectOneLine(try Tool.run(["sign", text, "--key", alice.path]), code: 4, naming: [text])
    #expect(!SystemRoot.live.exists(text + ".sig"))
    expectOneLine(try Tool.run(["sign", text]), code: 2, naming: ["--key"])
    let result = try Self.measured(in: folder)
    expectOneLine(
      try Tool.run(["sign", result, "--key", folder.path + "/none"]), code: 4, naming: ["none"])
    expectOneLine(try Tool.run(["sign", result, "--key", text]), code: 3, naming: [text])
    // OpenSSH refuses a private key that others can read.
    let open = folder.path + "/open"
    try FileManager.default.copyItem(atPath: alice.path, toPath: open)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: open)
    expectOneLine(
      try Tool.run(["sign", result, "--key", open]), code: 3, naming: ["chmod 600 \(open)"])
    #expect(!SystemRoot.live.exists(result + ".sig"))
    expectOneLine(
      try Tool.run(["sign", result, "--key", alice.path], environment: ["PATH": "/nowhere"]),
      code: 3, naming: ["ssh-keygen is not installed", "openssh-client"])
  }
}
