internal import Arguments
internal import Fleet
internal import Model
internal import Records
internal import Reporting

/// `fleet status`: how far every node is, from the files, and where there is none yet, from the engine.
struct FleetStatus {
  private let arguments: ParsedArguments
  private let context: CommandContext

  init(_ arguments: ParsedArguments, _ context: CommandContext) {
    self.arguments = arguments
    self.context = context
  }

  func run() throws -> ExitCode {
    let operands = arguments.operands.dropFirst()
    guard let path = operands.first, operands.count == 1 else {
      throw ArgumentError("no fleet's folder", remedy: "give 'fleet status DIR'")
    }
    let folder = FleetFolder(path: path)
    let plan = try folder.plan()
    let engine = Composition.fleetEngine(plan.engine, context)
    let progress = try Self.progress(plan, folder, engine)
    let text =
      arguments[FleetCommand.format] == "json"
      ? try progress.document()
      : FleetStatusText.text(
        progress, in: path, Document.style(arguments[FleetCommand.output], context))
    try Document.write(text, to: arguments[FleetCommand.output], context)
    return progress.nodes.contains { $0.state.needsAgain } ? .no : .done
  }

  /// - Throws: `Failure` where the engine does not answer: what it does not say is not guessed.
  static func progress(
    _ plan: FleetPlan, _ folder: FleetFolder, _ engine: (any FleetEngine)?
  ) throws -> FleetProgress {
    let jobs = plan.nodes.compactMap { $0.attempts.last?.job }
    // The engine is asked first: a job that it says has ended has written its file before that.
    let states = try engine?.states(jobs)
    let found = try folder.found()
    return FleetProgress(
      plan, found: found.results, states: states, unreadable: found.unreadable,
      lastLine: folder.lastLine)
  }
}
