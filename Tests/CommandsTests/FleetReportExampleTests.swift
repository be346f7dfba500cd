import Model
import TestSupport
import Testing

/// The committed fleet of four nodes, collected as its page says.
struct FleetReportExampleTests {
  private static let project = #filePath.split(separator: "/").dropLast(3).reduce("") {
    "\($0)/\($1)"
  }
  private static let example = "\(project)/Documentation/examples/four-nodes"

  @Test("the example's reports are what collect makes of its results", arguments: ["md", "html"])
  func report(ending: String) throws {
    let format = ending == "md" ? "markdown" : ending
    let outcome = try RecordFolder().run([
      "fleet", "collect", Self.example, "--allow-one-machine", "--format", format,
    ])
    #expect(outcome.code == .no, "\(outcome.notes)")
    #expect(!outcome.text.contains(Self.project))
    assertFile(outcome.text, at: "\(Self.example)/report.\(ending)")
  }

  @Test("its slow node is named with its reason, and four nodes on one machine are known to be one")
  func conclusion() throws {
    let outcome = try RecordFolder().run(["fleet", "collect", Self.example, "--no-verify"])
    let text = outcome.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("1 slower than its sisters by 42.7 % (CPU quota 0.6 CPUs, others none)"))
    #expect(text.contains("n3: CPU quota 0.6 CPUs, others none"), "in its own line, whole")
    #expect(text.contains("4 nodes are 1 machine"))
    #expect(text.contains("at most 1 of 4 nodes measured at one moment"))
    #expect(outcome.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(outcome.text)")
  }
}
