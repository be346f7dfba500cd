internal import Benchmarking
internal import Model
internal import Reporting

extension RunSession {
  /// Prints what would be done, and measures nothing.
  func describePlan() throws -> ExitCode {
    try writeNotes()
    var series: [SeriesRequest] = []
    var lines: [String] = []
    for request in requests {
      let count = request.named.count + (request.candidates.isEmpty ? 0 : 1)
      var what = request.named.map(\.rawValue)
      if !request.candidates.isEmpty {
        let among = request.candidates.map(\.rawValue).joined(separator: ", ")
        what.append("the fastest of \(among)")
      }
      lines.append("  \(request.algorithm): \(what.joined(separator: ", "))")
      for index in 0..<count {
        for selection in selections {
          series.append(
            SeriesRequest(
              series: SeriesID(
                algorithm: request.algorithm, device: backend.device,
                kernel: KernelID(rawValue: "\(index)"), threads: selection.cpus.count,
                coreKind: selection.kind), cpus: selection.cpus,
              target: Target(leadingZeroBits: 0)))
        }
      }
    }
    let estimate = PlanEstimate(runRequest(series))
    var text = "suite: \(plan.suite ?? "custom (from \(options.suite.version))")\n"
    text += "seed: \(options.seed)\n"
    text += "kernels:\n" + lines.map { $0 + "\n" }.joined()
    text += "CPUs:\n"
    for selection in selections {
      let kind = selection.kind.map { " (kind \($0))" } ?? ""
      let list = CPUList.text(selection.cpus.sorted())
      text += "  \(selection.cpus.count) threads on CPUs \(list)\(kind)\n"
    }
    text += "steps:\n"
    for step in estimate.steps {
      text += "  \(step.count) x \(step.name), \(duration(step.each)) each\n"
    }
    if plan.warmsToSteadyState {
      text +=
        "warm-up ends at the steady state, after \(duration(plan.warmupLimit)) at the latest\n"
    }
    if let width = plan.stopHalfWidth {
      text +=
        "repeats end when the interval's half-width is at most "
        + "\(DecimalText.percent(width, decimals: 1)), after \(plan.maximumRepeats) at the latest\n"
    }
    text += "total: \(duration(estimate.total))"
    if estimate.longest > estimate.total {
      text += ", at most \(duration(estimate.longest))"
    }
    try context.output.write(text + ", after self-tests and kernel choice\n")
    return .done
  }

  private func duration(_ time: Seconds) -> String {
    time.value < 60
      ? DecimalText.fixed(
        time.value, decimals: time.value < 10 && time.value != time.value.rounded() ? 1 : 0) + " s"
      : ProgressLine.clock(time) + (time.value < 3600 ? " min" : " h")
  }
}
