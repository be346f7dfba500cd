internal import Analysis
package import Arguments
package import Model

/// `profile`: derives the profiles of the hardware that results measured.
package enum ProfileCommand: Subcommand {
  static let profiles = Option(
    "profiles", "DIR", .folder, "Where profiles are written. Default: profiles.")

  package static let description = CommandDescription(
    name: "profile", summary: "derive the profile of a hardware model from its results",
    discussion: """
      Pools the windows of each series over the results that followed one plan, under one hypervisor, with the same \
      meters: hashes per joule is the sum of the hashes over the sum of the joules. The same results always give the \
      same bytes. Each profile names its results with their SHA-256 digests. Published claims in the same file stay \
      as they are.
      """,
    options: [profiles],
    operands: OperandDescription(
      name: "RESULT", minimum: 1, maximum: nil, help: "Files that 'hashwatt run' wrote."),
    examples: ["hashwatt profile results/*.json"])

  package static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws
    -> ExitCode
  {
    let store = ProfileStore(folder: arguments[Self.profiles] ?? "profiles")
    let cited = try arguments.operands.map { try ProfileStore.cite($0) }
    let profiles = try ProfileDerivation.profiles(from: cited)
    guard !profiles.isEmpty else {
      throw Failure(
        .badInput, "no measured series in \(arguments.operands.joined(separator: ", "))",
        remedy: "use results with at least one finished window")
    }
    for (profile, path) in zip(profiles, try store.write(profiles)) {
      try context.output.write(
        "\(path): \(profile.measured.count) series from \(profile.sources.count) results, "
          + "at least \(profile.unitsAtLeast) \(profile.unitsAtLeast == 1 ? "unit" : "units")\n")
    }
    return .done
  }
}
