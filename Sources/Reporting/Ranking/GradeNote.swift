package import Analysis
package import Model

/// Why a grade is not better, in a sentence that fits a table; the long form is in a report.
package enum GradeNote {
  /// `grade R1; for R2 also: a real machine, a measured meter, windows of 60 s, ...`; nil where nothing stands against
  /// a better grade.
  package static func text(_ figure: Figure) -> String? {
    guard let grade = figure.grade, !figure.reasonsAgainstBetterGrade.isEmpty else { return nil }
    return text(grade, figure.reasonsAgainstBetterGrade)
  }

  package static func text(_ grade: Grade, _ reasons: [Reason]) -> String {
    let groups = groups(of: reasons)
    guard !groups.isEmpty else { return "grade \(grade.rawValue)" }
    let lists = groups.map { group in
      "for \(group.grade) also: " + group.demands.joined(separator: ", ")
    }
    return (["grade \(grade.rawValue)"] + lists).joined(separator: "; ")
  }

  /// What each better grade demands and was not met, without what was found instead.
  ///
  /// A reason reads `R2 demands a real machine: this one is virtual (kvm)`; what does not is kept whole.
  private static func groups(of reasons: [Reason]) -> [(grade: String, demands: [String])] {
    var groups: [(grade: String, demands: [String])] = []
    for reason in reasons {
      let words = reason.message.split(separator: " ", maxSplits: 2)
      let isDemand = words.count == 3 && words[1] == "demands"
      let grade = isDemand ? String(words[0]) : "more"
      let whole = isDemand ? String(words[2]) : reason.message
      let demand = String(whole.firstRange(of: ": ").map { whole[..<$0.lowerBound] } ?? whole[...])
      if let place = groups.firstIndex(where: { $0.grade == grade }) {
        groups[place].demands.append(demand)
      } else {
        groups.append((grade, [demand]))
      }
    }
    return groups
  }
}
