package import JSON
package import Model

/// Files of the format "hashwatt-fleet".
package enum FleetFile {
  package static let format = "hashwatt-fleet"
  package static let newestVersion = 1
  /// What it is called in a fleet's folder.
  package static let name = "fleet.json"

  /// The canonical bytes of a plan.
  ///
  /// - Throws: `JSONProblem` that names a number that JSON cannot hold.
  package static func encode(_ plan: FleetPlan) throws(JSONProblem) -> [UInt8] {
    JSONWriter.write(try plan.encoded())
  }

  /// The plan in a file's bytes; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> FleetPlan {
    let document = try FormatHeader.parse(bytes, name: name)
    try FormatHeader.check(document, name: name, format: format, newest: newestVersion)
    let plan = try FormatHeader.decode(FleetPlan.self, from: document, name: name)
    if let problem = problem(in: plan) { throw Failure(.badInput, "\(name): \(problem)") }
    return plan
  }

  /// What no plan can hold, however well its JSON is formed.
  private static func problem(in plan: FleetPlan) -> String? {
    if plan.nodes.count > NodeList.most { return "more than \(NodeList.most) nodes" }
    if Set(plan.nodes.map(\.name)).count < plan.nodes.count { return "nodes names one node twice" }
    let isNumbered = plan.nodes.allSatisfy { node in
      node.attempts.enumerated().allSatisfy { $0.offset + 1 == $0.element.number }
    }
    return isNumbered ? nil : "attempts are not numbered from 1"
  }
}
