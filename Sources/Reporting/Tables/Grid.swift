/// A table before it has a form: what every tabular format is made from.
package struct Grid: Hashable, Sendable {
  package enum Alignment: Hashable, Sendable {
    case left
    case right
  }

  /// What a cell means, for colours; never the only carrier of the meaning.
  package enum Role: Hashable, Sendable {
    case plain
    case good
    case bad
    case doubtful
    case faint
  }

  package struct Column: Hashable, Sendable {
    package let title: String
    package let alignment: Alignment
    /// The width down to which text may be cut to fit a terminal; nil: never cut.
    package let minimumWidth: Int?

    package init(_ title: String, _ alignment: Alignment = .left, minimumWidth: Int? = nil) {
      self.title = title
      self.alignment = alignment
      self.minimumWidth = minimumWidth
    }
  }

  package struct Cell: Hashable, Sendable {
    package let text: String
    package let role: Role

    package init(_ text: String, _ role: Role = .plain) {
      self.text = text
      self.role = role
    }
  }

  /// A heading above the table, or nil.
  package var title: String?
  package var columns: [Column]
  /// Each as long as `columns`.
  package var rows: [[Cell]]

  package init(title: String? = nil, columns: [Column], rows: [[Cell]]) {
    self.title = title
    self.columns = columns
    self.rows = rows
  }

  /// The grid without the columns in which every cell is empty.
  package var withoutEmptyColumns: Grid {
    let kept = columns.indices.filter { index in rows.contains { !$0[index].text.isEmpty } }
    guard !rows.isEmpty else { return self }
    return Grid(
      title: title, columns: kept.map { columns[$0] },
      rows: rows.map { row in kept.map { row[$0] } })
  }

  /// Columns that each column needs, its title included.
  ///
  /// - Parameter transform: what the format makes of a text, such as escaping.
  package func widths(_ transform: (String) -> String) -> [Int] {
    columns.indices.map { index in
      rows.reduce(DisplayText.width(transform(columns[index].title))) {
        Swift.max($0, DisplayText.width(transform($1[index].text)))
      }
    }
  }
}
