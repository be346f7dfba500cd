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
    let one = ReportPlots.ofFigures(figures(["quick-1"]))
    #expect(one.allSatisfy { !$0.script.contains("quick-1") })
  }
}
