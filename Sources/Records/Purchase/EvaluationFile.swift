internal import JSON
package import Economics

/// Files of the format "hashwatt-evaluation".
package enum EvaluationFile {
  package static let format = "hashwatt-evaluation"

  /// The answers by themselves, in the canonical layout.
  package static func answers(_ evaluation: Evaluation) -> [UInt8] {
    JSONWriter.write(EvaluationAnswers.tree(evaluation))
  }

  package static func answers(_ refusal: Refusal) -> [UInt8] {
    JSONWriter.write(EvaluationAnswers.refused(refusal))
  }
}
