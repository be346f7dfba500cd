package import MeterCore
internal import Model

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
