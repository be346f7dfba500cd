internal import Analysis
internal import Arguments
internal import Fleet
internal import Model
internal import Reporting

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
    expected = try FleetCommand.expectedFacts(arguments[FleetCommand.expect])
  }

  func run() throws -> ExitCode {
    let paths = Array(arguments.operands.dropFirst())
    guard !paths.isEmpty else {
      throw ArgumentError("no folder to collect from", remedy: "give 'fleet collect DIR'")
    }
    let fleets = paths.map(FleetFolder.init).filter(\.holdsPlan)
    guard fleets.count <= 1 else {
      throw ArgumentError(
        "\(fleets[0].path) and \(fleets[1].path) are two fleets", remedy: "collect them one by one")
    }
    let fleet = fleets.first
    let plan = try fleet?.plan()
    let reader = FleetReader(
      expected: expected + (try FleetCommand.expectedFacts(plan?.expected ?? [])),
      verifies: !arguments[FleetCommand.noVerify], isInterrupted: context.isInterrupted)
    let (files, memory) = try files(below: paths, fleet)
    let answers = try reader.answers(
      files, memory, of: plan, lastLine: { fleet?.lastLine($0, $1) })
    try IndexOption.finish(memory, context)
    guard !answers.nodes.isEmpty else {
      throw Failure(
        .badInput, "no result in \(paths.joined(separator: ", "))",
        remedy: "make results with 'hashwatt run', or name a folder that holds some")
    }
    var demands = demands
    demands.base = try base()
    let report = FleetReport(answers.nodes, demands, notes: answers.notes)
    let output = arguments[FleetCommand.output]
    let format =
      FleetFormatCatalog.format(named: arguments[FleetCommand.format] ?? "text") ?? TextFleet()
    try Document.write(
      try format.render(
        report, Document.style(output, context), showsAll: arguments[FleetCommand.all]),
      to: output, context)
    if let site = arguments[FleetCommand.site] {
      try write(
        site: site,
        of: report.nodes.filter { $0.state == .measured || $0.state == .partial }.flatMap(\.files))
    }
    return report.passes ? .done : .no
  }

  /// What was measured of machines that are as they should be; nil where none are named.
  private func base() throws -> FleetBase? {
    guard let path = arguments[FleetCommand.base] else { return nil }
    let figures = try RecordLoader.load([path]) { $0.figures }.flatMap(\.self)
    guard let base = FleetBase(path, figures) else {
      throw Failure(
        .badInput, "\(path): nothing of it was measured",
        remedy: "name results or a profile that has some; a maker's claim is no base")
    }
    return base
  }

  /// What it says goes to the notes: the report is the command's only document.
  private func write(site: String, of paths: [String]) throws {
    guard !paths.isEmpty else {
      return try context.notes.write("\(site): not written, for there is no true result\n")
    }
    let index = arguments[IndexOption.noIndex] ? ["--\(IndexOption.noIndex.name)"] : []
    let words = ["--\(SiteCommand.output.name)", site] + index + ["--"] + paths
    let notes = CommandContext(
      output: context.notes, notes: context.notes, environment: context.environment,
      executable: context.executable, isInterrupted: context.isInterrupted)
    _ = try SiteCommand.run(try ArgumentParser(SiteCommand.description).parse(words), notes)
  }

  /// Every file, with the node that its place says it is of; of a fleet's folder only the results.
  private func files(
    below paths: [String], _ fleet: FleetFolder?
  ) throws -> ([FleetReader.NodeFile], RecordMemory) {
    let roots = paths.compactMap { $0 == fleet?.path ? fleet?.results : $0 }
    let memory = try IndexOption.memory(roots, arguments, withFacts: true)
    let files = memory.places.map { place in
      FleetReader.NodeFile(node: Self.node(of: place.path, below: place.root), place: place)
    }
    return (files, memory)
  }

  /// The folder just below the one that was named, or the file's own name without its ending.
  static func node(of path: String, below folder: String) -> String {
    let root = folder.split(separator: "/").count
    let parts = path.split(separator: "/")
    let inside = parts.count > root + 1 ? parts[root] : parts.last ?? Substring(path)
    let name = RecordName.unpacked(String(inside))
    return name.hasSuffix(".json") ? String(name.dropLast(".json".count)) : name
  }
}
