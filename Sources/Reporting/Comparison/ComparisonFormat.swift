internal import Text

/// One form of a comparison: a pure function from the report model to text.
package protocol ComparisonFormat: Sendable {
  /// The word after `--format`.
  var name: String { get }
  /// What the help says of it.
  var summary: String { get }
  var fileExtension: String { get }
  func render(_ report: ComparisonReport, _ style: TextStyle) -> String
}

/// Every format of a comparison, in the order that the help shows.
package enum ComparisonFormatCatalog {
  package static let all: [any ComparisonFormat] = [
    TextComparison(),
    MarkdownComparison(),
    JSONComparison(),
    JUnitComparison(),
  ]

  /// The format of a name, or nil.
  package static func format(named name: String) -> (any ComparisonFormat)? {
    all.first { $0.name == name }
  }
}

/// For people at a terminal.
package struct TextComparison: ComparisonFormat {
  package init() {}
  package let name: String = "text"
  package let summary: String = "for a terminal, as wide as it is"
  package let fileExtension: String = "txt"

  package func render(_ report: ComparisonReport, _ style: TextStyle) -> String {
    let blocks =
      [GridLayout.notes(report.heading, style)]
      + report.sections.map { GridLayout.text($0, style) }
      + [
        GridLayout.notes(report.remarks, style),
        report.gateLines.map { line in
          DisplayText.wrapped(DisplayText.visible(line.text), to: style.width)
            .map { style.dressed($0, line.role) + "\n" }.joined()
        }.joined(),
        GridLayout.notes([report.conclusion], style),
      ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

/// For a comment in a pull request.
package struct MarkdownComparison: ComparisonFormat {
  package init() {}
  package let name: String = "markdown"
  package let summary: String = "GitHub's Markdown, for a comment in a pull request"
  package let fileExtension: String = "md"

  package func render(_ report: ComparisonReport, _ style: TextStyle) -> String {
    let remarks = (report.heading + report.remarks).map { "- \(Escape.markdown($0))\n" }.joined()
    return "### hashwatt: \(Escape.markdown(report.conclusion))\n\n"
      + GridLayout.markdown(report.grid) + "\n" + remarks
  }
}
