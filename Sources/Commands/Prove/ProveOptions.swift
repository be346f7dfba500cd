internal import Arguments
internal import Benchmarking
internal import LinuxSystem
internal import Model

/// The options of `prove`, read and judged without a look at the machine.
struct ProveOptions {
  let address: NetworkAddress
  let port: UInt16
  /// One, or one of each dialect where nothing was said: then the miner chooses.
  let conventions: [ShareConvention]
  let meters: [String]
  let accuracies: [StatedAccuracy]
  let claims: [String]
  let device: DeviceID
  /// Nil where it was not named.
  let model: HardwareID?
  let difficulty: ShareDifficulty?
  let miners: Int
  let from: NetworkPrefix?
  let wait: Seconds
  let changes: PlanChanges
  let challenge: Challenge?
  let results: String
  let profiles: String
  let rawLog: String?
  let isJSON: Bool
  let isDryRun: Bool

  init(_ arguments: ParsedArguments) throws {
    guard let listen = arguments[ProveCommand.listen] else {
      throw ArgumentError(
        "prove needs --listen ADDRESS:PORT",
        remedy: "name an address of this machine: see 'hashwatt doctor'")
    }
    (address, port) = try Self.place(listen)
    conventions = try Self.conventions(
      arguments[ProveCommand.algorithm], arguments[ProveCommand.convention])
    meters = arguments[ProveCommand.meter]
    accuracies = try MeterAccuracyOption.read(arguments)
    claims = arguments[ProveCommand.claims]
    device = try Self.device(arguments[ProveCommand.name] ?? "miner")
    model = try arguments[ProveCommand.model].map(Self.model)
    difficulty = try arguments[ProveCommand.difficulty].flatMap { text in
      if text == "auto" { return nil }
      guard let difficulty = Double(text).flatMap({ ShareDifficulty($0) }) else {
        throw ArgumentError(
          "'\(text)' is not a value of --difficulty", remedy: "give a number above 0, or auto")
      }
      return difficulty
    }
    miners = try arguments.integer(ProveCommand.miners, in: 1...256) ?? 1
    from = try arguments[ProveCommand.from].map { text in
      guard let prefix = NetworkPrefix(text) else {
        throw ArgumentError(
          "'\(text)' is not a value of --from", remedy: "give ADDRESS/BITS, such as 10.0.0.0/8")
      }
      return prefix
    }
    wait = Seconds(try arguments.number(ProveCommand.wait, in: 1...86400) ?? 600)
    changes = PlanChanges(
      warmup: try arguments.number(ProveCommand.warmup, in: 0...86400).map { Seconds($0) },
      window: try arguments.number(ProveCommand.window, in: 1...3600).map { Seconds($0) },
      repeats: try arguments.integer(ProveCommand.repeats, in: 1...1000))
    challenge = try arguments[ProveCommand.challenge].map { text in
      guard let bytes = Hexadecimal.decode(text), let challenge = Challenge(bytes: bytes) else {
        throw ArgumentError(
          "'\(text.prefix(80))' is not a value of --challenge", remedy: "give 64 hexadecimal digits"
        )
      }
      return challenge
    }
    results = arguments[ProveCommand.results] ?? "results"
    profiles = arguments[ProveCommand.profiles] ?? "profiles"
    rawLog = arguments[ProveCommand.rawLog]
    isJSON = arguments[ProveCommand.format] == "json"
    isDryRun = arguments[ProveCommand.dryRun]
  }

  /// `192.0.2.5:3333` or `[2001:db8::5]:3333`.
  private static func place(_ text: String) throws -> (NetworkAddress, UInt16) {
    let wrong = ArgumentError(
      "'\(text)' is not a value of --listen",
      remedy: "give ADDRESS:PORT, such as 192.0.2.5:3333 or [2001:db8::5]:3333")
    guard let colon = text.lastIndex(of: ":"),
      let port = UInt16(text[text.index(after: colon)...]), port > 0
    else { throw wrong }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard let address = NetworkAddress(host) else { throw wrong }
    return (address, port)
  }

  private static func conventions(
    _ algorithm: String?, _ name: String?
  ) throws -> [ShareConvention] {
    let algorithm = algorithm.map { AlgorithmID(rawValue: $0) }
    if let convention = name.flatMap(ShareConvention.named) {
      guard algorithm == nil || algorithm == convention.algorithm else {
        throw ArgumentError(
          "the convention \(convention.name) is one of \(convention.algorithm)",
          remedy: "give --algorithm \(convention.algorithm), or leave --convention out")
      }
      return [convention]
    }
    guard let wanted = algorithm else {
      return [AlgorithmID.sha256d, .randomx].compactMap(ShareConvention.usual)
    }
    guard let convention = ShareConvention.usual(of: wanted) else {
      throw ArgumentError(
        "miners of \(wanted) cannot be proven",
        remedy:
          "choose one of \(Set(ShareConvention.all.map(\.algorithm.rawValue)).sorted().joined(separator: ", "))"
      )
    }
    return [convention]
  }

  private static func device(_ name: String) throws -> DeviceID {
    guard name.utf8.count <= 64, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
      let id = DeviceID(parsing: "miner:\(name)")
    else {
      throw ArgumentError(
        "'\(name.prefix(80))' is not a value of --name",
        remedy: "give at most 64 characters without blanks, slashes and commas")
    }
    return id
  }

  private static func model(_ text: String) throws -> HardwareID {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-_+.")
    let kinds = ["asic", "gpu", "fpga", "cpu"]
    guard parts.count == 2, kinds.contains(String(parts[0])), !parts[1].isEmpty,
      !parts[1].hasPrefix("."), parts[1].allSatisfy(allowed.contains)
    else {
      throw ArgumentError(
        "'\(text.prefix(80))' is not a value of --model",
        remedy:
          "give KIND/NAME as below profiles/, such as asic/bitmain-antminer-s19-95t; kinds: \(kinds.joined(separator: ", "))"
      )
    }
    return HardwareID(rawValue: text)
  }
}
