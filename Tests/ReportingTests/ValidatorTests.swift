import Analysis
import Foundation
import Model
import Reporting
import TestSupport
import Testing

/// What standard validators say of the formats that have one.
@Suite("Standard validators")
struct ValidatorTests {
  @Test("promtool accepts the metrics of every sample")
  func promtool() throws {
    guard let promtool = ChildProcess.find("promtool") else {
      return NotRun.report("openmetrics by promtool: promtool is not installed (prometheus)")
    }
    for sample in SampleReports.all {
      let text = OpenMetricsFormat().render(Ranking(sample.figures), .plain())
      let outcome = try ChildProcess.run(promtool, ["check", "metrics"], input: text)
      #expect(outcome.status == 0, "\(sample.name): \(outcome.text)")
    }
  }

  @Test("the LaTeX of every sample compiles")
  func latex() throws {
    guard let pdflatex = ChildProcess.find("pdflatex"),
      let kpsewhich = ChildProcess.find("kpsewhich"),
      try ChildProcess.run(kpsewhich, ["booktabs.sty"]).status == 0
    else {
      return NotRun.report(
        "LaTeX tables by pdflatex: not installed (texlive-latex-base, texlive-latex-recommended)")
    }
    let folder = try TemporaryFolder()
    // One document for all samples: starting TeX is most of the time.
    let bodies = SampleReports.all.map { LaTeXFormat().render(Ranking($0.figures), .plain()) }
    let document = """
      \\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage[utf8]{inputenc}
      \\usepackage{textcomp,booktabs}\\begin{document}
      \(bodies.joined(separator: "\n\\clearpage\n"))
      \\end{document}
      """
    try document.write(toFile: folder.path + "/table.tex", atomically: true, encoding: .utf8)
    let outcome = try ChildProcess.run(
      pdflatex, ["-interaction=nonstopmode", "-halt-on-error", "table.tex"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.text.suffix(2000))")
  }

  @Test("a CSV reader gets back what was put in")
  func csv() throws {
    guard let python = ChildProcess.find("python3") else {
      return NotRun.report("CSV by Python's csv module: python3 is not installed")
    }
    let script = """
      import csv, sys, json
      rows = list(csv.reader(sys.stdin, strict=True))
      assert len({len(row) for row in rows}) == 1, [len(row) for row in rows]
      formulas = [cell for row in rows for cell in row if cell.lstrip()[:1] in ("=", "@", "+")]
      assert not formulas, formulas
      print(json.dumps([row[1] for row in rows[1:]]))
      """
    for sample in SampleReports.all {
      let ranking = Ranking(sample.figures)
      let text = try CSVFormat().render(ranking, .plain())
      let outcome = try ChildProcess.run(python, ["-c", script], input: text)
      #expect(outcome.status == 0, "\(sample.name): \(outcome.text)")
      let names = try JSONDecoder().decode([String].self, from: Data(outcome.output.utf8))
      #expect(names.count == ranking.figures.count)
    }
  }

  @Test("the JSON parses and keeps every name to the letter")
  func json() throws {
    for sample in SampleReports.all {
      let text = try JSONFormat().render(Ranking(sample.figures), .plain())
      let value = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      let sections = try #require(value?["sections"] as? [[String: Any]])
      let names = sections.flatMap { $0["figures"] as? [[String: Any]] ?? [] }
        .compactMap { $0["device"] as? String }
      #expect(names.sorted() == sample.figures.map(\.deviceName).sorted())
    }
  }

  @Test("the HTML is well-formed and holds nothing that a name could have smuggled in")
  func html() throws {
    for sample in SampleReports.all {
      let text = HTMLFormat().render(Ranking(sample.figures), .plain())
      #expect(!text.contains("<script"))
      #expect(!text.contains("http://x\""))
    }
  }
}
