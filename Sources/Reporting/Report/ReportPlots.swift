package import Analysis
internal import MeterCore
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
        }, title: "Efficiency, \(section.work), scope \(scope)", unit: section.unit.perJoule)
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
        }, title: "Throughput, \(section.work)", unit: section.unit.perSecond)
    }
    let powers = Dictionary(grouping: figures.filter { $0.source.kind == .result }) {
      $0.source.name
    }
    .sorted { $0.key < $1.key }.compactMap { Self.powers($0.value) }
    return efficiency + throughput + powers + overPower(figures)
      + byRate.sections.compactMap(scaling)
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

  /// Efficiency over power of the same kernel in several results, as a sweep of power limits gives them, with the most
  /// efficient point named.
  static func overPower(_ figures: [Figure]) -> [Plot] {
    struct Place: Hashable {
      let device: HardwareID
      let work: WorkIdentity
      let scope: Scope
    }
    let metered = figures.filter { $0.source.kind == .result && $0.energy.value?.power != nil }
    let places = Dictionary(grouping: metered) { figure in
      figure.energy.value.map {
        Place(device: figure.hardwareID, work: figure.work, scope: $0.scope)
      }
    }
    return places.compactMap { place, figures -> (String, Plot)? in
      guard let place else { return nil }
      let kernels = Dictionary(grouping: figures) { $0.kernel?.rawValue ?? "" }
      let curves = kernels.sorted { $0.key < $1.key }.compactMap { kernel, figures -> Plot.Curve? in
        guard Set(figures.map(\.source.name)).count > 1 else { return nil }
        let points = figures.compactMap { figure in
          figure.energy.value.flatMap { energy in
            energy.power.map { (x: $0.value, y: energy.workPerJoule.value) }
          }
        }
        let sorted = points.sorted { $0.x < $1.x }
        // Repeats at one power are no sweep.
        guard let least = sorted.first?.x, let most = sorted.last?.x, most > 1.05 * least else {
          return nil
        }
        return Plot.Curve(label: kernel, points: sorted)
      }
      guard let unit = figures.first?.workUnit,
        let best = curves.flatMap(\.points).max(by: { $0.y < $1.y })
      else { return nil }
      let text = EfficiencyForm.workPerJoule.text(Bounded(best.y), unit, withInterval: false)
      let watts = DecimalText.rounded(best.x, decimals: 1)
      return Plot.curves(
        curves,
        title: "Efficiency over power, \(place.work), scope \(place.scope): "
          + "most efficient \(text) at \(watts) W", xLabel: "W", unit: unit.perJoule
      ).map { ("\(place.work) \(place.scope) \(place.device)", $0) }
    }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// What each scope draws, the series of one result side by side; nil for one series.
  static func powers(_ figures: [Figure]) -> Plot? {
    let series = MeasuredSeries.all(of: figures.filter { $0.energy.value?.power != nil })
    var scopes: [Scope] = []
    for scope in series.flatMap({ $0.figures.compactMap { $0.energy.value?.scope } })
    where !scopes.contains(scope) {
      scopes.append(scope)
    }
    return Plot.groups(
      series.prefix(12).map { one in
        let kernel = one.first?.kernel?.rawValue ?? ""
        return (
          label: "\(one.first?.work.description ?? "") \(kernel)",
          values: scopes.map { scope in
            one.figures.first { $0.energy.value?.scope == scope }?.energy.value?.power?.value
          }
        )
      }, members: scopes.map(\.rawValue), title: "Power of each scope while working", unit: "W")
  }

  /// Where this hardware stands among others of its class, measured ones solid and claims hollow, by the rate.
  package static func among(_ own: [Figure], _ others: [Figure]) -> [Plot] {
    let ranked = Ranking(own, RankingQuery(provenance: .measured, sort: .throughput))
    return ranked.sections.compactMap { section -> Plot? in
      guard let best = section.figures.first, best.throughput != nil else { return nil }
      var seen: Set<String> = []
      let rivals = Ranking(others, RankingQuery(algorithms: [section.algorithm], sort: .throughput))
        .figures.filter { figure in
          figure.deviceKind == best.deviceKind && figure.workUnit == best.workUnit
            && (figure.epoch == best.epoch || figure.provenance == .claimed)
            && figure.hardwareID != best.hardwareID && figure.throughput != nil
            && seen.insert(figure.hardwareID.rawValue).inserted
        }
      let rate = best.throughput?.value ?? 0
      let faster = rivals.filter { ($0.throughput?.value ?? 0) > rate }
      let slower = rivals.filter { ($0.throughput?.value ?? 0) <= rate }
      let place = faster.count + 1
      let shown = faster.suffix(7) + [best] + slower.prefix(7)
      let name = best.deviceKind == .cpu ? "processors" : "devices of its class"
      return Plot.bars(
        shown.compactMap { figure in
          figure.throughput.map { value in
            Plot.Bar(
              label: DisplayText.truncated(figure.deviceName, to: 40), value: value,
              look: figure == best ? .own : figure.provenance == .claimed ? .hollow : .solid)
          }
        },
        title:
          "\(section.work): place \(place) of \(rivals.count + 1) \(name) by rate; claims hollow",
        unit: section.unit.perSecond)
    }
  }

  /// What happened over time in one result.
  package static func ofTime(_ result: RunResult) -> [Plot] {
    let start = result.samples.first?.start.hashes
    let loads = result.samples.filter { $0.kind == .load }
    let rates = result.summaries.map { summary in
      Plot.Curve(
        label: "\(summary.series.algorithm) \(summary.series.kernel), "
          + CountText.text(summary.series.workers, summary.series.placement.kind.rawValue),
        points: loads.filter { $0.series == summary.series }.compactMap { sample in
          start.map {
            (
              x: sample.end.hashes.since($0).value,
              y: 100 * sample.throughput / summary.throughput.mean
            )
          }
        })
    }
    let headline = ScopeChannels.groups(result.meters).first
    let powers = result.summaries.map { summary in
      Plot.Curve(
        label:
          "\(summary.series.algorithm) \(summary.series.kernel), \(headline?.scope.rawValue ?? "")",
        points: loads.filter { $0.series == summary.series }.compactMap { sample in
          guard let start, let joules = headline?.joules(in: sample), sample.duration.value > 0
          else { return nil }
          return (
            x: sample.end.hashes.since(start).value, y: joules / sample.duration.value
          )
        })
    }
    return [
      Plot.panels(
        rates, "rate, percent of mean", powers, "W",
        title: powers.contains { $0.points.count >= 2 }
          ? "Rate and power of each window, on one time axis" : "Rate of each window"),
      stackedPower(result),
    ].compactMap(\.self)
  }

  /// What the scopes draw over the whole run, parts upon one another and the rest of the widest on top.
  private static func stackedPower(_ result: RunResult) -> Plot? {
    let groups = ScopeChannels.groups(result.meters)
    guard let widest = groups.first else { return nil }
    let inner = groups.dropFirst().filter { group in
      ScopeLattice.contains(widest.scope, group.scope)
        && !groups.dropFirst().contains { ScopeLattice.contains($0.scope, group.scope) }
    }
    func watts(_ group: ScopeChannels, _ point: TracePoint) -> Double? {
      let powers = group.meters.compactMap { point.power[$0.id]?.value }
      return powers.count == group.meters.count ? powers.reduce(0, +) : nil
    }
    let points = (result.trace + result.samples.flatMap(\.trace)).sorted { $0.at < $1.at }
      .compactMap { point -> (x: Double, layers: [Double])? in
        guard let whole = watts(widest, point) else { return nil }
        let parts = inner.compactMap { watts($0, point) }
        guard parts.count == inner.count else { return nil }
        return (point.at.value, parts + [max(0, whole - parts.reduce(0, +))])
      }
    let idle = result.samples.filter { $0.kind == .idleBefore || $0.kind == .idleAfter }
      .compactMap { sample -> (from: Double, to: Double)? in
        guard let last = sample.trace.last else { return nil }
        return (last.at.value - sample.duration.value, last.at.value)
      }
    let rest = inner.isEmpty ? widest.scope.rawValue : "rest of \(widest.scope)"
    return Plot.areas(
      inner.map(\.scope.rawValue) + [rest], points, shaded: idle,
      title: "Power over the whole run, scope upon scope; idle shaded", unit: "W")
  }

  /// How near each kernel comes to what its core or device can do at most; nil when that was not measured.
  package static func ofRoofline(_ result: RunResult) -> Plot? {
    func bar(
      _ algorithm: AlgorithmID, _ kernel: KernelID, _ reached: Double?, _ spread: Double
    ) -> Plot.Bar? {
      guard let reached else { return nil }
      let percent = 100 * reached
      let margin = percent * spread
      return Plot.Bar(
        label: "\(algorithm) \(kernel)",
        value: Bounded(percent, lower: percent - margin, upper: percent + margin))
    }
    let core = (result.roofline?.kernels ?? []).compactMap {
      bar($0.algorithm, $0.kernel, $0.reached, $0.spread)
    }
    let devices = result.deviceRooflines.flatMap(\.kernels).compactMap {
      bar($0.algorithm, $0.kernel, $0.reached, $0.spread)
    }
    return Plot.bars(
      Array((core + devices).prefix(24)),
      title: "Share of the roofline reached" + (devices.isEmpty ? " by one thread" : ""),
      unit: "percent")
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
      curves, title: "Throughput over threads, \(section.work)", xLabel: "threads",
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
