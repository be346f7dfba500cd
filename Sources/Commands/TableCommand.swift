internal import Analysis
package import Arguments
internal import Economics
package import Model
internal import Reporting
internal import Text

/// Ranks any set of results and profiles.
package enum TableCommand: Subcommand {
  static let algorithm = RepeatedOption("algorithm", "A", "Only this algorithm.")
  static let kernel = RepeatedOption("kernel", "K", "Only this kernel.")
  static let device = RepeatedOption(
    "device", "TEXT", "Only devices with this text in their name or identifier, of either case.")
  static let scope = RepeatedOption("scope", "SCOPE", "Only energy of this scope, such as wall.")
  static let grade = Option(
    "grade", "GRADE", .oneOf(Grade.allCases.map(\.rawValue)),
    "Only results of this grade or a better one.")
  static let measured = Flag("measured", "Only what was measured.")
  static let claimed = Flag(
    "claimed", "Only what was published, and in text what the sanity rules say of it.")
  static let sort = Option(
    "sort", "KEY", .oneOf(SortKey.allCases.map(\.rawValue)),
    "What the rows are sorted by (default efficiency).")
  static let format = Option(
    "format", "FORMAT", .oneOf(ReportFormatCatalog.all.map(\.name)),
    "Form of the table (default text).")
  static let output = Option("output", "FILE", .file, "Write to this file, whole or not at all.")

  package static let description = CommandDescription(
    name: "table", summary: "rank results and profiles by hashes per joule or throughput",
    discussion: """
      Reads results and profiles, measured figures and published claims, and ranks them for each algorithm. Figures \
      of different scopes (wall, cpu-package, ...) are never in one ranking by energy. Every interval is the 95 % \
      interval; that of the efficiency holds the meter's own accuracy, so that machines may be compared by it.

      Forms: \(ReportFormatCatalog.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")).

      Folders are read with everything below them; only files that end in .json count there.
      """,
    options: [algorithm, kernel, device, scope, grade, measured, claimed, sort, format, output],
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
    let output = arguments[Self.output]
    let records = try RecordLoader.load(RecordLoader.operands(arguments)) {
      (origin: $0.origin, figures: $0.figures, findings: $0.claimFindings)
    }
    for conflict in RecordLoader.conflicts(records.map(\.origin)) {
      try context.notes.write("note: \(DisplayText.visible(conflict))\n")
    }
    let ranking = Ranking(records.flatMap(\.figures), query(arguments))
    let format =
      ReportFormatCatalog.format(named: arguments[Self.format] ?? "text") ?? TextFormat()
    var text = format.render(ranking, Document.style(output, context))
    // Only for forms that people read, and only where they ask for claims.
    if arguments[Self.claimed], ["text", "markdown"].contains(format.name) {
      text += findingLines(records.flatMap(\.findings), isMarkdown: format.name == "markdown")
    }
    try Document.write(text, to: output, context)
    return .done
  }

  /// What the sanity rules say of the claims: each code once, with how many and the first few devices.
  private static func findingLines(
    _ findings: [(device: String, finding: Finding)], isMarkdown: Bool
  ) -> String {
    let codes = Dictionary(grouping: findings) { $0.finding.code.rawValue }
    let lines = codes.keys.sorted().map { code -> String in
      let found = codes[code] ?? []
      let names = found.prefix(5).map { DisplayText.visible($0.device) }
      let more = found.count > names.count ? ", ..." : ""
      return
        "\(isMarkdown ? "- " : "")\(code): \(found.count) of claims (\(names.joined(separator: ", "))\(more))\n"
    }
    return lines.isEmpty ? "" : "\n" + lines.joined()
  }

  private static func query(_ arguments: ParsedArguments) -> RankingQuery {
    let wantsMeasured = arguments[Self.measured]
    let wantsClaimed = arguments[Self.claimed]
    return RankingQuery(
      algorithms: arguments[Self.algorithm].map(AlgorithmID.init),
      kernels: arguments[Self.kernel].map(KernelID.init),
      devices: arguments[Self.device], scopes: arguments[Self.scope].map(Scope.init),
      minimumGrade: arguments[Self.grade].flatMap(Grade.init),
      // Both flags ask for both, as none of them does.
      provenance: wantsMeasured == wantsClaimed ? nil : wantsMeasured ? .measured : .claimed,
      sort: arguments[Self.sort].flatMap(SortKey.init) ?? .efficiency)
  }
}
