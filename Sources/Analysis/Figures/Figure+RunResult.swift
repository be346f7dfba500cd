package import Model

extension Figure {
  /// The figures of one result: a line for each series and scope, or one without energy.
  ///
  /// The name is what the source is called in tables, such as the file's name.
  package static func all(of result: RunResult, name: String) -> [Figure] {
    result.summaries.flatMap { summary -> [Figure] in
      let base = figure(of: summary, in: result, name: name)
      switch summary.energy {
      case .unavailable(let reason):
        return [base.with(energy: .unavailable(reason), windows: windows(of: summary, nil, result))]
      case .value(let scopes) where scopes.isEmpty:
        let reason = Reason(.notMeasured, "no channel of any meter gave energy for this series")
        return [base.with(energy: .unavailable(reason), windows: windows(of: summary, nil, result))]
      case .value(let scopes):
        return scopes.map { scope in
          let energy = EnergyFigure(
            scope: scope.scope, kind: scope.kind, power: Bounded(scope.power),
            hashesPerJoule: Bounded(scope.hashesPerJoule, scope.total ?? scope.repeatability),
            repeatability: scope.repeatability, total: scope.total)
          return base.with(
            energy: .value(energy), windows: windows(of: summary, scope.meters, result))
        }
      }
    }
  }

  private static func figure(
    of summary: SeriesSummary, in result: RunResult, name: String
  ) -> Figure {
    let series = summary.series
    let device = result.devices.first { $0.id == series.device }
    let cpu = result.machine.cpu.value
    let unknown = HardwareID(rawValue: series.device.rawValue)
    return Figure(
      source: FigureSource(
        kind: .result, name: name,
        verification: VerificationState(
          sharesFound: summary.sharesFound, challengeWasGiven: result.challengeWasGiven,
          hasRawLog: result.rawLogDigest != nil)),
      provenance: .measured,
      deviceName: device?.name ?? cpu?.modelName.value ?? series.device.rawValue,
      hardwareID: device?.hardwareID ?? cpu?.hardwareID ?? unknown,
      deviceKind: device?.kind ?? .cpu, algorithm: series.algorithm, kernel: series.kernel,
      threads: series.threads, coreKind: series.coreKind,
      throughput: Bounded(summary.throughput), count: summary.throughput.count,
      energy: .unavailable(Reason(.notMeasured, "not measured")), grade: result.grading.grade,
      reasonsAgainstBetterGrade: result.grading.reasonsAgainstBetter, suite: result.plan.suite,
      isComplete: result.isComplete, windows: [])
  }

  private func with(energy: Reading<EnergyFigure>, windows: [FigureWindow]) -> Figure {
    var copy = self
    copy.energy = energy
    copy.windows = windows
    return copy
  }

  private static func windows(
    of summary: SeriesSummary, _ meters: [MeterID]?, _ result: RunResult
  ) -> [FigureWindow] {
    result.samples.enumerated().compactMap { order, sample in
      guard sample.kind == .load, sample.series == summary.series, sample.duration.value > 0 else {
        return nil
      }
      // A scope is the sum of its channels; one that is void in this window makes the sum void.
      let intervals = (meters ?? []).map { meter in
        sample.energy.first { $0.meter == meter }?.interval.value
      }
      let known = intervals.compactMap(\.self)
      let isWhole = !known.isEmpty && known.count == intervals.count
      let joules = known.reduce(0) { $0 + $1.energy.joules }
      return FigureWindow(
        repeatIndex: sample.repeatIndex, order: order, throughput: sample.throughput,
        power: isWhole ? known.reduce(0) { $0 + $1.meanPower.value } : nil,
        hashesPerJoule: isWhole && joules > 0 ? Double(sample.hashes) / joules : nil)
    }
  }
}
