import Foundation
import Model
import Records
import TestSupport
import Testing

struct TableCommandTests {
  private static func profile(_ name: String, claims: Int = 1) -> Profile {
    Profile(
      hardwareID: HardwareID(rawValue: "asic/example-s1"), kind: DeviceKind(rawValue: "asic"),
      name: name,
      published: (0..<claims).map { index in
        PublishedClaim(
          algorithm: .sha256d, workUnit: .hash, rate: 100e12 + Double(index),
          power: Watts(3000), joulesPerWork: 30e-12, joulesPerWorkIsStated: true,
          stated: StatedFigures(rate: "100", unit: "TH/s", power: "3000", efficiency: "30"),
          measuredAt: .wall, rateTolerance: 0.03, year: 2024,
          source: ClaimSource(title: "Example's data sheet", address: "https://example.org/s1"),
          confidence: .high, note: nil)
      })
  }

  @Test("results and claims stand in one table, each with its scope and origin")
  func mixed() throws {
    let folder = try RecordFolder()
    try folder.add("results/a.json") { sample in
      sample.series[0].watts[.wall] = [150, 151, 150.5]
    }
    try folder.add("profiles/s1.json", bytes: ProfileFile.encode(Self.profile("Example S1")))
    try folder.add("profiles/schema/x.schema.json", bytes: Array("{}".utf8))
    let table = folder.run(["table", folder.path])
    #expect(table.code == .done)
    assertSnapshot(table.text, named: "table-mixed.txt")
    let claims = folder.run(["table", folder.path, "--claimed", "--format", "csv"])
    #expect(claims.text.split(separator: "\r\n").count == 2)
    #expect(claims.text.contains("https://example.org/s1"))
    let none = folder.run(["table", folder.path, "--measured", "--scope", "psys"])
    #expect(none.text == "no figures\n")
    #expect(folder.run(["table", folder.path, "--grade", "R2"]).text == "no figures\n")
    #expect(
      folder.run(["table", folder.path, "--device", "example"]).text.contains("claimed 2024"))
  }

  @Test("claims that break a sanity rule are pointed out by its code")
  func findings() throws {
    let folder = try RecordFolder()
    var profile = Self.profile("Example S1")
    profile.published[0].joulesPerWork = 20e-12
    try folder.add("profiles/s1.json", bytes: ProfileFile.encode(profile))
    let claims = folder.run(["table", folder.path, "--claimed"])
    #expect(claims.code == .done)
    #expect(claims.text.contains("efficiency-contradiction: claims of 1 device (Example S1)"))
    #expect(!folder.run(["table", folder.path]).text.contains("efficiency-contradiction"))
    // Nothing is said of a device that was not asked for.
    let others = folder.run(["table", folder.path, "--claimed", "--device", "other"])
    #expect(!others.text.contains("efficiency-contradiction"))
  }

  @Test("of several claims the best-supported one is shown, the others where they are asked for")
  func support() throws {
    let folder = try RecordFolder()
    var profile = Self.profile("Example S1", claims: 4)
    profile.published[0].confidence = .low
    profile.published[1].measuredAt = .unknown
    // A claim of the same support as the best one, further down.
    profile.published[3].year = 2023
    // Without energy, so that it stands for none that has one.
    profile.published.append(profile.published[2])
    profile.published[4].power = nil
    profile.published[4].joulesPerWork = nil
    profile.published[4].joulesPerWorkIsStated = false
    profile.published[4].year = 2025
    try folder.add("profiles/s1.json", bytes: ProfileFile.encode(profile))
    func rates(_ words: String...) -> [String] {
      folder.run(["table", folder.path, "--format", "csv"] + words).text
        .split(separator: "\r\n").dropFirst().map(String.init)
    }
    #expect(rates("--all-claims").count == 5)
    let best = rates()
    #expect(best.count == 1)
    #expect(best.first?.contains("100000000000002") == true)
    #expect(
      folder.run(["table", folder.path]).text.contains(
        "4 claims of less support left out: --all-claims shows them"))
  }

  @Test("a limit and a share are read, and refused with what to give")
  func wishes() throws {
    let folder = try RecordFolder()
    try folder.add("profiles/s1.json", bytes: ProfileFile.encode(Self.profile("Example S1")))
    #expect(folder.run(["table", folder.path, "--efficiency", "20J/TH"]).text == "no figures\n")
    #expect(folder.run(["table", folder.path, "--efficiency", "31 J/TH"]).text.contains("S1"))
    let wrong = folder.run(["table", folder.path, "--efficiency", "20"])
    #expect(wrong.code == .usage)
    #expect(wrong.notes.contains("such as 1MH/J, 20J/TH"))
    let share = folder.run(["table", folder.path, "--per", "core"])
    #expect(share.text == "no figures\n" || share.text.contains("left out"))
    #expect(folder.run(["table", folder.path, "--per", "machine"]).text.contains("one machine"))
  }

  @Test("bad input is one line and exit code 4")
  func badInput() throws {
    let folder = try RecordFolder()
    let empty = folder.run(["table", folder.path])
    #expect(empty.code == .badInput)
    #expect(empty.notes.hasPrefix("no result or profile in DIR"))
    let missing = folder.run(["table", folder.path + "/missing"])
    #expect(missing.code == .badInput)
    #expect(missing.notes.hasPrefix("missing: No such file or directory"))
    try folder.add("new.json", bytes: Array(#"{"format":"hashwatt-result","version":99}"#.utf8))
    let newer = folder.run(["table", folder.path])
    #expect(newer.code == .badInput)
    #expect(newer.notes.contains("new.json") && newer.notes.contains("99"))
    try folder.add("new.json", bytes: Array(#"{"format":"hashw"#.utf8))
    #expect(folder.run(["table", folder.path]).code == .badInput)
    try folder.add("new.json", bytes: Array("[1]".utf8))
    #expect(folder.run(["table", folder.path]).code == .badInput)
  }

  @Test("two profiles of one hardware that differ are pointed out, two copies are one")
  func conflicts() throws {
    let folder = try RecordFolder()
    try folder.add("a/s1.json", bytes: ProfileFile.encode(Self.profile("Example S1")))
    try folder.add("b/s1.json", bytes: ProfileFile.encode(Self.profile("Example S1")))
    let copies = folder.run(["table", folder.path, "--format", "csv"])
    #expect(copies.notes.isEmpty)
    #expect(copies.text.split(separator: "\r\n").count == 2)
    try folder.add("b/s1.json", bytes: ProfileFile.encode(Self.profile("Example S1b")))
    let different = folder.run(["table", folder.path])
    #expect(different.code == .done)
    #expect(
      different.notes
        == "note: a/s1.json and b/s1.json are both profiles of asic/example-s1 and differ\n")
  }

  @Test("a file is written whole or not at all")
  func output() throws {
    let folder = try RecordFolder()
    let result = try folder.add("a.json")
    let target = folder.path + "/table.prom"
    let done = folder.run(["table", result, "--format", "openmetrics", "--output", target])
    #expect(done.code == .done && done.text.isEmpty)
    #expect(try String(contentsOfFile: target, encoding: .utf8).hasSuffix("# EOF\n"))
    let failed = folder.run(["table", result, "--output", folder.path + "/no/such/table.txt"])
    #expect(failed.code == .unavailable)
    #expect(failed.notes.contains("what was there is untouched"))
  }
}
