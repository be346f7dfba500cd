import LinuxSystem
import MeterCore
import Metering
import Model
import TestSupport
import Testing

/// What a new meter or scope still lacks: this list is the checklist of adding one.
struct MeterCompletenessTests {
  /// The project's folder.
  private static let project = String(
    #filePath.dropLast("/Tests/MeteringTests/CompletenessTests.swift".count))

  @Test("nothing is missing of a meter", arguments: MeterCatalog.all.map(\.name))
  func lacks(name: String) throws {
    let source = try #require(MeterCatalog.all.first { $0.name == name })
    var missing: [String] = []
    if source.summary.isEmpty { missing.append("a summary for 'doctor'") }
    let page = try SystemRoot.live.text(Self.project + "/Documentation/Meters.md")
    if !page.contains("`\(name)") { missing.append("its row in Documentation/Meters.md") }
    #expect(missing.isEmpty, "\(name) lacks \(missing.joined(separator: "; "))")
  }

  @Test("names of meters are unique")
  func unique() {
    let names = MeterCatalog.all.map(\.name)
    #expect(Set(names).count == names.count)
  }
}
