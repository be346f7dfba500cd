package import Model

/// A fixed, versioned plan (design section 6).
///
/// Numbers never change under one name: a change makes `quick-2`.
package struct Suite: Hashable, Sendable {
  /// What the option calls it: `quick`.
  package let name: String
  /// What a result calls it: `quick-1`.
  package let version: String
  /// Whether warm-up covers three of the PL1 limit's time windows (power.md 2.4).
  package let coversTurboBudget: Bool
  private let template: Plan

  /// In the order that the help shows.
  package static let all: [Suite] = [.quick, .standard, .metered]

  package static let quick = Suite(
    name: "quick", coversTurboBudget: false,
    Plan(
      suite: "quick-1", warmup: Seconds(5), warmupLimit: Seconds(5), warmsToSteadyState: false,
      window: Seconds(10), ramp: Seconds(2), minimumRepeats: 3, maximumRepeats: 3,
      stopHalfWidth: nil, idle: Seconds(5), idlesAfter: false))

  package static let standard = Suite(
    name: "standard", coversTurboBudget: true,
    Plan(
      suite: "standard-1", warmup: Seconds(60), warmupLimit: Seconds(600),
      warmsToSteadyState: true, window: Seconds(60), ramp: Seconds(10), minimumRepeats: 5,
      maximumRepeats: 20, stopHalfWidth: 0.005, idle: Seconds(60), idlesAfter: true))

  package static let metered = Suite(
    name: "metered", coversTurboBudget: true,
    Plan(
      suite: "metered-1", warmup: Seconds(60), warmupLimit: Seconds(600),
      warmsToSteadyState: true, window: Seconds(240), ramp: Seconds(30), minimumRepeats: 5,
      maximumRepeats: 5, stopHalfWidth: nil, idle: Seconds(60), idlesAfter: true))

  /// For miners on the network: many short windows, because the count of shares in each is a random number.
  package static let prove = Suite(
    name: "prove", coversTurboBudget: false,
    Plan(
      suite: "prove-1", warmup: Seconds(180), warmupLimit: Seconds(1800), warmsToSteadyState: true,
      window: Seconds(60), ramp: Seconds(5), minimumRepeats: 20, maximumRepeats: 60,
      stopHalfWidth: 0.01, idle: Seconds(0), idlesAfter: false))

  private init(name: String, coversTurboBudget: Bool, _ template: Plan) {
    self.name = name
    self.coversTurboBudget = coversTurboBudget
    self.template = template
    version = template.suite ?? name
  }

  /// About how many minutes the least number of repeats takes, one kernel for each algorithm, as people say it: in
  /// halves below ten, in fives above.
  package func minutes(algorithms: Int) -> Double {
    let minutes =
      PlanEstimate(
        template, series: algorithms, measuresSpin: template.idlesAfter
      ).total.value / 60
    return minutes < 10 ? (minutes * 2).rounded() / 2 : (minutes / 5).rounded() * 5
  }

  /// The suite's plan on a machine whose long-term power limit averages over `longTermWindow`.
  package func plan(longTermWindow: Seconds?, overriding changes: PlanChanges = .none) -> Plan {
    var plan = template
    if coversTurboBudget, let longTermWindow {
      plan.warmup = min(plan.warmupLimit, max(plan.warmup, longTermWindow * 3))
    }
    return changes.applied(to: plan)
  }
}

/// What options make of a suite's numbers; any of them takes the suite's name from the result.
package struct PlanChanges: Hashable, Sendable {
  package var warmup: Seconds?
  package var window: Seconds?
  package var repeats: Int?
  package var idle: Seconds?
  /// Whether all devices are measured at the same time.
  package var isTogether: Bool

  package static let none = PlanChanges()

  package init(
    warmup: Seconds? = nil, window: Seconds? = nil, repeats: Int? = nil, idle: Seconds? = nil,
    isTogether: Bool = false
  ) {
    self.warmup = warmup
    self.window = window
    self.repeats = repeats
    self.idle = idle
    self.isTogether = isTogether
  }

  func applied(to plan: Plan) -> Plan {
    var changed = plan
    if let warmup {
      changed.warmup = warmup
      changed.warmupLimit = warmup
      changed.warmsToSteadyState = false
      changed.ramp = min(plan.ramp, warmup)
    }
    if let window { changed.window = window }
    if let repeats {
      changed.minimumRepeats = repeats
      changed.maximumRepeats = repeats
      changed.stopHalfWidth = nil
    }
    if let idle {
      changed.idle = idle
      changed.idlesAfter = plan.idlesAfter && idle.value > 0
    }
    changed.isTogether = isTogether
    if changed != plan { changed.suite = nil }
    return changed
  }
}
