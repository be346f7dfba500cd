import Economics
import Foundation
import Model
import Records
import Testing

/// The formats of a purchase, read strictly.
struct FileTests {
  @Test("the schemas are what the readers read (RECORD_SNAPSHOTS=1 writes them)")
  func schemas() throws {
    for (name, bytes) in try PurchaseSchemas.all() {
      let path = "profiles/schema/\(name)"
      if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
      }
      #expect(FileManager.default.contents(atPath: path).map(Array.init) == bytes, "\(name)")
    }
  }

  private static let network = """
    {"format": "hashwatt-network", "version": 1, "captured_at_unix_s": 1780112431, "currency": "USD",
     "chains": [{"chain": "btc", "height": 951658, "time_unix_s": 1780112431, "nbits": "1702068f",
                 "price_per_coin": 100000.0}]}
    """

  private func message(_ text: String) -> String? {
    do {
      _ = try NetworkFile.decode(Array(text.utf8), name: "net.json")
      return nil
    } catch {
      #expect(error.exitCode == .badInput)
      return error.line
    }
  }

  @Test("a network file is read, and written so that it reads the same")
  func roundTrip() throws {
    let read = try NetworkFile.decode(Array(Self.network.utf8), name: "net.json")
    #expect(read.chains.count == 1)
    #expect(try NetworkFile.decode(NetworkFile.encode(read), name: "again") == read)
  }

  @Test(
    "whatever is not as the format has it is refused with its place",
    arguments: [
      ("\"height\": 951658", "\"height\": -1", "chains[0].height"),
      ("\"height\": 951658", "\"height\": \"951658\"", "chains[0].height"),
      ("\"price_per_coin\"", "\"price_per_coins\"", "did you mean \"price_per_coin\"?"),
      ("\"1702068f\"", "\"1702068\"", "chains[0].nbits"),
      ("\"nbits\": \"1702068f\"", "\"nbits\": \"1702068f\", \"difficulty\": \"1\"", "exactly one"),
      ("\"nbits\": \"1702068f\",", "", "exactly one"),
      ("\"currency\": \"USD\",", "", "\"currency\" is missing"),
      ("\"USD\"", "\"usd\"", "currency"),
      ("100000.0", "1e999", "price_per_coin"),
      ("\"version\": 1", "\"version\": 2", "use a newer hashwatt"),
      ("hashwatt-network", "hashwatt-scenario", "not \"hashwatt-network\""),
    ])
  func strict(_ old: String, _ new: String, _ said: String) throws {
    let text = Self.network.replacingOccurrences(of: old, with: new)
    try #require(text != Self.network)
    let line = try #require(message(text))
    #expect(line.contains("net.json") && line.contains(said), "\(line)")
  }

  @Test("a chain twice, an empty file, HTML and a history with a gap are refused")
  func others() throws {
    let one = try #require(Self.network.firstRange(of: "{\"chain\""))
    let chain = String(Self.network[one.lowerBound...].dropLast(2))
    let twice = Self.network.replacingOccurrences(of: chain, with: "\(chain), \(chain)")
    #expect(message(twice)?.contains("twice") == true)
    #expect(message("") != nil)
    #expect(message("<html>busy</html>") != nil)
    let gap = """
      {"format": "hashwatt-history", "version": 1, "chain": "btc", "currency": "USD", "source": "x",
       "months": [[1, 2], null, [3, 4]]}
      """
    #expect(throws: Failure.self) { try HistoryFile.decode(Array(gap.utf8), name: "h") }
    let zero = gap.replacingOccurrences(of: "null", with: "[0, 5]")
    #expect(throws: Failure.self) { try HistoryFile.decode(Array(zero.utf8), name: "h") }
    let whole = gap.replacingOccurrences(of: "null", with: "[2, 5]")
    #expect(try HistoryFile.decode(Array(whole.utf8), name: "h").months.count == 3)
  }

  @Test("a scenario takes defaults for what it leaves out, and no key that it does not know")
  func scenario() throws {
    let text = "{\"format\": \"hashwatt-scenario\", \"version\": 1, \"chains\": [\"btc\"]}"
    let contents = try ScenarioFile.decode(Array(text.utf8), name: "s")
    #expect(contents.scenario.growth.map(\.name) == ["0 %", "1 %", "3 %", "5 %"])
    #expect(contents.scenario.horizonMonths == 36)
    for wrong in ["\"horizon_months\": 0", "\"horizon_months\": 1200", "\"horizon\": 12"] {
      let bad = text.replacingOccurrences(of: "\"version\": 1", with: "\"version\": 1, \(wrong)")
      #expect(throws: Failure.self) { try ScenarioFile.decode(Array(bad.utf8), name: "s") }
    }
  }
}
