internal import Analysis
internal import Arguments
internal import Economics
internal import LinuxSystem
internal import Model
internal import Records
internal import Reporting
internal import Verification

/// `site --check`: what a collection asks of files before it takes them.
struct SubmissionCheck {
  private let arguments: ParsedArguments
  private let context: CommandContext
  private let rescan: Int
  private let signatures: Signatures

  /// More than any result has, and little enough to read from strangers.
  private static let longestFile = 16 << 20
  /// Parts of a result that are scanned again unless another number is asked for.
  private static let usualRescan = 20

  init(_ arguments: ParsedArguments, _ context: CommandContext) throws {
    self.arguments = arguments
    self.context = context
    rescan = try arguments.integer(SiteCommand.rescan, in: 0...1_000_000) ?? Self.usualRescan
    signatures = try SignersOption.signatures(arguments, context)
  }

  /// A file that could be read.
  private struct Submission {
    let path: String
    let record: LoadedRecord
    var digest: String { ResultFile.digest(of: record.bytes) }

    var run: RunKey? {
      guard case .result(let recorded) = record.file else { return nil }
      return RunKey(recorded.result)
    }
  }

  /// What is known of a file that was taken earlier.
  private struct Known: Sendable {
    let input: SiteInput
    let digest: String
    let run: RunKey?

    init(_ record: LoadedRecord, _ signatures: Signatures) throws(Failure) {
      input = try SiteInput(record, signatures)
      digest = ResultFile.digest(of: record.bytes)
      if case .result(let recorded) = record.file {
        run = RunKey(recorded.result)
      } else {
        run = nil
      }
    }
  }

  func run() throws -> ExitCode {
    let paths = arguments.operands
    guard !paths.isEmpty else {
      throw ArgumentError("no file to check", remedy: "name the files that are handed in")
    }
    let known = try known(without: paths)
    var files: [(path: String, submission: Submission?, findings: [SubmissionFinding])] = []
    for path in paths {
      do {
        let record = try LoadedRecord(
          path: path,
          bytes: try InputFile.read(
            path, limit: Self.longestFile, remedy: "hand in a result or a profile"))
        let format = record.profile == nil ? "hashwatt-result" : "hashwatt-profile"
        files.append(
          (
            path, Submission(path: path, record: record),
            [SubmissionFinding(.schema, .good, "\(format), version 1")]
          ))
      } catch {
        files.append((path, nil, [SubmissionFinding(.schema, .wrong, error.line)]))
      }
    }
    let submissions = files.compactMap(\.submission)
    let proofs = try proofs(of: submissions, known)
    var seen = Seen(known)
    let others = known.flatMap(\.input.figures)
    let now = RawMonotonicClock.unixTime()
    let report = SubmissionReport(
      try files.map { file in
        guard let submission = file.submission else {
          return SubmittedFile(path: file.path, findings: file.findings)
        }
        var findings = file.findings
        if let proof = proofs[submission.path] { findings.append(Self.finding(proof)) }
        findings.append(seen.finding(submission))
        switch submission.record.file {
        case .result(let recorded):
          findings += SubmissionLinter.findings(
            of: recorded.result, submission.record.figures, among: others, now: now)
        case .profile(let profile):
          findings += ClaimLinter.findings(of: profile).map {
            SubmissionFinding(.claims, .doubtful, "\($0.code.rawValue): \($0.text)")
          }
        }
        return SubmittedFile(
          path: file.path, findings: findings + (try signature(of: submission)))
      })
    let text = arguments[SiteCommand.format] == "markdown" ? report.markdown : report.text
    try context.output.write(text)
    return report.passes ? .done : .no
  }

  // MARK: - What is there already

  /// The files of the collection, without those that are handed in, which a pull request has in their places.
  private func known(without paths: [String]) throws -> [Known] {
    let folders =
      arguments[SiteCommand.among].map { [$0] }
      ?? ["profiles", "results"].filter { SystemRoot.live.exists($0) }
    let submitted = Set(paths.compactMap { try? SystemRoot.live.realPath($0) })
    var files: [String] = []
    for folder in folders {
      files += try RecordLoader.files(below: folder).filter { file in
        (try? SystemRoot.live.realPath(file)).map { !submitted.contains($0) } ?? true
      }
    }
    FreedMemory.keep()
    return try ParallelMap.map(files) { [signatures] path throws(Failure) in
      try Known(try LoadedRecord(path: path, bytes: try InputFile.read(path)), signatures)
    }
  }

