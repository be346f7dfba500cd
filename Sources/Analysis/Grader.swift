package import Model
internal import Statistics
internal import Text

/// Computes the grade of a result (design section 6, power.md 2.2).
package enum Grader {
  /// The grade, every reason against the next better one, and the standards' aspects.
  ///
  /// Reads everything of the result but its `grading`; pure, so that `verify` re-derives it.
  package static func grade(_ result: RunResult) -> Grading {
    let facts = GradeFacts(result)
    let steps: [(grade: Grade, reasons: [Reason])] = [
      (.r1, facts.againstQuick()), (.r2, facts.againstStandard()), (.r3, facts.againstMetered()),
    ]
    var grade = Grade.r0
    var against: [Reason] = []
    for step in steps {
      against = step.reasons.map {
        Reason($0.code, "\(step.grade.rawValue) demands \($0.message)", remedy: $0.remedy)
      }
      if !against.isEmpty { break }
      grade = step.grade
    }
    return Grading(
      grade: grade, reasonsAgainstBetter: against, aspects: StandardAspects.judge(result))
  }
}

/// What the grades ask of a result.
struct GradeFacts {
  let result: RunResult
  private let windows: [Sample]

  init(_ result: RunResult) {
    self.result = result
    windows = result.samples.filter { $0.kind == .load }
  }

  private func demand(
    _ isMet: Bool, _ text: @autoclosure () -> String, remedy: String? = nil
  ) -> Reason? {
    isMet ? nil : Reason(.grade, text(), remedy: remedy)
  }

  // MARK: The three steps

  func againstQuick() -> [Reason] {
    var reasons: [Reason?] = [
      demand(
        result.isComplete,
        "a complete run: this one ended early, \(result.endReason?.message ?? "no reason recorded")"
      ),
      demand(
        result.tool.configuration == "release",
        "a release build of the tool: this was \(result.tool.configuration)"),
      shortest(atLeast: isProven ? 60 : 10), fewest(atLeast: 3), warmup(atLeast: 5),
      shares(atLeast: isSampled ? 100 : 400),
    ]
    let fatal: Set<CheckName> = [
      .targetFit, .strictRate, .duplicates, .connection, .hashedShares,
      CheckName.liveSources, CheckName.snapshotSkew, CheckName.shareCount, CheckName.suspend,
      CheckName.selfTest, CheckName.worker,
    ]
    reasons.append(failed { fatal.contains($0) })
    return reasons.compactMap { $0 }
  }

  /// What a device did whose work is proven: what concerns the hashing of this machine is not asked.
  private var isProven: Bool { windows.contains { $0.origin == .proven } }

  /// Whether its shares take so long to hash again that few are asked for.
  private var isSampled: Bool {
    result.workers.contains { workers in
      workers.terms.flatMap { ShareConvention.named($0.convention) }?.isSampled ?? false
    }
  }

  private func againstProven() -> [Reason] {
    let reasons: [Reason?] = [
      measuredMeter(), fewest(atLeast: 5), warmup(atLeast: 60), steadyState(), readings(),
      provenWithin(0.02),
      demand(
        links.allSatisfy(\.isOnLink), "a miner on the same link as this machine",
        remedy: "connect the miner to the network of this machine"),
      failed { ![.steadyState, .outlier, .claim].contains($0) },
    ]
    return reasons.compactMap { $0 }
  }

  private var links: [MinerLinkKind] { result.workers.compactMap(\.terms?.link) }

  /// Reasons against the best grade that only work of miners has.
  private func againstBestProven() -> [Reason?] {
    let seconds = windows.reduce(0) { $0 + $1.duration.value }
    return [
      demand(
        seconds >= 1199,
        "20 minutes of windows: they were \(DecimalText.fixed(seconds / 60, decimals: 1)) minutes"),
      demand(
        links.allSatisfy { $0 == .direct }, "a miner on a direct link without a way elsewhere",
        remedy: "connect it by a cable of its own to an interface without a gateway"),
    ]
  }

  func againstStandard() -> [Reason] {
    if isProven { return againstProven() }
    var reasons: [Reason?] = [
      realMachine(), measuredMeter(), shortest(atLeast: 60), fewest(atLeast: 5),
      warmup(atLeast: max(60, 3 * longTermWindow)), steadyState(), idle(), readings(),
    ]
    reasons += variation()
    reasons.append(failed { $0 != CheckName.steadyState })
    return reasons.compactMap { $0 }
  }

