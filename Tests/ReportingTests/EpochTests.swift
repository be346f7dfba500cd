import Analysis
import Model
import Reporting
import TestSupport
import Testing

/// Figures over datasets of two epochs are never one thing: the size of a dataset is a part of the work.
struct EpochTests {
  private static func result(
    _ epoch: UInt32?, rate: Double = 60e6, name: String = "opencl-lanes8",
    startedAt: Double = 1_790_000_000
  ) -> RunResult {
    var sample = SampleResult()
    var series = SampleResult.Series(
      .etchash, name, rates: [rate, rate * 1.001, rate * 0.999], watts: [.wall: [120, 121, 119]])
    series.epoch = epoch
    sample.series = [series]
    var result = sample.make()
    result.startedAt = startedAt
    return result
  }

  private static func figures(_ epoch: UInt32?, _ file: String, rate: Double = 60e6) -> [Figure] {
    Figure.all(of: result(epoch, rate: rate), name: file)
  }

  private static let claims = Figure.all(
    of: Profile(
      hardwareID: HardwareID(rawValue: "gpu/x"), kind: .gpu, name: "X",
      published: [
        PublishedClaim(
          algorithm: .etchash, workUnit: .hash, rate: 61e6, power: Watts(110),
          joulesPerWork: 110 / 61e6, joulesPerWorkIsStated: false,
          stated: StatedFigures(rate: "61", unit: "MH/s", power: "110", efficiency: nil),
          measuredAt: .wall, year: 2023,
          source: ClaimSource(title: "a maker's page", address: "https://example.org"),
          confidence: .high, note: nil)
      ]), name: "x.json")

  private static func compare(
    _ base: [Figure], _ new: [Figure], _ options: ComparisonOptions = ComparisonOptions()
  ) throws -> Comparison {
    try Comparison.make(base: base, new: new, options)
  }

