internal import Benchmarking
internal import Model
internal import Records
internal import Reporting
internal import Text

extension RunSession {
  /// Prints what would be done and with which meters, and measures nothing.
  func describePlan() throws -> ExitCode {
    try writeNotes()
    let widest = selections.max { $0.cpus.count < $1.cpus.count }?.cpus ?? []
    // Opened as for the run, so that what fails then fails now; only the raw log is not begun.
    let (meters, unavailable) = try composition.meters(
      options.meters, workerCPUs: widest, rawLog: nil, accuracies: options.accuracies)
    meters.finish()
    let plan = PlanText(
      session: self, estimate: PlanEstimate(runRequest(plannedSeries())),
      meters: meters.descriptors, unavailable: unavailable)
    try context.output.write(options.isJSON ? try plan.json() : plan.text())
    return .done
  }

  /// As many series as there will be; which kernel is the fastest is not known yet.
  private func plannedSeries() -> [SeriesRequest] {
    requests.flatMap { request in
      let count = request.named.count + (request.candidates.isEmpty ? 0 : 1)
      return (0..<count).flatMap { index in
        selections.map { selection in
          SeriesRequest(
            series: SeriesID(
              algorithm: request.algorithm, device: backend.device,
              kernel: KernelID(rawValue: "\(index)"), threads: selection.cpus.count,
              coreKind: selection.kind), shape: request.shape, cpus: selection.cpus,
            target: Target(leadingZeroBits: 0))
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
    lines.append("kernels:")
    for request in session.requests {
      var what = request.named.map(\.rawValue)
      if !request.candidates.isEmpty {
        what.append("the fastest of")
        let among = request.candidates.map(\.rawValue).joined(separator: ", ")
        what[what.count - 1] += " " + among
      }
      lines += filled("  \(request.algorithm): ", what.joined(separator: ", "))
    }
    lines.append("CPUs:")
    for selection in session.selections {
      let kind = selection.kind.map { " (kind \($0))" } ?? ""
      let threads = CountText.text(selection.cpus.count, "thread")
      lines += filled("  ", "\(threads) on CPUs \(CPUList.text(selection.cpus.sorted()))\(kind)")
    }
    lines.append(meters.isEmpty ? "meters: none, so throughput only" : "meters:")
    lines += meters.flatMap { filled("  ", "\($0.id), \($0.scope), \($0.kind.rawValue)") }
    lines += unavailable.flatMap { filled("  not ", "\($0.source): \($0.reason.text)") }
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

  func json() throws -> String {
    try PlanDocument(
      suite: plan.suite, seed: session.options.seed, requests: session.requests,
      groups: session.selections, estimate: estimate, meters: meters, unavailable: unavailable
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
