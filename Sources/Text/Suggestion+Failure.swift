package import Model

extension Failure {
  /// A usage error: a word that is none of the valid ones, with the one that was probably meant and all that are.
  ///
  /// `what` is what the word should have named, such as `kernel`; `place`, which begins with a space, where it was
  /// looked for, such as ` for sha256d`; `shown` the valid words as they are listed, where that is another way.
  package static func unknown(
    _ what: String, _ word: String, place: String = "", among valid: [String],
    shown: [String]? = nil
  ) -> Failure {
    let hint = Suggestion.hint(for: word, among: valid).map { $0 + " " } ?? ""
    return Failure(
      .usage, "unknown \(what) '\(word)'\(place)",
      remedy: "\(hint)choose one of \((shown ?? valid).joined(separator: ", "))")
  }
}