  func againstMetered() -> [Reason] {
    let wall = result.meters.filter { $0.scope == .wall && $0.kind.isMeasured }
    let documented = everyDevice(
      has: wall.filter { !$0.accuracy.isAssumed && $0.accuracy.gainBound != nil })
    var reasons: [Reason?] = [
      demand(
        everyDevice(has: wall), "a wall meter: there is none in this run",
        remedy: "measure at the wall (see --meter)"),
      wall.isEmpty
        ? nil
        : demand(documented, "a wall meter with a documented accuracy: this one's is not stated"),
    ]
    guard !isProven else {
      return (reasons + [provenWithin(0.01)] + againstBestProven()).compactMap { $0 }
    }
    reasons += [
      shortest(atLeast: 240),
      demand(
        result.plan.ramp.value >= 30,
        "ramps of 30 s around each window: they were \(DecimalText.fixed(result.plan.ramp.value, decimals: 0)) s"
      ),
    ]
    return reasons.compactMap { $0 }
  }

  // MARK: One demand each

  private func shortest(atLeast seconds: Double) -> Reason? {
    guard let shortest = windows.map(\.duration.value).min() else {
      return demand(false, "finished windows: there is none")
    }
    return demand(
      shortest >= seconds * 0.999,
      "windows of \(DecimalText.fixed(seconds, decimals: 0)) s: the shortest was \(DecimalText.fixed(shortest, decimals: 1)) s"
    )
  }

  private func fewest(atLeast count: Int) -> Reason? {
    let fewest = result.workers.map { workers in
      windows.count { $0.series == workers.series }
    }.min()
    return demand(
      (fewest ?? 0) >= count, "\(count) repeats of each series: one has \(fewest ?? 0)")
  }

  /// Work that shares prove is an estimate: of fewer shares than these it says too little of one window.
  private func shares(atLeast count: Int) -> Reason? {
    guard let fewest = windows.compactMap({ $0.proven?.shares }).min() else { return nil }
    return demand(
      fewest >= count,
      "\(count) shares in each window of work that is proven, not counted: the fewest were \(fewest)"
    )
  }

  /// A rate that rests on shares must be known as well as one that was counted is anyway.
  private func provenWithin(_ relative: Double) -> Reason? {
    let widths = result.summaries.filter { $0.origin == .proven }.map {
      $0.throughput.relativeHalfWidth ?? .infinity
    }
    guard let widest = widths.max() else { return nil }
    return demand(
      widest <= relative,
      "a proven rate within \(DecimalText.percent(relative, decimals: 1)): its interval is \(DecimalText.percent(widest, decimals: 1)) to either side"
    )
  }

  private func warmup(atLeast seconds: Double) -> Reason? {
    demand(
      result.plan.warmup.value >= seconds * 0.999,
      "a warm-up of \(DecimalText.fixed(seconds, decimals: 0)) s: it was \(DecimalText.fixed(result.plan.warmup.value, decimals: 0)) s"
    )
  }

  /// The PL1 time window in seconds, 0 where the machine has none.
  private var longTermWindow: Double {
    result.samples.compactMap { $0.stateBefore?.number(StateFact.longTermWindow) }.max()
      .map { $0 * 1e-6 } ?? 0
  }

  private func realMachine() -> Reason? {
    switch result.machine.platform.hypervisor {
    case .value(nil): nil
    case .value(let name?): demand(false, "a real machine: this one is virtual (\(name))")
    case .unavailable(let reason):
      demand(false, "a real machine: whether this one is virtual is not known (\(reason.message))")
    }
  }

  private func measuredMeter() -> Reason? {
    guard !everyDevice(has: result.meters.filter(\.kind.isMeasured)) else { return nil }
    if result.meters.isEmpty {
      // Each source's own reason stands among the result's unavailable meters.
      let looked = result.unavailableMeters.map(\.source).joined(separator: ", ")
      return demand(
        false,
        "a measured meter: "
          + (looked.isEmpty ? "none was looked for" : "there is none (\(looked))"))
    }
    if let bare = devices.first(where: { device in
      !result.meters.contains { $0.covers.covers(device) }
    }) {
      return demand(false, "a measured meter: none of this run covers \(bare)")
    }
    let kinds = Set(result.meters.map(\.kind.rawValue)).sorted().joined(separator: ", ")
    return demand(
      false, "a measured meter that covers every window: the meters here are \(kinds)")
  }

  /// The devices that did work, in the order of their first windows.
  private var devices: [DeviceID] {
    var devices: [DeviceID] = []
    for device in windows.compactMap({ $0.series?.device }) where !devices.contains(device) {
      devices.append(device)
    }
    return devices
  }

