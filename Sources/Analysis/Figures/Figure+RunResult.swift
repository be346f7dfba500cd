package import Model
internal import Statistics

extension Figure {
  /// The figures of one result: a line for each series and scope, or one without energy.
  ///
  /// The name is what the source is called in tables, such as the file's name.
  package static func all(of result: RunResult, name: String) -> [Figure] {
    result.summaries.flatMap { summary in
      figure(of: summary, in: result, name: name).byScope(summary.energy) { meters in
        windows(of: summary, meters, result)
      }
    }
  }

  /// This figure once for each scope, or once with the reason why there is no energy.
  ///
  /// `windows` gives those of a sum of channels.
  func byScope(
    _ energy: Reading<[ScopeSummary]>, windows: ([MeterID]) -> [FigureWindow]
  ) -> [Figure] {
    switch energy {
    case .unavailable(let reason):
      return [with(energy: .unavailable(reason), windows: windows([]))]
    case .value(let scopes) where scopes.isEmpty:
      let reason = Reason(.notMeasured, "no channel of any meter gave energy for this series")
      return [with(energy: .unavailable(reason), windows: windows([]))]
    case .value(let scopes):
      return scopes.map { scope in
        let energy = EnergyFigure(
          scope: scope.scope, kind: scope.kind, power: Bounded(scope.power),
          powerSpread: scope.power.relativeSpread,
          workPerJoule: Bounded(scope.workPerJoule, scope.total ?? scope.repeatability),
          repeatability: scope.repeatability, total: scope.total)
        return with(energy: .value(energy), windows: windows(scope.meters))
      }
    }
  }

  private static func figure(
    of summary: SeriesSummary, in result: RunResult, name: String
  ) -> Figure {
    let series = summary.series
    let device =
      series.device == .together
      ? together(in: result) : result.devices.first { $0.id == series.device }
    let cpu = series.device == .cpu ? result.machine.cpu.value : nil
    let unknown = HardwareID(rawValue: series.device.rawValue)
    var figure = Figure(
      source: FigureSource(
        kind: .result, name: name,
        verification: VerificationState(
          sharesFound: summary.sharesFound, challengeWasGiven: result.challengeWasGiven,
          hasRawLog: result.rawLogDigest != nil)),
      provenance: .measured,
      deviceName: device?.name ?? cpu?.modelName.value ?? series.device.rawValue,
      hardwareID: device?.hardwareID ?? cpu?.hardwareID ?? unknown,
      deviceKind: device?.kind ?? .cpu, algorithm: series.algorithm, workUnit: summary.unit,
      epoch: result.workers.first { $0.series == series }?.epoch, workOrigin: summary.origin,
      kernel: series.kernel, placement: series.placement,
      throughput: Bounded(summary.throughput), count: summary.throughput.count,
      throughputSpread: summary.throughput.relativeSpread,
      energy: .unavailable(Reason(.notMeasured, "not measured")), grade: result.grading.grade,
      reasonsAgainstBetterGrade: result.grading.reasonsAgainstBetter, suite: result.plan.suite,
      isComplete: result.isComplete, machine: machine(result), context: context(result),
      startedAt: result.startedAt, note: result.note, busy: busy(series, in: result))
    figure.claims = summary.claims
    return figure
  }

  /// All devices that worked at the same time, as one piece of hardware: `together: EPYC 9654 + 2 x RTX 4090`.
  private static func together(in result: RunResult) -> Device? {
    var counts: [(device: Device, count: Int)] = []
    var seen: Set<DeviceID> = []
    for workers in result.workers where seen.insert(workers.series.device).inserted {
      guard let device = result.devices.first(where: { $0.id == workers.series.device }) else {
        return nil
      }
      let place = counts.firstIndex { $0.device.hardwareID == device.hardwareID }
      if let place { counts[place].count += 1 } else { counts.append((device, 1)) }
    }
    guard let first = counts.first else { return nil }
    func joined(_ text: (Device) -> String, _ times: String, _ plus: String) -> String {
      counts.map { ($0.count > 1 ? "\($0.count)\(times)" : "") + text($0.device) }
        .joined(separator: plus)
    }
    let names = joined(
      { String($0.hardwareID.rawValue.split(separator: "/").last ?? "") }, "x-", "+")
    return Device(
      id: .together, kind: first.device.kind, hardwareID: HardwareID(rawValue: "together/\(names)"),
      name: "together: " + joined(\.name, " x ", " + "), capabilities: first.device.capabilities,
      verdict: first.device.verdict)
  }

