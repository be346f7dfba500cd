import Analysis
import Model
import Reporting
import TestSupport
import Testing
import Text
import Verification

@Suite("Formats")
struct FormatTests {
  @Test("every format of every sample is as its golden file", arguments: SampleReports.all)
  func golden(_ sample: SampleReports.Sample) throws {
    let ranking = Ranking(sample.figures)
    for format in ReportFormatCatalog.all {
      assertSnapshot(
        try format.render(ranking, .plain(width: 110)),
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

  /// Two algorithms on a machine with psys, package and memory, as the issue of tables that fit names it.
  static var metered: RunResult {
    var sample = SampleResult()
    sample.deviceName = "13th Gen Intel(R) Core(TM) i9-13900K"
    sample.hardwareID = "cpu/intel-13th-gen-core-i9-13900k-1x24c"
    sample.note = "DDR5-5600 CL36; \u{1b}[31mred\u{1b}[0m <b>bold</b>"
    sample.gradeReasons = [
      "a measured meter that covers every window: the meters here are estimated",
      "windows of 60 s: the shortest was 10.0 s", "5 repeats of each series: one has 3",
      "a warm-up of 60 s: it was 5 s",
      "a steady state before the first window: it was not looked for",
      "60 s of idle before and after: they were 5 s and 0 s",
      "60 energy readings in each window: the fewest were 10",
      "no failed check: steal-time in 6 windows, context-switches in 9 windows",
    ].map { Reason(.grade, "R2 demands \($0)") }
    func watts(_ base: Double) -> [Scope: [Double]] {
      [
        .psys: [base * 1.4, base * 1.41, base * 1.39],
        .cpuPackage: [base, base * 1.003, base * 0.998],
        .dram: [3.1, 3.12, 3.09],
      ]
    }
    sample.series = [
      SampleResult.Series(
        .sha256d, "shani-vex-6", threads: 32, rates: [812.4e6, 809.2e6, 811e6], watts: watts(182)),
      SampleResult.Series(
        .scrypt, "avx2-2x3x2", threads: 32, rates: [412.9e3, 411.1e3, 413e3], watts: watts(168)),
    ]
    return sample.make()
  }

  @Test("a metered run is a table at 60, 80 and 120 columns", arguments: [60, 80, 120])
  func meteredRun(width: Int) throws {
    let text = RunTable.text(Self.metered, .plain(width: width))
    assertSnapshot(text, named: "metered-run-\(width).txt")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 26)
    #expect(lines.allSatisfy { DisplayText.width(String($0)) <= width })
    #expect(!text.contains("\u{1b}"))
    let psys = try #require(lines.firstIndex { $0.contains("psys *") })
    let package = try #require(lines.firstIndex { $0.contains("cpu-package") })
    #expect(psys < package && lines[psys].contains("J/"))
  }

  @Test("of two meters of one scope, as of a plug, each says how it was read")
  func twins() throws {
    var result = Self.metered
    for index in result.summaries.indices {
      guard case .value(let scopes) = result.summaries[index].energy, var twin = scopes.first else {
        continue
      }
      twin.kind = twin.kind == .measuredCounter ? .measuredSampled : .measuredCounter
      result.summaries[index].energy = .value(scopes + [twin])
    }
    let lines = RunTable.text(result, .plain(width: 120)).split(separator: "\n")
    #expect(
      lines.contains { $0.contains("(counter)") } && lines.contains { $0.contains("(sampled)") })
    #expect(lines.filter { $0.contains("dram") }.allSatisfy { !$0.contains("(") })
    // In a ranking, and in the charts that are made of it, they are one.
    func rows(_ result: RunResult) -> Int {
      Ranking(Figure.all(of: result, name: "m.json")).sections.reduce(0) { $0 + $1.figures.count }
    }
    #expect(rows(result) == rows(Self.metered))
    // And on the page that a site has of the device.
    func page(_ result: RunResult) -> [UInt8] {
      let record = SiteRecord(
        kind: .result, path: "m.json", bytes: [], figures: Figure.all(of: result, name: "m.json"),
        proof: .notChecked, sources: [])
      return Site.files([record]).first { $0.path.hasPrefix("devices/") }?.bytes ?? []
    }
    #expect(!page(result).isEmpty && page(result) == page(Self.metered))
  }

  @Test("a ranking is one line a row at 60, 80 and 120 columns", arguments: [60, 80, 120])
  func rankingLines(width: Int) throws {
    let figures =
      SampleReports.all.flatMap(\.figures) + Figure.all(of: Self.metered, name: "m.json")
    let ranking = Ranking(figures, marked: [HardwareID(rawValue: "cpu/intel-core-i5-13600k-14c")])
    let text = TextFormat().render(ranking, .plain(width: width))
    assertSnapshot(text, named: "ranking-\(width).txt")
    for section in ranking.sections {
      let rows = text.split(separator: "\n").filter { line in
        section.ranks.contains { line.hasPrefix("\($0)  ") || line.hasPrefix(" \($0)  ") }
      }
      #expect(rows.count >= section.figures.count)
    }
    #expect(text.split(separator: "\n").allSatisfy { DisplayText.width(String($0)) <= width })
  }

  @Test("the notes of a run are at most a screen, and say where the rest is")
  func manyNotes() {
    var result = Self.metered
    result.checks = (0..<40).map {
      Check(
        name: CheckName(rawValue: "check-\($0)"), verdict: .fail,
        message: String(repeating: "what was found ", count: 8))
    }
    let text = RunTable.text(result, .plain(width: 80))
    #expect(text.split(separator: "\n").count < 32)
    #expect(text.contains("more lines: 'hashwatt report' tells all"))
  }

  @Test("checks that failed by one cause are one note, with the first's facts and each remedy once")
  func causes() {
    var result = Self.metered
    func fail(_ name: CheckName, _ message: String, remedy: String? = nil) -> Check {
      Check(name: name, verdict: .fail, message: message, remedy: remedy)
    }
    let psys = MeterID(rawValue: "powercap:psys")
    result.checks = [
      fail(
        .otherLoad, "other processes took 46.48 % of the CPU time (limit 1.00 %)",
        remedy: "end them"),
      fail(.contextSwitches, "a worker was taken off its CPU 129.9 times a second (limit 10)"),
      fail(.drift, "the rate changes by 14.04 % over the window (limit 1 %)"),
      fail(
        .otherLoad, "other processes took 45.03 % of the CPU time (limit 1.00 %)",
        remedy: "end them"),
      fail(.contextSwitches, "a worker was taken off its CPU 128.1 times a second (limit 10)"),
      fail(.drift, "the rate changes by -17.49 % over the window (limit 1 %)"),
      fail(
        .idleMachine, "other processes take 99.80 % of the CPUs (limit 5.00 %)", remedy: "end them"),
      fail(.selfTest, "sha256d/shani-4 is not timed: a share is missing"),
      fail(.meterTwin(psys), "it moves as powercap:package-0 does"),
      fail(.meterAge, "a reading was 3 s old"),
      Check(name: .meterTick(psys), verdict: .unknown, message: "it never moved"),
    ]
    assertSnapshot(RunTable.text(result, .plain(width: 80)), named: "run-causes-80.txt")
  }

  @Test(
    "every check that a note may be of has a cause or is told by itself, and a meter's is a meter's"
  )
  func causesOfNames() {
    let meter = MeterID(rawValue: "a:b")
    for name: CheckName in [
      .meterTick(meter), .meterRatio(meter), .meterCrossCheck(meter), .meterMirror(meter),
      .meterTwin(meter), .meterScope(.psys),
    ] {
      #expect(name.isOfOneMeter, "\(name)")
    }
    #expect(!CheckName.meterCores.isOfOneMeter && !CheckName.selfTest.isOfOneMeter)
  }

  @Test("the form of blocks leaves nothing out, whatever the width")
  func blocks() {
    let text = BlocksFormat().render(
      Ranking(Figure.all(of: Self.metered, name: "m.json")), .plain(width: 40))
    for word in ["power", "work/J", "J/work", "threads", "grade", "source"] {
      #expect(text.split(separator: "\n").contains { $0.hasPrefix(word) })
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
  func nothingActive() throws {
    for sample in SampleReports.all {
      for format in ReportFormatCatalog.all {
        let text = try format.render(Ranking(sample.figures), .plain())
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
