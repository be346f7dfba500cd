extension HTML {
  /// A table; on a narrow page each row becomes a card whose lines carry the column's title.
  static func grid(_ grid: Grid, attributes: [(StaticString, String)] = []) -> HTML {
    let head = grid.columns.map { column in
      HTML.element("th", [("scope", "col")] + side(column), .text(column.title))
    }
    let body = grid.rows.map { row -> HTML in
      let cells = zip(grid.columns, row).map { column, cell in
        HTML.element(
          "td", [("data-label", column.title)] + side(column, cell.role, cell.text),
          .text(cell.text))
      }
      return .element("tr", [], .joined(cells))
    }
    let caption = grid.title.map { HTML.element("caption", [], .text($0)) } ?? .empty
    return .element(
      "table", [("class", "cards")] + attributes, caption,
      .element("thead", [], .element("tr", [], .joined(head))),
      .element("tbody", [], .joined(body, separator: "\n")))
  }

  /// A list of facts.
  static func facts(_ facts: [(String, HTML)]) -> HTML {
    .element(
      "dl", [],
      .joined(
        facts.map { .element("dt", [], .text($0.0)) + .element("dd", [], $0.1) }, separator: "\n"))
  }

  /// Whether a word is so long that it would push a table over the edge of a page.
  static func mustBreak(_ text: String, longerThan limit: Int = 24) -> Bool {
    text.utf8.count > limit && text.split(separator: " ").contains { $0.count > limit }
  }

  /// A part that the reader opens.
  static func details(_ summary: String, _ content: HTML) -> HTML {
    .element("details", [], .element("summary", [], .text(summary)), content)
  }

  static func notes(_ notes: [String]) -> HTML {
    guard !notes.isEmpty else { return .empty }
    return .element(
      "ul", [("class", "notes")], .joined(notes.map { .element("li", [], .text($0)) }))
  }

  private static func side(
    _ column: Grid.Column, _ role: Grid.Role = .plain, _ text: String = ""
  ) -> [(StaticString, String)] {
    let names = [
      column.alignment == .right ? "right" : nil, role.className,
      HTML.mustBreak(text) || column.minimumWidth != nil ? "break" : nil,
    ].compactMap(\.self)
    guard !names.isEmpty else { return [] }
    return [("class", names.joined(separator: " "))]
  }
}

extension Grid.Role {
  var className: String? {
    switch self {
    case .plain: nil
    case .good: "good"
    case .bad: "bad"
    case .doubtful: "doubtful"
    case .faint: "faint"
    }
  }
}
