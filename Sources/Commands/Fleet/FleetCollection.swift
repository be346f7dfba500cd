internal import Analysis
internal import Arguments
internal import Fleet
internal import LinuxSystem
internal import Model
internal import Records
internal import Reporting
internal import Verification

/// `fleet collect`: what came back from every node, and what the nodes say of one another.
struct FleetCollection {
  private let arguments: ParsedArguments
  private let context: CommandContext
  private let demands: FleetDemands
  private let expected: [ExpectedFact]

  init(_ arguments: ParsedArguments, _ context: CommandContext) throws(ArgumentError) {
    self.arguments = arguments
    self.context = context
    var gates: [ComparisonGate] = []
    for text in arguments[FleetCommand.gate] {
      let gate = try GateOption.gate(text)
      guard gate.quantity != .power else {
        throw ArgumentError(
          "'\(text)': nodes are not judged by their power",
          remedy: "give a gate on throughput, efficiency or energy")
      }
      gates.append(gate)
    }
    demands = FleetDemands(
      gates: gates, allowsOneMachine: arguments[FleetCommand.allowOneMachine])
    var expected: [ExpectedFact] = []
    for text in arguments[FleetCommand.expect] {
      guard let fact = ExpectedFact(text) else {
        throw ArgumentError(
          "'\(text)' is not a value of --expect",
          remedy: "give FACT=VALUE, such as governor=performance")
      }
      expected.append(fact)
    }
    self.expected = expected
  }

  func run() throws -> ExitCode {
    let folders = Array(arguments.operands.dropFirst())
    guard !folders.isEmpty else {
      throw ArgumentError("no folder to collect from", remedy: "give 'fleet collect DIR'")
    }
    var nodes: [String: [String]] = [:]
    for folder in folders {
      for path in try RecordLoader.files(below: folder) {
        let name = Self.node(of: path, below: folder)
        if nodes[name]?.contains(path) != true { nodes[name, default: []].append(path) }
      }
    }
    let answers = try FleetReader(
      expected: expected, verifies: !arguments[FleetCommand.noVerify],
      isInterrupted: context.isInterrupted
    ).answers(nodes)
    guard !answers.nodes.isEmpty else {
      throw Failure(
        .badInput, "no result in \(folders.joined(separator: ", "))",
        remedy: "make results with 'hashwatt run', or name a folder that holds some")
    }
    let report = FleetReport(answers.nodes, demands, notes: answers.notes)
    let output = arguments[FleetCommand.output]
    let format =
      FleetFormatCatalog.format(named: arguments[FleetCommand.format] ?? "text") ?? TextFleet()
    try Document.write(
      try format.render(
        report, Document.style(output, context), showsAll: arguments[FleetCommand.all]),
      to: output, context)
    return report.passes ? .done : .no
  }

  /// The folder just below the one that was named, or the file's own name without its ending.
  static func node(of path: String, below folder: String) -> String {
    let root = folder.split(separator: "/").count
    let parts = path.split(separator: "/")
    let inside = parts.count > root + 1 ? parts[root] : parts.last ?? Substring(path)
    return inside.hasSuffix(".json") ? String(inside.dropLast(".json".count)) : String(inside)
  }
}