  /// Whether each device that did work has one of these meters that covers it and has energy for all of its windows.
  private func everyDevice(has meters: [MeterDescriptor]) -> Bool {
    !devices.isEmpty
      && devices.allSatisfy { device in
        let own = windows.filter { $0.series?.device == device }
        return meters.contains { meter in
          meter.covers.covers(device)
            && own.allSatisfy { window in
              window.energy.contains { $0.meter == meter.id && $0.interval.value != nil }
            }
        }
      }
  }

  private func steadyState() -> Reason? {
    let checks = result.checks.filter { $0.name == CheckName.steadyState }
    guard !checks.isEmpty else {
      return demand(false, "a steady state before the first window: it was not looked for")
    }
    let bad = checks.first { $0.verdict != .pass }
    return bad.flatMap { demand(false, "a steady state: \($0.message)") }
  }

  private func idle() -> Reason? {
    func longest(_ kind: WindowKind) -> Double {
      result.samples.filter { $0.kind == kind }.map(\.duration.value).max() ?? 0
    }
    let before = longest(.idleBefore)
    let after = longest(.idleAfter)
    return demand(
      before >= 59.9 && after >= 59.9,
      "60 s of idle before and after: they were \(DecimalText.fixed(before, decimals: 0)) s and \(DecimalText.fixed(after, decimals: 0)) s"
    )
  }

  private func readings() -> Reason? {
    let counts = windows.map { window in window.trace.count { !$0.power.isEmpty } }
    let fewest = counts.min() ?? 0
    return demand(
      fewest >= 60, "60 energy readings in each window: the fewest were \(fewest)")
  }

  /// One reason for all series whose rates vary too much, one for each such scope of energy.
  private func variation() -> [Reason?] {
    let rates = result.summaries.map { (of: $0, $0.throughput.coefficientOfVariation) }
    var reasons = [variation(of: "the rate", rates)]
    var scopes: [Scope] = []
    for scope in result.summaries.flatMap({ $0.energy.value ?? [] })
    where scope.kind.isMeasured && !scopes.contains(scope.scope) { scopes.append(scope.scope) }
    for scope in scopes {
      let values = result.summaries.compactMap { summary -> (of: SeriesSummary, Double?)? in
        guard let found = summary.energy.value?.first(where: { $0.scope == scope }) else {
          return nil
        }
        let term = found.terms.first { $0.name == .repeats }
        return (summary, term.map { $0.relative * Double(found.power.count).squareRoot() })
      }
      reasons.append(variation(of: "hashes per joule in \(scope)", values))
    }
    return reasons
  }

  private func variation(
    of quantity: String, _ values: [(of: SeriesSummary, Double?)]
  ) -> Reason? {
    let wide = values.filter { ($0.1 ?? .infinity) > 0.01 }
    guard let worst = wide.max(by: { ($0.1 ?? .infinity) < ($1.1 ?? .infinity) }) else {
      return nil
    }
    let most =
      worst.1.map { "varies by \(DecimalText.percent($0, decimals: 2))" } ?? "has one value only"
    let others = wide.count > 1 ? ", and \(wide.count - 1) more" : ""
    return demand(
      false,
      "a coefficient of variation of at most 1 %: \(quantity) of \(worst.of.series) \(most)\(others)"
    )
  }

  /// One reason for all checks that failed; their facts stand with the checks.
  private func failed(_ isDemanded: (CheckName) -> Bool) -> Reason? {
    var names: [CheckName] = []
    var failures: [CheckName: [Check]] = [:]
    for check in result.checks where check.verdict == .fail && isDemanded(check.name) {
      if failures[check.name] == nil { names.append(check.name) }
      failures[check.name, default: []].append(check)
    }
    guard !names.isEmpty else { return nil }
    let list = names.map { name in "\(name)" + place(of: failures[name] ?? []) }
    return demand(false, "no failed check: \(list.joined(separator: ", "))")
  }

  /// ` in repeat 3`, ` in 7 windows`, or nothing for one check of the whole run.
  private func place(of failures: [Check]) -> String {
    guard failures.count == 1 else {
      let areWindows = failures.allSatisfy { $0.sample != nil }
      return areWindows ? " in \(failures.count) windows" : " (\(failures.count) times)"
    }
    guard let index = failures.first?.sample, result.samples.indices.contains(index) else {
      return ""
    }
    return " in repeat \(result.samples[index].repeatIndex + 1)"
  }
}