  @Test("compare refuses two epochs, names both, and says what to do")
  func refused() throws {
    let old = Self.figures(435, "a.json")
    for (young, words) in [
      (Self.figures(440, "b.json"), "435 against 440"),
      (Self.figures(nil, "c.json"), "435 against none told"),
    ] {
      let failure = #expect(throws: Failure.self) { try Self.compare(old, young) }
      #expect(failure?.exitCode == .badInput)
      #expect(
        failure?.line.contains("etchash: other epochs, \(words), whose datasets are of other sizes")
          == true, "\(failure?.line ?? "")")
      #expect(failure?.line.contains("measure both with one --epoch") == true)
    }
    // Of another kernel as well: then the fastest of each side would stand against one another.
    let other = Figure.all(of: Self.result(440, name: "ptx-1"), name: "d.json")
    #expect(throws: Failure.self) { try Self.compare(old, other) }
  }

  @Test("of sets that hold both epochs, each stands against its own")
  func sets() throws {
    let old = Self.figures(435, "a.json") + Self.figures(440, "b.json", rate: 57e6)
    let young = Self.figures(435, "c.json") + Self.figures(440, "d.json", rate: 57e6)
    let both = try Self.compare(old, young)
    #expect(both.refusals.isEmpty, "\(both.refusals)")
    #expect(Set(both.rows.map { [$0.base.epoch, $0.new.epoch] }) == [[435, 435], [440, 440]])
    let one = try Self.compare(old, Self.figures(435, "c.json"))
    #expect(one.rows.allSatisfy { $0.base.epoch == 435 && $0.new.epoch == 435 })
    #expect(one.refusals.contains { $0.contains("other epochs, 440 against 435") })
    let report = ComparisonReport(
      both, baseName: "old", newName: "new", gates: [], isStrict: false, madeAt: 0)
    let text = TextComparison().render(report, .plain())
    #expect(text.contains("etchash epoch 435 ") && text.contains("etchash epoch 440 "), "\(text)")
    #expect(try JSONComparison().render(report, .plain()).contains("\"base_epoch\": 440"))
  }

  @Test("a claim names no epoch, which a comparison that was asked for says")
  func claim() throws {
    var options = ComparisonOptions()
    options.allowsClaims = true
    let comparison = try Self.compare(Self.figures(435, "a.json"), Self.claims, options)
    #expect(!comparison.rows.isEmpty)
    #expect(comparison.notes.contains("Differs: epoch, 435 against not named."))
    // Nothing else is known of a claim, and that is no difference between two runs.
    #expect(comparison.notes.filter { $0.hasPrefix("Differs:") }.count == 1, "\(comparison.notes)")
    let report = ComparisonReport(
      comparison, baseName: "a", newName: "x", gates: [], isStrict: false, madeAt: 0)
    let text = TextComparison().render(report, .plain())
    #expect(text.contains("opencl-lanes8 → claim, 2 threads;"), "\(text)")
  }

  @Test("a table has a section for each epoch; claims stand beside the latest that was measured")
  func ranking() {
    let figures = Self.figures(435, "a.json") + Self.figures(440, "b.json") + Self.claims
    let sections = Ranking(figures).sections
    #expect(sections.map(\.work.epoch) == [435, 440])
    #expect(sections[0].title(.efficiency).hasPrefix("etchash epoch 435, scope wall, by "))
    #expect(
      sections.map { Set($0.figures.map(\.provenance)) } == [[.measured], [.measured, .claimed]])
    let text = TextFormat().render(Ranking(figures), .plain())
    #expect(text.contains("Claims name no epoch; they stand beside the latest that was measured."))
    #expect(
      !TextFormat().render(Ranking(Self.claims), .plain()).contains("epoch"),
      "nothing is said of epochs where none was measured")
  }

  @Test("RandomX's versions and Equihash's parameters are in the name, and never stand together")
  func names() {
    let names = ["randomx", "randomx-v2", "equihash-200-9", "equihash-144-5"]
    let works = names.map {
      WorkIdentity(algorithm: AlgorithmID(rawValue: $0), unit: .hash, epoch: nil)
    }
    #expect(Set(works).count == 4 && works.map(\.description) == names)
    func figures(_ name: String) -> [Figure] {
      var sample = SampleResult()
      sample.series = [SampleResult.Series(AlgorithmID(rawValue: name), "k", rates: [700, 701])]
      return Figure.all(of: sample.make(), name: name)
    }
    let failure = #expect(throws: Failure.self) {
      try Self.compare(figures("randomx"), figures("randomx-v2"))
    }
    #expect(failure?.line.contains("randomx: only on the base") == true, "\(failure?.line ?? "")")
    #expect(Ranking(figures("randomx") + figures("randomx-v2")).sections.count == 2)
  }

  @Test("for programs the epoch is a field, and a label that tells series apart")
  func programs() throws {
    let figures = Self.figures(435, "a.json") + Self.figures(440, "b.json")
    let json = try JSONFormat().render(Ranking(figures), .plain())
    #expect(json.contains("\"epoch\": 435") && json.contains("\"epoch\": 440"))
    let metrics = OpenMetricsFormat().render(Ranking(figures), .plain())
    #expect(metrics.contains("epoch=\"435\"") && metrics.contains("epoch=\"440\""))
    let rows = try CSVFormat().render(Ranking(figures + Self.claims), .plain())
      .split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.first?.last == "epoch" && Set(rows.map(\.count)).count == 1)
    #expect(Set(rows.dropFirst().compactMap(\.last)) == ["435", "440", ""])
    let plain = OpenMetricsFormat().render(
      Ranking(Figure.all(of: SampleResult().make(), name: "s.json")), .plain())
    #expect(!plain.contains("epoch="))
  }

  @Test("a trend, a curve over power and a card of a report are of one epoch")
  func series() {
    let results = [435, 440].map {
      Self.result(UInt32($0), startedAt: 1_790_000_000 + 86_400 * Double($0))
    }
    let figures = results.enumerated().flatMap { Figure.all(of: $1, name: "\($0).json") }
    let trends = TrendSeries.all(of: figures, TrendOptions()).series
    #expect(trends.map(\.points.count) == [1, 1, 1, 1])
    #expect(Set(trends.map(\.work.epoch)) == [435, 440])
    let again = figures.map { figure in
      var figure = figure
      figure.source.name = "again-" + figure.source.name
      return figure
    }
    let titles = ReportPlots.ofFigures(figures + again).map(\.title)
    #expect(titles.contains("Throughput, etchash epoch 435"))
    #expect(titles.contains("Throughput, etchash epoch 440"))
  }
}
