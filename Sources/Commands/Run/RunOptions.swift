internal import Arguments
internal import Benchmarking
internal import Model

/// The options of `run`, read and judged without a look at the machine.
struct RunOptions {
  let suite: Suite
  let changes: PlanChanges
  let algorithms: [String]
  /// The words of `--kernel`; empty when it was not given.
  let kernels: [String]
  /// The file of `--interleave`.
  let interleave: String?
  let threads: [PlacementWish.Count]
  let cpus: String?
  let devices: [String]
  let meters: [String]
  let accuracies: [StatedAccuracy]
  let seed: UInt64
  let challenge: Challenge?
  let results: String
  let profiles: String
  let rawLog: String?
  let calibration: String?
  let powerSupply: String?
  let textfile: String?
  let note: String?
  let isJSON: Bool
  let measuresRoofline: Bool
  /// Whether the page of a report is written beside the result.
  let writesReport: Bool
  /// The key that the result is signed with.
  let signKey: String?
  let isDryRun: Bool

  init(_ arguments: ParsedArguments) throws {
    let name = arguments[RunCommand.suite] ?? Suite.quick.name
    guard let suite = Suite.all.first(where: { $0.name == name }) else {
      throw ArgumentError(
        "unknown suite '\(name)'",
        remedy: "choose one of \(Suite.all.map(\.name).joined(separator: ", "))")
    }
    self.suite = suite
    // A day is longer than any sensible window, and keeps all arithmetic far from its limits.
    changes = PlanChanges(
      warmup: try arguments.number(RunCommand.warmup, in: 0...86400).map { Seconds($0) },
      window: try arguments.number(RunCommand.window, in: 0.1...86400).map { Seconds($0) },
      repeats: try arguments.integer(RunCommand.repeats, in: 1...100),
      idle: try arguments.number(RunCommand.idle, in: 0...86400).map { Seconds($0) },
      isTogether: arguments[RunCommand.together])
    algorithms = arguments[RunCommand.algorithm]
    guard arguments[EpochOption.option] == nil || algorithms.contains(AlgorithmID.etchash.rawValue)
    else {
      throw ArgumentError(
        "--epoch is about etchash, which is not asked for",
        remedy: "add --algorithm etchash, or leave it out")
    }
    kernels = arguments[RunCommand.kernel]
    interleave = arguments[PluginOption.interleave]
    threads = try arguments[RunCommand.threads].map(Self.threads) ?? []
    cpus = arguments[RunCommand.cpus]
    devices = arguments[RunCommand.device]
    meters = arguments[RunCommand.meter]
    accuracies = try MeterAccuracyOption.read(arguments)
    var generator = SystemRandomNumberGenerator()
    seed = try arguments.integer(RunCommand.seed, in: 0...UInt64.max) ?? generator.next()
    challenge = try arguments[RunCommand.challenge].map(Self.challenge)
    results = arguments[RunCommand.results] ?? "results"
    profiles = arguments[RunCommand.profiles] ?? "profiles"
    rawLog = arguments[RunCommand.rawLog]
    calibration = arguments[RunCommand.calibration]
    powerSupply = arguments[RunCommand.psu]
    textfile = arguments[RunCommand.textfile]
    note = try arguments[RunCommand.note].map(Self.note)
    isJSON = arguments[RunCommand.format] == "json"
    measuresRoofline = arguments[RunCommand.roofline]
    writesReport = arguments[RunCommand.report]
    signKey = arguments[RunCommand.signKey]
    isDryRun = arguments[RunCommand.dryRun]
  }

  /// What is made of the result besides its file.
  var publication: ResultPublication.Options {
    ResultPublication.Options(
      profiles: profiles, textfile: textfile, writesReport: writesReport, isJSON: isJSON,
      signKey: signKey)
  }

  /// What is to be measured, on a machine with these kinds of core.
  func wish(on cpu: CPUDescription?) -> MeasurementWish {
    MeasurementWish(
      devices: devices, algorithms: algorithms, kernels: kernels, interleave: interleave,
      isTogether: changes.isTogether,
      placement: PlacementWish(
        counts: threads, cpus: cpus, coreKinds: cpu?.coreKinds.value ?? [],
        cpuQuota: cpu?.cpuQuota, lastLevelCache: cpu?.lastLevelCache))
  }

  private static func threads(_ text: String) throws -> [PlacementWish.Count] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      if part == "all" { return .all }
      if part == "best" { return .best }
      guard let count = Int(part), count >= 1 else {
        throw ArgumentError(
          "'\(text)' is not a value of --threads",
          remedy: "give counts of at least 1, all or best, such as 1,2,4,all")
      }
      return .count(count)
    }
  }

  /// Longer than anybody reads beside a table.
  private static let longestNote = 500

  private static func note(_ text: String) throws -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !words.isEmpty, words.count <= longestNote else {
      throw ArgumentError(
        "the text of --note has \(words.count) characters",
        remedy: "give 1 to \(longestNote), such as 'DDR4-3200 CL14, fans at full speed'")
    }
    return words
  }

  private static func challenge(_ text: String) throws -> Challenge {
    guard let bytes = Hexadecimal.decode(text), let challenge = Challenge(bytes: bytes) else {
      throw ArgumentError(
        "'\(text)' is not a value of --challenge", remedy: "give 64 hexadecimal digits")
    }
    return challenge
  }

  /// 32 random bytes.
  static func randomChallenge() -> Challenge {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    guard let challenge = Challenge(bytes: bytes) else {
      preconditionFailure("32 bytes make a challenge")
    }
    return challenge
  }

  /// The command line's words in the order of the help, without paths.
  static func words(_ arguments: ParsedArguments, _ description: CommandDescription) -> [String] {
    var words = [description.name]
    for option in description.options {
      guard let values = arguments.given(option) else { continue }
      guard let valueName = option.valueName else {
        words.append("--\(option.name)")
        continue
      }
      for value in values.map(Redaction.word) {
        // A note is kept whole in a place of its own.
        let isPath =
          option.kind == .file || option.kind == .folder
          || option == RunCommand.note.description
        let shown =
          isPath || !value.contains("/")
          ? (isPath ? valueName : value)
          : value.prefix { $0 != ":" } + ":" + valueName
        words += ["--\(option.name)", String(shown)]
      }
    }
    return words
  }
}
