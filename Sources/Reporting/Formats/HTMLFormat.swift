/// For browsers: one page that needs nothing else.
package struct HTMLFormat: ReportFormat {
  package init() {}
  package let name: String = "html"
  package let summary: String = "one page, no scripts, nothing loaded from elsewhere"
  package let fileExtension: String = "html"

  package func render(_ ranking: Ranking, _ style: TextStyle) -> String {
    let (grids, notes) = ranking.lineGrids()
    let tables =
      grids.isEmpty
      ? HTML.element("p", [], .text("No figures."))
      : HTML.joined(grids.map { HTML.grid($0) }, separator: "\n")
    let body = HTML.element("h1", [], .text("Hashes per joule")) + tables + HTML.notes(notes)
    return HTMLPage(title: "Hashes per joule", body: body).document
  }
}
