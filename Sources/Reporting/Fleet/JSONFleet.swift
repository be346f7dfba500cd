internal import Analysis
package import Fleet
package import JSON
internal import Model
package import Records

/// For programs: one JSON object.
package struct JSONFleet: FleetFormat {
  package init() {}
  package let name: String = "json"
  package let summary: String = "one JSON object with every node, limit and verdict"

  package func render(_ report: FleetReport, _ style: TextStyle, showsAll: Bool) throws -> String {
    try report.document()
  }
}

/// For spreadsheets and programs: a line for each node and quantity, and for each node that is not judged.
package struct CSVFleet: FleetFormat {
  package init() {}
  package let name: String = "csv"
  package let summary: String = "RFC 4180, a line for each node and quantity"

  package func render(_ report: FleetReport, _ style: TextStyle, showsAll: Bool) throws -> String {
    let rows = report.groups.flatMap { group in
      group.comparisons.flatMap { comparison in
        comparison.values.map { FleetLine(report, group, comparison, $0) }
      }
    }
    let all = rows + report.others.map { FleetLine($0) }
    let lines =
      [try FleetLine.keys().map(Escape.csv)]
      + (try all.map { try $0.members().map { CSVFormat.cell($0.value) } })
    return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
  }
}

/// A line of the CSV.
private struct FleetLine: PrintedRecord {
  static var recordName: String { "fleet_line" }
  static var recordMeaning: String { "One node in one quantity." }

  let node: String
  let state: String
  let isVerified: Bool
  var group: Int?
  let setting: String?
  /// Whether no other setting gives more work per joule; nil where that is not told.
  var isMostEfficient: Bool?
  var comparison: SisterComparison?
  var value: SisterValue?
  let remark: String?

  init(_ node: NodeAnswer) {
    self.node = node.name
    state = node.state.rawValue
    isVerified = node.isVerified
    setting = node.setting?.value
    remark = node.remark
  }

  init(
    _ report: FleetReport, _ group: SisterGroup, _ comparison: SisterComparison,
    _ value: SisterValue
  ) {
    node = value.node
    state = NodeAnswer.State.measured.rawValue
    isVerified = report.nodes.first { $0.name == value.node }?.isVerified ?? false
    setting = group.setting?.value
    if group.setting != nil, comparison.quantity == .efficiency {
      isMostEfficient =
        report.curves.lazy.compactMap { $0.isMostEfficient(group, comparison) }.first
    }
    self.group = group.number
    self.comparison = comparison
    self.value = value
    remark =
      value.verdict == .equal || value.verdict == .cannotTell
      ? nil : group.reasons[value.node]?.texts.joined(separator: "; ")
  }

  static func fields(_ field: inout some PrintedList<FleetLine>) throws(JSONProblem) {
    try field("node", \.node, "The node.")
    try field("state", \.state, "Whether its answer counts.")
    try field("verified", \.isVerified, "Whether its work was hashed again.")
    try field("group", \.group, "Number of its group.")
    try field("algorithm", \.comparison?.work.algorithm, "What is computed.")
    try field("kernel", \.comparison?.kernel, "By which implementation.")
    try field("workers", \.comparison?.placement?.workers, "Number of workers.")
    try field("quantity", \.comparison?.quantity.rawValue, "What is judged.")
    try field("scope", \.comparison?.scope, "What the energy covers.")
    try field("unit", \.comparison?.valueUnit, "Unit of value and median.")
    try field("value", \.value?.value, "The node's mean.")
    try field("median", \.comparison?.median, "Of all nodes of the group.")
    try field("deviation", \.value?.deviation, "Value over median, less one.")
    try field("deviation_lower", \.value?.lower, "Lower end of its 95 % interval.")
    try field("deviation_upper", \.value?.upper, "Upper end of its 95 % interval.")
    try field("limit", \.comparison?.limit, "Beyond which a node is called out.")
    try field("verdict", \.value?.verdict.rawValue, "What that says.")
    try field("base_deviation", \.value?.base?.deviation, "Value over the base's, less one.")
    try field("below_base", \.value?.base?.isBelow, "Whether that is less than is allowed.")
    try field("remark", \.remark, "What is unusual about the node.")
    try field("setting", \.setting, "What the node was set to, where fleets differ in that.")
    try field(
      "most_efficient", \.isMostEfficient,
      "Whether no other setting gives the group more work per joule.")
    try field("epoch", \.comparison?.work.epoch, "Of the dataset that was worked on.")
  }
}

