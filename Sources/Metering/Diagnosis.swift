internal import MeterCore
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

extension MeterChannel {
  /// How long the counter takes from 0 to its end at a power; nil for one that does not wrap.
  package func wrapTime(at power: Watts) -> Seconds? {
    rules.modulus.map {
      Seconds(Double(rules.unit.scaled(UInt128($0))) * 1e-6 / power.value)
    }
  }
}

extension MeterCatalog {
  /// Tries every source that is looked for, and names those that only a user can.
  ///
  /// Nothing is asked over a network.
  package static func diagnose(
    _ environment: MeterEnvironment, among sources: [any MeterSource] = all
  ) -> [SourceDiagnosis] {
    var found: [(source: any MeterSource, discovery: MeterDiscovery)] = []
    for source in sources {
      let discovery =
        source.argumentName == nil
        ? source.discover(MeterRequest(environment: environment)) : MeterDiscovery()
      found.append((source, discovery))
    }
    let crossChecks = RAPLCrossCheck.checks(
      found.flatMap(\.discovery.readers), environment)
    return found.map { source, discovery in
      SourceDiagnosis(
        source: source.name, summary: source.summary, argumentName: source.argumentName,
        channels: discovery.readers.flatMap(\.channels), unavailable: discovery.unavailable,
        checks: discovery.checks + (source.name == "perf" ? crossChecks : []))
    }
  }
}
