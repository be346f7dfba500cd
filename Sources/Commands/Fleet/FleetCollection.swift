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
    let fleets = try paths.map(FleetFolder.init).filter(\.holdsPlan).map(CollectedFleet.init)
    let name = arguments[FleetCommand.over]
    let sweep =
      fleets.count > 1
      ? try FleetSweep(fleets.map { (name: $0.folder.path, plan: $0.plan) }, over: name) : nil
    var demands = demands
    demands.over = sweep?.fact ?? name.map(NodeFacts.fact)
    demands.base = try base(isOver: demands.over != nil)
    let reader = FleetReader(
      fleets: fleets, sweep: sweep, over: demands.over, expected: expected,
      verifies: !arguments[FleetCommand.noVerify], isInterrupted: context.isInterrupted)
    let (files, memory) = try files(below: paths, fleets)
    let answers = try reader.answers(files, memory)
    try IndexOption.finish(memory, context)
    guard !answers.nodes.isEmpty else {
      throw Failure(
        .badInput, "no result in \(paths.joined(separator: ", "))",
        remedy: "make results with 'hashwatt run', or name a folder that holds some")
    }
    try checkOnce(answers.nodes)
    let report = FleetReport(answers.nodes, demands, notes: answers.notes)
    let output = arguments[FleetCommand.output]
    let format = format(of: report)
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

  /// The form that was asked for; a page with its pictures drawn.
  private func format(of report: FleetReport) -> any FleetFormat {
    let format =
      FleetFormatCatalog.format(named: arguments[FleetCommand.format] ?? "text") ?? TextFleet()
    guard format is HTMLFleet else { return format }
    let renderer = PlotRenderer(searchPath: context.environment["PATH"] ?? "/usr/bin:/bin")
    return HTMLFleet(pictures: report.curves.flatMap(ReportPlots.over).map(renderer.picture))
  }

  /// - Throws: `Failure` where two fleets have a node at one setting: which of them counts, nobody said.
  private func checkOnce(_ nodes: [NodeAnswer]) throws(Failure) {
    var seen: Set<String> = []
    for node in nodes where node.setting != nil && node.state == .measured {
      guard seen.insert(node.title).inserted else {
        throw Failure(
          .badInput, "\(node.title) was measured in two fleets", remedy: "collect one of them")
      }
    }
  }

  /// What was measured of machines that are as they should be; nil where none are named.
  private func base(isOver: Bool) throws -> FleetBase? {
    guard let path = arguments[FleetCommand.base] else { return nil }
    guard !isOver else {
      throw ArgumentError(
        "--base is of one setting, and what is collected is of several",
        remedy: "collect the fleet of that setting alone")
    }
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
    below paths: [String], _ fleets: [CollectedFleet]
  ) throws -> ([FleetReader.NodeFile], RecordMemory) {
    let folders = Dictionary(
      fleets.map { ($0.folder.path, $0.folder) }, uniquingKeysWith: { first, _ in first })
    let roots = paths.compactMap { path in
      guard let folder = folders[path] else { return path }
      return folder.results
    }
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
