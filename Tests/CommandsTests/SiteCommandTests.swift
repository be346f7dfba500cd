import Foundation
import Model
import Records
import Reporting
import TestSupport
import Testing

struct SiteCommandTests {
  static let hostileName =
    "=HYPERLINK(\"http://x\")<script>alert(1)</script>|`${\\input{/etc/passwd}}`\u{1b}[31m\u{202e}'\n&"

  /// Results and profiles with everything that could spoil a page.
  static func folder() throws -> RecordFolder {
    let folder = try RecordFolder()
    try folder.add("results/server.json") { sample in
      sample.interleaves = true
      sample.series = [
        SampleResult.Series(
          .sha256d, "avx512-2x16", rates: [120.1e6, 120.4e6, 119.9e6],
          watts: [.cpuPackage: [98.2, 98.4, 98.1], .wall: [151, 152, 150.5]]),
        SampleResult.Series(
          .sha256d, "shani-4", rates: [61e6, 61.2e6, 60.9e6],
          watts: [.cpuPackage: [80.2, 80.4, 80.1], .wall: [131, 132, 130.5]]),
        SampleResult.Series(
          .sha256d, "shani-4", threads: 4, rates: [119e6, 118.2e6, 119.9e6],
          watts: [.cpuPackage: [97.2, 97.4, 97.1], .wall: [150, 150, 149.5]]),
      ]
      sample.roofline = CoreRoofline(
        cpu: 0, clock: 3.9e9, throughputs: [],
        kernels: [("avx512-2x16", 60.1e6), ("<script>" + hostileName, 30.6e6)].map {
          CoreRoofline.Kernel(
            algorithm: .sha256d, kernel: KernelID(rawValue: $0), unit: .hash,
            operationsPerUnit: 178,
            clock: 3.9e9, bound: .value(64e6), measured: $1, spread: 0.01)
        })
    }
    try folder.add("results/hostile.json") { sample in
      sample.deviceName = hostileName
      sample.hardwareID = "cpu/../../<b>" + String(repeating: "x", count: 90)
      sample.boardName = "</script><img src=x onerror=alert(1)>"
    }
    try folder.add("results/long.json") { sample in
      sample.deviceName = String(repeating: "Unbreakable", count: 30)
      sample.hardwareID = "cpu/long"
    }
    try folder.add(
      "profiles/claims.json",
      bytes: ProfileFile.encode(
        Profile(
          hardwareID: HardwareID(rawValue: "asic/example-s1"), kind: DeviceKind(rawValue: "asic"),
          name: "Example S1",
          published: [100e12, 95e12].map { rate in
            PublishedClaim(
              algorithm: .sha256d, workUnit: .hash, rate: rate, power: Watts(3000),
              joulesPerWork: 3000 / rate, joulesPerWorkIsStated: false,
              stated: StatedFigures(rate: "100", unit: "TH/s", power: "3000", efficiency: nil),
              measuredAt: .wall, rateTolerance: 0.03, year: 2024,
              source: ClaimSource(title: "Data sheet", address: "javascript:alert(1)"),
              confidence: .high, note: nil)
          })))
    return folder
  }

