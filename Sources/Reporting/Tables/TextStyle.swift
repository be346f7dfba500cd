/// How text may look where it goes.
package struct TextStyle: Hashable, Sendable {
  /// Columns of the terminal.
  package let width: Int
  /// True only on a terminal and with NO_COLOR unset.
  package let usesColour: Bool

  package init(width: Int, usesColour: Bool) {
    self.width = width
    self.usesColour = usesColour
  }

  /// What a person's terminal gets: colour unless `NO_COLOR` is set to anything but an empty text
  /// (https://no-color.org) or the terminal says that it cannot.
  package static func terminal(
    isTerminal: Bool, width: Int, environment: [String: String]
  ) -> TextStyle {
    let isRefused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return TextStyle(width: width, usesColour: isTerminal && !isRefused)
  }

  /// A file or a pipe: no colours.
  package static func plain(width: Int = 100) -> TextStyle {
    TextStyle(width: width, usesColour: false)
  }

  package func heading(_ text: String) -> String { usesColour ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

  package func dressed(_ text: String, _ role: Grid.Role) -> String {
    guard usesColour, !text.isEmpty else { return text }
    switch role {
    case .plain: return text
    case .good: return "\u{1b}[32m\(text)\u{1b}[0m"
    case .bad: return "\u{1b}[31m\(text)\u{1b}[0m"
    case .doubtful: return "\u{1b}[33m\(text)\u{1b}[0m"
    case .faint: return "\u{1b}[2m\(text)\u{1b}[0m"
    }
  }
}
