import Foundation
import LinuxSystem
import Model
import Records
import TestSupport
import Testing

/// `hashwatt verify` and `profile`, as the built program, on one short run that all tests share.
@Suite(.serialized)
struct VerifyTests {
  private static let challenge = String(repeating: "5a", count: 32)

  /// A folder with one result, made once.
  private static let made = Result {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(
      [
        "run", "--algorithm", "sha256d", "--kernel", "portable", "--threads", "1", "--warmup", "0",
        "--window", "0.3", "--repeats", "2", "--idle", "0", "--challenge", challenge,
      ], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let name = try #require(
      try folder.files().first { $0.hasPrefix("results/") && $0.hasSuffix(".json") })
    return (folder: folder, path: folder.path + "/" + name)
  }

  private var path: String { get throws { try Self.made.get().path } }
  private var result: RunResult {
    get throws { try ResultFile.decode(try SystemRoot.live.bytes(path, limit: 1 << 26), name: "r") }
  }

  /// The result's text with one piece replaced, in a new file.
  private func edited(_ from: String, _ to: String, in folder: TemporaryFolder) throws -> String {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let range = try #require(text.range(of: from), "the edit finds its place")
    let file = folder.path + "/edited.json"
    try text.replacingCharacters(in: range, with: to)
      .write(toFile: file, atomically: false, encoding: .utf8)
    return file
  }

  private func expectFalse(_ file: String, naming parts: [String], _ options: [String] = []) throws
  {
    let outcome = try Tool.run(["verify", file] + options)
    #expect(outcome.status == 1, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.hasPrefix("\(file): false: "), "\(outcome.output)")
    for part in parts { #expect(outcome.output.contains(part), "\(outcome.output)") }
  }

  @Test("a true result is accepted with its challenge, and rescanned")
  func accepted() throws {
    let outcome = try Tool.run([
      "verify", try path, "--challenge", Self.challenge, "--rescan", "3", "--seed", "7",
    ])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("the challenge is the one that was asked for"))
    #expect(outcome.output.contains("3 random parts scanned again"))
    #expect(outcome.output.contains("(seed 7)"))
  }

  @Test("one share's nonce, one sample's hash count and one summary number changed by hand")
  func changedByHand() throws {
    let folder = try TemporaryFolder()
    let result = try result
    let share = result.samples[0].shares[3]
    let (sequence, nonce) = (share.position.sequence, share.position.nonce)
    try expectFalse(
      try edited("[0, \(sequence), \(nonce)]", "[0, \(sequence), \(nonce + 1)]", in: folder),
      naming: ["samples[0].shares[3]", "does not meet the target"])
    let hashes = result.samples[1].units
    try expectFalse(
      try edited("\"units\": \(hashes)", "\"units\": \(hashes + 1000)", in: folder),
      naming: ["].units: claims \(hashes + 1000)", "\(hashes)"])
    let median = result.summaries[0].throughput.median
    try expectFalse(
      try edited("\"median\": \(median)", "\"median\": \(median * 1.01)", in: folder),
      naming: ["summaries[0].rate_per_s.median: claims \(median * 1.01)", "\(median)"])
    try expectFalse(
      try edited("\"grade\": \"R0\"", "\"grade\": \"R3\"", in: folder), naming: ["grading.grade"])
  }

  @Test("another challenge than the one asked for is false")
  func otherChallenge() throws {
    try expectFalse(
      try path, naming: ["challenge: not the one"],
      ["--challenge", String(repeating: "00", count: 32)])
  }

