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
  static let allClaims = Flag(
    "all-claims", "Every claim of a device, not its best-supported one alone.")
  static let efficiency = Option(
    "efficiency", "LIMIT",
    "Only what is at least so efficient, in either form, such as 1MH/J or 20J/TH.")
  static let sort = Option(
    "sort", "KEY", .oneOf(SortKey.allCases.map(\.rawValue)),
    "What the rows are sorted by (default efficiency).")
  static let format = Option(
    "format", "FORMAT", .oneOf(ReportFormatCatalog.all.map(\.name)),
    "Form of the table (default text).")
  static let per = Option(
    "per", "PART", .oneOf(MachinePart.allCases.map(\.rawValue)),
    "Rate and power of one package, core or machine, where all of them are known to have worked.")
  static let all = Flag("all", "Every row, where only the best would be shown.")
  static let output = Option("output", "FILE", .file, "Write to this file, whole or not at all.")

  package static let description = CommandDescription(
    name: "table", summary: "rank results and profiles by hashes per joule or throughput",
    discussion: """
      Reads results and profiles, measured figures and published claims, and ranks them for each algorithm. Figures \
      of different scopes (wall, cpu-package, ...) are never in one ranking by energy. Every interval is the 95 % \
      interval; that of the efficiency holds the meter's own accuracy, so that machines may be compared by it.

      An efficiency is shown both ways: work per joule, and joules per work with a prefix of the work (J/TH, J/GH, \
      J/MH, J/kH). Where all devices are miners the joules come first.

      Of several claims for one device and function the best-supported one is shown: by the confidence of its source, \
      then one with power, then one that says where it was measured, then the latest. A claim's confidence stands in \
      its row.

      Forms: \(ReportFormatCatalog.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")).

      Without operands and filters only the ten best of each algorithm are shown, with every row of this machine marked \
      '>'; --all shows all. On a narrow terminal columns go in this order: threads, power, the interval; then names of devices are cut; \
      then notes, the second form of the efficiency, the rate and the kernel go. --format blocks leaves nothing out.

      Folders are read with everything below them; only files that end in .json or .json.gz count there. \
      Beside many files an index remembers what was read of each; a file that changed is read again.
      """,
    options: [
      algorithm, kernel, device, scope, grade, measured, claimed, allClaims, efficiency, sort, per,
      all, format, output, SignersOption.option, IndexOption.noIndex,
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
    let output = arguments[Self.output]
    let signatures = try SignersOption.signatures(arguments, context)
    let memory = try IndexOption.memory(RecordLoader.operands(arguments), arguments)
    let query = try query(arguments)
    let wantsProfiles = arguments[Self.claimed]
    let records = try RecordLoader.readings(memory) { reading throws(Failure) in
      let figures = try reading.figures(signatures)
      return (
        origin: reading.origin, figures: figures.filter(query.accepts),
        // What would be in the table if every claim were.
        lessSupported: query.everyClaim
          ? 0 : figures.count { !$0.source.isBestSupported && accepts($0, query) },
        profile: try wantsProfiles ? reading.profile() : nil
      )
    }
    try IndexOption.finish(memory, context)
    for conflict in ProfileConflicts.sentences(records.map(\.origin)) {
      try context.notes.write("note: \(DisplayText.visible(conflict))\n")
    }
    let figures = records.flatMap(\.figures)
    let format =
      ReportFormatCatalog.format(named: arguments[Self.format] ?? "text") ?? TextFormat()
    let isAlone = format is TextFormat && isWithoutWishes(arguments)
    let whole = Ranking(figures, query, marked: isAlone ? Composition.hardwareHere() : [])
    let ranking = isAlone ? whole.limited(to: bestShown) : whole
    var text = try format.render(ranking, Document.style(output, context))
    if ["text", "blocks", "markdown"].contains(format.name) {
      var lines: [String] = []
      let hidden = records.reduce(0) { $0 + $1.lessSupported }
      if hidden > 0 {
        lines.append(
          "\(CountText.text(hidden, "claim")) of less support left out: --all-claims shows them")
      }
      // Only where they ask for claims: of a table of measurements it is no part.
      if arguments[Self.claimed] { lines += findings(records.compactMap(\.profile), query) }
      if isAlone { lines += moreLines(whole, ranking) }
      let mark = format.name == "markdown" ? "- " : ""
      if !lines.isEmpty { text += "\n" + lines.map { "\(mark)\($0)\n" }.joined() }
    }
    try Document.write(text, to: output, context)
    return .done
  }

  /// Whether a figure would be in the table if every claim were.
  private static func accepts(_ figure: Figure, _ query: RankingQuery) -> Bool {
    var query = query
    query.everyClaim = true
    return query.accepts(figure)
  }

  /// What the sanity rules say of the claims that were asked for: each code with how many and the first few devices.
  private static func findings(_ profiles: [Profile], _ query: RankingQuery) -> [String] {
    var devices: [Finding.Code: [String]] = [:]
    for var profile in profiles {
      profile.published.removeAll { claim in
        !query.algorithms.isEmpty && !query.algorithms.contains(claim.algorithm)
      }
      guard query.names(profile.name, profile.hardwareID) else { continue }
      for code in Set(ClaimLinter.findings(of: profile).map(\.code)) {
        devices[code, default: []].append(profile.name)
      }
    }
    return devices.sorted { $0.key.rawValue < $1.key.rawValue }.map { code, names in
      let shown = names.prefix(5).map { DisplayText.visible($0) }.joined(separator: ", ")
      return
        "\(code.rawValue): claims of \(CountText.text(names.count, "device")) (\(shown)\(names.count > 5 ? ", ..." : ""))"
    }
  }

  /// Rows of each algorithm where nobody asked for any.
  private static let bestShown = 10

  /// Whether nothing says which rows are wanted.
  private static func isWithoutWishes(_ arguments: ParsedArguments) -> Bool {
    let wishes: [any CommandOption] = [
      algorithm, kernel, device, scope, grade, measured, claimed, allClaims, efficiency, all,
    ]
    return arguments.operands.isEmpty
      && wishes.allSatisfy { arguments.given($0.description) == nil }
  }

  /// How to see what is left out.
  private static func moreLines(_ whole: Ranking, _ shown: Ranking) -> [String] {
    let hidden = whole.figures.count - shown.figures.count
    let isHere = shown.figures.contains { shown.marked.contains($0.hardwareID) }
    return [
      isHere ? nil : "no result of this machine is here: 'hashwatt run' makes one",
      hidden == 0
        ? nil
        : "the \(bestShown) best of each algorithm are shown: --all shows "
          + "\(CountText.text(hidden, "row")) more",
    ].compactMap(\.self)
  }

  private static func query(_ arguments: ParsedArguments) throws -> RankingQuery {
    let limit = try arguments[Self.efficiency].map { text in
      guard let limit = EfficiencyLimit(text) else {
        throw ArgumentError(
          "'\(text)' is not a value of --efficiency",
          remedy: "give a number with its unit, such as 1MH/J, 20J/TH or 3J/kSol")
      }
      return limit
    }
    let wantsMeasured = arguments[Self.measured]
    let wantsClaimed = arguments[Self.claimed]
    return RankingQuery(
      algorithms: arguments[Self.algorithm].map(AlgorithmID.init),
      kernels: arguments[Self.kernel].map(KernelID.init),
      devices: arguments[Self.device], scopes: arguments[Self.scope].map(Scope.init),
      minimumGrade: arguments[Self.grade].flatMap(Grade.init),
      // Both flags ask for both, as none of them does.
      provenance: wantsMeasured == wantsClaimed ? nil : wantsMeasured ? .measured : .claimed,
      efficiency: limit, everyClaim: arguments[Self.allClaims],
      sort: arguments[Self.sort].flatMap(SortKey.init) ?? .efficiency,
      part: arguments[Self.per].flatMap(MachinePart.init))
  }
}
