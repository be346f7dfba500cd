internal import Analysis
internal import Model
internal import Text

/// For continuous integration: a suite for each algorithm, a test case for each quantity and gate.
///
/// In the strictest form that is in use, that of Apache Ant's junitreport task.
package struct JUnitComparison: ComparisonFormat {
  package init() {}
  package let name: String = "junit"
  package let summary: String = "JUnit XML: a failed gate is a failed test case"
  package let fileExtension: String = "xml"

  private struct Case {
    let name: String
    let className: String
    let text: String
    let outcome: GateVerdict
  }

  package func render(_ report: ComparisonReport, _ style: TextStyle) -> String {
    let algorithms = report.comparison.rows.reduce(into: [AlgorithmID]()) { seen, row in
      if !seen.contains(row.algorithm) { seen.append(row.algorithm) }
    }
    let suites = algorithms.enumerated().map { index, algorithm in
      suite(
        index, algorithm, report.comparison.rows.filter { $0.algorithm == algorithm }, report)
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n" + suites.joined()
      + "</testsuites>\n"
  }

  private func suite(
    _ index: Int, _ algorithm: AlgorithmID, _ rows: [ComparisonRow], _ report: ComparisonReport
  ) -> String {
    let cases = rows.flatMap { self.cases($0, report) }
    let failures = cases.count { $0.outcome == .fail }
    let skipped = cases.count { $0.outcome == .cannotTell }
    // What happens at this time is the comparison, not the run.
    let time = UTCText.dateAndTime(report.madeAt)
    let remarks =
      (report.heading + cases.map { "\($0.name): \($0.text)" } + report.remarks
      + [report.conclusion]).joined(separator: "\n")
    return """
        <testsuite id="\(index)" package="hashwatt" name="\(Escape.xml(algorithm.rawValue))" timestamp="\(time)" \
      hostname="localhost" tests="\(cases.count)" failures="\(failures)" \
      errors="0" skipped="\(skipped)" time="0">
          <properties></properties>
      \(cases.map(element).joined())    <system-out>\(Self.lines(remarks))</system-out>
          <system-err></system-err>
        </testsuite>

      """
  }

  /// A row without a gate is one case that cannot fail; with gates each of them is a case.
  private func cases(_ row: ComparisonRow, _ report: ComparisonReport) -> [Case] {
    let place = [row.quantity.rawValue, row.scope?.rawValue].compactMap(\.self)
      .joined(separator: " in ")
    let className = "hashwatt.\(row.algorithm).\(row.kernelText)"
    let text =
      "\(DecimalText.percentChange(row.ratio)) (\(row.shown[0].intervalText)), \(row.verdict.text), "
      + row.method
    guard !row.gates.isEmpty else {
      return [Case(name: place, className: className, text: text, outcome: .pass)]
    }
    return row.gates.map { gate in
      // With --strict what cannot be told is a failure.
      let isFailure = gate.verdict == .cannotTell && report.isStrict
      return Case(
        name: "\(place), \(row.threadsPhrase), gate \(gate.gate.text)",
        className: className, text: text, outcome: isFailure ? .fail : gate.verdict)
    }
  }

  private func element(_ item: Case) -> String {
    let text = Escape.xml(item.text)
    let content =
      switch item.outcome {
      case .pass: ""
      case .fail: "<failure type=\"regression\" message=\"\(text)\">\(text)</failure>"
      case .cannotTell: "<skipped message=\"\(text)\"></skipped>"
      }
    return """
            <testcase name="\(Escape.xml(item.name))" classname="\(Escape.xml(item.className))" \
      time="0">\(content)</testcase>

      """
  }

  private static func lines(_ text: String) -> String {
    text.split(separator: "\n").map { Escape.xml(String($0)) }.joined(separator: "\n")
  }
}
