internal import Analysis
package import Arguments
internal import Economics
internal import LinuxSystem
package import Model
internal import Records
internal import Reporting
internal import Verification

/// A static leaderboard that anyone can host.
package enum SiteCommand: Subcommand {
  static let output = Option(
    "output", "DIR", .folder,
    "The folder to write; if it is there and not empty it must be an earlier site.")
  static let verify = Flag("verify", "Hash every share of every result again; slow for scrypt.")

  static let check = Flag(
    "check", "Check files that are handed in against those that are there, and write no site.")
  static let among = Option(
    "among", "DIR", .folder,
    "With --check: what is there already. Default: profiles and results, where they are.")
  static let rescan = Option(
    "rescan", "N", "With --check: scan N random parts of each result again (default 20).")
  static let format = Option(
    "format", "FORMAT", .oneOf(["text", "markdown"]), "With --check: form of the answer.")

  package static let description = CommandDescription(
    name: "site", summary: "write a static leaderboard of results and profiles",
    discussion: """
      Writes an index with a table that sorts and filters (and is readable without scripts), a page for each device, \
      and the raw files with the command that checks each. Above a thousand figures the index has the best of each table, \
      and whole tables are pages of their own, with a list of all devices to search. The new site is made beside the old one and takes its \
      place at the end, so that a full disk leaves the old site as it was; pages that did not change are not written again.

      A profile is derived again from the results that it names, as far as they are among the files. With --verify \
      every result's shares are hashed again too, by the reference. What is false is shown as false, and what nobody \
      checked here as not checked.

      With --check nothing is written: each FILE is held against the schema and verified, a profile derived again; copies and \
      second runs are found, and figures far from those of equal hardware, beyond every claim, or of a wrong clock. What is wrong \
      gives exit code 1; what is doubtful is a person's to look at.
      """,
    options: [
      output, verify, SignersOption.option, IndexOption.noIndex, check, among, rescan, format,
    ],
    operands: OperandDescription(
      name: "FILE|DIR", minimum: 0, maximum: nil,
      help:
        "Results and profiles, or folders of them (default: profiles and results, where they are)."),
    examples: [
      "hashwatt site --output public", "hashwatt site --verify --output public results/",
      "hashwatt site --check --format markdown results/new.json",
    ])

  /// The file by which an earlier site is known, so that no other folder is ever replaced.
  private static let marker = "hashwatt-site.txt"

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    if arguments[Self.check] {
      if let option = [output as any CommandOption, verify, IndexOption.noIndex].first(where: {
        arguments.given($0.description) != nil
      }) {
        throw ArgumentError(
          "--\(option.name) does not go with --check",
          remedy: "leave it out: --check verifies, and writes no site")
      }
      return try SubmissionCheck(arguments, context).run()
    }
    if let option = [among as any CommandOption, rescan, format].first(where: {
      arguments.given($0.description) != nil
    }) {
      throw ArgumentError("--\(option.name) belongs to --check", remedy: "add --check")
    }
    guard let output = arguments[Self.output] else {
      throw ArgumentError("no folder to write", remedy: "add --output DIR")
    }
    try requireReplaceable(output)
    let signatures = try SignersOption.signatures(arguments, context)
    let verifies = arguments[Self.verify]
    let memory = try IndexOption.memory(RecordLoader.operands(arguments), arguments)
    let judge = RememberingJudge(memory, isInterrupted: context.isInterrupted)
    let inputs = try RecordLoader.readings(memory, withDigest: verifies) {
      reading throws(Failure) in
      try SiteInput(reading, signatures, known: verifies ? judge.remembered(reading) : nil)
    }
    try IndexOption.finish(memory, context)
    if let conflict = ProfileConflicts.sentences(inputs.map(\.origin)).first {
      throw Failure(.badInput, conflict, remedy: "keep one of them")
    }
    let verifier = { (recorded: RecordedResult) throws in
      _ = try judge.lines(recorded, digest: recorded.digestBytes)
    }
    let proofs = try RecordProofs(verify: verifies ? verifier : nil)
      .proofs(of: inputs.map(ProvableRecord.init))
    let site = zip(inputs, proofs).map { input, proof in
      SiteRecord(
        kind: input.profile == nil ? .result : .profile, path: input.origin.path,
        bytes: input.bytes, figures: input.figures, proof: proof,
        sources: input.profile?.sources.map(\.result) ?? [],
        findings: input.profile.map(ClaimLinter.findings) ?? [])
    }
    let files =
      Site.files(site).map { (path: $0.path, bytes: $0.bytes) }
      + [
        (
          path: marker,
          bytes: Array(
            "Made by hashwatt site; the whole folder is replaced by the next one.\n".utf8)
        )
      ]
    let kept: Int
    do {
      kept = try AtomicFolder.replace(output, with: files)
    } catch {
      throw Failure(
        .unavailable, "\(output): not written: \(error.errno); what was there is untouched",
        remedy: "make room or choose another place")
    }
    let unchanged = kept > 0 ? ", \(kept) of them as they were" : ""
    try context.output.write(
      "\(output)/index.html: \(inputs.count) files, \(files.count) pages and downloads\(unchanged)\n"
    )
    return .done
  }

  private static func requireReplaceable(_ folder: String) throws {
    guard SystemRoot.live.exists(folder) else { return }
    let names: [String]
    do {
      names = try SystemRoot.live.names(folder)
    } catch {
      throw Failure(.badInput, "\(folder): \(error.errno)", remedy: "give a folder")
    }
    guard names.isEmpty || names.contains(marker) else {
      throw Failure(
        .badInput, "\(folder) holds files and is no site of hashwatt",
        remedy: "give a new or an empty folder")
    }
  }
}
