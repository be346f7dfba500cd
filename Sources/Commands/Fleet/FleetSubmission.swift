internal import Arguments
internal import Fleet
internal import LinuxSystem
internal import Model
internal import Records
internal import Reporting
internal import Text

/// `fleet submit`: one job for each node, each with a challenge of its own.
struct FleetSubmission {
  private let arguments: ParsedArguments
  private let context: CommandContext
  private let folder: FleetFolder
  private let runOptions: [String]

  init(_ arguments: ParsedArguments, _ context: CommandContext) throws {
    self.arguments = arguments
    self.context = context
    let words = arguments.operands.dropFirst()
    guard let path = words.first else {
      throw ArgumentError(
        "no folder for the fleet", remedy: "give 'fleet submit DIR --nodes LIST -- RUN-OPTIONS'")
    }
    folder = FleetFolder(path: try Self.absolute(path))
    runOptions = Array(words.dropFirst())
  }

  func run() throws -> ExitCode {
    let isAgain = arguments[FleetCommand.again]
    var plan = isAgain ? try planAgain() : try newPlan()
    let engine = try engine(of: plan)
    let chosen = isAgain ? try unfinished(plan, engine) : plan.nodes.map(\.name)
    guard !chosen.isEmpty else {
      try context.output.write("every node has a complete result, or a job that runs or waits\n")
      return .done
    }
    let now = RawMonotonicClock.unixTime()
    let wanted = Set(chosen)
    for index in plan.nodes.indices where wanted.contains(plan.nodes[index].name) {
      plan.nodes[index].attempts.append(
        FleetAttempt(number: plan.nodes[index].attempts.count + 1, submittedAt: now))
    }
    let step = try loadStep()
    let schedule = FleetSchedule(plan, folder: folder.path)
    let attempts = plan.nodes.filter { wanted.contains($0.name) }.map {
      (node: $0, attempt: $0.attempts.count)
    }
    if arguments[FleetCommand.dryRun] {
      return try describe(schedule, attempts, engine, step)
    }
    try folder.create()
    // Before anything is submitted: a challenge that was given away must be known here whatever happens.
    try folder.write(plan)
    guard let engine else { return try writeCommands(schedule, attempts) }
    return try submit(schedule, attempts, engine, step)
  }

  // MARK: - The plan

  private func planAgain() throws -> FleetPlan {
    guard runOptions.isEmpty, arguments[FleetCommand.nodes] == nil else {
      throw ArgumentError(
        "--again goes on with the nodes and the options of the fleet",
        remedy: "give the folder alone")
    }
    guard folder.holdsPlan else {
      throw Failure(
        .badInput, "\(folder.path) holds no \(FleetFile.name)",
        remedy: "submit a fleet there first, without --again")
    }
    let plan = try folder.plan()
    try checkProgram(of: plan)
    return plan
  }

  private func newPlan() throws -> FleetPlan {
    guard !folder.holdsPlan else {
      throw Failure(
        .badInput, "\(folder.path) is a fleet already",
        remedy: "choose another folder, or submit what is unfinished with --again")
    }
    try checkRunOptions()
    let perRack = try arguments.integer(FleetCommand.perRack, in: 1...NodeList.most)
    let atOnce = try arguments.integer(FleetCommand.atOnce, in: 1...NodeList.most)
    guard perRack == nil || atOnce == nil else {
      throw ArgumentError("--at-once and --per-rack do not go together", remedy: "give one of them")
    }
    let engineName = arguments[FleetCommand.engine] ?? "slurm"
    let racks = try racks()
    if perRack != nil, racks.isEmpty {
      throw ArgumentError(
        "--per-rack without --racks", remedy: "give --racks FILE with lines 'NODE RACK'")
    }
    let expected = arguments[FleetCommand.expect]
    _ = try FleetCommand.expectedFacts(expected)
    let nodes = try nodes(engineName).map { FleetNode(name: $0, rack: racks[$0]) }
    let timeLimit = try arguments.integer(FleetCommand.timeLimit, in: 1...100_000) ?? 240
    let challenge = RunOptions.randomChallenge()
    return FleetPlan(
      id: String(Hexadecimal.encode(SHA256.hash(challenge.bytes)).prefix(8)), challenge: challenge,
      createdAt: RawMonotonicClock.unixTime(), toolVersion: ToolIdentity.currentVersion,
      engine: engineName, program: try program(), programDigest: programDigest(),
      runOptions: runOptions,
      engineOptions: arguments[FleetCommand.option],
      timeLimitMinutes: timeLimit, slots: perRack ?? atOnce, slotsArePerRack: perRack != nil,
      stagger: Seconds(try arguments.number(FleetCommand.stagger, in: 0...86400) ?? 0),
      expected: expected, nodes: nodes)
  }

