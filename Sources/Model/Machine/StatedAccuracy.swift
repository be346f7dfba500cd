/// How wrong a meter may be, as its user read it in a document (R23): `METER=PERCENT:SOURCE`.
///
/// No plug says in its answers how good it is, so only its user can know.
package struct StatedAccuracy: Hashable, Sendable {
  /// A channel, or a meter whose channels (`#energy`, `#power`) are all meant.
  package let meter: String
  package let accuracy: MeterAccuracy

  /// Nil for a text that is none.
  package init?(_ text: String) {
    for place in text.indices where text[place] == "=" {
      let rest = text[text.index(after: place)...]
      guard let colon = rest.firstIndex(of: ":") else { return nil }
      var number = rest[..<colon]
      if number.last == "%" { number.removeLast() }
      let source = rest[rest.index(after: colon)...]
      guard let percent = Double(number), percent > 0, percent < 100, !source.isEmpty,
        place != text.startIndex
      else { continue }
      meter = String(text[..<place])
      accuracy = MeterAccuracy(
        gainBound: percent / 100, source: "stated by the user: \(source)", isAssumed: false)
      return
    }
    return nil
  }

  package func concerns(_ id: MeterID) -> Bool {
    // Identifiers hold no secret; what a user writes may.
    let shown = Redaction.word(meter)
    return id.rawValue == shown || id.rawValue.hasPrefix(shown + "#")
  }
}
