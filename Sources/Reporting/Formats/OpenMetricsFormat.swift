internal import Analysis
internal import Model
internal import Text

/// For Prometheus: OpenMetrics text that the older exposition format's readers take as well, so that
/// node_exporter's textfile collector can serve it.
package struct OpenMetricsFormat: ReportFormat {
  package init() {}
  package let name: String = "openmetrics"
  package let summary: String =
    "OpenMetrics text for Prometheus (node_exporter's textfile collector)"
  package let fileExtension: String = "prom"

  private struct Family: Sendable {
    let name: String
    let unit: String?
    let help: String
    /// Whether the value belongs to a scope, which then is a label.
    let hasScope: Bool
    let value: @Sendable (Figure) -> Double?
  }

  private static let families: [Family] = [
    Family(
      name: "hashwatt_throughput_units_per_second", unit: "units_per_second",
      help: "Work per second in the label's unit, mean of the windows.", hasScope: false
    ) { $0.throughput?.value },
    Family(
      name: "hashwatt_throughput_lower_units_per_second", unit: "units_per_second",
      help: "Lower end of the 95 percent interval of the throughput.", hasScope: false
    ) { $0.throughput?.lower },
    Family(
      name: "hashwatt_throughput_upper_units_per_second", unit: "units_per_second",
      help: "Upper end of the 95 percent interval of the throughput.", hasScope: false
    ) { $0.throughput?.upper },
    Family(
      name: "hashwatt_power_watts", unit: "watts", help: "Mean power in the scope while working.",
      hasScope: true
    ) { $0.energy.value?.power?.value },
    Family(
      name: "hashwatt_efficiency_units_per_joule", unit: "units_per_joule",
      help: "Work per joule in the label's unit and scope.", hasScope: true
    ) { $0.energy.value?.workPerJoule.value },
    Family(
      name: "hashwatt_efficiency_lower_units_per_joule", unit: "units_per_joule",
      help: "Lower end of the 95 percent interval of the efficiency.", hasScope: true
    ) { $0.energy.value?.workPerJoule.lower },
    Family(
      name: "hashwatt_efficiency_upper_units_per_joule", unit: "units_per_joule",
      help: "Upper end of the 95 percent interval of the efficiency.", hasScope: true
    ) { $0.energy.value?.workPerJoule.upper },
    Family(
      name: "hashwatt_energy_joules_per_unit", unit: "joules_per_unit",
      help: "Joules for one unit of work in the label's scope.", hasScope: true
    ) { $0.energy.value?.joulesPerWork.value },
    Family(
      name: "hashwatt_energy_lower_joules_per_unit", unit: "joules_per_unit",
      help: "Lower end of the 95 percent interval of the joules per unit.", hasScope: true
    ) { $0.energy.value?.joulesPerWork.lower },
    Family(
      name: "hashwatt_energy_upper_joules_per_unit", unit: "joules_per_unit",
      help: "Upper end of the 95 percent interval of the joules per unit.", hasScope: true
    ) { $0.energy.value?.joulesPerWork.upper },
    Family(
      name: "hashwatt_energy_available", unit: nil,
      help: "1 where energy was metered, 0 where it was not.", hasScope: false
    ) { $0.energy.value == nil ? 0 : 1 },
    Family(
      name: "hashwatt_grade", unit: nil,
      help: "How far the result can be trusted: 0 exploratory, 1 quick, 2 standard, 3 metered.",
      hasScope: false
    ) { figure in figure.grade.flatMap { Grade.allCases.firstIndex(of: $0) }.map(Double.init) },
  ]

  package func render(_ ranking: Ranking, _ style: TextStyle) -> String {
    let figures = Self.distinct(ranking.figures)
    var text = ""
    for family in Self.families {
      var seen: Set<String> = []
      // Series of one figure in several scopes share what does not depend on the scope: said once.
      let lines = figures.compactMap { figure -> String? in
        guard let value = family.value(figure) else { return nil }
        let labels = Self.labels(figure, hasScope: family.hasScope)
        guard seen.insert(labels).inserted else { return nil }
        return "\(family.name){\(labels)} \(value)\n"
      }
      guard !lines.isEmpty else { continue }
      text += "# TYPE \(family.name) gauge\n"
      if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
      text += "# HELP \(family.name) \(family.help)\n" + lines.joined()
    }
    return text + "# EOF\n"
  }

  /// The figures, the sources of those that could not be told apart by their labels being numbered.
  private static func distinct(_ figures: [Figure]) -> [Figure] {
    var seen: [String: Int] = [:]
    return figures.map { figure in
      let key = labels(figure, hasScope: true)
      let count = (seen[key] ?? 0) + 1
      seen[key] = count
      guard count > 1 else { return figure }
      var copy = figure
      copy.source.name += "#\(count)"
      return copy
    }
  }

  private static func labels(_ figure: Figure, hasScope: Bool) -> String {
    var labels: [(String, String)] = [
      ("algorithm", figure.algorithm.rawValue),
      ("unit", figure.workUnit.rawValue),
      ("device", figure.deviceName),
      ("hardware", figure.hardwareID.rawValue),
      ("kernel", figure.kernel?.rawValue ?? ""),
      ("threads", figure.threadsText),
      ("origin", figure.provenance.rawValue),
      ("source", figure.source.name),
    ]
    if let epoch = figure.epoch { labels.append(("epoch", "\(epoch)")) }
    if hasScope { labels.append(("scope", figure.energy.value?.scope.rawValue ?? "")) }
    return labels.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in DisplayText.visible(text).unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
