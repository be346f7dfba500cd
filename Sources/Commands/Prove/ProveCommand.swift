package import Arguments
internal import Benchmarking
package import Model

/// `hashwatt prove`: proves what a miner on the network computes, share by share.
package enum ProveCommand: Subcommand {
  static let listen = Option(
    "listen", "ADDRESS:PORT",
    "Listen for the miner on this address of this machine; needed.")
  static let algorithm = Option(
    "algorithm", "A", .oneOf(ShareConvention.algorithms.map(\.rawValue)),
    "What the miner computes. Default: sha256d of Stratum V1, randomx where the miner logs in as CryptoNote's do.",
    remedies: CoinWords.remedies(ShareConvention.algorithms))
  static let convention = Option(
    "convention", "NAME", .oneOf(ShareConvention.all.map(\.name)),
    "How the miner is given difficulty, where its algorithm has several ways. Default: the usual.")
  static let meter = RepeatedOption(
    "meter", "ID",
    "A meter that shows the miner's power, such as shelly:192.0.2.7; may be repeated. Default: none."
  )
  static let claims = RepeatedOption(
    "claims", "SOURCE:HOST",
    "Also ask the miner what it says of its rate: cgminer:HOST or axeos:HOST; may be repeated.")
  static let name = Option(
    "name", "TEXT", "What the miner is called in the result. Default: miner.")
  static let model = Option(
    "model", "ID",
    "The miner's model as profiles name it, such as asic/bitmain-antminer-s19-95t. Default: asic/unknown, cpu/unknown for randomx."
  )
  static let difficulty = Option(
    "difficulty", "N",
    "Difficulty of a share, or auto: about 30 shares a second, of randomx 128 a window. Default: auto."
  )
  static let miners = Option("miners", "N", "How many miners to wait for. Default: 1.")
  static let from = Option(
    "from", "CIDR",
    "Also take miners from these addresses, such as 10.0.0.0/8, not only those of the own link.")
  static let wait = Option("wait", "S", "Seconds to wait for the miner. Default: 600.")
  static let warmup = Option("warmup", "S", "Seconds of load before the first window.")
  static let window = Option("window", "S", "Seconds of one window.")
  static let repeats = Option("repeats", "N", "How many windows.")
  static let challenge = Option(
    "challenge", "HEX", "64 hexadecimal digits that all work is derived from. Default: random.")
  static let results = Option(
    "results", "DIR", .folder, "Where results are written. Default: results.")
  static let profiles = Option(
    "profiles", "DIR", .folder, "Where profiles are written. Default: profiles.")
  static let rawLog = Option(
    "raw-log", "FILE", .file, "Write every meter reading to FILE as JSON lines.")
  static let format = Option(
    "format", "FORMAT", .oneOf(["text", "json"]),
    "Print a table, or the result's JSON alone. Default: text.")
  static let dryRun = Flag(
    "dry-run", "Do the handshake, tell what the miner is and how long a proof would take, and end.")

  package static let description = CommandDescription(
    name: "prove", summary: "prove a miner's hash rate share by share, with its wall power",
    discussion: """
      Gives a miner work over a small Stratum server, verifies the shares that come back, and reads the meters in \
      the same windows. The work is derived from a challenge, so nothing can be computed ahead and 'hashwatt verify' \
      checks the result again. Meanwhile the miner earns nothing: the work belongs to no chain.

      The port is opened on the named address only, for the time of the command, to miners of the same link and of --from. \
      The suite prove-1: warm-up to a steady state (at most 30 minutes), then 20 windows of 60 s or more, until the rate is \
      known within 1 %. --warmup, --window and --repeats override its numbers. Ctrl-C ends the run; finished windows are \
      written.

      Miners of RandomX such as xmrig speak CryptoNote's dialect (login, job, submit). Each of their shares takes some 30 ms \
      to hash again, in light mode: where more come than half a core can do, a sample is hashed that the challenge draws, and \
      the result states which part it was. 'hashwatt verify' hashes all, or of thousands a sample that it draws itself.

      Proven is computing behind one connection in bounded time, not that it happened inside the box: use a direct cable.
      """,
    options: [
      listen, algorithm, convention, meter, MeterAccuracyOption.option, claims, name, model,
      difficulty, miners, from, wait, warmup, window, repeats, challenge, results, profiles, rawLog,
      SysrootOption.option, format, dryRun,
    ],
    examples: [
      "hashwatt prove --listen 192.0.2.5:3333 --meter shelly:192.0.2.7",
      "hashwatt prove --listen 192.0.2.5:3333 --claims axeos:192.0.2.9 --dry-run",
      "hashwatt prove --listen 192.0.2.5:3333 --algorithm randomx --model cpu/amd-ryzen-9-9950x",
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    let options = try ProveOptions(arguments)
    let composition = Composition(
      root: try SysrootOption.root(arguments), environment: context.environment)
    let session = try ProveSession(
      options, composition, context, words: RunOptions.words(arguments, description))
    return try session.run()
  }
}
