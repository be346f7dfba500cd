internal import Text

/// The one layout of tables in a fixed-width font, for terminals and for Markdown.
package enum GridLayout {
  private static let gap = 2

  /// When what all rows share is said once above the table.
  package enum Sharing: Hashable, Sendable {
    case always
    case whereWidthIsShort
  }

  /// Text that fits the style's width.
  ///
  /// What all rows share is said once above the table until the rest fits; then columns that may go early are left
  /// out, then columns that may be cut are cut, then those that may go late are left out. Where that is not enough
  /// each row becomes a block of `title value` lines. No number is ever cut.
  package static func text(
    _ grid: Grid, _ style: TextStyle, sharing: Sharing = .whereWidthIsShort
  ) -> String {
    let title = grid.title.map { heading($0, style) } ?? ""
    guard !grid.rows.isEmpty else { return title }
    let (shown, shared) = shared(grid, sharing, style.width)
    guard let lines = lines(shown, style, width: style.width) else {
      return title + blocks(grid, style)
    }
    let common = shared.isEmpty ? "" : indented(shared.joined(separator: ", "), style)
    return title + common + lines.joined(separator: "\n") + "\n"
  }

  /// Every row as a block of `title value` lines.
  package static func blockText(_ grid: Grid, _ style: TextStyle) -> String {
    (grid.title.map { heading($0, style) } ?? "") + blocks(grid, style)
  }

  /// The grid without what is said above it, and that.
  private static func shared(
    _ grid: Grid, _ sharing: Sharing, _ width: Int
  ) -> (Grid, [String]) {
    var shown = grid
    var shared: [String] = []
    while sharing == .always || total(shown.widths(DisplayText.visible)) > width,
      let (column, value) = shown.lastShared, shown.columns.count > 1
    {
      if !value.isEmpty { shared.insert("\(shown.columns[column].title) \(value)", at: 0) }
      shown = shown.without(column: column)
    }
    return (shown, shared)
  }

  /// The title's line and one for each row; nil where they do not fit.
  package static func lines(_ grid: Grid, _ style: TextStyle, width: Int) -> [String]? {
    var shown = grid
    while total(shown.widths(DisplayText.visible)) > width,
      let column = shown.nextDropped(early: true)
    {
      shown = shown.without(column: column)
    }
    var widths = fitted(shown, to: width)
    while widths == nil, let column = shown.nextDropped(early: false) {
      shown = shown.without(column: column)
      widths = fitted(shown, to: width)
    }
    guard let widths else { return nil }
    let head = line(shown.columns.map { Grid.Cell($0.title) }, shown.columns, widths) { text, _ in
      style.heading(text)
    }
    return [head] + shown.rows.map { line($0, shown.columns, widths) { style.dressed($0, $1) } }
  }

  /// Sentences below a table, wrapped; the lines after the first of each are indented.
  package static func notes(_ notes: [String], _ style: TextStyle) -> String {
    notes.map { indented($0, style, indent: $0.hasPrefix("[") ? 4 : 0) }.joined()
  }

  private static func heading(_ title: String, _ style: TextStyle) -> String {
    DisplayText.wrapped(DisplayText.visible(title), to: style.width)
      .map { style.heading($0) + "\n" }.joined()
  }

  /// A text in the lines that it fills, those after the first indented.
  package static func indented(_ text: String, _ style: TextStyle, indent: Int = 2) -> String {
    DisplayText.wrapped(DisplayText.visible(text), to: style.width - indent).enumerated().map {
      ($0 == 0 ? "" : String(repeating: " ", count: indent)) + $1 + "\n"
    }.joined()
  }

  private static func total(_ widths: [Int]) -> Int {
    widths.reduce(0, +) + gap * (widths.count - 1)
  }

  /// Columns that a grid needs with nothing cut.
  package static func width(_ grid: Grid) -> Int { total(grid.widths(DisplayText.visible)) }

  /// A Markdown table (GitHub's dialect), its source aligned as well.
  package static func markdown(_ grid: Grid) -> String {
    let title = grid.title.map { "### \(Escape.markdown($0))\n\n" } ?? ""
    guard !grid.rows.isEmpty else { return title }
    let widths = grid.widths(Escape.markdown).map { Swift.max(3, $0) }
    func row(_ texts: [String]) -> String {
      let cells = texts.indices.map { index in
        DisplayText.padded(
          Escape.markdown(texts[index]), to: widths[index],
          rightAligned: grid.columns[index].alignment == .right)
      }
      return "| " + cells.joined(separator: " | ") + " |"
    }
    let rule = grid.columns.indices.map { index in
      let dashes = String(repeating: "-", count: widths[index] - 1)
      return grid.columns[index].alignment == .right ? dashes + ":" : dashes + "-"
    }
    let lines =
      [row(grid.columns.map(\.title)), "| " + rule.joined(separator: " | ") + " |"]
      + grid.rows.map { row($0.map(\.text)) }
    return title + lines.joined(separator: "\n") + "\n"
  }

  /// The widths that fit, or nil when even cut columns do not.
  private static func fitted(_ grid: Grid, to width: Int) -> [Int]? {
    var widths = grid.widths(DisplayText.visible)
    while total(widths) > width {
      // The widest column that may still be cut pays first.
      let candidates = widths.indices.filter { index in
        grid.columns[index].minimumWidth.map { widths[index] > $0 } ?? false
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[widest] -= 1
    }
    return widths
  }

  private static func line(
    _ cells: [Grid.Cell], _ columns: [Grid.Column], _ widths: [Int],
    _ dress: (String, Grid.Role) -> String
  ) -> String {
    var text = ""
    for index in cells.indices {
      let visible = DisplayText.truncated(
        DisplayText.visible(cells[index].text), to: widths[index])
      let isLast = index == cells.count - 1
      let fill = String(repeating: " ", count: widths[index] - DisplayText.width(visible))
      let dressed = dress(visible, cells[index].role)
      if columns[index].alignment == .right {
        text += fill + dressed
      } else {
        text += dressed + (isLast ? "" : fill)
      }
      if !isLast { text += String(repeating: " ", count: gap) }
    }
    while text.last == " " { text.removeLast() }
    return text
  }

  private static func blocks(_ grid: Grid, _ style: TextStyle) -> String {
    let label = grid.columns.reduce(0) { Swift.max($0, DisplayText.width($1.title)) }
    var text = ""
    for (number, row) in grid.rows.enumerated() {
      if number > 0 { text += "\n" }
      for (column, cell) in zip(grid.columns, row) where !cell.text.isEmpty {
        let name = DisplayText.padded(column.title, to: label, rightAligned: false)
        let lines = DisplayText.wrapped(
          DisplayText.visible(cell.text), to: style.width - label - gap)
        for (index, line) in lines.enumerated() {
          let start = index == 0 ? style.heading(name) : String(repeating: " ", count: label)
          text += start + String(repeating: " ", count: gap) + style.dressed(line, cell.role) + "\n"
        }
      }
    }
    return text
  }
}
