import Arguments
import Commands
import Foundation
import Model
import Testing

/// `evaluate` and `network` as people call them, in the project's own folder.
struct EvaluateCommandTests {
  private static let network = "Documentation/examples/network-2026-05-30.json"

  private func run(
    _ words: String..., environment: [String: String] = [:]
  ) -> (code: ExitCode, text: String, notes: String) { run(words, environment: environment) }

  private func run(
    _ words: [String], environment: [String: String] = [:]
  ) -> (code: ExitCode, text: String, notes: String) {
    let output = MemoryStream()
    let notes = MemoryStream()
    let context = CommandContext(
      output: output, notes: notes, environment: environment, isInterrupted: { false })
    do {
      let code = try HashwattCommand.dispatch(words, context, catalog: CommandCatalog.all)
      return (code, output.text, notes.text)
    } catch {
      let failure = ErrorReport.failure(for: error)
      return (failure.exitCode, output.text, failure.line)
    }
  }

  /// A word as a shell gives it to a program: one `*` at the end of a folder's name stands for all that begin so.
  private static func expanded(_ word: String) throws -> [String] {
    let parts = word.components(separatedBy: "*")
    guard parts.count == 2, let slash = parts[0].lastIndex(of: "/") else { return [word] }
    let start = String(parts[0][parts[0].index(after: slash)...])
    let paths = try FileManager.default.contentsOfDirectory(atPath: String(parts[0][..<slash]))
      .filter { $0.hasPrefix(start) }.map { "\(parts[0][..<slash])/\($0)\(parts[1])" }
    return paths.filter { FileManager.default.fileExists(atPath: $0) }.sorted()
  }

  private func example(_ name: String) -> String { "Documentation/examples/\(name).json" }

