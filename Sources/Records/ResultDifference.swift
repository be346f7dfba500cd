package import JSON
package import Model

extension ResultFile {
  /// The first place where two results differ, in the file's words: the stated one against a derived one.
  ///
  /// Numbers with a fraction may differ by `tolerance` relatively, for another machine's mathematical functions
  /// round the last digits otherwise.
  package static func firstDifference(
    stated: RunResult, derived: RunResult, tolerance: Double = 1e-9
  ) throws -> JSONProblem? {
    TreeDifference(basis: "samples", tolerance: tolerance).first(
      try JSONTreeEncoder.encode(ResultV1(stated)), try JSONTreeEncoder.encode(ResultV1(derived)))
  }
}

extension ProfileFile {
  /// The first place where two profiles differ, in the file's words: the stated one against one derived from its
  /// results, with a tolerance as for results.
  package static func firstDifference(
    stated: Profile, derived: Profile, tolerance: Double = 1e-9
  ) throws -> JSONProblem? {
    TreeDifference(basis: "results", tolerance: tolerance).first(
      try JSONTreeEncoder.encode(ProfileV1(stated)), try JSONTreeEncoder.encode(ProfileV1(derived)))
  }
}

/// Compares what a file claims with what follows from something else.
private struct TreeDifference {
  /// What the derived tree follows from, for messages.
  let basis: String
  /// Relative, of numbers with a fraction.
  let tolerance: Double

  func first(_ stated: JSONValue, _ derived: JSONValue, path: String = "") -> JSONProblem? {
    switch (stated, derived) {
    case (.object(let left), .object(let right)):
      for key in Set(left.keys).union(right.keys).sorted() {
        let place = path.isEmpty ? key : "\(path).\(key)"
        guard let one = left[key], let other = right[key] else {
          return JSONProblem(
            place: place,
            message: left[key] == nil
              ? "claims nothing; the \(basis) give \(text(right[key]))"
              : "claims \(text(left[key])); the \(basis) give nothing")
        }
        if let found = first(one, other, path: place) { return found }
      }
      return nil
    case (.array(let left), .array(let right)):
      for (index, pair) in zip(left, right).enumerated() {
        let place = "\(path)[\(index)]"
        if let found = first(pair.0, pair.1, path: place) { return found }
      }
      guard left.count == right.count else {
        return JSONProblem(
          place: path, message: "has \(left.count) elements; the \(basis) give \(right.count)")
      }
      return nil
    case (.number(let left), .number(let right)):
      if left == right { return nil }
      let isWhole = Int64(left) != nil && Int64(right) != nil
      if !isWhole, let one = Double(left), let other = Double(right),
        abs(one - other) <= tolerance * max(abs(one), abs(other))
      {
        return nil
      }
    default:
      if stated == derived { return nil }
    }
    return JSONProblem(
      place: path, message: "claims \(text(stated)); the \(basis) give \(text(derived))")
  }

  private func text(_ value: JSONValue?) -> String {
    guard let value else { return "nothing" }
    let text = String(decoding: JSONWriter.write(value), as: UTF8.self)
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
