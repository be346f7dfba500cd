package import Fleet
package import JSON
internal import Model
package import Records

/// How far a fleet is, for people.
package enum FleetStatusText {
  /// The folder is the fleet's, below which files are named.
  package static func text(
    _ progress: FleetProgress, in folder: String, _ style: TextStyle
  ) -> String {
    let results = "\(folder)/results/".replacing("//", with: "/")
    func short(_ path: String) -> String {
      path.hasPrefix(results) ? String(path.dropFirst(results.count)) : path
    }
    let grid = Grid(
      columns: [
        Grid.Column("node"), Grid.Column("rack", mayBeShared: true),
        Grid.Column("attempt", .right, dropping: .early(0)),
        Grid.Column("job", .right), Grid.Column("state"),
        Grid.Column("what is known", minimumWidth: 20),
      ],
      rows: progress.nodes.map { node in
        [
          Grid.Cell(node.node.rawValue), Grid.Cell(node.rack ?? ""),
          Grid.Cell(node.attempt > 0 ? "\(node.attempt)" : ""), Grid.Cell(node.job?.rawValue ?? ""),
          Grid.Cell(node.state.rawValue.replacing("-", with: " "), role(node.state)),
          Grid.Cell(node.remark ?? node.result.map(short) ?? ""),
        ]
      })
    return GridLayout.text(grid.withoutEmptyColumns, style) + "\n"
      + GridLayout.notes(remarks(progress) + [progress.conclusion], style)
  }

  private static func remarks(_ progress: FleetProgress) -> [String] {
    progress.strangers.map { "\($0): a stranger, its challenge is that of no attempt" }
      + progress.superseded.map { "\($0): superseded by another result of its node" }
      + progress.unreadable.map { "not read: \($0)" }
  }

  private static func role(_ state: NodeProgress.State) -> Grid.Role {
    switch state {
    case .complete: .good
    case .running, .waiting, .open: .plain
    case .partial, .nodeDown, .notSubmitted: .doubtful
    case .failed, .lost: .bad
    }
  }
}

extension FleetProgress: PrintedRecord {
  package static var recordName: String { "fleet_status" }
  package static var recordMeaning: String { "What `hashwatt fleet status --format json` prints." }

  package static func fields(_ field: inout some PrintedList<FleetProgress>) throws(JSONProblem) {
    try field.constant("format", "hashwatt-fleet-status", "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field("conclusion", \.conclusion, "One sentence.")
    try field("nodes", \.nodes, "Every node.")
    try field("strangers", \.strangers, "Results whose challenge is that of no attempt.")
    try field("superseded", \.superseded, "Complete results beside the ones that count.")
    try field("unreadable", \.unreadable, "Files that are no result, each with why.")
  }
}

extension NodeProgress: PrintedRecord {
  package static var recordName: String { "node_status" }
  package static var recordMeaning: String { "How far one node is." }

  package static func fields(_ field: inout some PrintedList<NodeProgress>) throws(JSONProblem) {
    try field("node", \.node.rawValue, "As the engine names it.")
    try field("rack", \.rack, "Its rack; null where none was told.")
    try field("attempt", \.attempt, "The attempt that counts, or the last; 0 for none.")
    try field("job", \.job?.rawValue, "The engine's number of the last attempt; null for none.")
    try field("state", \.state.rawValue, "How far it is.")
    try field("remark", \.remark, "What is known of that; null for nothing.")
    try field("result", \.result, "The result that counts; null for none.")
  }
}
