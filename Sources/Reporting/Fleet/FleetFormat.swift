package import Fleet
internal import Text

/// One form of what a fleet says: a pure function from the report model to text.
package protocol FleetFormat: Sendable {
  /// The word after `--format`.
  var name: String { get }
  /// What the help says of it.
  var summary: String { get }
  /// - Throws: `JSONProblem` for a number that JSON cannot spell.
  func render(_ report: FleetReport, _ style: TextStyle, showsAll: Bool) throws -> String
}

/// Every format of a fleet, in the order that the help shows.
package enum FleetFormatCatalog {
  package static let all: [any FleetFormat] = [
    TextFleet(),
    MarkdownFleet(),
    CSVFleet(),
    JSONFleet(),
    JUnitFleet(),
    HTMLFleet(),
  ]

  /// The format of a name, or nil.
  package static func format(named name: String) -> (any FleetFormat)? {
    all.first { $0.name == name }
  }
}

/// For people at a terminal.
package struct TextFleet: FleetFormat {
  package init() {}
  package let name: String = "text"
  package let summary: String = "for a terminal, as wide as it is"

  package func render(_ report: FleetReport, _ style: TextStyle, showsAll: Bool) -> String {
    let groups = report.groups.flatMap { group -> [String] in
      let rows = group.rows.filter { showsAll || $0.isShown(among: group) }
      return [
        GridLayout.text(group.summaryGrid, style, sharing: .whereWidthIsShort),
        rows.isEmpty ? "" : GridLayout.text(group.grid(rows, withReasons: false), style),
        GridLayout.notes(
          group.reasonLines + group.remarks(hidden: group.rows.count - rows.count), style),
      ]
    }
    let curves = report.curves.flatMap { curve -> [String] in
      let nodes = curve.nodeGrid(showsAll: showsAll)
      return [
        GridLayout.text(curve.grid, style, sharing: .whereWidthIsShort),
        nodes.rows.isEmpty ? "" : GridLayout.text(nodes, style),
        GridLayout.notes(curve.remarks, style),
      ]
    }
    let blocks =
      groups + curves + [
        GridLayout.notes(report.otherLines, style),
        GridLayout.notes(report.remarks, style), GridLayout.notes([report.conclusion], style),
      ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

/// For a ticket or a comment in a pull request.
package struct MarkdownFleet: FleetFormat {
  package init() {}
  package let name: String = "markdown"
  package let summary: String = "GitHub's Markdown, for a ticket"

  package func render(_ report: FleetReport, _ style: TextStyle, showsAll: Bool) -> String {
    func list(_ lines: [String]) -> String {
      lines.map { "- \(Escape.markdown($0))\n" }.joined()
    }
    let groups = report.groups.flatMap { group -> [String] in
      let rows = group.rows.filter { showsAll || $0.isShown(among: group) }
      var grid = group.grid(rows)
      grid.title = nil
      return [
        GridLayout.markdown(group.summaryGrid), rows.isEmpty ? "" : GridLayout.markdown(grid),
        list(group.remarks(hidden: group.rows.count - rows.count)),
      ]
    }
    let curves = report.curves.flatMap { curve -> [String] in
      let nodes = curve.nodeGrid(showsAll: showsAll)
      return [
        GridLayout.markdown(curve.grid), nodes.rows.isEmpty ? "" : GridLayout.markdown(nodes),
        list(curve.remarks),
      ]
    }
    let blocks =
      ["## hashwatt: \(Escape.markdown(report.conclusion))\n"] + groups + curves + [
        list(report.otherLines), list(report.remarks),
      ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

/// For browsers.
package struct HTMLFleet: FleetFormat {
  private let pictures: [ReportContent.Picture]

  /// The pictures are those of `ReportPlots.over`, drawn.
  package init(pictures: [ReportContent.Picture] = []) { self.pictures = pictures }
  package let name: String = "html"
  package let summary: String = "one page, no scripts, nothing loaded from elsewhere"

  package func render(_ report: FleetReport, _ style: TextStyle, showsAll: Bool) -> String {
    let groups = report.groups.map { group in
      HTML.grid(group.summaryGrid) + HTML.notes(group.remarks(hidden: 0))
        + HTML.grid(group.grid(group.rows))
    }
    let curves = report.curves.map { curve in
      HTML.grid(curve.grid) + HTML.notes(curve.remarks) + HTML.grid(curve.nodeGrid(showsAll: true))
    }
    let others = report.others.isEmpty ? HTML.empty : HTML.grid(report.otherGrid)
    let body =
      HTML.element("h1", [], .text("Nodes and their sisters"))
      + HTML.element("p", [("class", report.passes ? "good" : "bad")], .text(report.conclusion))
      + others + ReportPage.pictures(pictures) + HTML.joined(curves + groups, separator: "\n")
      + HTML.notes(report.remarks)
    return HTMLPage(title: "Nodes and their sisters", body: body).document
  }
}
