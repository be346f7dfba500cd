internal import Analysis
package import Arguments
package import Model
internal import Reporting

/// Orders results of equal hardware, kernel and plan, and finds where they change.
package enum TrendCommand: Subcommand {
  static let by = Option(
    "by", "ORDER",
    "What the results are ordered by: time (default), tool (the program's version), or file:LIST, whose lines "
      + "'COMMIT RESULT' are in order.")
  static let gate = RepeatedOption(
    "gate", "LIMIT",
    "How far the newest run may be from its level: throughput=-1.75%, efficiency=-5% or energy=+5%."
  )
  static let strict = Flag("strict", "A gate that cannot be judged fails.")
  static let algorithm = RepeatedOption("algorithm", "A", "Only this algorithm.")
  static let kernel = RepeatedOption("kernel", "K", "Only this kernel.")
  static let format = Option(
    "format", "FORMAT", .oneOf(TrendFormatCatalog.all.map(\.name)), "Form (default text).")
  static let output = Option("output", "FILE", .file, "Write to this file, whole or not at all.")

  package static let description = CommandDescription(
    name: "trend", summary: "say where results change over time, and gate the newest",
    discussion: """
      Puts complete results of equal hardware, machine, kernel, workers and plan into series, for throughput and for work per joule in \
      the widest scope, and says where their level changes: from when on, by how much, and what else was another at that point (tool and \
      its program's digest, compiler, kernel release, microcode, firmware, governor, ...).

      A change is found by ranks, so that outliers weigh no more than other runs; of a hundred series without any change one is said \
      to have one. Ten runs are needed, and three on either side. What creeps rather than steps is said to. Ranks know nothing of \
      seasons: runs are taken as independent of one another.

      --gate judges the newest run against the others of its level, four at least, by their scatter: exit code 1 when a gate fails. \
      A gate narrower than the scatter cannot be judged; that lets it pass, except with --strict.

      Forms: \(TrendFormatCatalog.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")).
      """,
    options: [by, gate, strict, algorithm, kernel, format, output, IndexOption.noIndex],
    operands: OperandDescription(
      name: "FILE|DIR", minimum: 0, maximum: nil,
      help: "Results, or folders of them (default: profiles and results, where they are)."),
    examples: [
      "hashwatt trend results/",
      "hashwatt trend nightly/ --gate throughput=-1.75% --format junit --output trend.xml",
      "hashwatt trend results/ --by file:commits.txt --algorithm sha256d",
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    var gates: [ComparisonGate] = []
    for text in arguments[Self.gate] {
      let gate = try GateOption.gate(text)
      guard gate.quantity != .power else {
        throw ArgumentError(
          "'\(text)': trends are of throughput and work per joule",
          remedy: "give a gate on throughput, efficiency or energy")
      }
      gates.append(gate)
    }
    let options = TrendOptions(order: try order(arguments[Self.by] ?? "time"), gates: gates)
    let algorithms = Set(arguments[Self.algorithm])
    let kernels = Set(arguments[Self.kernel])
    let memory = try IndexOption.memory(RecordLoader.operands(arguments), arguments)
    let figures = try RecordLoader.readings(memory) { reading in
      reading.figures.filter { figure in
        figure.startedAt != nil && figure.kernel?.isOther != true
          && (algorithms.isEmpty || algorithms.contains(figure.algorithm.rawValue))
          && (kernels.isEmpty || kernels.contains(figure.kernel?.rawValue ?? ""))
      }
    }.flatMap(\.self)
    try IndexOption.finish(memory, context)
    let found = TrendSeries.all(of: figures, options)
    guard !found.series.isEmpty else {
      throw Failure(
        .badInput, "no complete result to order",
        remedy: "name a folder of results, and files that --by lists")
    }
    let report = TrendReport(
      found.series, gates: gates, isStrict: arguments[Self.strict],
      notes: found.unnamed.isEmpty
        ? []
        : [
          "\(found.unnamed.count) of the files are not in the list: \(found.unnamed.prefix(5).joined(separator: ", "))"
        ])
    let output = arguments[Self.output]
    let format =
      TrendFormatCatalog.format(named: arguments[Self.format] ?? "text") ?? TextTrend()
    try Document.write(
      try format.render(report, Document.style(output, context)), to: output, context)
    return report.passes ? .done : .no
  }

  private static func order(_ text: String) throws -> TrendOptions.Order {
    if text == "time" { return .time }
    if text == "tool" { return .tool }
    guard text.hasPrefix("file:"), text.utf8.count > "file:".utf8.count else {
      throw ArgumentError(
        "'\(text)' is not a value of --by", remedy: "give time, tool or file:LIST")
    }
    let path = String(text.dropFirst("file:".count))
    var places: [String: TrendPlace] = [:]
    var positions: [String: Int] = [:]
    let lines = String(decoding: try InputFile.read(path), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.isEmpty || words[0].hasPrefix("#") { continue }
      guard words.count == 2 else {
        throw Failure(
          .badInput, "\(path): line \(number + 1) is not 'COMMIT RESULT'",
          remedy: "write the name of one result a line")
      }
      let commit = String(words[0].prefix(60))
      let position = positions[commit] ?? positions.count
      positions[commit] = position
      places[RecordName.of(String(words[1]))] = TrendPlace(position: position, key: commit)
    }
    return .commits(places)
  }
}
