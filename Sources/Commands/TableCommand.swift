internal import Analysis
package import Arguments
package import Model
internal import Reporting
internal import Text

/// Ranks any set of results and profiles.
package enum TableCommand: Subcommand {
  package static let description = CommandDescription(
    name: "table", summary: "rank results and profiles by hashes per joule or throughput",
    discussion: """
      Reads results and profiles, measured figures and published claims, and ranks them for each algorithm. Figures \
      of different scopes (wall, cpu-package, ...) are never in one ranking by energy. Every interval is the 95 % \
      interval; that of the efficiency holds the meter's own accuracy, so that machines may be compared by it.

      Forms: \(ReportFormatCatalog.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")).

      Folders are read with everything below them; only files that end in .json count there.
      """,
    options: [
      .value("algorithm", "A", repeats: true, "Only this algorithm."),
      .value("kernel", "K", repeats: true, "Only this kernel."),
      .value(
        "device", "TEXT", repeats: true,
        "Only devices with this text in their name or identifier, of either case."),
      .value("scope", "SCOPE", repeats: true, "Only energy of this scope, such as wall."),
      .value(
        "grade", "GRADE", .oneOf(Grade.allCases.map(\.rawValue)),
        "Only results of this grade or a better one."),
      .flag("measured", "Only what was measured."),
      .flag("claimed", "Only what was published."),
      .value(
        "sort", "KEY", .oneOf(SortKey.allCases.map(\.rawValue)),
        "What the rows are sorted by (default efficiency)."),
      .value(
        "format", "FORMAT", .oneOf(ReportFormatCatalog.all.map(\.name)),
        "Form of the table (default text)."),
      .value("output", "FILE", .file, "Write to this file, whole or not at all."),
    ],
    operands: OperandDescription(
      name: "FILE|DIR", minimum: 0, maximum: nil,
      help:
        "Results and profiles, or folders of them (default: profiles and results, where they are)."),
    examples: [
      "hashwatt table results/",
      "hashwatt table profiles/ --algorithm sha256d --scope wall --claimed",
      "hashwatt table results/ --format openmetrics --output /var/lib/node_exporter/hashwatt.prom",
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    let output = arguments.value("output")
    let records = try RecordLoader.load(RecordLoader.operands(arguments)) {
      (origin: $0.origin, figures: $0.figures)
    }
    for conflict in RecordLoader.conflicts(records.map(\.origin)) {
      try context.notes.write("note: \(DisplayText.visible(conflict))\n")
    }
    let ranking = Ranking(records.flatMap(\.figures), query(arguments))
    let format =
      ReportFormatCatalog.format(named: arguments.value("format") ?? "text") ?? TextFormat()
    try Document.write(
      format.render(ranking, Document.style(output, context)), to: output, context)
    return .done
  }

  private static func query(_ arguments: ParsedArguments) -> RankingQuery {
    let wantsMeasured = arguments.has("measured")
    let wantsClaimed = arguments.has("claimed")
    return RankingQuery(
      algorithms: arguments.values("algorithm").map(AlgorithmID.init),
      kernels: arguments.values("kernel").map(KernelID.init),
      devices: arguments.values("device"), scopes: arguments.values("scope").map(Scope.init),
      minimumGrade: arguments.value("grade").flatMap(Grade.init),
      // Both flags ask for both, as none of them does.
      provenance: wantsMeasured == wantsClaimed ? nil : wantsMeasured ? .measured : .claimed,
      sort: arguments.value("sort").flatMap(SortKey.init) ?? .efficiency)
  }
}
