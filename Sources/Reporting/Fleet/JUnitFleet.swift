internal import Analysis
package import Fleet
internal import Model
internal import Text

/// For continuous integration: a suite for each group and one for nodes that are in none, a test case for each node and
/// quantity.
///
/// Slow and false are failures; what did not answer, was interrupted or cannot be told is skipped.
package struct JUnitFleet: FleetFormat {
  package init() {}
  package let name: String = "junit"
  package let summary: String = "JUnit XML: a slow or false node is a failed test case"

  private enum Outcome {
    case passed
    case failed
    case skipped
  }

  private struct Case {
    let name: String
    let className: String
    let text: String
    let outcome: Outcome
  }

  package func render(_ report: FleetReport, _ style: TextStyle, showsAll: Bool) -> String {
    var suites = report.groups.map { group in
      (
        name: "group \(group.number): \(group.hardwareID)"
          + (group.setting.map { " at \($0.text)" } ?? ""), cases: cases(group)
      )
    }
    if !report.others.isEmpty {
      suites.append((name: "not judged", cases: report.others.map(Self.other)))
    }
    let text = suites.enumerated().map { index, suite in
      self.suite(index, suite.name, suite.cases, report)
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n" + text.joined()
      + "</testsuites>\n"
  }

  private func cases(_ group: SisterGroup) -> [Case] {
    group.comparisons.flatMap { comparison in
      comparison.values.map { value in
        let why = group.reasons[value.node]?.texts ?? []
        let limit = comparison.limit.map { "limit \(DecimalText.percent($0, decimals: 2))" }
        let outcome: Outcome =
          switch (value.verdict, value.base?.isBelow) {
          case (.slow, _), (_, true): .failed
          case (.equal, _), (.tooGood, _), (_, false): .passed
          case (.cannotTell, nil): .skipped
          }
        let base = value.base.map { "\($0.text) to the base" }
        return Case(
          name: value.node + (group.setting.map { " at \($0.text)" } ?? "")
            + ", \(comparison.quantity.rawValue)"
            + (comparison.scope.map { " in \($0)" } ?? ""),
          className: "hashwatt.\(comparison.work.algorithm).\(comparison.kernel?.rawValue ?? "-")",
          text: ([value.deviationText, limit, value.verdict.text, base] + why).compactMap(\.self)
            .joined(separator: ", "),
          outcome: outcome)
      }
    }
  }

  private static func other(_ node: NodeAnswer) -> Case {
    let outcome: Outcome =
      switch node.state {
      case .measured: .passed
      case .partial, .missing: .skipped
      case .refuted, .unreadable, .refused: .failed
      }
    return Case(
      name: node.title, className: "hashwatt.node",
      text: [node.state.text, node.remark].compactMap(\.self).joined(separator: ": "),
      outcome: outcome)
  }

  private func suite(
    _ index: Int, _ name: String, _ cases: [Case], _ report: FleetReport
  ) -> String {
    let failures = cases.count { $0.outcome == .failed }
    let skipped = cases.count { $0.outcome == .skipped }
    // The nodes' own time: the same results give the same file.
    let time = UTCText.dateAndTime(report.nodes.compactMap(\.facts?.endedAt).max() ?? 0)
    let remarks = ([report.conclusion] + report.remarks).map(Escape.xml).joined(separator: "\n")
    return """
        <testsuite id="\(index)" package="hashwatt" name="\(Escape.xml(name))" timestamp="\(time)" \
      hostname="localhost" tests="\(cases.count)" failures="\(failures)" errors="0" skipped="\(skipped)" time="0">
          <properties></properties>
      \(cases.map(Self.element).joined())    <system-out>\(remarks)</system-out>
          <system-err></system-err>
        </testsuite>

      """
  }

  private static func element(_ item: Case) -> String {
    let text = Escape.xml(item.text)
    let content =
      switch item.outcome {
      case .passed: ""
      case .failed: "<failure type=\"node\" message=\"\(text)\">\(text)</failure>"
      case .skipped: "<skipped message=\"\(text)\"></skipped>"
      }
    return """
            <testcase name="\(Escape.xml(item.name))" classname="\(Escape.xml(item.className))" \
      time="0">\(content)</testcase>

      """
  }
}
