/// Why something could not be read, measured or used, and what would mend it.
package struct Reason: Hashable, Sendable {
  /// A stable word for programs, such as `permission`, `absent`, `virtual-machine`.
  package let code: ReasonCode
  /// One sentence for people, with the measured facts in it.
  package let message: String
  /// The exact command or action that mends it, when there is one.
  package let remedy: String?

  package init(_ code: ReasonCode, _ message: String, remedy: String? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy
  }
}

/// The kind of a reason.
///
/// Open: files may carry codes that this version does not know.
package struct ReasonCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }

  package static let absent = ReasonCode(rawValue: "absent")
  package static let permission = ReasonCode(rawValue: "permission")
  package static let masked = ReasonCode(rawValue: "masked-by-container")
  package static let moduleMissing = ReasonCode(rawValue: "module-missing")
  package static let lockdown = ReasonCode(rawValue: "lockdown")
  package static let virtualMachine = ReasonCode(rawValue: "virtual-machine")
  package static let unsupported = ReasonCode(rawValue: "unsupported")
  package static let lost = ReasonCode(rawValue: "lost")
  package static let stalled = ReasonCode(rawValue: "stalled")
  package static let implausible = ReasonCode(rawValue: "implausible")
  package static let malformed = ReasonCode(rawValue: "malformed")
  package static let notCaptured = ReasonCode(rawValue: "not-captured")
  /// The step of a counter is too large beside what was to be measured.
  package static let coarse = ReasonCode(rawValue: "too-coarse")
  /// A reading shows what was before the time that it should stand for.
  package static let stale = ReasonCode(rawValue: "too-old")
  package static let notMeasured = ReasonCode(rawValue: "not-measured")
  package static let failed = ReasonCode(rawValue: "failed")
  /// The user ended it.
  package static let interrupted = ReasonCode(rawValue: "interrupted")
  /// The process ended without a word: it was killed, it crashed, or the machine stopped.
  package static let cutShort = ReasonCode(rawValue: "cut-short")
  /// What was true once and is too old or of another machine now.
  package static let expired = ReasonCode(rawValue: "expired")
  /// What the next better grade demands.
  package static let grade = ReasonCode(rawValue: "grade")
}

/// A value, or the reason why there is none.
///
/// Never 0, -1, NaN or an empty text for "unknown".
package enum Reading<Value> {
  case value(Value)
  case unavailable(Reason)

  /// The value, or nil where it is unavailable.
  package var value: Value? {
    if case .value(let value) = self { value } else { nil }
  }

  /// The reason, or nil where there is a value.
  package var reason: Reason? {
    if case .unavailable(let reason) = self { reason } else { nil }
  }

  /// The reading of a derived value; the reason stays.
  package func map<Other>(_ transform: (Value) -> Other) -> Reading<Other> {
    switch self {
    case .value(let value): .value(transform(value))
    case .unavailable(let reason): .unavailable(reason)
    }
  }

  /// The reading of what is derived and may be missing for a reason of its own.
  package func flatMap<Other>(_ transform: (Value) -> Reading<Other>) -> Reading<Other> {
    switch self {
    case .value(let value): transform(value)
    case .unavailable(let reason): .unavailable(reason)
    }
  }

  /// The value, or a reason where there is none.
  package init(_ value: Value?, else reason: @autoclosure () -> Reason) {
    self = value.map { .value($0) } ?? .unavailable(reason())
  }
}

extension Reading: Sendable where Value: Sendable {}
extension Reading: Equatable where Value: Equatable {}
extension Reading: Hashable where Value: Hashable {}
