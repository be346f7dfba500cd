/// For terminals: every value of a row on a line of its own, nothing cut or left out.
package struct BlocksFormat: ReportFormat {
  package init() {}
  package let name: String = "blocks"
  package let summary: String = "for a terminal, a line for each value, nothing cut or left out"
  package let fileExtension: String = "txt"

  package func render(_ ranking: Ranking, _ style: TextStyle) -> String {
    let (grids, notes) = ranking.grids()
    guard !grids.isEmpty else { return "no figures\n" }
    let tables = grids.map { GridLayout.blockText($0, style) }.joined(separator: "\n")
    return tables + (notes.isEmpty ? "" : "\n" + GridLayout.notes(notes, style))
  }
}
