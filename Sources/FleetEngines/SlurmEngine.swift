internal import LinuxSystem
package import Model
internal import Text

/// Slurm, through its own programs, as every site has them: `sbatch`, `squeue`, `sinfo`, and where they answer `sacct` and
/// `scontrol`.
///
/// A node's name and every option are words of their own in a command line, never text of a script, and the one script is made of
/// quoted words. A program that hangs is ended, and what it prints is read as far as a limit.
package struct SlurmEngine: FleetEngine {
  /// Where programs are looked for, as in `PATH`.
  private let searchPath: String
  /// How long one program may take: a busy controller answers late, a dead one never.
  private let patience: Seconds

  /// Of all that one program prints; a state has some tens of bytes.
  private static let outputLimit = 4 << 20

  package init(searchPath: String, patience: Seconds = Seconds(60)) {
    self.searchPath = searchPath
    self.patience = patience
  }

  // MARK: - Submitting

  package func preview(_ job: FleetJob) throws(Failure) -> String {
    let words = try Self.words(of: job)
    return ShellText.words(["sbatch"] + words) + " <<'EOF'\n" + Self.script(of: job) + "EOF\n"
  }

  package func submit(_ job: FleetJob) throws(Failure) -> FleetJobID {
    let answer = try ask("sbatch", try Self.words(of: job), input: Self.script(of: job))
    // `123`, or `123;cluster`; a site's own notes may stand above it.
    for line in answer.split(whereSeparator: \.isNewline).reversed() {
      let number = line.split(separator: ";").first.map(String.init) ?? ""
      if let job = FleetJobID(rawValue: number) { return job }
    }
    throw Failure(
      .unavailable, "sbatch gave no job's number but '\(Self.oneLine(answer))'",
      remedy: "see what 'sbatch --parsable' prints at this site")
  }

  /// The words after `sbatch`.
  private static func words(of job: FleetJob) throws(Failure) -> [String] {
    let seconds = job.timeLimitMinutes * 60
    // Slurm looks at limits once a minute or so; what is measured until then is written as a partial result.
    let notice = min(120, seconds / 2)
    var words = [
      "--parsable", "--nodes=1", "--ntasks=1", "--exclusive", "--nodelist=\(job.node)",
      "--requeue", "--open-mode=append", "--signal=B:INT@\(notice)",
      "--time=\(job.timeLimitMinutes)", "--job-name=\(job.name)",
      "--output=\(pattern(job.log))", "--chdir=\(job.folder)",
    ]
    if job.waitsForItsName { words.append("--dependency=singleton") }
    if job.delay.value >= 1 { words.append("--begin=now+\(Int(job.delay.value))") }
    for option in job.options { words.append("--" + (try checked(option))) }
    return words
  }

  /// In Slurm's names of files a percent sign begins a pattern.
  private static func pattern(_ path: String) -> String { path.replacing("%", with: "%%") }

  /// Options that the fleet sets itself, or that would make something else of a job.
  private static let reserved: Set<String> = [
    "array", "batch", "begin", "chdir", "dependency", "error", "help", "input", "job-name",
    "nodelist",
    "nodes", "ntasks", "open-mode", "output", "parsable", "requeue", "no-requeue", "signal",
    "test-only", "time", "usage", "version", "wait", "wrap", "exclude", "nodefile",
  ]

  private static func checked(_ option: String) throws(Failure) -> String {
    let name = option.prefix { $0 != "=" }
    let isName =
      name.first?.isLetter == true && name.utf8.count <= 40
      && name.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
      }
    guard isName, option.utf8.count <= 500,
      !option.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f })
    else {
      throw Failure(
        .usage, "'\(oneLine(option))' is no option of sbatch",
        remedy: "give NAME=VALUE without dashes, such as account=physics")
    }
    // sbatch takes a shortened name for the whole one.
    guard !reserved.contains(where: { $0.hasPrefix(name) }) else {
      throw Failure(
        .usage, "'\(oneLine(option))': the fleet sets --\(name) itself",
        remedy: "leave it out; --time-limit, --at-once, --per-rack and --stagger are fleet's own")
    }
    return option
  }

  /// `exec`, so that the signal of the time limit reaches the program.
  private static func script(of job: FleetJob) -> String {
    "#!/bin/sh\nexec \(ShellText.words(job.command))\n"
  }

  // MARK: - States

  package func states(_ jobs: [FleetJobID]) throws(Failure) -> [FleetJobID: FleetJobState] {
    let wanted = Set(jobs)
    guard !wanted.isEmpty else { return [:] }
    // Asking for one job that is forgotten is an error; asking for all of one's own never is.
    let answer = try ask("squeue", ["--me", "--noheader", "--format=%A|%T|%r"])
    var states: [FleetJobID: FleetJobState] = [:]
    for line in answer.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map {
        String($0).trimmed
      }
      guard fields.count == 3, let job = FleetJobID(rawValue: fields[0]), wanted.contains(job)
      else { continue }
      states[job] = Self.state(fields[1], reason: fields[2])
    }
    for job in wanted.subtracting(states.keys).sorted(by: { $0.rawValue < $1.rawValue }).prefix(
      Self.mostAsked)
    {
      if let ended = ending(of: job) { states[job] = .ended(ended) }
    }
    return states
  }

  /// How many jobs that have left the queue are asked for one by one.
  private static let mostAsked = 200

  private static func state(_ word: String, reason: String) -> FleetJobState {
    switch word {
    case "RUNNING", "COMPLETING", "STAGE_OUT": .running
    case "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SUSPENDED",
      "RESV_DEL_HOLD", "SPECIAL_EXIT":
      isDown(reason)
        ? .nodeDown(oneLine(reason)) : .waiting(oneLine("\(word) \(reason)").lowercased())
    default: .ended(oneLine(word))
    }
  }

  /// `ReqNodeNotAvail, UnavailableNodes:n3`, `NodeDown`.
  private static func isDown(_ reason: String) -> Bool {
    ["ReqNodeNotAvail", "NodeDown", "PartitionDown", "PartitionInactive"].contains {
      reason.hasPrefix($0)
    }
  }

  /// How a job that left the queue ended; nil where nobody remembers.
  ///
  /// Neither program need be there or answer.
  private func ending(of job: FleetJobID) -> String? {
    // Some minutes long the controller remembers without a database.
    if let text = try? ask("scontrol", ["--oneliner", "show", "job", job.rawValue]) {
      var fields: [Substring: Substring] = [:]
      for word in text.split(whereSeparator: \.isWhitespace) {
        let parts = word.split(separator: "=", maxSplits: 1)
        if parts.count == 2, fields[parts[0]] == nil { fields[parts[0]] = parts[1] }
      }
      if let state = fields["JobState"] {
        let code = fields["ExitCode"].map { $0 == "0:0" ? "" : " (exit code \($0))" } ?? ""
        return Self.oneLine("\(state)\(code)")
      }
    }
    if let text = try? ask(
      "sacct",
      ["--allocations", "--noheader", "--parsable2", "--format=State,ExitCode", "--jobs=\(job)"]
    ) {
      let fields = text.split(whereSeparator: \.isNewline).first?.split(separator: "|")
      if let state = fields?.first { return Self.oneLine(String(state)) }
    }
    return nil
  }

  package func nodes(ofPartition name: String) throws(Failure) -> NodeList {
    guard let name = NodeName(rawValue: name) else {
      throw Failure(
        .usage, "'\(Self.oneLine(name))' is no partition's name",
        remedy: "give a name that 'sinfo' shows")
    }
    let answer = try ask("sinfo", ["--noheader", "--Node", "--partition=\(name)", "--format=%N"])
    guard !answer.trimmed.isEmpty else {
      throw Failure(
        .badInput, "the partition '\(name)' has no nodes", remedy: "give a name that 'sinfo' shows")
    }
    return try NodeList(answer)
  }

  // MARK: - Programs

  /// What a program prints on both of its streams.
  private func ask(_ name: String, _ words: [String], input: String = "") throws(Failure) -> String
  {
    guard let program = ChildProcess.find(name, path: searchPath) else {
      throw Failure(
        .unavailable, "\(name) is not on the search path",
        remedy: "run this where Slurm's programs are, or take --engine commands")
    }
    let outcome: ChildProcess.Outcome
    do {
      // The shell joins the streams, for the reason of a refusal is on the second one; words stay words.
      outcome = try ChildProcess.run(
        "/bin/sh", ["-c", "exec \"$0\" \"$@\" 2>&1", program] + words, input: input,
        outputLimit: Self.outputLimit, limit: patience)
    } catch {
      throw Failure(.unavailable, "\(name) could not be started: \(error.errno)")
    }
    guard outcome.ending == .exited(0) else {
      let said = Self.oneLine(outcome.output)
      throw Failure(
        .unavailable, "\(name) \(outcome.ending.words)" + (said.isEmpty ? "" : ": \(said)"),
        remedy: outcome.ending == .timedOut
          ? "see whether the controller is up: scontrol ping" : nil)
    }
    return outcome.output
  }

  /// Words of a stranger as one line that fits an error.
  private static func oneLine(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return DisplayText.visible(line.count > 300 ? line.prefix(300) + "..." : line)
  }
}
