/// For pages and pull requests on forges that render GitHub's Markdown.
package struct MarkdownFormat: ReportFormat {
  package init() {}
  package let name: String = "markdown"
  package let summary: String = "GitHub's Markdown"
  package let fileExtension: String = "md"

  package func render(_ ranking: Ranking, _ style: TextStyle) -> String {
    let (grids, notes) = ranking.grids()
    guard !grids.isEmpty else { return "No figures.\n" }
    let tables = grids.map(GridLayout.markdown).joined(separator: "\n")
    let lines = notes.map { "- \(Escape.markdown($0))\n" }.joined()
    return tables + (lines.isEmpty ? "" : "\n" + lines)
  }
}
