import Foundation
import Model
import Records
import TestSupport
import Testing

/// `fleet collect` over folders of any origin.
struct FleetCollectTests {
  /// A result of a node; each has a challenge of its own.
  private static func result(
    _ node: Int, rate: Double = 120, _ change: (inout RunResult) -> Void = { _ in }
  ) throws -> [UInt8] {
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "avx512-2x16", rates: [0.999, 1, 1.001].map { $0 * rate * 1e6 },
        watts: [.cpuPackage: [98.2, 98.4, 98.1]])
    ]
    var result = sample.make()
    result.challenge = try #require(
      Challenge(bytes: [UInt8](repeating: UInt8(node), count: 32)))
    result.startedAt += Double(node)
    change(&result)
    return try ResultFile.encode(result)
  }

  /// Nodes n1 to n6 with equal rates.
  private static func folder() throws -> RecordFolder {
    let folder = try RecordFolder()
    for node in 1...6 {
      try folder.add(
        "results/n\(node).json", bytes: result(node, rate: 120 + 0.05 * Double(node % 3)))
    }
    return folder
  }

  private func collect(_ folder: RecordFolder, _ words: String...) -> (
    code: ExitCode, text: String, notes: String
  ) {
    folder.run(["fleet", "collect", folder.path + "/results", "--no-verify"] + words)
  }

  @Test("equal nodes pass, a slow one fails")
  func slow() throws {
    let folder = try Self.folder()
    let equal = collect(folder)
    #expect(equal.code == .done, "\(equal.notes)")
    assertSnapshot(equal.text, named: "fleet-equal.txt")
    try folder.add("results/n7.json", bytes: Self.result(7, rate: 60))
    let slow = collect(folder)
    #expect(slow.code == .no)
    #expect(slow.text.contains("1 slower than its sisters by 50.0 %"))
    #expect(collect(folder, "--gate", "throughput=-60%", "--gate", "efficiency=-60%").code == .done)
    #expect(collect(folder, "--gate", "power=+5%").code == .usage)
    #expect(collect(folder, "--gate", "throughput").code == .usage)
  }

  @Test("a folder below the named one is a node, and its results are that node's runs")
  func runs() throws {
    let folder = try Self.folder()
    try folder.add("results/n1/first.json", bytes: Self.result(11))
    try folder.add("results/n8/first.json", bytes: Self.result(12))
    try folder.add("results/n8/deeper/second.json", bytes: Self.result(13))
    let csv = collect(folder, "--format", "csv").text.split(separator: "\r\n")
    #expect(csv.count == 1 + 7 * 2)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(collect(folder, "--format", "json").text.utf8))
        as? [String: Any])
    let nodes = try #require(report["nodes"] as? [[String: Any]])
    #expect(
      nodes.compactMap { $0["name"] as? String } == ["n1", "n2", "n3", "n4", "n5", "n6", "n8"])
    #expect(nodes.map { ($0["files"] as? [String])?.count } == [2, 1, 1, 1, 1, 1, 2])
  }

  @Test("a node with another's file, whole or changed, is false")
  func copies() throws {
    let folder = try Self.folder()
    try folder.add("results/n7.json", bytes: Self.result(3, rate: 120))
    var changed = try ResultFile.decode(Self.result(4), name: "n8")
    changed.note = "changed"
    try folder.add("results/n8.json", bytes: ResultFile.encode(changed))
    let outcome = collect(folder, "--format", "json")
    #expect(outcome.code == .no)
    #expect(outcome.text.contains("it is the run of n3 (results/n3.json)"))
    #expect(outcome.text.contains("it is the run of n4 (results/n4.json)"))
    #expect(outcome.text.contains("6 of 8 nodes answered, not verified; 2 false"))
    // The same file twice for one node is one run, and no falsehood.
    let twice = try Self.folder()
    try twice.add("results/n1/copy.json", bytes: Self.result(1, rate: 120.05))
    let one = collect(twice, "--format", "json")
    #expect(one.code == .done, "\(one.text)")
    #expect(one.text.contains("results/n1.json is the run of results/n1/copy.json again"))
  }

  @Test("damaged, interrupted and foreign files cost their node and no other")
  func damage() throws {
    let folder = try Self.folder()
    let whole = try Self.result(7)
    try folder.add("results/cut.json", bytes: Array(whole.prefix(whole.count / 2)))
    try folder.add("results/empty.json", bytes: [])
    try folder.add(
      "results/deep.json", bytes: [UInt8](repeating: UInt8(ascii: "["), count: 100_000))
    try folder.add("results/other.json", bytes: Array(#"{"format":"x","version":1}"#.utf8))
    try folder.add(
      "results/partial.json",
      bytes: Self.result(8) {
        $0.isComplete = false
        $0.endReason = Reason(.interrupted, "the time limit came")
      })
    let outcome = collect(folder)
    #expect(outcome.code == .no)
    #expect(
      outcome.text.contains("6 of 11 nodes answered, not verified; 1 interrupted; 4 unreadable"))
    #expect(outcome.text.contains("the time limit came"))
    let junit = collect(folder, "--format", "junit").text
    #expect(junit.contains("failures=\"4\" errors=\"0\" skipped=\"1\""))
  }

  @Test("two nodes are held against a result that is as it should be, in every form")
  func base() throws {
    let folder = try RecordFolder()
    for (node, rate) in [(1, 120.0), (2, 110.0)] {
      try folder.add("results/n\(node).json", bytes: Self.result(node, rate: rate))
    }
    let good = try folder.add("good.json", bytes: Self.result(9, rate: 120))
    #expect(collect(folder).code == .done)
    let text = collect(folder, "--base", good)
    #expect(text.code == .no)
    // The path of the base is long, and breaks a line.
    let words = text.text.split { $0.isWhitespace }.joined(separator: " ")
    #expect(words.contains("1 below good.json; 2 with too few sisters to tell"), "\(text.text)")
    #expect(text.text.contains("n2: -8.33 ± "))
    let json = collect(folder, "--base", good, "--format", "json").text
    #expect(json.contains("\"below_base\": true") && json.contains("\"below_base\": false"))
    #expect(collect(folder, "--base", good, "--format", "csv").text.contains(",true,"))
    let junit = collect(folder, "--base", good, "--format", "junit").text
    #expect(junit.contains("failures=\"2\"") && junit.contains("to the base"), "\(junit)")
    #expect(
      collect(folder, "--base", good, "--gate", "throughput=-10%", "--gate", "efficiency=-10%").code
        == .done)
    let none = collect(folder, "--base", folder.path + "/none.json")
    #expect(none.code == .badInput)
    #expect(collect(folder, "--format", "json").text.contains("base") == false)
  }

  @Test("a site of what counts is written beside the report, which stays the only document")
  func site() throws {
    let folder = try Self.folder()
    try folder.add("results/cut.json", bytes: Array("{".utf8))
    let outcome = collect(folder, "--format", "json", "--site", folder.path + "/site")
    #expect(outcome.code == .no)
    #expect(throws: Never.self) {
      try JSONSerialization.jsonObject(with: Data(outcome.text.utf8))
    }
    #expect(outcome.notes.contains("site/index.html: 6 files"), "\(outcome.notes)")
    #expect(FileManager.default.fileExists(atPath: folder.path + "/site/index.html"))
    let none = try RecordFolder()
    try none.add("results/cut.json", bytes: Array("{".utf8))
    let refused = collect(none, "--site", none.path + "/site")
    #expect(refused.code == .no && refused.notes.contains("not written"))
    #expect(!FileManager.default.fileExists(atPath: none.path + "/site"))
  }

  @Test("what cannot be verified is false")
  func verified() throws {
    let folder = try RecordFolder()
    try folder.add("results/n1.json", bytes: Self.result(1))
    let outcome = folder.run(["fleet", "collect", folder.path + "/results"])
    #expect(outcome.code == .no)
    #expect(outcome.text.contains("0 of 1 node verified; 1 false"))
  }

  @Test("names and texts of strangers are shown, and obeyed nowhere")
  func hostile() throws {
    let folder = try Self.folder()
    let name = "=cmd|'x'<b>\u{1b}[31m&\"\u{202e}"
    try folder.add(
      "results/\(name).json",
      bytes: Self.result(9, rate: 60) {
        $0.machine.platform.firmwareVersion = .value("</td><script>alert(1)</script>]]>")
        $0.devices[0] = Device(
          id: .cpu, kind: .cpu, hardwareID: $0.devices[0].hardwareID,
          name: "\u{1b}]0;x\u{7} \"><svg onload=x>", capabilities: [.sha256d], verdict: "can hash")
      })
    for format in ["text", "markdown", "html", "junit", "csv", "json"] {
      let text = collect(folder, "--format", format, "--all").text
      #expect(
        !text.contains("\u{1b}") && !text.contains("\u{202e}") || format == "json", "\(format)")
      if format == "html" || format == "junit" {
        #expect(!text.contains("<script") && !text.contains("<b>") && !text.contains("<svg"))
      }
      if format == "csv" { #expect(text.contains("'=cmd")) }
    }
    #expect(!collect(folder, "--format", "json").text.contains("\u{1b}"))
  }

  @Test("an expected fact refuses a node that does not have it")
  func expected() throws {
    let folder = try RecordFolder()
    for node in 1...5 {
      try folder.add(
        "results/n\(node).json",
        bytes: Self.result(node) { result in
          let state = MachineState(
            instant: result.samples[0].start.first, unixTime: result.startedAt,
            facts: [.governor: .value(.text(node == 2 ? "powersave" : "performance"))])
          for index in result.samples.indices { result.samples[index].stateBefore = state }
        })
    }
    let outcome = collect(folder, "--expect", "governor=performance")
    #expect(outcome.code == .no)
    #expect(outcome.text.contains("governor is powersave, expected performance"))
    #expect(outcome.text.contains("4 of 5 nodes answered, not verified; 1 not set as expected"))
    #expect(collect(folder, "--expect", "governor").code == .usage)
  }

  @Test("usage is told in one line")
  func usage() throws {
    let folder = try RecordFolder()
    #expect(folder.run(["fleet"]).code == .usage)
    #expect(folder.run(["fleet", "colect", "x"]).notes.contains("is nothing that fleet does"))
    #expect(folder.run(["fleet", "collect"]).notes.contains("no folder to collect from"))
    let none = folder.run(["fleet", "collect", folder.path])
    #expect(none.code == .badInput && none.notes.contains("no result in DIR"))
    #expect(folder.run(["fleet", "collect", folder.path + "/missing"]).code == .badInput)
  }
}
