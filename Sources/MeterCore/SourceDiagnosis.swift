package import Model

/// What one source of the catalogue can do on this machine.
package struct SourceDiagnosis: Sendable {
  package let source: String
  package let summary: String
  /// What must be named after the source for it to be tried; nil for sources that are looked for.
  package let argumentName: String?
  package let channels: [MeterChannel]
  package let unavailable: [Reason]
  package let checks: [Check]

  package init(
    source: String, summary: String, argumentName: String?, channels: [MeterChannel],
    unavailable: [Reason], checks: [Check]
  ) {
    self.source = source
    self.summary = summary
    self.argumentName = argumentName
    self.channels = channels
    self.unavailable = unavailable
    self.checks = checks
  }
}
