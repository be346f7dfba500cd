internal import Text

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

  /// When a column is left out, where the width is short; the lower number goes first.
  package enum Dropping: Hashable, Sendable {
    case never
    /// Before any text is cut.
    case early(Int)
    /// Only after texts were cut.
    case late(Int)
  }

  package struct Column: Hashable, Sendable {
    package let title: String
    package let alignment: Alignment
    /// The width down to which text may be cut to fit a terminal; nil: never cut.
    package let minimumWidth: Int?
    /// Whether a value that all rows share may be said once above the table, where the width is short.
    package let mayBeShared: Bool
    /// Whether rows without a value do not stand against that.
    package let ignoresGaps: Bool
    package let dropping: Dropping

    package init(
      _ title: String, _ alignment: Alignment = .left, minimumWidth: Int? = nil,
      mayBeShared: Bool = false, ignoresGaps: Bool = false, dropping: Dropping = .never
    ) {
      self.title = title
      self.alignment = alignment
      self.minimumWidth = minimumWidth
      self.mayBeShared = mayBeShared
      self.ignoresGaps = ignoresGaps
      self.dropping = dropping
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
    guard !rows.isEmpty else { return self }
    return keeping(
      columns.indices.filter { index in rows.contains { !$0[index].text.isEmpty } })
  }

  /// The grid without one column.
  package func without(column: Int) -> Grid { keeping(columns.indices.filter { $0 != column }) }

  /// The last column whose value all rows share, if it may be said once, and that value.
  package var lastShared: (column: Int, value: String)? {
    for index in columns.indices.reversed() where columns[index].mayBeShared {
      let values = Set(rows.map { $0[index].text })
      let counted = columns[index].ignoresGaps ? values.subtracting([""]) : values
      if counted.count == 1, let value = counted.first { return (index, value) }
    }
    return nil
  }

  /// The column that is left out next of those before, or after, texts are cut; nil without any.
  package func nextDropped(early: Bool) -> Int? {
    let places = columns.enumerated().compactMap { index, column -> (order: Int, index: Int)? in
      switch column.dropping {
      case .early(let order) where early: (order, index)
      case .late(let order) where !early: (order, index)
      default: nil
      }
    }
    return places.min { $0.order < $1.order }?.index
  }

  private func keeping(_ kept: [Int]) -> Grid {
    Grid(
      title: title, columns: kept.map { columns[$0] },
      rows: rows.map { row in kept.map { row[$0] } })
  }

  /// Columns that each column needs, its title included.
  ///
  /// The transform is what the format makes of a text, such as escaping.
  package func widths(_ transform: (String) -> String) -> [Int] {
    columns.indices.map { index in
      rows.reduce(DisplayText.width(transform(columns[index].title))) {
        Swift.max($0, DisplayText.width(transform($1[index].text)))
      }
    }
  }
}