  private func nodes(_ engineName: String) throws -> [NodeName] {
    guard let text = arguments[FleetCommand.nodes] else {
      throw ArgumentError("no nodes", remedy: "give --nodes LIST, @FILE or partition:NAME")
    }
    if text.hasPrefix("@") {
      return try NodeList(
        String(decoding: try InputFile.read(String(text.dropFirst())), as: UTF8.self)
      ).names
    }
    if text.hasPrefix("partition:") {
      guard let engine = Composition.fleetEngine(engineName, context) else {
        throw ArgumentError(
          "only a scheduler knows partitions", remedy: "give --nodes LIST or @FILE")
      }
      return try engine.nodes(ofPartition: String(text.dropFirst("partition:".count))).names
    }
    return try NodeList(text).names
  }

  private func racks() throws -> [NodeName: String] {
    guard let path = arguments[FleetCommand.racks] else { return [:] }
    var racks: [NodeName: String] = [:]
    let text = String(decoding: try InputFile.read(path), as: UTF8.self)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.isEmpty || words[0].hasPrefix("#") { continue }
      guard words.count == 2, let name = NodeName(rawValue: String(words[0])) else {
        throw Failure(
          .badInput, "\(path): line \(index + 1) is not 'NODE RACK'",
          remedy: "write one node a line")
      }
      racks[name] = String(words[1].prefix(100))
    }
    return racks
  }

  /// Words that the fleet adds itself, or that mean a file here and not on the nodes.
  private static let taken: [any CommandOption] = [
    RunCommand.challenge, RunCommand.results, RunCommand.profiles, RunCommand.dryRun,
    RunCommand.rawLog, RunCommand.textfile, RunCommand.format,
  ]

  private func checkRunOptions() throws {
    let parsed = try ArgumentParser(RunCommand.description).parse(runOptions)
    _ = try RunOptions(parsed)
    if let option = Self.taken.first(where: { parsed.given($0.description) != nil }) {
      throw ArgumentError("--\(option.name) is the fleet's own", remedy: "leave it out")
    }
    // What is stored and put into scripts is read by more than one person.
    if let secret = runOptions.first(where: { Redaction.word($0) != $0 }) {
      throw ArgumentError(
        "'\(Redaction.word(secret))' holds a password or a query, which would be stored in the fleet's files",
        remedy: "name the meter without it, and give it in the environment of the nodes")
    }
  }

  private func program() throws -> String {
    if let path = arguments[FleetCommand.program] { return path }
    guard let own = context.executable else {
      throw ArgumentError("no program for the nodes", remedy: "give --program PATH")
    }
    return own
  }

  /// Which program that is, as far as it can be told here.
  private func programDigest() -> String? {
    guard let path = arguments[FleetCommand.program] else {
      return ToolDescription.identity().executableDigest.value
    }
    return ToolDescription.digest(ofProgram: path)
  }

  /// - Throws: `Failure` where another file is in the program's place than what the fleet was submitted with: its results would stand
  ///   beside those of the attempts before and not be comparable.
  private func checkProgram(of plan: FleetPlan) throws(Failure) {
    guard let then = plan.programDigest,
      let now = ToolDescription.digest(ofProgram: plan.program), now != then
    else { return }
    throw Failure(
      .badInput,
      "\(plan.program) is another program (SHA-256 \(now.prefix(12))) than the fleet was submitted with (\(then.prefix(12)))",
      remedy: "put that one in its place, or submit a new fleet")
  }

  private static func absolute(_ path: String) throws -> String {
    guard !path.contains(where: \.isNewline) else {
      throw ArgumentError("a folder's name with a line end", remedy: "choose another folder")
    }
    var whole = path
    if !path.hasPrefix("/") {
      whole = "\(try SystemRoot.live.linkTarget("/proc/self/cwd"))/\(path)"
    }
    while whole.count > 1, whole.hasSuffix("/") { whole.removeLast() }
    return whole
  }

  // MARK: - The engine

  /// Nil for a list of commands.
  private func engine(of plan: FleetPlan) throws -> (any FleetEngine)? {
    if plan.engine == "commands" { return nil }
    guard let engine = Composition.fleetEngine(plan.engine, context) else {
      throw Failure(
        .badInput, "\(folder.path): its engine \"\(plan.engine.prefix(40))\" is not known here",
        remedy: "use a newer hashwatt")
    }
    return engine
  }

  private func unfinished(_ plan: FleetPlan, _ engine: (any FleetEngine)?) throws -> [NodeName] {
    let progress = try FleetStatus.progress(plan, folder, engine)
    return progress.nodes.filter { node in
      // A list of commands has no states: what has no result is given again.
      engine == nil
        ? node.state != .complete : node.state.needsAgain && node.state != .nodeDown
    }.map(\.node)
  }

  private func submit(
    _ schedule: FleetSchedule, _ attempts: [(node: FleetNode, attempt: Int)],
    _ engine: any FleetEngine, _ step: (LoadStep, source: String)?
  ) throws -> ExitCode {
    var plan = schedule.plan
    let wanted = Set(attempts.map(\.node.name))
    var refusals: [String] = []
    var isInterrupted = false
    for job in schedule.jobs(attempts) {
      if context.isInterrupted() {
        isInterrupted = true
        break
      }
      do {
        let id = try engine.submit(job)
        guard let index = plan.nodes.firstIndex(where: { $0.name == job.node }) else { continue }
        plan.nodes[index].attempts[plan.nodes[index].attempts.count - 1].job = id
      } catch {
        refusals.append("\(job.node): \(error.line)")
        // An engine that takes none of the first ones takes none.
        if refusals.count >= Self.mostRefusals,
          refusals.count == submitted(plan, attempts) + refusals.count
        {
          break
        }
      }
    }
    do {
      try folder.write(plan)
    } catch {
      // The attempts are in the plan since before they were submitted, so their results are known; their jobs' numbers are here alone.
      let jobs = plan.nodes.filter { wanted.contains($0.name) }.compactMap { node in
        node.attempts.last?.job.map { "\(node.name): \($0)" }
      }
      throw Failure(
        .unavailable, "\(error.message); jobs were submitted: \(jobs.joined(separator: ", "))",
        remedy: "cancel them before you submit again, or 'fleet collect' what they bring")
    }
    let count = submitted(plan, attempts)
    try context.output.write(
      "\(folder.path): \(count) of \(CountText.text(attempts.count, "node")) submitted\n"
        + steps(schedule, attempts, step))
    if isInterrupted { throw Interrupted("interrupted; 'fleet submit --again' submits the others") }
    guard let first = refusals.first else { return .done }
    for line in refusals.dropFirst().prefix(20) { try context.notes.write("hashwatt: \(line)\n") }
    throw Failure(
      .unavailable, "\(attempts.count - count) not submitted: \(first)",
      remedy: "mend that, then 'hashwatt fleet submit --again \(ShellText.words([folder.path]))'")
  }

  private static let mostRefusals = 3

  private func submitted(_ plan: FleetPlan, _ attempts: [(node: FleetNode, attempt: Int)]) -> Int {
    let names = Set(attempts.map(\.node.name))
    return plan.nodes.count { names.contains($0.name) && $0.attempts.last?.job != nil }
  }

  /// What the supply of the racks must bear.
  private func steps(
    _ schedule: FleetSchedule, _ attempts: [(node: FleetNode, attempt: Int)],
    _ step: (LoadStep, source: String)?
  ) -> String {
    let count = schedule.greatestStep(attempts)
    let nodes = "at most \(CountText.text(count, "node")) may begin or end at one moment"
    guard let (step, source) = step else {
      return notes(
        "\(nodes), each a step from idle to full power, whose watts are not known here (--\(FleetCommand.hardware.name))"
      )
    }
    func watts(_ value: Double) -> String { "\(DecimalText.fixed(value, decimals: 0)) W" }
    return notes(
      "\(nodes): a step of \(watts(Double(count) * step.power.value)), for one takes "
        + "\(watts(step.power.value)) more than idle in \(step.scope), by \(source)")
  }

  private func notes(_ line: String) -> String {
    GridLayout.notes([line], Document.style(nil, context))
  }

  /// What one node takes above idle, and who says so: the file that was named, or else the fleet's own earlier results.
  private func loadStep() throws -> (LoadStep, source: String)? {
    if let path = arguments[FleetCommand.hardware] {
      let summaries =
        switch try RecordFile.decode(try InputFile.read(path), name: path) {
        case .result(let recorded): recorded.result.summaries
        case .profile(let profile): profile.measured.map(\.summary)
        }
      guard let step = LoadStep(summaries) else {
        throw Failure(
          .badInput, "\(path): no power is in it for both idle and work",
          remedy: "name one that was measured with a meter and idle windows")
      }
      return (step, path)
    }
    let results = try folder.files().compactMap { path in
      try? ResultFile.read(try InputFile.read(path), name: path).result.summaries
    }
    return LoadStep(results.flatMap(\.self)).map { ($0, "the fleet's results so far") }
  }

  private func writeCommands(
    _ schedule: FleetSchedule, _ attempts: [(node: FleetNode, attempt: Int)]
  ) throws -> ExitCode {
    let list = CommandList(schedule, attempts)
    try folder.write(Array(list.commands.utf8), "commands.tsv")
    try folder.write(Array(list.inventory.utf8), "inventory.ini")
    try context.output.write(
      "\(folder.path)/commands.tsv: \(CountText.text(attempts.count, "command"))\n"
        + "\(folder.path)/inventory.ini: the same for Ansible\n")
    return .done
  }

  private func describe(
    _ schedule: FleetSchedule, _ attempts: [(node: FleetNode, attempt: Int)],
    _ engine: (any FleetEngine)?, _ step: (LoadStep, source: String)?
  ) throws -> ExitCode {
    let jobs = schedule.jobs(attempts)
    var text =
      "\(CountText.text(jobs.count, "node")), nothing is submitted or written\n"
      + steps(schedule, attempts, step)
    if let engine, let first = jobs.first {
      text += "\nthe job of \(first.node); the challenge of a real submission is another one:\n\n"
      text += try engine.preview(first)
    } else {
      text += "\n" + CommandList(schedule, attempts).commands
    }
    try context.output.write(text)
    return .done
  }
}
