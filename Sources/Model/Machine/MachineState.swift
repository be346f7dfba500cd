/// What can change while a machine runs and would disturb a measurement (power.md 2.7).
package struct MachineState: Hashable, Sendable {
  package var instant: Instant
  /// Wall-clock time, seconds since 1970, for people and for correlation with other logs only.
  package var unixTime: Double
  /// Facts by name and by what they are of, as read.
  package var facts: [StateFact: Reading<StateValue>]

  package init(instant: Instant, unixTime: Double, facts: [StateFact: Reading<StateValue>]) {
    self.instant = instant
    self.unixTime = unixTime
    self.facts = facts
  }
}

/// One fact of a machine's state.
package enum StateValue: Hashable, Sendable {
  case integer(Int64)
  case number(Double)
  case text(String)
  case flag(Bool)
}

/// The verdict of a named check.
package enum CheckVerdict: String, Hashable, Sendable {
  case pass
  case fail
  case unknown
}

/// Where a check comes from, and so who can make it again.
package enum CheckOrigin: String, Hashable, Sendable {
  /// Made while measuring, from what only the machine could say then.
  case measured
  /// Follows from the result's samples; `verify` derives it again.
  case derived
  /// Rests on a file from outside the run, such as a calibration.
  case external
}

/// One named check of a machine, a meter or a window, with the facts that it judged.
package struct Check: Hashable, Sendable {
  package let name: CheckName
  package let verdict: CheckVerdict
  /// One sentence with the measured facts.
  package let message: String
  package let remedy: String?
  /// Index into the result's samples when the check is about one window.
  package let sample: Int?
  package let origin: CheckOrigin

  package init(
    name: CheckName, verdict: CheckVerdict, message: String, remedy: String? = nil,
    sample: Int? = nil, origin: CheckOrigin = .measured
  ) {
    self.name = name
    self.verdict = verdict
    self.message = message
    self.remedy = remedy
    self.sample = sample
    self.origin = origin
  }

  /// The same about one of a result's samples.
  package func about(sample: Int) -> Check {
    Check(
      name: name, verdict: verdict, message: message, remedy: remedy, sample: sample,
      origin: origin)
  }

  /// The same with another origin.
  package func from(_ origin: CheckOrigin) -> Check {
    Check(
      name: name, verdict: verdict, message: message, remedy: remedy, sample: sample,
      origin: origin)
  }
}
