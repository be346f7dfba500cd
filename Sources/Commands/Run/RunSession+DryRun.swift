internal import Benchmarking
internal import Model
internal import Records
internal import Reporting
internal import Text

extension RunSession {
  /// Prints what would be done and with which meters, and measures nothing.
  func describePlan() throws -> ExitCode {
    try writeNotes()
    // Opened as for the run, so that what fails then fails now; only the raw log is not begun.
    let (meters, unavailable) = try bench.meters(
      options.meters, workerCPUs: workerCPUs, rawLog: nil, accuracies: options.accuracies)
    meters.finish()
    let plan = PlanText(
      session: self,
      estimate: PlanEstimate(runRequest(plannedSeries(), RunOptions.randomChallenge())),
      meters: meters.descriptors, unavailable: unavailable)
    try context.output.write(options.isJSON ? try plan.json() : plan.text())
    return .done
  }

  /// Where a request is measured; of the placements that are tried, one of each part will be.
  private func places(of request: KernelRequest, on device: DeviceRequest) -> [Placement] {
    let own = request.placements ?? device.placements
    let parts = Dictionary(grouping: request.placementsToTry) { $0.name.part }
    return own + parts.values.compactMap { parts in parts.first { !own.contains($0) } }
  }

  /// As many series as there will be; which kernel is the fastest is not known yet.
  func plannedSeries() -> [SeriesRequest] {
    devices.flatMap { device in
      device.kernels.flatMap { request in
        (0..<request.most).flatMap { index in
          places(of: request, on: device).map { placement in
            SeriesRequest(
              series: SeriesID(
                algorithm: request.algorithm, device: device.backend.device,
                kernel: KernelID(rawValue: "\(index)"), placement: placement.name),
              shape: request.shape,
              placement: placement, target: Target(leadingZeroBits: 0))
          }
        }
      }
    }
  }
}

/// The plan of a run for people and for programs.
private struct PlanText {
  let session: RunSession
  let estimate: PlanEstimate
  let meters: [MeterDescriptor]
  let unavailable: [UnavailableMeter]

  private var plan: Plan { session.plan }

  func text() -> String {
    let suite = session.options.suite.version
    var lines = ["suite: \(plan.suite ?? "custom (from \(suite))")"]
    lines.append("seed: \(session.options.seed)")
    for device in session.devices {
      let place = session.devices.count > 1 ? " of \(device.backend.device)" : ""
      lines.append("kernels\(place):")
      lines += device.kernels.flatMap(kernels)
      lines.append(device.widest?.places.isEmpty == false ? "CPUs:" : "workers\(place):")
      lines += device.allPlacements.flatMap(workers)
    }
    lines.append(meters.isEmpty ? "meters: none, so throughput only" : "meters:")
    lines += meters.flatMap { filled("  ", "\($0.id), \($0.scope), \($0.kind.rawValue)") }
    lines += unavailable.flatMap { filled("  not ", "\($0.source): \($0.reason.text)") }
    if plan.isTogether { lines.append("all devices at the same time") }
    lines.append("steps:")
    for step in estimate.steps {
      let each = step.count == 1 ? "" : " each"
      lines.append("  \(step.count) x \(step.name), \(duration(step.each))\(each)")
    }
    if plan.warmsToSteadyState {
      lines.append(
        "warm-up ends at the steady state, after \(duration(plan.warmupLimit)) at the latest")
    }
    if let width = plan.stopHalfWidth {
      let percent = DecimalText.percent(width, decimals: 1)
      lines += filled(
        "",
        "repeats end when the interval's half-width is at most \(percent), "
          + "after \(plan.maximumRepeats) at the latest")
    }
    let longest =
      estimate.longest > estimate.total ? ", at most \(duration(estimate.longest))" : ""
    lines.append("total: \(duration(estimate.total))\(longest), after self-tests and kernel choice")
    return lines.map { $0 + "\n" }.joined()
  }

  private func kernels(_ request: KernelRequest) -> [String] {
    var what = request.named.map(\.rawValue)
    if !request.candidates.isEmpty {
      what.append(
        "the fastest of " + request.candidates.map(\.rawValue).joined(separator: ", "))
    }
    return filled("  \(request.algorithm): ", what.joined(separator: ", "))
  }

  private func workers(_ placement: Placement) -> [String] {
    let part = placement.name.part.map { " (kind \($0))" } ?? ""
    let count = CountText.text(placement.workers, placement.name.kind.rawValue)
    let places =
      placement.places.isEmpty ? "" : " on CPUs \(CPUList.text(placement.places.sorted()))"
    return filled("  ", count + places + part)
  }

  func json() throws -> String {
    try PlanDocument(
      suite: plan.suite, seed: session.options.seed, devices: session.devices,
      isTogether: plan.isTogether, estimate: estimate,
      meters: meters, unavailable: unavailable
    ).document()
  }

  private func filled(_ start: String, _ text: String) -> [String] {
    FilledText.lines(text, after: start, width: 80)
  }

  private func duration(_ time: Seconds) -> String {
    time.value < 60
      ? DecimalText.fixed(
        time.value, decimals: time.value < 10 && time.value != time.value.rounded() ? 1 : 0) + " s"
      : ProgressLine.clock(time) + (time.value < 3600 ? " min" : " h")
  }
}
