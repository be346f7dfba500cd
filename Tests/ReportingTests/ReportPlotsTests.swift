import Analysis
import Model
import Reporting
import TestSupport
import Testing

struct ReportPlotsTests {
  private func figures(_ suites: [String?]) -> [Figure] {
    suites.enumerated().flatMap { index, suite in
      var sample = SampleResult()
      sample.suite = suite
      return Figure.all(of: sample.make(), name: "\(index).json")
    }
  }

  @Test("bars of one kernel from two results are told apart by what differs")
  func labels() throws {
    let plots = ReportPlots.ofFigures(figures(["quick-1", "standard-1"]))
    #expect(plots.count == 2)
    for plot in plots {
      #expect(plot.script.contains("avx512-2x16, 2 threads, quick-1"))
      #expect(plot.script.contains("avx512-2x16, 2 threads, standard-1"))
    }
    #expect(plots.allSatisfy { !$0.script.contains("logscale") })
    // One bar compares nothing.
    #expect(ReportPlots.ofFigures(figures(["quick-1"])).isEmpty)
  }

  @Test("bars beside one that is hundreds of times longer are on a logarithmic axis")
  func logarithmic() {
    var small = SampleResult()
    small.series = [
      SampleResult.Series(
        .sha256d, "portable", rates: [3e6, 3.1e6, 2.9e6], watts: [.wall: [60, 60, 60]])
    ]
    var large = SampleResult()
    large.series = [
      SampleResult.Series(
        .sha256d, "asic", rates: [9e12, 9.1e12, 9.2e12], watts: [.wall: [60, 60, 60]])
    ]
    let figures = [small, large].enumerated().flatMap {
      Figure.all(of: $1.make(), name: "\($0).json")
    }
    let plots = ReportPlots.ofFigures(figures)
    #expect(plots.contains { $0.title == "Throughput, sha256d, logarithmic" })
    #expect(plots.allSatisfy { $0.script.contains("set logscale x") })
    #expect(plots.allSatisfy { !$0.script.contains("xrange [0:") })
  }
}
