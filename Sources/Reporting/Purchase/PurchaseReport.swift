package import Economics
internal import Model
internal import Text

/// Everything that a report about a purchase shows, before it has a form.
package struct PurchaseReport: Sendable {
  /// A file that went into it.
  package struct Input: Hashable, Sendable {
    package let role: String
    package let name: String
    /// SHA-256 of its bytes.
    package let digest: String

    package init(role: String, name: String, digest: String) {
      self.role = role
      self.name = name
      self.digest = digest
    }
  }

  package let evaluation: Evaluation
  package let candidate: Candidate?
  package let prospect: Prospect?
  package let fairPrice: FairPriceRange?
  package let inputs: [Input]
  /// What the command line took the place of.
  package let overrides: [String]
  /// What the files say of where numbers come from.
  package let sources: [(part: String, text: String)]
  /// The command that computes it again.
  package let command: String

  package init(
    evaluation: Evaluation, candidate: Candidate?, prospect: Prospect?,
    fairPrice: FairPriceRange?, inputs: [Input], overrides: [String],
    sources: [(part: String, text: String)], command: String
  ) {
    self.evaluation = evaluation
    self.candidate = candidate
    self.prospect = prospect
    self.fairPrice = fairPrice
    self.inputs = inputs
    self.overrides = overrides
    self.sources = sources
    self.command = command
  }

  /// The parts in the order of the reference, each with sentences and tables.
  package struct Section: Sendable {
    package let title: String
    package var sentences: [String] = []
    package var grids: [Grid] = []
    package var notes: [String] = []

    package init(
      _ title: String, sentences: [String] = [], grids: [Grid] = [], notes: [String] = []
    ) {
      self.title = title
      self.sentences = sentences
      self.grids = grids
      self.notes = notes
    }
  }

  /// Text for a terminal.
  package func text(_ style: TextStyle) -> String {
    sections.map { section in
      var text = style.heading(section.title) + "\n"
      for sentence in section.sentences { text += GridLayout.notes([sentence], style) }
      text += section.grids.map { GridLayout.text($0, style) }.joined(separator: "\n")
      return text + section.notes.map { Self.bullet($0, style.width) }.joined()
    }.joined(separator: "\n")
  }

  /// A note with a dash, its later lines below its first word.
  static func bullet(_ note: String, _ width: Int) -> String {
    DisplayText.wrapped(DisplayText.visible(note), to: width - 2).enumerated().map {
      ($0.offset == 0 ? "- " : "  ") + $0.element + "\n"
    }.joined()
  }

  /// GitHub's Markdown.
  package var markdown: String {
    "# \(Escape.markdown(title))\n\n"
      + sections.map { section in
        var text = "## \(Escape.markdown(section.title))\n\n"
        for sentence in section.sentences { text += "\(Escape.markdown(sentence))\n\n" }
        for grid in section.grids { text += GridLayout.markdown(grid) + "\n" }
        if !section.notes.isEmpty {
          text += section.notes.map { "- \(Escape.markdown($0))\n" }.joined() + "\n"
        }
        return text
      }.joined()
  }

  package var title: String {
    if let candidate { return "What \(candidate.name) is worth" }
    if let contract = evaluation.contract ?? evaluation.offer {
      return "What \(contract.terms.name ?? "the contract") is worth"
    }
    return "What the order is worth"
  }
}

/// Amounts as reports print them.
enum Amount {
  static func money(_ value: Double, _ currency: Currency) -> String {
    "\(number(value)) \(currency)"
  }

  /// Two digits after the point below a thousand, none above; small ones by their digits.
  static func number(_ value: Double) -> String {
    let size = abs(value)
    if size >= 1000 { return Plain.fixed(value, places: 0) }
    if size >= 1 || value == 0 { return Plain.fixed(value, places: 2) }
    return Plain.number(value)
  }

  static func coins(_ value: Double, _ chain: ChainID) -> String {
    "\(Plain.number(value)) \(chain)"
  }

  static func days(_ value: Double?) -> String {
    value.map { Plain.fixed($0, places: 0) } ?? "never"
  }

  static func day(_ value: Int?) -> String { value.map { "\($0)" } ?? "never" }

  static func rate(_ perSecond: Double, _ unit: String) -> String {
    let name = "\(symbol(unit))/s"
    for (factor, prefix) in [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    where perSecond >= factor {
      return "\(Plain.number(perSecond / factor)) \(prefix)\(name)"
    }
    return "\(Plain.number(perSecond)) \(name)"
  }

  /// Money for one unit of a rate, in the prefix that the rate is printed in: `12.40/TH/s`.
  static func perRate(_ money: Double, _ perSecond: Double, _ unit: String) -> String {
    let prefixes = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    let (factor, prefix) = prefixes.first { perSecond >= $0.0 } ?? (1, "")
    return "\(number(money / perSecond * factor))/\(prefix)\(symbol(unit))/s"
  }

  private static func symbol(_ unit: String) -> String {
    (WorkUnit(rawValue: unit) ?? .hash).symbol
  }

  /// Joules per work in the unit that people use for the function.
  static func energy(_ joulesPerWork: Double, _ unit: String) -> String {
    let name = symbol(unit)
    for (factor, prefix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    where joulesPerWork < 1 / factor * 1000 && joulesPerWork * factor >= 0.1 {
      return "\(Plain.number(joulesPerWork * factor)) J/\(prefix)\(name)"
    }
    return "\(Plain.number(joulesPerWork)) J/\(name)"
  }

  /// Joins with commas and a final `and`.
  static func list(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}
