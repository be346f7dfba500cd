package import Model

extension ResultFile {
  /// The first place where two results differ, in the file's words: the stated one against a derived one.
  ///
  /// Numbers with a fraction may differ by `tolerance` relatively, for another machine's mathematical functions
  /// round the last digits otherwise.
  package static func firstDifference(
    stated: RunResult, derived: RunResult, tolerance: Double = 1e-9
  ) throws -> JSONProblem? {
    difference(
      try JSONTreeEncoder.encode(ResultV1(stated)), try JSONTreeEncoder.encode(ResultV1(derived)),
      tolerance: tolerance, path: "")
  }

  private static func difference(
    _ stated: JSONValue, _ derived: JSONValue, tolerance: Double, path: String
  ) -> JSONProblem? {
    switch (stated, derived) {
    case (.object(let left), .object(let right)):
      for key in Set(left.keys).union(right.keys).sorted() {
        let place = path.isEmpty ? key : "\(path).\(key)"
        guard let one = left[key], let other = right[key] else {
          return JSONProblem(
            place: place,
            message: left[key] == nil
              ? "claims nothing; the samples give \(text(right[key]))"
              : "claims \(text(left[key])); the samples give nothing")
        }
        if let found = difference(one, other, tolerance: tolerance, path: place) { return found }
      }
      return nil
    case (.array(let left), .array(let right)):
      for (index, pair) in zip(left, right).enumerated() {
        let place = "\(path)[\(index)]"
        if let found = difference(pair.0, pair.1, tolerance: tolerance, path: place) {
          return found
        }
      }
      guard left.count == right.count else {
        return JSONProblem(
          place: path, message: "has \(left.count) elements; the samples give \(right.count)")
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
      place: path, message: "claims \(text(stated)); the samples give \(text(derived))")
  }

  private static func text(_ value: JSONValue?) -> String {
    guard let value else { return "nothing" }
    let text = String(decoding: JSONWriter.write(value), as: UTF8.self)
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