extension SettingCurve {
  /// Nil for a comparison that is not on this curve.
  fileprivate func isMostEfficient(_ group: SisterGroup, _ comparison: SisterComparison) -> Bool? {
    guard work == comparison.work, kernel == comparison.kernel,
      placement == comparison.placement, scope == comparison.scope,
      meterKind == comparison.meterKind,
      let index = points.firstIndex(where: { $0.group == group.number })
    else { return nil }
    return index == best
  }
}

extension SisterComparison {
  var valueUnit: String { quantity == .throughput ? work.unit.perSecond : work.unit.perJoule }
}

extension FleetReport: PrintedRecord {
  package static var recordName: String { "fleet_report" }
  package static var recordMeaning: String { "What `hashwatt fleet collect --format json` prints." }

  package static func fields(
    _ field: inout some PrintedList<FleetReport>
  ) throws(JSONProblem) {
    try field.constant("format", "hashwatt-fleet-report", "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field(
      "passes", \.passes, "Whether every node answered truly and none is slower than its sisters.")
    try field("conclusion", \.conclusion, "One sentence.")
    try field("gates", { $0.demands.gates.map(\.text) }, "Limits that were asked for.")
    try field("nodes", \.nodes, "Every node, judged or not.")
    try field("groups", \.groups, "Nodes of equal hardware, plan and program, the greatest first.")
    try field.optional(
      "over", \.demands.over?.name, "The fact in which what was collected together differs.")
    try field.optional(
      "curves", { $0.demands.over == nil ? nil : $0.curves },
      "What equal nodes reach over that fact.")
    try field(
      "one_machine", \.oneMachine, "Nodes that are one boot of one machine, each list of names.")
    try field("notes", \.notes, "What else is to be known.")
  }
}

extension NodeAnswer: PrintedRecord {
  package static var recordName: String { "node" }
  package static var recordMeaning: String { "What came back from one node." }

  package static func fields(_ field: inout some PrintedList<NodeAnswer>) throws(JSONProblem) {
    try field("name", \.name, "As the engine or the folder calls it.")
    try field("state", \.state.rawValue, "Whether the answer counts.")
    try field("verified", \.isVerified, "Whether the work was hashed again.")
    try field("files", \.files, "What the answer is made of.")
    try field("remark", \.remark, "What is to be said of the state; null where there is nothing.")
    try field.optional(
      "setting", \.setting?.value, "What it was set to, where fleets differ in that.")
  }
}

extension SisterGroup: PrintedRecord {
  package static var recordName: String { "group" }
  package static var recordMeaning: String { "Nodes that may be held against one another." }

  package static func fields(_ field: inout some PrintedList<SisterGroup>) throws(JSONProblem) {
    try field("number", \.number, "From 1.")
    try field("hardware_id", \.hardwareID, "The model.")
    try field("device", \.deviceName, "Its name.")
    try field("memory_bytes", \.memory?.value, "Main memory of the first node.")
    try field("plan", \.plan, "The suite, or what the options made of it.")
    try field("tool_version", \.toolVersion, "Of hashwatt.")
    try field.optional(
      "setting", \.setting?.value, "What its nodes were set to, where fleets differ in that.")
    try field("nodes", \.nodes, "Names of the nodes.")
    try field("comparisons", \.comparisons, "Each quantity of each series.")
    try field("minorities", \.minorities, "Facts that slower or faster nodes share.")
    try field(
      "reasons",
      { group in group.reasons.sorted { $0.key < $1.key }.map { PrintedReasons($0.key, $0.value) }
      },
      "What is unusual about the nodes that were called out.")
  }
}

extension SisterComparison: PrintedRecord {
  package static var recordName: String { "sisters" }
  package static var recordMeaning: String { "One quantity over all nodes of a group." }

