internal import Analysis
package import Model

extension RunResult {
  /// The same samples with every number that follows from them derived anew: checks, summaries and grade.
  package var derivedAnew: RunResult {
    var derived = self
    var bare = self
    bare.summaries = []
    // What was made while measuring, or rests on another file, cannot be derived and stays as it is stated.
    derived.checks =
      checks.filter { $0.origin == .measured } + SampleChecks.checks(of: bare)
      + checks.filter { $0.origin == .external }
    derived.summaries = Summarizing.summaries(of: bare)
    derived.grading = Grader.grade(derived)
    return derived
  }

  /// What this version can derive of a result that another version of the tool made: summaries and grade.
  ///
  /// Another version may have other checks and word its reasons otherwise, so those stay as they are stated. The
  /// grade is this version's, from the stated checks.
  package var numbersDerivedAnew: RunResult {
    var bare = self
    bare.summaries = []
    var derived = self
    derived.summaries = Summarizing.summaries(of: bare)
    derived.grading.grade = Grader.grade(derived).grade
    return derived
  }
}
