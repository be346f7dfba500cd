package import Model

extension RunResult {
  /// The same samples with every number that follows from them derived anew: checks, summaries and grade.
  package var derivedAnew: RunResult {
    var derived = self
    var bare = self
    bare.summaries = []
    // The checks that follow from the samples are the last ones of a result; those before them were made while
    // measuring and cannot be derived.
    let follow = SampleChecks.checks(of: bare)
    derived.checks = Array(checks.dropLast(follow.count)) + follow
    derived.summaries = Summarizing.summaries(of: bare)
    derived.grading = Grader.grade(derived)
    return derived
  }
}
