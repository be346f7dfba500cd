package import Arguments
internal import JSON
package import Model
internal import Verification

/// `verify`: hashes every share again and derives every number again.
package enum VerifyCommand: Subcommand {
  static let challenge = Option(
    "challenge", "HEX",
    "Require that this challenge of 64 digits was used: nothing was computed before it was known."
  )
  static let rescan = Option(
    "rescan", "N",
    "Scan N random parts of the windows again; exactly the recorded shares must come out."
  )
  static let seed = Option(
    "seed", "N",
    "Choose the same parts as a rescan that printed this seed; otherwise they are random.")
  static let rawLog = Option(
    "raw-log", "FILE", .file,
    "Compute every window's energy again from the log that 'run --raw-log' wrote.")

  package static let description = CommandDescription(
    name: "verify", summary: "prove results: hash every share again, derive every number again",
    discussion: """
      Derives the headers of all timed work from the result's challenge, hashes every share with the reference, \
      requires the shares to be distinct and inside the windows' spans, tests their number against the hashes \
      claimed (a true result fails that test less than once in a million), and derives checks, summaries and grade \
      again from the samples. What one part of the file says of another is checked too: plan against windows, order against \
      seed, traces against sums, counts of processors against lists. The first thing that is false is named, and the exit \
      code is 1. What time and energy were is as the machine's clock and meters said; no file can prove them: what rests on \
      the word of whoever measured is named, and a signature ('hashwatt sign') says whose word it is.

      Beside many results an index is kept: what this program found of a file is said again as long as the file is as it was, for \
      the same demands, but never for --rescan or --raw-log.
      """,
    options: [challenge, rescan, seed, rawLog, SignersOption.option, IndexOption.noIndex],
    operands: OperandDescription(
      name: "RESULT", minimum: 1, maximum: nil, help: "Files that 'hashwatt run' wrote."),
    examples: [
      "hashwatt verify results/*.json",
      "hashwatt verify --rescan 20 --challenge 00ff... result.json",
      "hashwatt verify --allowed-signers signers result.json",
    ])

  package static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws
    -> ExitCode
  {
    let demands = try VerificationDemands(arguments)
    let signatures = try SignersOption.signatures(arguments, context)
    let memory = IndexOption.memory(files: arguments.operands, arguments)
    let judge = RememberingJudge(memory, demands, isInterrupted: context.isInterrupted)
    var isFalse = false
    var unreadable: Failure?
    for place in memory.places {
      let path = place.path
      do {
        let reading = try RecordLoader.result(place, memory)
        let signature = try signatures.verdict(of: path) { () throws(Failure) in
          try reading.bytes()
        }
        let lines = (try judge.lines(reading) + signature).map { "  \($0)\n" }
        try context.output.write("\(path): true\n" + lines.joined())
      } catch let falsehood as Falsehood {
        isFalse = true
        try context.output.write("\(path): false: \(falsehood.place): \(falsehood.message)\n")
      } catch let failure as Failure where failure.exitCode == .badInput {
        // The others are still judged; the last line and the exit code say that one could not be.
        if let earlier = unreadable { try context.notes.write("hashwatt: \(earlier.line)\n") }
        unreadable = failure
      }
    }
    try IndexOption.finish(memory, context)
    if let unreadable, !isFalse { throw unreadable }
    if let unreadable { try context.notes.write("hashwatt: \(unreadable.line)\n") }
    return isFalse ? .no : .done
  }
}

extension VerificationDemands {
  /// What the options ask of every result.
  fileprivate init(_ arguments: ParsedArguments) throws {
    let rawLog = try arguments[VerifyCommand.rawLog].map { path in
      guard arguments.operands.count == 1 else {
        throw Failure(
          .usage, "--raw-log \(path): it belongs to one result",
          remedy: "name one result with its log")
      }
      return try InputFile.read(path)
    }
    let challenge = try arguments[VerifyCommand.challenge].map { text in
      guard let challenge = Hexadecimal.decode(text).flatMap({ Challenge(bytes: $0) }) else {
        throw Failure(
          .usage, "--challenge \(text.prefix(80)): not 64 hexadecimal digits",
          remedy: "give the 32 bytes as hexadecimal")
      }
      return challenge
    }
    self.init(
      challenge: challenge,
      rescan: try arguments.integer(VerifyCommand.rescan, in: 0...1_000_000) ?? 0,
      seed: try arguments.integer(VerifyCommand.seed, in: 0...UInt64.max)
        ?? UInt64.random(in: 0...UInt64.max),
      rawLog: rawLog)
  }
}

extension Signatures {
  /// What is to be said of a signature; where signers were named, one of theirs is demanded.
  ///
  /// - Throws: `Falsehood` for a signature that does not hold, or that is missing where one is demanded.
  fileprivate func verdict(
    of path: String, _ bytes: () throws(Failure) -> [UInt8]
  ) throws -> [String] {
    let place = "the signature"
    switch try finding(of: path, bytes) {
    case .absent where isChecked: throw Falsehood(place, "there is none, and one was demanded")
    case .absent: return []
    case .notChecked:
      return ["signed, not checked: --allowed-signers FILE says whose signatures count"]
    case .by(let signer): return ["signed by \(signer)"]
    case .refused(let why): throw Falsehood(place, why)
    }
  }
}
