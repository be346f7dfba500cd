package import Model

/// One kernel over several thread counts or core kinds.
package struct Scaling: Hashable, Sendable {
  package let algorithm: AlgorithmID
  package let kernel: KernelID
  /// Where the points' efficiency is taken, or why there is none.
  package let scope: Reading<Scope>
  package let points: [Point]

  package struct Point: Hashable, Sendable {
    package let series: SeriesID
    package let rate: Rate
    package let watts: Double?
    package let efficiency: Efficiency?
  }

  /// Every kernel of a result that was measured at more than one point.
  package static func all(of summaries: [SeriesSummary]) -> [Scaling] {
    var order: [[SeriesSummary]] = []
    for summary in summaries {
      let place = order.firstIndex { group in
        group.first.map { $0.series.isSameKernel(as: summary.series) } ?? false
      }
      if let place { order[place].append(summary) } else { order.append([summary]) }
    }
    return order.filter { $0.count > 1 }.compactMap { group in
      group.first.map { Scaling(group, $0.series) }
    }
  }

  private init(_ summaries: [SeriesSummary], _ first: SeriesID) {
    algorithm = first.algorithm
    kernel = first.kernel
    // The widest scope that every point has: efficiencies of different scopes must not be compared.
    let shared = summaries.first?.energy.value?.map(\.scope).first { scope in
      summaries.allSatisfy { $0.energy.value?.contains { $0.scope == scope } ?? false }
    }
    let reason =
      summaries.lazy.compactMap(\.energy.reason).first
      ?? Reason(.notMeasured, "no scope was metered at every point")
    scope = shared.map(Reading.value) ?? .unavailable(reason)
    points = summaries.map { summary in
      let energy = summary.energy.value?.first { $0.scope == shared }
      return Point(
        series: summary.series,
        rate: Rate(perSecond: summary.throughput.mean, unit: summary.unit),
        watts: energy?.power.mean,
        efficiency: energy.map { Efficiency(perJoule: $0.workPerJoule, unit: summary.unit) })
    }
  }

  /// The point of the most work per joule; nil without energy.
  package var mostEfficient: Point? {
    points.filter { $0.efficiency != nil }.max {
      ($0.efficiency?.perJoule ?? 0) < ($1.efficiency?.perJoule ?? 0)
    }
  }

  /// The point of the most work per second.
  package var fastest: Point? { points.max { $0.rate.perSecond < $1.rate.perSecond } }
}

extension SeriesID {
  fileprivate func isSameKernel(as other: SeriesID) -> Bool {
    algorithm == other.algorithm && device == other.device && kernel == other.kernel
  }
}