  /// Two machines of one model in one kind of box cannot be told apart by this; the option of `compare` can.
  private static func machine(_ result: RunResult) -> String {
    let platform = result.machine.platform
    let parts = [
      result.machine.cpu.value?.hardwareID.rawValue, platform.boardVendor.value,
      platform.boardName.value, platform.productName.value,
      platform.hypervisor.value.flatMap(\.self),
    ]
    return parts.map { $0 ?? "-" }.joined(separator: "|")
  }

  /// What a comparison names where it differs: as the state before the first window tells it, else detection.
  private static let conditions: [(name: String, state: StateFact, setting: CPUSetting?)] = [
    ("governor", .governor, .governor), ("driver", .scalingDriver, .driver),
    ("epp", .energyPreference, .energyPreference), ("turbo", .turbo, .turbo),
    ("thp", .transparentHugePages, nil),
  ]

  private static func context(_ result: RunResult) -> [String: String] {
    let system = result.machine.operatingSystem
    var context: [String: String] = [
      "tool": "\(result.tool.version) (\(result.tool.configuration))",
      "compiler": result.tool.compiler,
      "plan": result.plan.suite
        ?? "warm-up \(result.plan.warmup.value) s, window \(result.plan.window.value) s"
        + (result.plan.isTogether ? ", all devices together" : ""),
    ]
    // Versions stay the same from one night's build to the next; digests do not.
    context["program"] = result.tool.executableDigest.value.map { "SHA-256 \($0.prefix(12))" }
    context["operating system"] = system.name.value
    context["kernel release"] = system.kernelRelease.value
    context["firmware"] = result.machine.platform.firmwareVersion.value
    context["microcode"] = result.machine.cpu.value?.microcode.value
    let facts = result.samples.lazy.compactMap(\.stateBefore).first?.facts ?? [:]
    let settings = result.machine.cpu.value?.settings ?? [:]
    for (name, state, setting) in conditions {
      context[name] = (facts[state]?.value ?? setting.flatMap { settings[$0]?.value })?.text
    }
    return context
  }

  private func with(energy: Reading<EnergyFigure>, windows: [FigureWindow]) -> Figure {
    var copy = self
    copy.energy = energy
    copy.windows = windows
    return copy
  }

  private static func windows(
    of summary: SeriesSummary, _ meters: [MeterID], _ result: RunResult
  ) -> [FigureWindow] {
    result.loadWindows(of: summary.series).compactMap { sample in
      // What devices did together has the place of the first one's window.
      guard sample.duration.value > 0,
        let order = result.samples.firstIndex(where: { $0.start == sample.start })
      else { return nil }
      // A scope is the sum of its channels; one that is void in this window makes the sum void.
      let intervals = meters.map { meter in
        sample.energy.first { $0.meter == meter }?.interval.value
      }
      let known = intervals.compactMap(\.self)
      let isWhole = !known.isEmpty && known.count == intervals.count
      let joules = known.reduce(0) { $0 + $1.energy.joules }
      return FigureWindow(
        repeatIndex: sample.repeatIndex, order: order, throughput: sample.throughput,
        power: isWhole ? known.reduce(0) { $0 + $1.meanPower.value } : nil,
        workPerJoule: isWhole && joules > 0 ? sample.work / joules : nil)
    }
  }
}

extension StateValue {
  fileprivate var text: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value
    case .flag(let value): value ? "yes" : "no"
    }
  }
}

extension Estimate {
  /// The relative standard uncertainty of the mean with its degrees of freedom; nil for one value.
  package var relativeSpread: ExpandedUncertainty? {
    guard let standardDeviation, count >= 2, mean != 0 else { return nil }
    let standard = standardDeviation / Double(count).squareRoot() / abs(mean)
    let degrees = Double(count - 1)
    let factor = StudentT.factor(confidence: 0.95, degreesOfFreedom: degrees)
    return ExpandedUncertainty(
      relative: factor * standard, standard: standard, coverageFactor: factor,
      degreesOfFreedom: degrees)
  }
}
