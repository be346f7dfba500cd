package import Analysis
internal import Model
internal import Text

/// For continuous integration: a test case for the newest run of each series and gate.
package struct JUnitTrend: TrendFormat {
  package init() {}
  package let name: String = "junit"
  package let summary: String = "JUnit XML: a failed gate is a failed test case"

  package func render(_ report: TrendReport, _ style: TextStyle) -> String {
    var cases: [String] = []
    var failures = 0
    var skipped = 0
    for series in report.series {
      let text = Escape.xml(series.remarks.last ?? "")
      let outcomes = series.newest?.gates ?? []
      for outcome in outcomes {
        let isFailure =
          outcome.verdict == .fail || (outcome.verdict == .cannotTell && report.isStrict)
        let content =
          if isFailure {
            "<failure type=\"regression\" message=\"\(text)\">\(text)</failure>"
          } else if outcome.verdict == .cannotTell {
            "<skipped message=\"\(text)\"></skipped>"
          } else {
            ""
          }
        failures += isFailure ? 1 : 0
        skipped += !isFailure && outcome.verdict == .cannotTell ? 1 : 0
        cases.append(element(series, "gate \(outcome.gate.text)", content))
      }
      if outcomes.isEmpty { cases.append(element(series, "history", "")) }
    }
    let newest = report.series.flatMap(\.points).map(\.startedAt).max() ?? 0
    let lines =
      report.series.flatMap { [$0.title] + $0.remarks } + report.notes + [report.conclusion]
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites>
        <testsuite id="0" package="hashwatt" name="trend" timestamp="\(UTCText.dateAndTime(newest))" hostname="localhost" \
      tests="\(cases.count)" failures="\(failures)" errors="0" skipped="\(skipped)" time="0">
          <properties></properties>
      \(cases.joined())    <system-out>\(lines.map(Escape.xml).joined(separator: "\n"))</system-out>
          <system-err></system-err>
        </testsuite>
      </testsuites>

      """
  }

  private func element(_ series: TrendSeries, _ name: String, _ content: String) -> String {
    """
          <testcase name="\(Escape.xml("\(series.title), \(name)"))" classname="\(Escape.xml("hashwatt.\(series.work.algorithm)"))" \
    time="0">\(content)</testcase>

    """
  }
}
