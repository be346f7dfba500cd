package import Model
internal import Statistics
internal import Text

/// One thing that is to be said of a file that somebody hands in.
package struct SubmissionFinding: Hashable, Sendable {
  package enum Weight: String, Hashable, Sendable, CaseIterable {
    case good
    /// A person must look at it before it is taken.
    case doubtful
    /// The file is not to be taken.
    case wrong
  }

  /// What was looked at.
  package enum Rule: String, Hashable, Sendable, CaseIterable {
    case schema
    case complete
    case verified
    case derived
    case duplicate
    case signature
    case time
    case plausible
    case checks
    case claims
    case text
  }

  package let rule: Rule
  package let weight: Weight
  package let text: String

  package init(_ rule: Rule, _ weight: Weight, _ text: String) {
    self.rule = rule
    self.weight = weight
    self.text = text
  }
}

/// What a true result may still have wrong with it: figures that nothing else of its kind has, a clock that was not set.
///
/// Clocks and meters are the machine's own, so that no file can prove what they said; others of the same hardware and the best
/// claim of all can be held against it.
package enum SubmissionLinter {
  /// Beyond this factor from the median of others of the same hardware a person must look.
  package static let farFactor = 1.5
  /// Fewer others tell nothing.
  package static let leastOthers = 3
  /// 2026-01-01: no run is older than the program.
  private static let oldest = 1_767_225_600.0
  /// Clocks differ.
  private static let ahead = 86400.0

  /// Findings of one result, good ones among them; `others` are figures of files that are there already.
  package static func findings(
    of result: RunResult, _ figures: [Figure], among others: [Figure], now: Double
  ) -> [SubmissionFinding] {
    [completeness(of: result), time(of: result, now: now)]
      + checks(of: result) + plausibility(of: figures, among: others)
      + (result.note.map { note in
        [
          SubmissionFinding(
            .text, .doubtful, "free text, read it before it is published: \"\(note.prefix(200))\"")
        ]
      } ?? [])
  }

  private static func completeness(of result: RunResult) -> SubmissionFinding {
    result.isComplete
      ? SubmissionFinding(.complete, .good, "every window of its plan is there")
      : SubmissionFinding(
        .complete, .wrong,
        "the run ended early\(result.endReason.map { ": \($0.message)" } ?? ""): hand in a complete one"
      )
  }

  private static func time(of result: RunResult, now: Double) -> SubmissionFinding {
    let begin = UTCText.dateAndTime(result.startedAt)
    if result.startedAt > now + ahead || result.endedAt > now + ahead {
      return SubmissionFinding(.time, .wrong, "it began at \(begin), which is still to come")
    }
    if result.startedAt < oldest {
      return SubmissionFinding(
        .time, .doubtful, "it began at \(begin), before this program was there: a clock was not set"
      )
    }
    return SubmissionFinding(.time, .good, "it began at \(begin)")
  }

  private static func checks(of result: RunResult) -> [SubmissionFinding] {
    let failed = result.checks.filter { $0.verdict == .fail }
    guard !failed.isEmpty else { return [] }
    return [
      SubmissionFinding(
        .checks, .doubtful,
        "the run's own checks failed: "
          + failed.map { "\($0.name.rawValue) (\($0.message))" }.joined(separator: "; "))
    ]
  }

  // MARK: - Others

  private struct Kin: Hashable {
    let hardware: HardwareID
    let work: WorkIdentity
    let kernel: KernelID?
    let workers: Int?

    init(_ figure: Figure) {
      hardware = figure.hardwareID
      work = figure.work
      kernel = figure.kernel
      workers = figure.placement?.workers
    }
  }

  private static func plausibility(
    of figures: [Figure], among others: [Figure]
  ) -> [SubmissionFinding] {
    let measured = Dictionary(grouping: others.filter { $0.provenance == .measured }, by: Kin.init)
    var found: [SubmissionFinding] = []
    var compared = 0
    for (kin, own) in Dictionary(grouping: figures, by: Kin.init).sorted(by: {
      ("\($0.key.work)", $0.key.kernel?.rawValue ?? "")
        < ("\($1.key.work)", $1.key.kernel?.rawValue ?? "")
    }) {
      let name = kin.work.series(kin.kernel)
      let kindred = measured[kin] ?? []
      let rates = kindred.compactMap { $0.throughput?.value }
      if let rate = own.lazy.compactMap({ $0.throughput?.value }).first,
        let factor = far(rate, from: rates)
      {
        compared += 1
        if factor.isFar { found.append(doubt("\(name): its rate", factor, rates.count)) }
      }
      for energy in own.compactMap(\.energy.value) {
        let values = kindred.compactMap(\.energy.value).filter { $0.scope == energy.scope }
          .map(\.workPerJoule.value)
        if let factor = far(energy.workPerJoule.value, from: values) {
          compared += 1
          if factor.isFar {
            found.append(
              doubt("\(name): its work per joule in \(energy.scope.rawValue)", factor, values.count)
            )
          }
        }
        if let best = bestClaim(kin, others), energy.workPerJoule.value > best.value {
          found.append(
            SubmissionFinding(
              .plausible, .doubtful,
              "\(name): its work per joule in \(energy.scope.rawValue) is "
                + "\(ratio(energy.workPerJoule.value / best.value)) times the best claim of any hardware (\(best.name))"
            ))
        }
      }
    }
    if found.isEmpty, compared > 0 {
      found.append(
        SubmissionFinding(
          .plausible, .good,
          "\(CountText.text(compared, "figure")) within a factor of \(ratio(farFactor)) of others of this hardware"
        ))
    }
    return found
  }

  private struct Factor {
    let value: Double
    var isFar: Bool { value > farFactor || value < 1 / farFactor }
  }

  /// Nil for too few others.
  private static func far(_ value: Double, from others: [Double]) -> Factor? {
    guard others.count >= leastOthers, let median = Descriptive.median(others), median > 0 else {
      return nil
    }
    return Factor(value: value / median)
  }

  private static func doubt(_ what: String, _ factor: Factor, _ count: Int) -> SubmissionFinding {
    SubmissionFinding(
      .plausible, .doubtful,
      "\(what) is \(ratio(factor.value)) times the median of \(count) others of this hardware")
  }

  private static func ratio(_ value: Double) -> String {
    DecimalText.significant(value, digits: 3)
  }

  /// The greatest work per joule that anybody claims for an algorithm.
  private static func bestClaim(
    _ kin: Kin, _ others: [Figure]
  ) -> (value: Double, name: String)? {
    others.filter {
      $0.provenance == .claimed && $0.algorithm == kin.work.algorithm
        && $0.workUnit == kin.work.unit
    }.compactMap { figure in
      figure.energy.value.map { (value: $0.workPerJoule.value, name: figure.deviceName) }
    }.max { ($0.value, $0.name) < ($1.value, $1.name) }
  }
}
