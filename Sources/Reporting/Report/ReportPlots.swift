package import Analysis
package import Model
internal import Text

/// The pictures of a report, from the same numbers as its tables.
package enum ReportPlots {
  /// Bars of every algorithm and scope, and the kernels' thread scaling.
  package static func ofFigures(_ figures: [Figure]) -> [Plot] {
    let ranking = Ranking(figures)
    let isOne = Set(figures.map(\.deviceName)).count == 1
    let efficiency = ranking.sections.compactMap { section -> Plot? in
      guard let scope = section.scope else { return nil }
      let figures = Array(section.figures.prefix(24))
      return Plot.bars(
        zip(figures, barLabels(figures, isOne)).compactMap { figure, label in
          figure.energy.value.map { energy in
            let other = EfficiencyForm.joulesPerWork.text(
              energy.workPerJoule, figure.workUnit, withInterval: false)
            return Plot.Bar(label: "\(label), \(other)", value: energy.workPerJoule)
          }
        }, title: "Efficiency, \(section.algorithm), scope \(scope)", unit: section.unit.perJoule)
    }
    let byRate = Ranking(figures, RankingQuery(sort: .throughput))
    let throughput = byRate.sections.compactMap { section -> Plot? in
      var seen: Set<String> = []
      // A figure stands once for each scope; its throughput is the same.
      let figures = section.figures.filter { figure in
        figure.throughput != nil
          && seen.insert("\(figure.barLabel(isOne)) \(figure.source.name) \(figure.throughputText)")
            .inserted
      }.prefix(24)
      return Plot.bars(
        zip(figures, barLabels(Array(figures), isOne)).compactMap { figure, label in
          figure.throughput.map { Plot.Bar(label: label, value: $0) }
        }, title: "Throughput, \(section.algorithm)", unit: section.unit.perSecond)
    }
    return efficiency + throughput + byRate.sections.compactMap(scaling)
  }

  /// One label for each figure; what would be the same gets what tells it apart: suite, year, source, or time.
  private static func barLabels(_ figures: [Figure], _ isOnlyDevice: Bool) -> [String] {
    let plain = figures.map { $0.barLabel(isOnlyDevice) }
    let details: [(Figure) -> String?] = [
      { $0.suite }, { $0.source.year.map(String.init) },
      { $0.source.title.map { DisplayText.truncated($0, to: 24) } },
      { $0.startedAt.map { UTCText.dateAndTime($0) } },
    ]
    return zip(figures, plain).map { figure, label in
      let alike = zip(figures, plain).filter { $0.1 == label }.map(\.0)
      guard alike.count > 1 else { return label }
      let telling = details.first { detail in
        let texts = alike.compactMap(detail)
        return Set(texts).count == alike.count
      }
      return telling.flatMap { $0(figure) }.map { "\(label), \($0)" } ?? label
    }
  }

  /// What happened over time in one result.
  package static func ofTime(_ result: RunResult) -> [Plot] {
    let start = result.samples.first?.start.hashes
    let algorithms = result.summaries.reduce(into: [AlgorithmID]()) { seen, summary in
      if !seen.contains(summary.series.algorithm) { seen.append(summary.series.algorithm) }
    }
    let windows = algorithms.map { algorithm in
      let summaries = result.summaries.filter { $0.series.algorithm == algorithm }
      return Plot.curves(
        summaries.map { summary in
          Plot.Curve(
            label:
              "\(summary.series.kernel), \(CountText.text(summary.series.workers, summary.series.placement.kind.rawValue))",
            points: result.samples.filter { $0.kind == .load && $0.series == summary.series }
              .compactMap { sample in
                start.map { (x: sample.end.hashes.since($0).value, y: sample.throughput) }
              })
        }, title: "Rate of each window, \(algorithm)", xLabel: "seconds",
        unit: Set(summaries.map(\.unit)).shared?.perSecond ?? "work/s")
    }
    let power = result.meters.map { meter in
      Plot.Curve(
        label: "\(meter.scope), \(meter.label)",
        points: result.samples.compactMap { sample in
          guard let start,
            let interval = sample.energy.first(where: { $0.meter == meter.id })?.interval.value
          else { return nil }
          return (x: sample.end.energy.since(start).value, y: interval.meanPower.value)
        })
    }
    let points = (result.trace + result.samples.flatMap(\.trace)).sorted { $0.at < $1.at }
    // Rates of different units have no common axis.
    let rates = WorkUnit.allCases.map { unit in
      let points = points.compactMap { point in
        point.rate.flatMap {
          $0.unit == unit && $0.perSecond > 0 ? (x: point.at.value, y: $0.perSecond) : nil
        }
      }
      return Plot.curves(
        [Plot.Curve(label: "rate", points: points)],
        title: "Rate over the whole run, warm-up included, logarithmic", xLabel: "seconds",
        unit: unit.perSecond, isLogarithmic: true)
    }
    let tracedPower = result.meters.map { meter in
      Plot.Curve(
        label: "\(meter.scope), \(meter.label)",
        points: points.compactMap { point in
          point.power[meter.id].map { (x: point.at.value, y: $0.value) }
        })
    }
    let all: [Plot?] =
      windows + [
        Plot.curves(
          power, title: "Power of each window, idle ones included", xLabel: "seconds", unit: "W")
      ] + rates + [
        Plot.curves(
          tracedPower, title: "Power over the whole run, warm-up included", xLabel: "seconds",
          unit: "W")
      ]
    return all.compactMap(\.self)
  }

  /// How near each kernel comes to what its core can do at most; nil when that was not measured.
  package static func ofRoofline(_ result: RunResult) -> Plot? {
    Plot.bars(
      (result.roofline?.kernels ?? []).prefix(24).compactMap { kernel -> Plot.Bar? in
        guard let reached = kernel.reached else { return nil }
        let percent = 100 * reached
        let margin = percent * kernel.spread
        return Plot.Bar(
          label: "\(kernel.algorithm) \(kernel.kernel)",
          value: Bounded(percent, lower: percent - margin, upper: percent + margin))
      }, title: "Share of the roofline reached by one thread", unit: "percent")
  }

  /// Throughput over threads of every kernel that ran with more than one number of threads.
  private static func scaling(_ section: RankingSection) -> Plot? {
    let kernels = Dictionary(grouping: section.figures) { $0.kernel?.rawValue ?? "" }
    let curves = kernels.sorted { $0.key < $1.key }.compactMap { kernel, figures -> Plot.Curve? in
      let points = figures.compactMap { figure -> (x: Double, y: Double)? in
        guard let threads = figure.placement?.workers, let rate = figure.throughput?.value else {
          return nil
        }
        return (Double(threads), rate)
      }
      let unique = Dictionary(points.map { ($0.x, $0.y) }) { first, _ in first }
      guard unique.count >= 2 else { return nil }
      return Plot.Curve(
        label: kernel, points: unique.sorted { $0.key < $1.key }.map { (x: $0.key, y: $0.value) })
    }
    return Plot.curves(
      curves, title: "Throughput over threads, \(section.algorithm)", xLabel: "threads",
      unit: section.unit.perSecond, isProportional: true)
  }
}

extension Figure {
  /// The device as well, where there are several.
  fileprivate func barLabel(_ isOnlyDevice: Bool) -> String {
    let device = DisplayText.truncated(deviceName, to: 30)
    guard let kernel else { return device }
    let own = "\(kernel), \(threadsPhrase)"
    return isOnlyDevice ? own : "\(device), \(own)"
  }
}
