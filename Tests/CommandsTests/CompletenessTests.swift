import Arguments
import Commands
import LinuxSystem
import TestSupport
import Testing

/// What a new command still lacks: this list is the checklist of adding one.
struct CommandCompletenessTests {
  /// The project's folder.
  private static let project = String(
    #filePath.dropLast("/Tests/CommandsTests/CompletenessTests.swift".count))

  static let names = CommandCatalog.all.map { $0.description.name }

  private static func pages() throws -> [String] {
    let root = SystemRoot.live
    let folder = Self.project + "/Documentation"
    let names = try root.names(folder).filter { $0.hasSuffix(".md") }
    let paths = ["\(Self.project)/README.md"] + names.map { "\(folder)/\($0)" }
    return try paths.map { try root.text($0) }
  }

  @Test("nothing is missing of a command", arguments: names)
  func lacks(name: String) throws {
    let command = try #require(CommandCatalog.all.first { $0.description.name == name })
    var missing: [String] = []
    if command.description.examples.isEmpty { missing.append("an example in its description") }
    if command.description.discussion.isEmpty { missing.append("a discussion for its help page") }
    if try !Self.pages().contains(where: { $0.contains("hashwatt \(name)") }) {
      missing.append("a mention as 'hashwatt \(name)' in README.md or Documentation/")
    }
    let pages = try SystemRoot.live.names(Self.project + "/Tests/CommandsTests/Snapshots")
    if !pages.contains("help-\(name).txt") {
      missing.append("its golden help page (RECORD_SNAPSHOTS=1)")
    }
    #expect(missing.isEmpty, "\(name) lacks \(missing.joined(separator: "; "))")
  }
}
