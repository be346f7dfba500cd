/// For people at a terminal: one line a row, as wide as it is.
package struct TextFormat: ReportFormat {
  package init() {}
  package let name: String = "text"
  package let summary: String = "for a terminal, a line for each row, as wide as it is"
  package let fileExtension: String = "txt"

  package func render(_ ranking: Ranking, _ style: TextStyle) -> String {
    let (grids, notes) = ranking.lineGrids()
    guard !grids.isEmpty else { return "no figures\n" }
    let tables = grids.map { GridLayout.text($0, style) }.joined(separator: "\n")
    return tables + (notes.isEmpty ? "" : "\n" + GridLayout.notes(notes, style))
  }
}
