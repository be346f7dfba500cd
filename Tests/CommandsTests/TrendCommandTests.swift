import Foundation
import Model
import Records
import TestSupport
import Testing

/// `trend` over folders of results.
struct TrendCommandTests {
  private static let day = 86400.0

  /// A night's result; rates scatter by a few tenths of a percent, the same for the same night.
  private static func night(
    _ number: Int, factor: Double = 1, watts: Double = 98,
    _ change: (inout RunResult) -> Void = { _ in }
  ) throws -> [UInt8] {
    let rate = 120e6 * factor * (1 + 0.001 * Double((number * 7) % 5 - 2))
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "avx512-2x16", rates: [0.999, 1, 1.001].map { $0 * rate },
        watts: [.cpuPackage: [watts, watts, watts]])
    ]
    var result = sample.make()
    result.startedAt += Double(number) * day
    change(&result)
    return try ResultFile.encode(result)
  }

  private static func cpu(microcode: String) -> CPUDescription {
    CPUDescription(
      hardwareID: HardwareID(rawValue: "cpu/test-2c"), vendor: .value("GenuineIntel"),
      modelName: .value("Test CPU"), architecture: .value("x86_64"), family: .value(6),
      model: .value(85), stepping: .value(7), microcode: .value(microcode), packages: .value(1),
      dies: .value(1), cores: .value(2), threads: 2, onlineCPUs: [0, 1], offlineCPUs: .value([]),
      allowedCPUs: .value([0, 1]), coreKinds: .value([]), caches: .value([]),
      numaNodes: .value([]), tree: [], features: .value([]),
      minimumFrequencyHz: .value(1_200_000_000), maximumFrequencyHz: .value(3_900_000_000),
      simultaneousMultithreading: .value(false))
  }

  /// Twenty nights of which the last eight are faster by `factor`, with another kernel.
  private static func folder(_ factor: Double = 0.95) throws -> RecordFolder {
    let folder = try RecordFolder()
    for number in 0..<20 {
      let isLate = number >= 12
      // Names that do not sort by time.
      try folder.add(
        "nights/\((number * 7) % 20).json",
        bytes: night(number, factor: isLate ? factor : 1) {
          if isLate { $0.machine.operatingSystem.kernelRelease = .value("6.12.0") }
        })
    }
    return folder
  }

  private func trend(_ folder: RecordFolder, _ words: String...) -> (
    code: ExitCode, text: String, notes: String
  ) { folder.run(["trend", folder.path + "/nights"] + words) }

  @Test("a step is told with its depth and what else changed there")
  func step() throws {
    let folder = try Self.folder()
    let outcome = trend(folder)
    #expect(outcome.code == .done, "\(outcome.notes)")
    assertSnapshot(outcome.text, named: "trend.txt")
    #expect(outcome.text.contains("kernel release 6.1.0 -> 6.12.0"))
    let text = trend(folder, "--format", "json").text
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let series = try #require(report["series"] as? [[String: Any]])
    #expect(series.count == 2)
    let levels = try #require(series.first?["levels"] as? [[String: Any]])
    #expect(levels.map { $0["runs"] as? Int } == [12, 8])
  }

  @Test("a page, a report and the site draw the series with its intervals and its change")
  func pictures() throws {
    let folder = try Self.folder()
    let nights = folder.path + "/nights"
    func read(_ name: String) throws -> String {
      try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
    }
    let page = trend(folder, "--format", "html").text
    #expect(folder.run(["report", nights, "--output", folder.path + "/r.html"]).code == .done)
    #expect(folder.run(["site", nights, "--output", folder.path + "/site"]).code == .done)
    let devices = try FileManager.default.contentsOfDirectory(
      atPath: folder.path + "/site/devices")
    let device = try #require(devices.first)
    for html in [page, try read("r.html"), try read("site/devices/" + device)] {
      // Two series of twenty runs, the rate and the work per joule, each with one change.
      #expect(html.components(separatedBy: "class=\"run\"").count - 1 == 40)
      #expect(html.components(separatedBy: "class=\"bar\"").count - 1 == 40)
      #expect(html.components(separatedBy: "class=\"level\"").count - 1 == 4)
      #expect(html.components(separatedBy: "class=\"change\"").count - 1 == 2)
      #expect(html.contains("-5.1 %") || html.contains("-5.0 %"))
      #expect(html.contains("kernel release 6.1.0 -&gt; 6.12.0"))
    }
    // Two runs are no picture.
    let few = try RecordFolder()
    for number in 0..<2 { try few.add("nights/\(number).json", bytes: Self.night(number)) }
    #expect(!trend(few, "--format", "html").text.contains("<figure"))
  }

  @Test("the newest night is gated against its own level")
  func gate() throws {
    let folder = try Self.folder(1)
    let gates = ["--gate", "throughput=-1.75%", "--gate", "energy=+5%"]
    #expect(folder.run(["trend", folder.path + "/nights"] + gates).code == .done)
    try folder.add("nights/new.json", bytes: Self.night(30, factor: 0.95, watts: 98 * 0.95))
    let worse = folder.run(["trend", folder.path + "/nights"] + gates)
    #expect(worse.code == .no, "\(worse.text)")
    #expect(worse.text.contains("regression: 1 of 2 gates failed"))
    let junit = folder.run(["trend", folder.path + "/nights", "--format", "junit"] + gates)
    #expect(junit.text.contains("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""))
    #expect(trend(folder, "--gate", "throughput=-8%").code == .done)
    #expect(trend(folder, "--gate", "power=+5%").code == .usage)
  }

  @Test("too few runs cannot be judged, which only --strict fails")
  func few() throws {
    let folder = try RecordFolder()
    for number in 0..<3 { try folder.add("nights/\(number).json", bytes: Self.night(number)) }
    #expect(trend(folder, "--gate", "throughput=-1.75%").code == .done)
    let strict = trend(folder, "--gate", "throughput=-1.75%", "--strict")
    #expect(strict.code == .no && strict.text.contains("cannot be judged"))
    #expect(trend(folder).text.contains("3 runs: a change can be told from 10 on"))
  }

  @Test(
    "whatever changed at a step is named: program, tool, compiler, microcode, firmware, kernel, governor"
  )
  func whatElseChanged() throws {
    let folder = try RecordFolder()
    for number in 0..<20 {
      let isLate = number >= 12
      try folder.add(
        "nights/\(number).json",
        bytes: Self.night(number, factor: isLate ? 0.95 : 1) { result in
          let digest = String(repeating: isLate ? "cd" : "ab", count: 32)
          result.tool = ToolIdentity(
            version: isLate ? "0.2.0" : "0.1.0", executableDigest: .value(digest),
            compiler: isLate ? "Swift 6.4" : "Swift 6.3", configuration: "release")
          result.machine.operatingSystem.kernelRelease = .value(isLate ? "6.12.0" : "6.1.0")
          result.machine.platform.firmwareVersion = .value(isLate ? "2.0" : "1.0")
          result.machine.cpu = .value(Self.cpu(microcode: isLate ? "0x2b" : "0x2a"))
          let governor = isLate ? "powersave" : "performance"
          for index in result.samples.indices {
            result.samples[index].stateBefore = MachineState(
              instant: result.samples[index].start.first, unixTime: result.startedAt,
              facts: [.governor: .value(.text(governor))])
          }
        })
    }
    let text = trend(folder, "--format", "json").text
    for (name, before, after) in [
      ("program", "SHA-256 abababababab", "SHA-256 cdcdcdcdcdcd"),
      ("tool", "0.1.0 (release)", "0.2.0 (release)"), ("compiler", "Swift 6.3", "Swift 6.4"),
      ("microcode", "0x2a", "0x2b"), ("firmware", "1.0", "2.0"),
      ("kernel release", "6.1.0", "6.12.0"), ("governor", "performance", "powersave"),
    ] {
      #expect(
        text.contains("\"\(before)\"") && text.contains("\"\(after)\"")
          && text.contains("\"\(name)\""), "\(name): \(text)")
    }
  }

  @Test("versions are ordered as numbers, commits as the list says")
  func orders() throws {
    let folder = try RecordFolder()
    for (number, version) in ["0.10.0", "0.2.0", "0.9.1"].enumerated() {
      try folder.add(
        "nights/\(version).json",
        bytes: Self.night(number) { $0.tool.version = version })
    }
    func keys(_ by: String) throws -> [String] {
      let text = trend(folder, "--by", by, "--format", "json").text
      let report = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      let series = try #require(report?["series"] as? [[String: Any]])
      let points = try #require(series.first?["points"] as? [[String: Any]])
      return points.compactMap { $0["key"] as? String }
    }
    #expect(try keys("tool").map { $0.prefix { $0 != " " } } == ["0.2.0", "0.9.1", "0.10.0"])
    let list = try folder.add(
      "commits", bytes: Array("# newest last\nfeed 0.9.1.json\nbeef nights/0.10.0.json\n".utf8))
    #expect(try keys("file:" + list) == ["feed", "beef"])
    #expect(
      trend(folder, "--by", "file:" + list).text.contains("1 of the files are not in the list"))
    try folder.add("commits", bytes: Array("one two three\n".utf8))
    #expect(trend(folder, "--by", "file:" + list).notes.contains("line 1 is not 'COMMIT RESULT'"))
    #expect(trend(folder, "--by", "month").code == .usage)
    #expect(trend(folder, "--by", "file:/nowhere").code == .badInput)
  }

  @Test("other hardware, kernels, plans and machines are series of their own")
  func series() throws {
    let folder = try RecordFolder()
    try folder.add("nights/a.json", bytes: Self.night(0))
    try folder.add("nights/b.json", bytes: Self.night(1) { $0.plan.suite = "standard-1" })
    try folder.add(
      "nights/c.json", bytes: Self.night(2) { $0.machine.platform.boardName = .value("other") })
    try folder.add("nights/d.json", bytes: Self.night(3) { $0.isComplete = false })
    let text = trend(folder, "--format", "json").text
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let series = try #require(report["series"] as? [[String: Any]])
    #expect(series.map { ($0["points"] as? [Any])?.count } == [1, 1, 1, 1, 1, 1])
    #expect(trend(folder, "--algorithm", "keccak256").code == .badInput)
  }
}