  package static func fields(
    _ field: inout some PrintedList<SisterComparison>
  ) throws(JSONProblem) {
    try field("algorithm", \.work.algorithm, "What is computed.")
    try field.optional(
      "epoch", \.work.epoch, "Of the dataset that was worked on; absent without.")
    try field("kernel", \.kernel, "By which implementation.")
    try field("workers", \.placement?.workers, "Number of workers.")
    try field("quantity", \.quantity.rawValue, "What is judged.")
    try field("unit", \.valueUnit, "Unit of the values.")
    try field("scope", \.scope, "What the energy covers; null for a rate.")
    try field("meter_kind", \.meterKind?.rawValue, "How the meters come by it; null for a rate.")
    try field("median", \.median, "Of all nodes.")
    try field(
      "spread", \.spread,
      "What a healthy node scatters by, relative; at least what nodes are unsure by.")
    try field("wanted", \.wanted, "The relative difference that is looked for.")
    try field(
      "limit", \.limit, "The relative difference that is called out; null with too few nodes.")
    try field("values", \.values, "Each node's, the least first.")
  }
}

extension SisterValue: PrintedRecord {
  package static var recordName: String { "sister" }
  package static var recordMeaning: String { "One node's value of one quantity." }

  package static func fields(_ field: inout some PrintedList<SisterValue>) throws(JSONProblem) {
    try field("node", \.node, "The node.")
    try field("value", \.value, "Its mean.")
    try field(
      "uncertainty", \.uncertainty, "Relative standard uncertainty of that; null where unknown.")
    try field("deviation", \.deviation, "Value over median, less one.")
    try field("deviation_lower", \.lower, "Lower end of its 95 % interval.")
    try field("deviation_upper", \.upper, "Upper end of its 95 % interval.")
    try field("verdict", \.verdict.rawValue, "What that says.")
    try field.optional(
      "base_deviation", \.base?.deviation, "Value over that of the base, less one.")
    try field.optional("base_lower", \.base?.lower, "Lower end of its 95 % interval.")
    try field.optional("base_upper", \.base?.upper, "Upper end of its 95 % interval.")
    try field.optional("below_base", \.base?.isBelow, "Whether that is less than is allowed.")
  }
}

extension MinorityFinding: PrintedRecord {
  package static var recordName: String { "minority" }
  package static var recordMeaning: String { "A fact that slower or faster nodes share." }

  package static func fields(_ field: inout some PrintedList<MinorityFinding>) throws(JSONProblem) {
    try field("fact", \.fact.name, "The fact.")
    try field("value", \.value, "What these nodes have.")
    try field("usual", \.usual, "What most have.")
    try field("nodes", \.nodes, "Which nodes.")
    try field("quantity", \.quantity, "What differs.")
    try field("deviation", \.deviation, "Their median over that of the others, less one.")
    try field("probability", \.probability, "Of that by chance (Mann and Whitney).")
  }
}

/// What is unusual about one node.
struct PrintedReasons: PrintedRecord {
  static var recordName: String { "node_reasons" }
  static var recordMeaning: String { "What is unusual about one node." }

  let node: String
  let reasons: NodeReasons

  init(_ node: String, _ reasons: NodeReasons) {
    self.node = node
    self.reasons = reasons
  }

  static func fields(_ field: inout some PrintedList<PrintedReasons>) throws(JSONProblem) {
    try field("node", \.node, "The node.")
    try field("facts", \.reasons.facts, "Facts in which it is not as most are.")
    try field("remarks", \.reasons.remarks, "What else stands out.")
  }
}

extension FactDifference: PrintedRecord {
  package static var recordName: String { "fact_difference" }
  package static var recordMeaning: String { "A fact in which a node is not as most are." }

  package static func fields(_ field: inout some PrintedList<FactDifference>) throws(JSONProblem) {
    try field("fact", \.fact.name, "The fact.")
    try field("title", \.fact.title, "For people.")
    try field("own", \.own, "The node's; null where it does not tell.")
    try field("usual", \.usual, "Of most.")
  }
}
