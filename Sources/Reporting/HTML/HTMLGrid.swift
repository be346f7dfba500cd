extension HTML {
  /// A table; on a narrow page each row becomes a card whose lines carry the column's title.
  static func grid(_ grid: Grid, attributes: [(StaticString, String)] = []) -> HTML {
    let head = grid.columns.map { column in
      HTML.element("th", [("scope", "col")] + side(column), .text(column.title))
    }
    let body = grid.rows.map { row -> HTML in
      let cells = zip(grid.columns, row).map { column, cell in
        HTML.element(
          "td", [("data-label", column.title)] + side(column, cell.role), .text(cell.text))
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

  static func notes(_ notes: [String]) -> HTML {
    guard !notes.isEmpty else { return .empty }
    return .element(
      "ul", [("class", "notes")], .joined(notes.map { .element("li", [], .text($0)) }))
  }

  private static func side(
    _ column: Grid.Column, _ role: Grid.Role = .plain
  ) -> [(StaticString, String)] {
    let names = [column.alignment == .right ? "right" : nil, role.className].compactMap(\.self)
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
