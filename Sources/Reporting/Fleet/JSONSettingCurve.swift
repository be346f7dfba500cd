package import Fleet
package import JSON
internal import Model
package import Records

extension SettingCurve: PrintedRecord {
  package static var recordName: String { "setting_curve" }
  package static var recordMeaning: String { "What equal nodes reach at each value of a setting." }

  package static func fields(_ field: inout some PrintedList<SettingCurve>) throws(JSONProblem) {
    try field("device", \.deviceName, "The model's name.")
    try field("algorithm", \.work.algorithm, "What is computed.")
    try field("kernel", \.kernel, "By which implementation.")
    try field("workers", \.placement?.workers, "Number of workers.")
    try field("scope", \.scope, "What the energy covers; null where none was measured.")
    try field("rate_unit", \.work.unit.perSecond, "Unit of rates.")
    try field("efficiency_unit", \.work.unit.perJoule, "Unit of work per joule.")
    try field("points", \.points, "Each value of the setting, in its order.")
    try field(
      "fastest", { $0.points[$0.fastest].setting.value }, "Where the rate is greatest.")
    try field(
      "most_efficient", { curve in curve.best.map { curve.points[$0].setting.value } },
      "Where work per joule is greatest; null where no energy was measured.")
    try field("nodes", \.nodes, "Where each node does most.")
    try field.optional(
      "epoch", \.work.epoch, "Of the dataset that was worked on; absent without.")
  }
}

extension SettingPoint: PrintedRecord {
  package static var recordName: String { "setting_point" }
  package static var recordMeaning: String { "All nodes of a group at one value of the setting." }

  package static func fields(_ field: inout some PrintedList<SettingPoint>) throws(JSONProblem) {
    try field("setting", \.setting.value, "The value.")
    try field("group", \.group, "Number of the group of these nodes.")
    try field("nodes", \.nodes, "How many.")
    try field("rate", \.rate, "Median over the nodes.")
    try field("efficiency", \.efficiency, "Median over the nodes; null without energy.")
    try field(
      "rate_change", \.rateChange, "The same nodes beside themselves at the fastest value.")
    try field(
      "efficiency_change", \.efficiencyChange,
      "The same nodes beside themselves at the most efficient value.")
  }
}

extension PairedChange: PrintedRecord {
  package static var recordName: String { "paired_change" }
  package static var recordMeaning: String { "Nodes beside themselves at another value." }

  package static func fields(_ field: inout some PrintedList<PairedChange>) throws(JSONProblem) {
    try field("deviation", \.deviation, "Mean over the nodes of the ratio, less one.")
    try field("lower", \.lower, "Lower end of its 95 % interval.")
    try field("upper", \.upper, "Upper end of its 95 % interval.")
    try field("nodes", \.nodes, "How many were measured at both.")
  }
}

extension NodeBest: PrintedRecord {
  package static var recordName: String { "node_best" }
  package static var recordMeaning: String { "Where one node does most." }

  package static func fields(_ field: inout some PrintedList<NodeBest>) throws(JSONProblem) {
    try field("node", \.node, "The node.")
    try field("setting", \.setting.value, "The value.")
    try field("rate", \.rate, "Its rate there.")
    try field("efficiency", \.efficiency, "Its work per joule there; null without energy.")
  }
}
