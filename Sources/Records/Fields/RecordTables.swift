internal import JSON

/// The tables of a format's document, made from its field lists.
package struct RecordTables {
  private let catalogue: RecordCatalogue

  package init(_ catalogue: RecordCatalogue) { self.catalogue = catalogue }

  /// The names of the records, the whole first, the others in the order in which they are first named.
  package var names: [String] {
    var names: [String] = []
    func visit(_ name: String) {
      guard !names.contains(name), let entry = catalogue.entry(name) else { return }
      names.append(name)
      for field in entry.fields { for inner in field.shape.records { visit(inner) } }
    }
    if let whole = catalogue.entries.last { visit(whole.name) }
    // What only stands for an absent value is named by no field.
    for entry in catalogue.entries { visit(entry.name) }
    return names
  }

  /// One record: its meaning and the table of its fields.
  package func markdown(_ name: String) -> String {
    guard let entry = catalogue.entry(name) else { return "" }
    var lines = [
      "**`\(name)`**. \(entry.meaning)", "", "| key | value | unit | meaning |",
      "|---|---|---|---|",
    ]
    lines += entry.fields.map { field in
      let optional = field.isOptional ? "optional; " : ""
      let limit = field.limit == .none ? "" : ", \(field.limit)"
      let unit = FieldUnit.of(field.key) ?? ""
      return "| `\(field.key)` | \(optional)\(Self.words(field.shape))\(limit) | \(unit) | "
        + "\(field.meaning) |"
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func words(_ shape: FieldShape) -> String {
    switch shape {
    case .text: "text"
    case .flag: "true or false"
    case .number: "number"
    case .whole: "whole number"
    case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    case .decimalText: "decimal text"
    case .hexadecimal: "64 hexadecimal digits"
    case .hexadecimalBytes: "hexadecimal digits"
    case .fact: "number, text or flag"
    case .constant(.string(let text)): "`\(text)`"
    case .constant(let value):
      String(decoding: JSONWriter.write(value), as: UTF8.self).split(separator: "\n").joined()
    case .list(let element): "list of " + words(element)
    case .tuple(let parts):
      "`[\(parts.map { $0.isOptional ? "(\($0.name))" : $0.name }.joined(separator: ", "))]`"
    case .map(let value): "object of " + words(value)
    case .reading(let value): words(value) + ", or why there is none"
    case .nullable(let value): words(value) + ", or null"
    case .either(let shapes): shapes.map(words).joined(separator: " or ")
    case .record(let name): "`\(name)`"
    }
  }
}

extension FieldShape {
  /// The records that it names.
  fileprivate var records: [String] {
    switch self {
    case .record(let name): [name]
    case .list(let inner), .map(let inner), .reading(let inner), .nullable(let inner):
      inner.records
    case .either(let shapes): shapes.flatMap(\.records)
    case .text, .flag, .number, .whole, .word, .decimalText, .hexadecimal, .hexadecimalBytes, .fact,
      .constant, .tuple:
      []
    }
  }
}
