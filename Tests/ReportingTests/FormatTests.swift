import Analysis
import Model
import Reporting
import TestSupport
import Testing
import Text

@Suite("Formats")
struct FormatTests {
  @Test("every format of every sample is as its golden file", arguments: SampleReports.all)
  func golden(_ sample: SampleReports.Sample) {
    let ranking = Ranking(sample.figures)
    for format in ReportFormatCatalog.all {
      assertSnapshot(
        format.render(ranking, .plain(width: 110)),
        named: "table-\(sample.name).\(format.name).\(format.fileExtension)")
    }
  }

  @Test("the table that run ends with is as its golden file", arguments: SampleReports.all)
  func runTable(_ sample: SampleReports.Sample) throws {
    for (name, result) in sample.results {
      let stem = name.prefix { $0 != "." && $0 != "=" }
      assertSnapshot(
        RunTable.text(result, .plain(width: 100)), named: "run-\(sample.name)-\(stem).txt")
    }
  }

  @Test("text fits every width", arguments: [20, 40, 60, 72, 80, 100, 120, 200])
  func fits(width: Int) {
    for sample in SampleReports.all {
      for usesColour in [false, true] {
        let style = TextStyle(width: width, usesColour: usesColour)
        let texts =
          [TextFormat().render(Ranking(sample.figures), style)]
          + sample.results.map { RunTable.text($0.result, style) }
        for line in texts.flatMap({ $0.split(separator: "\n") }) {
          let bare = String(line).replacing(/\u{1b}\[[0-9]*m/, with: "")
          // A block needs its label and eight columns, whatever the terminal.
          #expect(DisplayText.width(bare) <= max(width, 24), "\(bare)")
        }
      }
    }
  }

  @Test("no table carries a control character or a direction override")
  func nothingActive() {
    for sample in SampleReports.all {
      for format in ReportFormatCatalog.all {
        let text = format.render(Ranking(sample.figures), .plain())
        #expect(
          !text.unicodeScalars.contains {
            ($0.value < 0x20 && $0 != "\n" && $0 != "\r") || $0.value == 0x202e
          }, "\(format.name) of \(sample.name)")
      }
    }
  }

  @Test("each name in the catalogue is there once")
  func names() {
    let names = ReportFormatCatalog.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names { #expect(ReportFormatCatalog.format(named: name)?.name == name) }
  }
}
