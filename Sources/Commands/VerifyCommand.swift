internal import Analysis
package import Arguments
internal import JSON
internal import Kernels
internal import LinuxSystem
package import Model
internal import Records
internal import Statistics

/// `verify`: hashes every share again and derives every number again.
package enum VerifyCommand: Subcommand {
  package static let description = CommandDescription(
    name: "verify", summary: "prove results: hash every share again, derive every number again",
    discussion: """
      Derives the headers of all timed work from the result's challenge, hashes every share with the reference, \
      requires the shares to be distinct and inside the windows' spans, tests their number against the hashes \
      claimed (a true result fails that test less than once in a million), and derives checks, summaries and grade \
      again from the samples. The first thing that is false is named, and the exit code is 1. What time and energy \
      were is as the machine's clock and meters said; no file can prove them.
      """,
    options: [
      .value(
        "challenge", "HEX",
        "Require that this challenge of 64 digits was used: nothing was computed before it was known."
      ),
      .value(
        "rescan", "N",
        "Scan N random parts of the windows again; exactly the recorded shares must come out."
      ),
      .value(
        "seed", "N",
        "Choose the same parts as a rescan that printed this seed; otherwise they are random."),
      .value(
        "raw-log", "FILE", .file,
        "Compute every window's energy again from the log that 'run --raw-log' wrote."),
    ],
    operands: OperandDescription(
      name: "RESULT", minimum: 1, maximum: nil, help: "Files that 'hashwatt run' wrote."),
    examples: [
      "hashwatt verify results/*.json",
      "hashwatt verify --rescan 20 --challenge 00ff... result.json",
    ])

  package static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws
    -> ExitCode
  {
    let demands = try VerifyDemands(arguments)
    var isFalse = false
    var unreadable: Failure?
    for path in arguments.operands {
      do {
        let recorded = try ResultFile.read(try InputFile.read(path), name: path)
        let verifier = ResultVerifier(
          recorded: recorded, demands: demands, hasher: CatalogReferenceHasher(),
          isInterrupted: context.isInterrupted)
        let proven = try verifier.verify()
        try context.output.write("\(path): true\n" + proven.map { "  \($0)\n" }.joined())
      } catch let falsehood as Falsehood {
        isFalse = true
        try context.output.write("\(path): false: \(falsehood.place): \(falsehood.message)\n")
      } catch let failure as Failure where failure.exitCode == .badInput {
        // The others are still judged; the last line and the exit code say that one could not be.
        if let earlier = unreadable { try context.notes.write("hashwatt: \(earlier.line)\n") }
        unreadable = failure
      }
    }
    if let unreadable, !isFalse { throw unreadable }
    if let unreadable { try context.notes.write("hashwatt: \(unreadable.line)\n") }
    return isFalse ? .no : .done
  }
}

/// What the options ask of every result.
struct VerifyDemands {
  let challenge: Challenge?
  let rescan: Int
  let seed: UInt64
  /// The bytes of the raw log.
  let rawLog: [UInt8]?

  init(_ arguments: ParsedArguments) throws {
    rawLog = try arguments.value("raw-log").map { path in
      guard arguments.operands.count == 1 else {
        throw Failure(
          .usage, "--raw-log \(path): it belongs to one result",
          remedy: "name one result with its log")
      }
      return try InputFile.read(path)
    }
    challenge = try arguments.value("challenge").map { text in
      guard let challenge = Hexadecimal.decode(text).flatMap({ Challenge(bytes: $0) }) else {
        throw Failure(
          .usage, "--challenge \(text.prefix(80)): not 64 hexadecimal digits",
          remedy: "give the 32 bytes as hexadecimal")
      }
      return challenge
    }
    rescan =
      try arguments.value("rescan").map { text in
        guard let count = Int(text), (0...1_000_000).contains(count) else {
          throw Failure(
            .usage, "--rescan \(text.prefix(40)): not a whole number from 0 to 1000000",
            remedy: "try --rescan 20")
        }
        return count
      } ?? 0
    seed =
      try arguments.value("seed").map { text in
        guard let seed = UInt64(text) else {
          throw Failure(
            .usage, "--seed \(text.prefix(40)): not a whole number below 2^64",
            remedy: "give the seed that a rescan printed")
        }
        return seed
      } ?? UInt64.random(in: 0...UInt64.max)
  }
}

