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

  @Test("a sweep of power limits is a curve that names its most efficient point")
  func sweep() throws {
    let steps: [(rate: Double, watts: Double)] = [(27e3, 285), (19.9e3, 100), (8e3, 60)]
    let figures = steps.enumerated().flatMap { index, step in
      var sample = SampleResult()
      sample.series = [
        SampleResult.Series(
          .randomx, "librandomx-jit", rates: [step.rate, step.rate, step.rate],
          watts: [.wall: [step.watts, step.watts, step.watts]])
      ]
      return Figure.all(of: sample.make(), name: "\(index).json")
    }
    let plot = try #require(
      ReportPlots.ofFigures(figures).first { $0.title.hasPrefix("Efficiency over power") })
    #expect(plot.title.contains("randomx, scope wall: most efficient 199.0 H/J at 100 W"))
    // By power, the least first.
    let points = plot.script.split(separator: "\n").filter { $0.hasPrefix("60.0 ") }
    #expect(points.count == 1 && plot.script.contains("title \"librandomx-jit\""))
  }
}
