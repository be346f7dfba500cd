package import Model

/// What one node takes more at work than idle, as a result or a profile of its hardware has it.
package struct LoadStep: Hashable, Sendable {
  package let power: Watts
  /// What the meter covered; the supply sees at least that.
  package let scope: Scope

  /// The greatest over all series and scopes; nil where none was metered idle and at work.
  package init?(_ summaries: [SeriesSummary]) {
    let steps = summaries.flatMap { series in
      (series.energy.value ?? []).compactMap { energy -> (watts: Double, scope: Scope)? in
        // Work for each joule above idle, so the quotient is power above idle.
        guard let dynamic = energy.dynamicWorkPerJoule, dynamic > 0 else { return nil }
        return (series.throughput.mean / dynamic, energy.scope)
      }
    }
    guard let greatest = steps.max(by: { $0.watts < $1.watts }), greatest.watts.isFinite else {
      return nil
    }
    power = Watts(greatest.watts)
    scope = greatest.scope
  }
}