/// All checks of one result, in order.
struct ResultVerifier {
  let recorded: RecordedResult
  let demands: VerifyDemands
  let hasher: any ReferenceHasher
  let isInterrupted: @Sendable () -> Bool

  /// Time that the reference may take for one part of a rescan.
  private static let partTime = 0.5

  /// The lines that say what was proven.
  ///
  /// - Throws: `Falsehood` for the first thing that is false.
  func verify() throws -> [String] {
    let result = recorded.result
    if let challenge = demands.challenge, challenge != result.challenge {
      throw Falsehood("challenge", "not the one that was asked for")
    }
    let judge = ParallelJudge(isInterrupted: isInterrupted)
    let series = try WorkVerification(result, hasher: hasher)
      .verify(recorded.statedFigures, judge: judge.firstFalse)
    let isOwn = result.tool.version == ToolIdentity.currentVersion
    if let difference = try ResultFile.firstDifference(
      stated: result, derived: isOwn ? result.derivedAnew : result.numbersDerivedAnew)
    {
      throw Falsehood(difference.place, difference.message)
    }
    var lines = series.map(line)
    let grade = result.grading.grade.rawValue
    lines.append(
      isOwn
        ? "checks, summaries and grade \(grade) follow from \(result.samples.count) samples"
        : "summaries follow from \(result.samples.count) samples, and grade \(grade) from them and the checks as "
          + "hashwatt \(result.tool.version) states them; this is \(ToolIdentity.currentVersion)")
    lines.append(
      demands.challenge != nil
        ? "the challenge is the one that was asked for"
        : result.challengeWasGiven
          ? "the challenge was given by somebody: check it with --challenge"
          : "the challenge was chosen by the run itself")
    if let log = demands.rawLog {
      let count = try RawLogVerification(result).verify(log)
      lines.append("the raw log gives the \(count) energies of the windows exactly as stated")
    }
    if demands.rescan > 0 { lines.append(try rescan(judge)) }
    return lines
  }

  private func line(_ series: ProvenSeries) -> String {
    let error = (series.relativeError * 1000).rounded() / 10
    let proof =
      series.shares == 0
      ? "no shares, which proves little" : "they prove the hash count to \(error) %"
    return "\(series.series): \(series.windows) windows, \(series.hashes) hashes, "
      + "\(series.shares) shares; \(proof)"
  }

  private func rescan(_ judge: ParallelJudge) throws -> String {
    var random = SplitMix64(seed: demands.seed)
    var sizes: [AlgorithmID: UInt64] = [:]
    for series in recorded.result.workers.map(\.series.algorithm) where sizes[series] == nil {
      sizes[series] = partSize(series)
    }
    let scan = Rescan(
      recorded.result, hasher: hasher, count: demands.rescan, size: { sizes[$0] ?? 1 },
      using: &random)
    let found = try scan.verify(judge: judge.firstFalse)
    let hashes = scan.parts.reduce(0) { $0 + $1.count }
    return "\(scan.parts.count) random parts scanned again, \(hashes) hashes: exactly the "
      + "\(found) recorded shares (seed \(demands.seed))"
  }

  /// As many hashes as the reference does in `partTime`, by a brief look at its speed.
  private func partSize(_ algorithm: AlgorithmID) -> UInt64 {
    guard let header = Header(bytes: [UInt8](repeating: 1, count: Header.size)) else { return 1 }
    let clock = RawMonotonicClock()
    let start = clock.now()
    var count: UInt64 = 0
    var spent = 0.0
    while spent < Self.partTime / 20 {
      _ = hasher.hash(header.with(nonce: UInt32(truncatingIfNeeded: count)), algorithm)
      count += 1
      spent = clock.now().since(start).value
    }
    return max(16, UInt64(Double(count) * Self.partTime / spent))
  }
}