  /// Which runs and profiles there are, the submitted ones in their order.
  private struct Seen {
    private var contents: [String: String] = [:]
    private var runs: [RunKey: String] = [:]
    private var profiles: [HardwareID: String] = [:]

    init(_ known: [Known]) {
      for file in known {
        contents[file.digest] = file.input.origin.path
        if let run = file.run { runs[run] = file.input.origin.path }
        if let hardware = file.input.profile?.hardwareID {
          profiles[hardware] = file.input.origin.path
        }
      }
    }

    mutating func finding(_ submission: Submission) -> SubmissionFinding {
      defer {
        contents[submission.digest] = submission.path
        if let run = submission.run { runs[run] = submission.path }
        if let hardware = submission.record.profile?.hardwareID {
          profiles[hardware] = submission.path
        }
      }
      if let other = contents[submission.digest] {
        return SubmissionFinding(.duplicate, .wrong, "it has the very bytes of \(other)")
      }
      if let other = submission.run.flatMap({ runs[$0] }) {
        return SubmissionFinding(
          .duplicate, .wrong, "it is the run of \(other) again, with other bytes")
      }
      if let hardware = submission.record.profile?.hardwareID, let other = profiles[hardware] {
        return SubmissionFinding(
          .duplicate, .wrong, "\(other) is a profile of \(hardware) already: change that one")
      }
      return SubmissionFinding(.duplicate, .good, "no other file is the same")
    }
  }

  // MARK: - Proofs

  /// What every submission proves, its profile with results of the collection.
  private func proofs(
    of submissions: [Submission], _ known: [Known]
  ) throws -> [String: RecordProof] {
    let judge = ParallelJudge(isInterrupted: context.isInterrupted)
    let demands = VerificationDemands(rescan: rescan, seed: UInt64.random(in: 0...UInt64.max))
    let prover = RecordProofs { recorded in
      _ = try ResultVerifier(
        recorded, demands, references: Composition.references, clock: RawMonotonicClock(),
        judge: judge.firstFalse
      ).verify()
    }
    let inputs = try submissions.map { try SiteInput($0.record, signatures) }
    let cited = Set(inputs.compactMap(\.profile).flatMap(\.sources).map(\.result))
    // Of the collection only what a profile names is hashed again.
    let results = known.filter { $0.run != nil && cited.contains($0.input.name) }.map(\.input)
    let proofs = try prover.proofs(of: (inputs + results).map(ProvableRecord.init))
    return Dictionary(
      zip(submissions, proofs).map { ($0.path, $1) }, uniquingKeysWith: { first, _ in first })
  }

  private static func finding(_ proof: RecordProof) -> SubmissionFinding {
    switch proof {
    case .proven:
      SubmissionFinding(
        .verified, .good,
        "every share was hashed again, parts scanned again, every number derived again")
    case .derived(sharesProven: true):
      SubmissionFinding(
        .derived, .good, "it follows from its results, whose shares were hashed again")
    case .derived(sharesProven: false):
      SubmissionFinding(
        .derived, .doubtful, "it follows from its results, whose shares nobody hashed")
    case .resultAbsent(let name):
      SubmissionFinding(
        .derived, .wrong,
        "its result \(name) is neither handed in nor in the collection: hand it in too")
    case .refuted(let what): SubmissionFinding(.verified, .wrong, what)
    case .notChecked:
      SubmissionFinding(
        .derived, .doubtful,
        "nothing in it was measured, or another version derived it: its sources are to be read")
    }
  }

  /// What the signature beside a file is worth; nothing where there is none.
  private func signature(of submission: Submission) throws -> [SubmissionFinding] {
    let found = try signatures.finding(submission.record.bytes, of: submission.path)
    return switch found {
    case .absent: []
    case .notChecked:
      [
        SubmissionFinding(
          .signature, .doubtful,
          "\(Signatures.place(of: submission.path)) was not checked: name whose count with --allowed-signers"
        )
      ]
    case .by: [SubmissionFinding(.signature, .good, found.text ?? "")]
    case .refused: [SubmissionFinding(.signature, .wrong, found.text ?? "")]
    }
  }
}