  @Test("a site has an index, a page for each device, and the very files")
  func files() throws {
    let folder = try Self.folder()
    let site = folder.path + "/site"
    let outcome = folder.run([
      "site", folder.path + "/results", folder.path + "/profiles", "--output", site,
    ])
    #expect(outcome.code == .done, "\(outcome.notes)")
    let index = try String(contentsOfFile: site + "/index.html", encoding: .utf8)
    #expect(!index.contains("<img") && !index.contains("<script>alert"))
    #expect(index.contains("cpu-") && index.contains("claimed"))
    for name in ["server", "hostile", "long"] {
      let raw = try Data(contentsOf: URL(fileURLWithPath: site + "/data/\(name).json"))
      let source = folder.path + "/results/\(name).json"
      #expect(raw == (try Data(contentsOf: URL(fileURLWithPath: source))))
    }
    let pages = try FileManager.default.contentsOfDirectory(atPath: site + "/devices")
    #expect(pages.count == 4)
    let claims = try String(
      contentsOfFile: site + "/devices/asic-example-s1.html", encoding: .utf8)
    #expect(!claims.contains("href=\"javascript"))
    // The second time it replaces the first, and nothing of the way there is left.
    #expect(folder.run(["site", folder.path + "/results", "--output", site]).code == .done)
    #expect(!FileManager.default.fileExists(atPath: site + "/devices/asic-example-s1.html"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "profiles", "results", "site",
      ])
  }

  @Test("what must not be written over stays, and what differs is refused")
  func refused() throws {
    let folder = try Self.folder()
    let other = folder.run(["site", folder.path, "--output", folder.path + "/results"])
    #expect(other.code == .badInput)
    #expect(other.notes.hasPrefix("results holds files and is no site of hashwatt"))
    #expect(folder.run(["site", folder.path]).code == .usage)
    let profile = Profile(
      hardwareID: HardwareID(rawValue: "asic/example-s1"), kind: DeviceKind(rawValue: "asic"),
      name: "Another S1")
    try folder.add("profiles/copy.json", bytes: ProfileFile.encode(profile))
    let conflict = folder.run(["site", folder.path, "--output", folder.path + "/site"])
    #expect(conflict.code == .badInput)
    #expect(conflict.notes.contains("are both profiles of asic/example-s1 and differ"))
  }

  @Test("another build's kernels of a result are no entries of a leaderboard")
  func others() throws {
    let folder = try RecordFolder()
    try folder.add("a.json") { sample in
      sample.series = ["plugin:mine", "other:mine"].map {
        SampleResult.Series(.sha256d, $0, rates: [1e6, 1.1e6, 1.05e6])
      }
    }
    let site = folder.path + "/site"
    #expect(folder.run(["site", folder.path, "--output", site]).code == .done)
    let index = try String(contentsOfFile: site + "/index.html", encoding: .utf8)
    #expect(index.contains("plugin:mine") && !index.contains("other:mine"))
  }

  @Test("with --verify what is false is shown as false")
  func verified() throws {
    let folder = try RecordFolder()
    // The sample's shares are numbers that nobody hashed for.
    try folder.add("a.json")
    let site = folder.path + "/site"
    #expect(folder.run(["site", folder.path, "--verify", "--output", site]).code == .done)
    let index = try String(contentsOfFile: site + "/index.html", encoding: .utf8)
    #expect(index.contains("FALSE: "))
  }

  @Test("a profile shows whether it follows from its results, and what of them is not here")
  func profiles() throws {
    let folder = try RecordFolder()
    let result = try folder.add("results/a.json") { $0.toolVersion = ToolIdentity.currentVersion }
    let profiles = folder.path + "/profiles"
    #expect(folder.run(["profile", result, "--profiles", profiles]).code == .done)
    let files = try #require(FileManager.default.subpaths(atPath: profiles))
    let path = profiles + "/" + (try #require(files.first { $0.hasSuffix(".json") }))
    let site = folder.path + "/site"
    func index(_ sources: [String]) throws -> String {
      let outcome = folder.run(["site"] + sources + ["--output", site])
      #expect(outcome.code == .done, "\(outcome.notes)")
      return try String(contentsOfFile: site + "/index.html", encoding: .utf8)
    }
    let results = folder.path + "/results"
    #expect(try index([profiles, results]).contains("derived again from its results, "))
    #expect(try index([profiles]).contains("not checked, a.json is not here; "))
    #expect(try index([profiles, results, "--verify"]).contains("FALSE: its result a.json"))
    // Edited by hand: the numbers no longer follow.
    var profile = try ProfileFile.decode(
      Array(try Data(contentsOf: URL(fileURLWithPath: path))), name: path)
    profile.measured[0].units += 1
    try Data(try ProfileFile.encode(profile)).write(to: URL(fileURLWithPath: path))
    #expect(try index([profiles, results]).contains("FALSE: at measured.series[0].units"))
    // Another file of that name is not the one that the profile names.
    try folder.add("results/a.json") { $0.hypervisor = "kvm" }
    #expect(try index([profiles, results]).contains("not checked, a.json is not here; "))
  }

  @Test(
    "pages in Chromium: nothing overflows, console empty, sort, filter, search and open by keyboard"
  )
  func browser() throws {
    let names = ["chromium", "chromium-browser", "google-chrome"]
    guard let chromium = names.lazy.compactMap(ChildProcess.find).first,
      let python = ChildProcess.find("python3")
    else { return NotRun.report("pages in a browser: chromium or python3 is not installed") }
    let folder = try Self.folder()
    let site = folder.path + "/site"
    let report = folder.path + "/report.html"
    let sources = [folder.path + "/results", folder.path + "/profiles"]
    #expect(folder.run(["site"] + sources + ["--output", site]).code == .done)
    #expect(folder.run(["report"] + sources + ["--output", report]).code == .done)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Browser/check_pages.py").path
    let shots =
      ProcessInfo.processInfo.environment["HASHWATT_SCREENSHOTS"] ?? folder.path
    // The project's own leaderboard has hundreds of figures, with longer names than one would invent.
    let own = folder.path + "/own"
    let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    #expect(
      folder.run(["site", project + "/profiles", project + "/results", "--output", own]).code
        == .done)
    let pages = try FileManager.default.contentsOfDirectory(atPath: site + "/devices").sorted()
    let purchases = ["s21-in-a-farm", "l9-merged"].map { name -> String in
      let examples = project + "/Documentation/examples/"
      let page = "\(folder.path)/\(name).html"
      let words = [
        "evaluate", "\(examples)\(name).json", "--network", examples + "network-2026-05-30.json",
        "--format", "html", "--output", page,
      ]
      #expect(folder.run(words).code == .done)
      return "\(name)=\(page)"
    }
    // More figures than an index holds: the page that searches is there only then.
    let sheet = try String(contentsOfFile: project + "/profiles/asic/bee-b2s.json", encoding: .utf8)
    for number in 0..<1001 {
      let text = sheet.replacingOccurrences(of: "asic/bee-b2s", with: "asic/claimed/d\(number)")
        .replacing(/"name": "[^"]*"/, with: "\"name\": \"Device \(number)\"")
      try folder.add("many/\(number).json", bytes: Array(text.utf8))
    }
    let many = folder.path + "/many-site"
    #expect(folder.run(["site", folder.path + "/many", "--output", many]).code == .done)
    let devices = pages.enumerated().map { "device\($0)=\(site)/devices/\($1)" }
    let outcome = try ChildProcess.run(
      python,
      [
        script, chromium, shots, "report=" + report, "index=\(site)/index.html",
        "own=\(own)/index.html", "search=\(many)/search.html",
      ]
        + purchases + devices)
    #expect(outcome.status == 0, "\(outcome.text)")
  }
}

struct ReportCommandTests {
  @Test("one page, escaped, with nothing from elsewhere")
  func page() throws {
    let folder = try SiteCommandTests.folder()
    let path = folder.path + "/report.html"
    let outcome = folder.run(["report", folder.path, "--output", path])
    #expect(outcome.code == .done, "\(outcome.notes)")
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(!page.contains("<script") && !page.contains("<img"))
    #expect(page.contains("script-src 'none'"))
    #expect(page.contains("hashwatt verify --rescan 20 hostile.json"))
    if ChildProcess.find("gnuplot") == nil {
      NotRun.report("plots of the report: gnuplot is not installed (gnuplot-nox)")
      #expect(page.contains("gnuplot is not installed"))
    } else {
      #expect(page.contains("<svg"))
      #expect(page.contains("Throughput over threads, sha256d"))
      #expect(page.contains("Share of the roofline reached by one thread"))
    }
    #expect(folder.run(["report", folder.path]).code == .usage)
  }
}