  @Test("what cannot be read is one line and exit 4, and the others are still judged")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let cut = folder.path + "/cut.json"
    try String(text.prefix(text.count / 2)).write(toFile: cut, atomically: false, encoding: .utf8)
    expectOneLine(
      try Tool.run(["verify", cut]), code: 4, naming: [cut, "line ", "truncated"])
    let newer = try edited("\n  \"version\": 1,", "\n  \"version\": 7,", in: folder)
    expectOneLine(
      try Tool.run(["verify", newer]), code: 4, naming: [newer, "version 7", "newer hashwatt"])
    expectOneLine(
      try Tool.run(["verify", "/no/such/file"]), code: 4,
      naming: ["/no/such/file", "No such file or directory"])
    expectOneLine(try Tool.run(["verify", folder.path]), code: 4, naming: ["Is a directory"])
    expectOneLine(
      try Tool.run(["verify", Tool.projectFolder + "/profiles/asic/bitmain-antminer-s9.json"]),
      code: 4, naming: ["its format is \"hashwatt-profile\""])
    let both = try Tool.run(["verify", cut, try path])
    #expect(both.status == 4)
    #expect(both.output.contains("\(try path): true"))
  }

  @Test(
    "wrong options are one line and exit 2",
    arguments: [
      (["--challenge", "12"], "64 hexadecimal digits"), (["--rescan", "many"], "--rescan"),
      (["--rescan", "-1"], "--rescan"), (["--seed", "x"], "--seed"),
    ])
  func wrongOptions(words: [String], part: String) throws {
    expectOneLine(try Tool.run(["verify", try path] + words), code: 2, naming: [part])
  }

  // MARK: profile

  @Test("a profile is derived, the same bytes each time, and valid")
  func profile() throws {
    let folder = try TemporaryFolder()
    func derive(_ name: String) throws -> Data {
      let outcome = try Tool.run(
        ["profile", try path, "--profiles", "\(folder.path)/\(name)"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let file = try #require(try folder.files().first { $0.hasPrefix(name) })
      return try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + file))
    }
    let first = try derive("a")
    #expect(try derive("a") == first)
    #expect(try derive("b") == first)
    let read = try ProfileFile.decode(Array(first), name: "p")
    #expect(
      read.sources.map(\.digest) == [
        Hexadecimal.encode(SHA256.hash(try SystemRoot.live.bytes(path, limit: 1 << 26)))
      ])
  }

  @Test("published claims in the file stay when measurements come")
  func claimsStay() throws {
    let folder = try TemporaryFolder()
    let id = try #require(try result.devices.first?.hardwareID.rawValue)
    let claim = PublishedClaim(
      algorithm: .sha256d, workUnit: .hash, rate: 1e6, power: nil, joulesPerWork: nil,
      joulesPerWorkIsStated: false,
      stated: StatedFigures(rate: "1", unit: "MH/s", power: nil, efficiency: nil),
      measuredAt: .unknown, year: nil, source: ClaimSource(title: "t", address: "a @ 1 b"),
      confidence: .low, note: nil)
    let old = Profile(
      hardwareID: HardwareID(rawValue: id), kind: .cpu, name: "n", vendor: "v", published: [claim])
    let file = "\(folder.path)/\(id).json"
    try AtomicFile.createFolder("\(folder.path)/cpu")
    try AtomicFile.write(try ProfileFile.encode(old), to: file)
    #expect(
      try Tool.run(["profile", try path, "--profiles", folder.path]).status == 0)
    let new = try ProfileFile.decode(try SystemRoot.live.bytes(file), name: "p")
    #expect(new.published == [claim])
    #expect(new.vendor == "v")
    #expect(new.measured.count == 1)
  }

  @Test("a profile that cannot be written is one line, and what was there stays as it was")
  func unwritableProfile() throws {
    let folder = try TemporaryFolder()
    let blocked = folder.path + "/file"
    try "kept".write(toFile: blocked, atomically: false, encoding: .utf8)
    expectOneLine(
      try Tool.run(["profile", try path, "--profiles", blocked + "/p"]), code: 3,
      naming: ["cannot write the profile", "--profiles"])
    #expect(try String(contentsOfFile: blocked, encoding: .utf8) == "kept")
    let id = try #require(try result.devices.first?.hardwareID.rawValue)
    try AtomicFile.createFolder("\(folder.path)/p/cpu")
    try "{".write(toFile: "\(folder.path)/p/\(id).json", atomically: false, encoding: .utf8)
    expectOneLine(
      try Tool.run(["profile", try path, "--profiles", folder.path + "/p"]), code: 4,
      naming: ["\(id).json", "truncated"])
  }

  @Test(
    "a disk that fills up while a profile is written leaves the old one, and nothing half-written")
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    #expect(
      try Tool.run(["profile", try path, "--profiles", folder.path]).status == 0)
    let before = try folder.files()
    let file = folder.path + "/" + (try #require(before.first))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    // No file may grow beyond 1 KiB; the signal that would say so is ignored, so that the write fails.
    let outcome = try ChildProcess.run(
      "/usr/bin/env",
      [
        "bash", "-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\" 2>&1 | cat", "bash", Tool.path,
        "profile", try path, "--profiles", folder.path,
      ])
    #expect(outcome.output.contains("cannot write the profile \(file): File too large"))
    #expect(outcome.output.filter { $0 == "\n" }.count == 1)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == bytes)
    #expect(try folder.files() == before)
  }
}