  @Test(
    "what a document says that a command prints is what it prints",
    arguments: [("Documentation/Evaluating.md", 11), ("README.md", 1)])
  func document(path: String, least: Int) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let blocks = text.components(separatedBy: "```console\n").dropFirst()
      .map { $0.components(separatedBy: "\n```")[0] }
    #expect(blocks.count >= least)
    for block in blocks {
      let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
      let command = try #require(lines.first).dropFirst("$ hashwatt ".count)
      let result = run(try command.split(separator: " ").flatMap { try Self.expanded(String($0)) })
      #expect(result.code == .done, "\(command): \(result.notes)")
      let shown = lines.dropFirst().joined(separator: "\n")
      #expect(result.text.hasPrefix(shown), "\(command) prints:\n\(result.text.prefix(2000))")
    }
  }

  @Test("a report fits eighty columns, in every example")
  func columns() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: "Documentation/examples")
    for name in names.sorted() where name.hasSuffix(".json") {
      let text = try String(contentsOfFile: "Documentation/examples/\(name)", encoding: .utf8)
      guard text.contains("\"hashwatt-scenario\"") else { continue }
      let network = name.hasPrefix("contract") ? example("network-2018-12-18") : Self.network
      let result = run("evaluate", "Documentation/examples/\(name)", "--network", network)
      #expect(result.code == .done, "\(name): \(result.notes)")
      #expect(result.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(name)")
      // Never a promise.
      #expect(!result.text.lowercased().contains("profitable"))
    }
  }

  @Test("every example of a part is taken by its option, and named in the report")
  func parts() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: "Documentation/examples")
    var taken = 0
    for name in names.sorted() where name.hasSuffix(".json") {
      let path = "Documentation/examples/\(name)"
      let tree = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: path)))
      let option: [String]
      switch (tree as? [String: Any])?["format"] as? String {
      case "hashwatt-contract": option = ["--against", "contract:\(path)"]
      case "hashwatt-rental": option = ["--against", "rental:\(path)"]
      case "hashwatt-hosting": option = ["--against", "hosting:\(path)"]
      case "hashwatt-tariff": option = ["--tariff", path]
      case "hashwatt-history": option = ["--history", path, "--paths", "20"]
      case "hashwatt-prices": option = ["--price-list", path]
      // They are run as themselves, or with every other test.
      case "hashwatt-scenario", "hashwatt-network": continue
      case let other:
        Issue.record("\(name) has the format \(other ?? "none")")
        continue
      }
      let result = run(
        ["evaluate", example("s21-in-a-farm"), "--network", Self.network, "--growth", "1%"]
          + option)
      #expect(result.code == .done, "\(name): \(result.notes)")
      #expect(
        result.text.filter { !$0.isWhitespace }.contains("\(path):SHA-256"), "\(name)")
      #expect(result.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(name)")
      taken += 1
    }
    #expect(taken >= 7)
  }

  @Test(
    "every form is whole, and the same inputs give the same bytes",
    arguments: ["text", "markdown", "csv", "json", "html"])
  func forms(_ format: String) throws {
    let words = [
      "evaluate", example("s21-in-a-farm"), "--network", Self.network, "--format", format,
      "--paths", "50",
    ]
    let first = run(words)
    #expect(first.code == .done)
    #expect(first.text == run(words).text)
    switch format {
    case "json":
      let tree = try JSONSerialization.jsonObject(with: Data(first.text.utf8)) as? [String: Any]
      let answers = try #require(tree?["answers"] as? [String: Any])
      #expect(answers["scenarios"] != nil && answers["monte_carlo"] != nil)
      #expect((tree?["inputs"] as? [Any])?.count == 2)
      #expect((tree?["overrides"] as? [String]) == ["--paths 50"])
    case "html":
      #expect(first.text.contains("</html>") && first.text.contains("<svg"))
      #expect(!first.text.contains("<script"))
      // No request to anywhere.
      #expect(!first.text.contains("src=\"http") && !first.text.contains("url("))
    case "csv": #expect(first.text.contains("scenarios.0 %.fair_machine_price,"))
    case "markdown": #expect(first.text.hasPrefix("# What "))
    default: #expect(first.text.hasPrefix("The answer\n"))
    }
  }

  @Test("a refusal is one line and nothing that looks like an answer")
  func refusals() throws {
    let stale = run(
      "evaluate", example("s21-in-a-farm"), "--network", Self.network, "--at", "2026-10-01")
    #expect(stale.code == .badInput && stale.text.isEmpty)
    #expect(stale.notes.hasPrefix("stale-network: "))
    let json = run(
      "evaluate", example("s21-in-a-farm"), "--network", Self.network, "--at", "2026-10-01",
      "--format", "json")
    #expect(json.code == .badInput)
    let tree = try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any]
    let answers = try #require(tree?["answers"] as? [String: Any])
    #expect(answers["refused"] as? String == "stale-network" && answers["today"] == nil)
    let accepted = run(
      "evaluate", example("s21-in-a-farm"), "--network", Self.network, "--at", "2026-10-01",
      "--allow-stale", "200")
    #expect(accepted.code == .done)
    #expect(accepted.text.hasPrefix("The answer\nThe figures of btc are 124 days old.\n"))
    let none = run("evaluate", example("s21-in-a-farm"))
    #expect(none.code == .unavailable && none.notes.hasPrefix("no-snapshot: "))
    let nothing = run("evaluate", "--network", Self.network, "--at", "2026-05-31")
    #expect(nothing.code == .unavailable)
    let low = run(
      "evaluate", "--device", "profiles/asic/bitmain-antminer-l9.json", "--network", Self.network,
      "--tariff", "0.06", "--at", "2026-05-31")
    #expect(low.code == .badInput && low.notes.hasPrefix("low-confidence: "))
    let marked = run(
      "evaluate", "--device", "profiles/asic/bitmain-antminer-l9.json", "--network", Self.network,
      "--tariff", "0.06", "--at", "2026-05-31", "--accept-low-confidence")
    #expect(marked.code == .done && marked.text.contains("LOW CONFIDENCE"))
  }

  @Test("what counts solutions says so, and what never pays back has no number of days")
  func solutions() {
    let result = run(
      "evaluate", "--device", "profiles/asic/bitmain-antminer-z15-pro.json", "--network",
      Self.network, "--tariff", "0.90", "--machine-price", "20000", "--at", "2026-05-31",
      "--accept-low-confidence")
    let text = result.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(result.code == .done, "\(result.notes)")
    #expect(text.contains(" solutions of work for a block, network "), "\(text)")
    #expect(text.contains("rate 840 kSol/s") && text.contains("J/kSol") && !text.contains("/kH"))
    #expect(text.contains("static payback (today for ever) never ") && !text.contains("never days"))
    #expect(text.contains("Antminer Z15 Pro: published, LOW CONFIDENCE."))
  }

  @Test("options take the place of the file, and the output says which")
  func overrides() {
    let result = run(
      "evaluate", example("s21-in-a-farm"), "--network", Self.network, "--price", "200000",
      "--growth", "0%,0.02", "--horizon", "24", "--count", "3", "--tariff", "0.05", "--pool-fee",
      "2%")
    #expect(result.code == .done)
    for said in [
      "--price 200000", "--growth 0%,0.02", "--horizon 24", "--count 3", "--tariff 0.05",
      "--pool-fee 2%",
    ] {
      #expect(result.text.contains("from the command line: \(said)"), "\(said)")
    }
    #expect(result.text.contains("The futures, over 24 months"))
  }

  @Test("wrong options are usage errors")
  func usage() {
    for wrong in [
      ["--growth", "fast"], ["--at", "yesterday"], ["--at", "2026-02-30"],
      ["--gate", "fair-price<3"],
      ["--against", "gold"],
      ["--horizon", "0"], ["--horizon", "1200"], ["--price", "-1"], ["--paths", "10"],
      ["--format", "pdf"],
    ] {
      let result = run(
        ["evaluate", example("s19-at-home"), "--network", Self.network] + wrong)
      #expect(result.code == .usage, "\(wrong): \(result.notes)")
      #expect(result.text.isEmpty)
    }
  }

  @Test("a gate sets the exit code alone")
  func gates() {
    func code(_ gate: String) -> ExitCode {
      run("evaluate", example("z15-on-zcash"), "--network", Self.network, "--gate", gate).code
    }
    #expect(code("fair-price>=1000") == .done)
    #expect(code("fair-price>=1e9") == .no)
    #expect(code("coins-over-buying>=1") == .done)
  }

  @Test("a folder is ranked, prices beside, low claims left out with their code")
  func ranking() throws {
    let words = [
      "evaluate", "profiles/asic", "--network", Self.network, "--at", "2026-05-31", "--tariff",
      "0.06",
      "--price-list", example("prices"),
    ]
    let text = run(words)
    #expect(text.code == .done)
    #expect(text.text.contains("low-confidence: "))
    let csv = run(words + ["--format", "csv"]).text.split(separator: "\r\n")
    let fair = csv.dropFirst().compactMap { line -> Double? in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      return cells.count > 5 ? Double(cells[cells.count - 8]) : nil
    }
    #expect(fair.count > 100)
    #expect(zip(fair, fair.dropFirst()).allSatisfy { $0 >= $1 })
    let two = run(
      "evaluate", "--device", "profiles/asic/bitmain-antminer-s21.json", "--device",
      "profiles/asic/bitmain-antminer-s21.json#2", "--network", Self.network, "--at", "2026-05-31",
      "--tariff", "0.06")
    #expect(two.code == .done && two.text.contains("cannot tell"))
  }

  @Test("a price list with a machine twice, and files of other formats, are refused")
  func files() throws {
    let folder = try RecordFolder()
    let list = try String(contentsOfFile: example("prices"), encoding: .utf8)
    let twice = list.replacingOccurrences(of: "bitmain-antminer-l9", with: "bitmain-antminer-s21")
    let path = try folder.add("prices.json", bytes: Array(twice.utf8))
    let result = run(
      "evaluate", "profiles/asic", "--network", Self.network, "--price-list", path)
    #expect(result.code == .badInput && result.notes.contains("twice"))
    // Numbers that no device has end in a refusal, and in nothing else.
    for (name, value) in [("rate_per_s", "-1"), ("power_w", "-1"), ("rate_per_s", "1e300")] {
      let text = try String(contentsOfFile: example("s19-at-home"), encoding: .utf8)
      let pattern = try Regex("\"\(name)\": [0-9.e+]+")
      let path = try folder.add(
        "bad.json", bytes: Array(text.replacing(pattern, with: "\"\(name)\": \(value)").utf8))
      let bad = run("evaluate", path, "--network", Self.network)
      #expect(bad.code == .badInput && bad.notes.hasPrefix("value-invalid: \(name)"))
    }
    let swapped = run("evaluate", Self.network, "--network", example("s19-at-home"))
    #expect(swapped.code == .badInput)
    let newer = try folder.add(
      "s.json", bytes: Array("{\"format\": \"hashwatt-scenario\", \"version\": 2}".utf8))
    let refused = run("evaluate", newer, "--network", Self.network)
    #expect(refused.notes.hasPrefix("file-invalid: ") && refused.notes.contains("newer hashwatt"))
  }

  // MARK: - network

  private static let header = "Documentation/examples/node/getblockheader-btc-100000.json"

  private func answers(_ options: String..., change: (String) -> String) throws -> (
    code: ExitCode, text: String, notes: String
  ) {
    let folder = try RecordFolder()
    let info = try String(
      contentsOfFile: "Documentation/examples/node/getblockchaininfo-btc.json", encoding: .utf8)
    let path = try folder.add("info.json", bytes: Array(change(info).utf8))
    return run(["network", "--from", path, "--from", Self.header, "--at", "2010-12-30"] + options)
  }

  @Test("saved answers become a network file whose header was checked")
  func saved() throws {
    let result = try answers { $0 }
    #expect(result.code == .done && result.notes.contains("own work was checked"))
    let written = try String(contentsOfFile: example("network-block-100000"), encoding: .utf8)
    #expect(result.text == written)
  }

  @Test("a syncing node, a test chain, an error, HTML and another chain's header are refused")
  func wrongAnswers() throws {
    let syncing = try answers {
      $0.replacingOccurrences(of: "0.99999", with: "0.5")
    }
    #expect(syncing.code == .badInput && syncing.notes.hasPrefix("node-syncing: "))
    let test = try answers { $0.replacingOccurrences(of: "\"main\"", with: "\"test\"") }
    #expect(test.code == .badInput && test.notes.hasPrefix("chain-unknown: "))
    let error = try answers { _ in
      "{\"result\": null, \"error\": {\"code\": -28, \"message\": \"Loading block index\"}, \"id\": 1}"
    }
    #expect(error.code == .badInput && error.notes.hasPrefix("node-answer: "))
    #expect(error.notes.contains("Loading block index"))
    // A stranger's words never reach the terminal as they are.
    let coloured = try answers { _ in
      "{\"result\": null, \"error\": {\"code\": -1, \"message\": \"\\u001b[31mred\"}, \"id\": 1}"
    }
    #expect(coloured.code == .badInput && !coloured.notes.contains("\u{1b}"))
    let html = try answers { _ in "<html>busy</html>" }
    #expect(html.code == .badInput && html.notes.contains("HTML"))
    let pruned = try answers {
      $0.replacingOccurrences(of: "\"pruned\": false", with: "\"pruned\": true")
    }
    #expect(pruned.code == .badInput && pruned.notes.hasPrefix("node-pruned: "))
    let other = run("network", "--from", Self.header, "--chain", "ltc")
    #expect(other.code == .badInput && other.notes.hasPrefix("header-pow-invalid"))
    #expect(run("network").code == .usage)
  }

  @Test("a pruned node's newest block is taken where that is asked for")
  func pruned() throws {
    let result = try answers("--accept-pruned") {
      $0.replacingOccurrences(of: "\"pruned\": false", with: "\"pruned\": true")
    }
    #expect(result.code == .done && result.notes.contains("own work was checked"))
    // No node told the fees, and none is not zero.
    #expect(!result.text.contains("fees"))
  }

  private static let zcash = "Documentation/examples/node/getblockheader-zec-347500.json"

  @Test("a header of Zcash is checked by its hash and by its solution")
  func zcash() throws {
    let words = ["network", "--chain", "zec", "--height", "347500", "--from"]
    let whole = run(words + [Self.zcash])
    #expect(whole.code == .done && whole.notes.contains("own work was checked"))
    let folder = try RecordFolder()
    let text = try String(contentsOfFile: Self.zcash, encoding: .utf8)
    // The nBits of an easier target that the hash would meet with any solution: only that is wrong then.
    let easy = text.replacingOccurrences(of: "a3730e1c", with: "ffff071f")
    try #require(easy != text)
    let path = try folder.add("zec.json", bytes: Array(easy.utf8))
    let refused = run(words + [path])
    #expect(refused.code == .badInput)
    #expect(refused.notes.hasPrefix("header-pow-invalid: the solution in the header of zec"))
  }

  @Test("the header of one block and the fields of another do not become one snapshot")
  func mixedBlocks() throws {
    let folder = try RecordFolder()
    let text = try String(contentsOfFile: Self.header, encoding: .utf8)
    let path = try folder.add(
      "raw.hex",
      bytes: Array(
        "0100000050120119172a610421a6c3011dd330d9df07b63616c2cc1f1cd00200000000006657a9252aacd5c0b2940996ecff952228c3067cc38d4885efb5a4ac4247e9f337221b4d4c86041b0f2b5710\n"
          .utf8))
    #expect(run("network", "--from", Self.header, "--from", path).code == .done)
    let later = try folder.add(
      "later.json",
      bytes: Array(text.replacingOccurrences(of: "1293623863", with: "1293623864").utf8))
    try #require(text.contains("1293623863"))
    for files in [[path, later], [later, path]] {
      let mixed = run(["network"] + files)
      #expect(mixed.code == .badInput, "\(mixed.notes)")
    }
  }

  @Test(
    "a node that is not there, or an address that holds a secret, is refused without showing it")
  func node() {
    let absent = run("network", "--node", "http://127.0.0.1:1")
    #expect(absent.code == .unavailable && absent.notes.contains("127.0.0.1:1"))
    let secret = run("network", "--node", "http://me:hush@127.0.0.1:1")
    #expect(secret.code == .usage && !secret.notes.contains("hush"))
    let quiet = run(
      "network", "--node", "http://127.0.0.1:1",
      environment: ["HASHWATT_NODE_CREDENTIALS": "me:hush"])
    #expect(!quiet.notes.contains("hush"))
  }
}
