/// For papers: `tabular` environments with the rules of the package booktabs.
package struct LaTeXFormat: ReportFormat {
  package init() {}
  package let name: String = "latex"
  package let summary: String = "tables for the LaTeX package booktabs"
  package let fileExtension: String = "tex"

  package func render(_ ranking: Ranking, _ style: TextStyle) -> String {
    let (grids, notes) = ranking.grids()
    let head = """
      % Made by hashwatt. The preamble needs: \\usepackage[T1]{fontenc} \\usepackage{textcomp,booktabs}

      """
    guard !grids.isEmpty else { return head + "No figures.\n" }
    let tables = grids.map(table).joined(separator: "\n")
    // Each note is a paragraph of its own below the tables.
    let lines = notes.map { "\n\\noindent{\\footnotesize \(Escape.latex($0))\\par}\n" }.joined()
    return head + tables + lines
  }

  private func table(_ grid: Grid) -> String {
    let layout = grid.columns.map { $0.alignment == .right ? "r" : "l" }.joined()
    func row(_ texts: [String]) -> String {
      "  " + texts.map(Escape.latex).joined(separator: " & ") + " \\\\\n"
    }
    return """
      \\begin{table}[htbp]
      \\centering
      \\caption{\(Escape.latex(grid.title ?? ""))}
      \\begin{tabular}{\(layout)}
        \\toprule
      \(row(grid.columns.map(\.title)))  \\midrule
      \(grid.rows.map { row($0.map(\.text)) }.joined())  \\bottomrule
      \\end{tabular}
      \\end{table}

      """
  }
}
