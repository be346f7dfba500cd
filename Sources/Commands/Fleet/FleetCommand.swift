package import Arguments
internal import Fleet
package import Model
internal import Reporting

/// `fleet`: many machines, submitted to a scheduler that is there already, and compared with one another.
package enum FleetCommand: Subcommand {
  /// What is done; the first operand.
  enum Verb: String, CaseIterable {
    case submit
    case status
    case collect

    /// Options that the verb has.
    var options: [any CommandOption] {
      switch self {
      case .submit:
        [
          nodes, engine, atOnce, perRack, racks, stagger, timeLimit, option, program, hardware,
          expect,
          again, dryRun,
        ]
      case .status: [format, output]
      case .collect:
        [
          over, base, gate, expect, noVerify, allowOneMachine, all, site, format, output,
          IndexOption.noIndex,
        ]
      }
    }
  }

  // MARK: submit

  static let nodes = Option(
    "nodes", "LIST",
    "submit: names such as n1,n[02-12]; @FILE of names; or partition:NAME of Slurm.")
  static let engine = Option(
    "engine", "ENGINE", .oneOf(["slurm", "commands"]),
    "submit: who brings the nodes to work: slurm (default), or commands, which writes a line for each node."
  )
  static let atOnce = Option("at-once", "N", "submit: at most so many nodes at once.")
  static let perRack = Option("per-rack", "N", "submit: at most so many nodes of a rack at once.")
  static let racks = Option("racks", "FILE", .file, "submit: lines 'NODE RACK'.")
  static let stagger = Option("stagger", "S", "submit: seconds between the begin of two nodes.")
  static let timeLimit = Option(
    "time-limit", "MIN",
    "submit: longest time of one node (default 240); what was measured until then is kept.")
  static let option = RepeatedOption(
    "option", "NAME=VALUE", "submit: an option of the site's sbatch, such as account=physics.")
  static let program = Option(
    "program", "PATH", .file, "submit: hashwatt's path on the nodes (default: this program's own).")
  static let hardware = Option(
    "hardware", "FILE", .file,
    "submit: a result or a profile of such a node, by which the step of the load is told in watts.")
  static let again = Flag(
    "again", "submit: submit what is unfinished once more, each with a new challenge.")
  static let dryRun = Flag("dry-run", "submit: show what would be submitted, and do nothing.")

  // MARK: collect, status

  static let gate = RepeatedOption(
    "gate", "LIMIT",
    "collect: how far below its sisters a node may be: throughput=-3%, efficiency=-10% or energy=+10%."
  )
  static let expect = RepeatedOption(
    "expect", "FACT=VALUE",
    "collect, submit: a fact of the state that every node must have recorded, such as governor=performance."
  )
  static let over = Option(
    "over", "FACT",
    "collect: a fact of the state, such as pl1_limit_uw, at whose values nodes were measured; each value is compared by itself, and then over all."
  )
  static let noVerify = Flag(
    "no-verify", "collect: take the results' word; nothing is hashed again.")
  static let allowOneMachine = Flag(
    "allow-one-machine",
    "collect: nodes may be one machine, as where several run on one host for a trial.")
  static let base = Option(
    "base", "FILE|DIR", .file,
    "collect: results or a profile of machines that are as they should be; a node below them fails, however few its sisters."
  )
  static let site = Option(
    "site", "DIR", .folder,
    "collect: also write a leaderboard of the results there, as 'hashwatt site' does.")
  static let all = Flag(
    "all", "collect: every node, where only those that stand out would be shown.")
  static let format = Option(
    "format", "FORMAT", .oneOf(FleetFormatCatalog.all.map(\.name)),
    "Form of the report (default text); of status text or json.")
  static let output = Option("output", "FILE", .file, "Write to this file, whole or not at all.")

  package static let description = CommandDescription(
    name: "fleet", summary: "measure many machines, and hold them against one another",
    discussion: """
      submit DIR --nodes LIST -- RUN-OPTIONS gives each node a job that runs 'hashwatt run' with these options and a challenge of \
      its own, which nobody knows before. DIR must be seen by all nodes at the same path; results come to DIR/results. It uses \
      Slurm's own programs, or writes DIR/commands.tsv and DIR/inventory.ini for GNU parallel, Ansible and others. \
      --at-once and --per-rack share places by jobs of one name that wait for one another; --again goes on with what is unfinished.

      status DIR tells from the files, then from Slurm, how far each node is; its exit code is 1 where something needs --again.

      collect DIR... reads the results of fleets, or any results below folders of any origin, verifies them, and compares nodes of \
      equal hardware, memory, plan and program. A fleet's results are told apart by their challenges. Elsewhere a result directly \
      in a folder is a node by its file's name, and results in a folder of their own are the runs of one node by that folder's name.

      Several fleets are a sweep: the same nodes and the same run at several values of one fact, such as a power limit, which each was \
      submitted with (--expect pl1_limit_uw=240000000) or --over names. At each value nodes are held against their sisters; then \
      rates and work per joule stand over the values, with the most efficient one. Fleets of another program or other options of \
      the run are refused.

      A node is slow, or too good, where it lies further from the median of its sisters than one in a hundred reports on \
      healthy fleets would show by chance, and further than the limit: 1.75 % of throughput and 5 % of work per joule, or \
      --gate. The spread is a robust one, so that slow nodes do not hide themselves; below four sisters nothing is told. \
      What is unusual about a node that stands out is named: power limit, governor, memory, microcode, kernel, heat, failed \
      checks. A node that does too much per joule has first of all a meter to be looked at.

      The exit code is 1 where a node is slow, false, unreadable, interrupted or missing, does not have what --expect asks for, or \
      where one machine answered for several.

      Forms: \(FleetFormatCatalog.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")).
      """,
    options: [
      nodes, engine, atOnce, perRack, racks, stagger, timeLimit, option, program, hardware, again,
      dryRun, over, base, gate, expect, noVerify, allowOneMachine, all, site, format, output,
      IndexOption.noIndex,
    ],
    operands: OperandDescription(
      name: "VERB|DIR", minimum: 1, maximum: nil,
      help:
        "What to do (submit, status, collect), then the folder; after -- the options of 'hashwatt run'."
    ),
    examples: [
      "hashwatt fleet submit night --nodes n[1-40] --at-once 8 -- --suite standard --algorithm sha256d",
      "hashwatt fleet status night",
      "hashwatt fleet collect night --format junit --output fleet.xml",
      "hashwatt fleet collect rack1/ rack2/ --expect governor=performance",
      "hashwatt fleet collect cap240 cap280 cap320 --format html --output caps.html",
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    switch try verb(arguments) {
    case .submit: try FleetSubmission(arguments, context).run()
    case .status: try FleetStatus(arguments, context).run()
    case .collect: try FleetCollection(arguments, context).run()
    }
  }

  private static func verb(_ arguments: ParsedArguments) throws(ArgumentError) -> Verb {
    let word = arguments.operands.first ?? ""
    guard let verb = Verb(rawValue: word) else {
      throw ArgumentError(
        "'\(word)' is nothing that fleet does",
        remedy: "give one of \(Verb.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let own = Set(verb.options.map(\.name))
    for option in description.options where !own.contains(option.name) {
      guard arguments.given(option) != nil else { continue }
      throw ArgumentError(
        "--\(option.name) is no option of 'fleet \(word)'", remedy: "see 'hashwatt help fleet'")
    }
    if verb == .status, let format = arguments[format], format != "text", format != "json" {
      throw ArgumentError(
        "'\(format)' is no form of 'fleet status'", remedy: "give text or json")
    }
    return verb
  }

  /// The values of `--expect`.
  static func expectedFacts(_ texts: [String]) throws(ArgumentError) -> [ExpectedFact] {
    var facts: [ExpectedFact] = []
    for text in texts {
      guard let fact = ExpectedFact(text) else {
        throw ArgumentError(
          "'\(text)' is not a value of --expect",
          remedy: "give FACT=VALUE, such as governor=performance")
      }
      facts.append(fact)
    }
    return facts
  }
}
