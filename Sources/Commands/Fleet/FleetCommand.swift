package import Arguments
internal import Fleet
package import Model
internal import Reporting

/// `fleet`: many machines, submitted to a scheduler that is there already, and compared with one another.
package enum FleetCommand: Subcommand {
  /// What is done; the first operand.
  enum Verb: String, CaseIterable {
    case collect
  }

  static let gate = RepeatedOption(
    "gate", "LIMIT",
    "How far below its sisters a node may be: throughput=-3%, efficiency=-10% or energy=+10%.")
  static let expect = RepeatedOption(
    "expect", "FACT=VALUE",
    "A fact of the state that every node must have recorded, such as governor=performance.")
  static let noVerify = Flag("no-verify", "Take the results' word: nothing is hashed again.")
  static let allowOneMachine = Flag(
    "allow-one-machine", "Nodes may be one machine, as where several run on one host for a trial.")
  static let all = Flag("all", "Every node, where only those that stand out would be shown.")
  static let format = Option(
    "format", "FORMAT", .oneOf(FleetFormatCatalog.all.map(\.name)),
    "Form of the report (default text).")
  static let output = Option("output", "FILE", .file, "Write to this file, whole or not at all.")

  package static let description = CommandDescription(
    name: "fleet", summary: "hold many machines against one another",
    discussion: """
      collect DIR... reads the results below folders of any origin, verifies them, and compares nodes of equal hardware, \
      memory, plan and program. A result directly in a folder is a node by its file's name; results in a folder of their \
      own are the runs of one node by that folder's name.

      A node is slow, or too good, where it lies further from the median of its sisters than one in a hundred reports on \
      healthy fleets would show by chance, and further than the limit: 1.75 % of throughput and 5 % of work per joule, or \
      --gate. The spread is a robust one, so that slow nodes do not hide themselves; below four sisters nothing is told. \
      What is unusual about a node that stands out is named: power limit, governor, memory, microcode, kernel, heat, failed \
      checks. A node that does too much per joule has first of all a meter to be looked at.

      The exit code is 1 where a node is slow, false, unreadable or interrupted, does not have what --expect asks for, or where \
      one machine answered for several.

      Forms: \(FleetFormatCatalog.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")).
      """,
    options: [gate, expect, noVerify, allowOneMachine, all, format, output],
    operands: OperandDescription(
      name: "VERB|DIR", minimum: 1, maximum: nil,
      help: "What to do (collect), then folders of results, or results."),
    examples: [
      "hashwatt fleet collect results/",
      "hashwatt fleet collect rack1/ rack2/ --expect governor=performance --format junit --output fleet.xml",
      "hashwatt fleet collect results/ --gate throughput=-3% --format html --output fleet.html",
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    switch try verb(arguments) {
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
    return verb
  }
}
