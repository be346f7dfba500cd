internal import Analysis
package import Arguments
internal import LinuxSystem
package import Model
internal import Records
internal import Reporting

/// Compares two results, two profiles or two sets, and judges gates.
package enum CompareCommand: Subcommand {
  static let gate = RepeatedOption(
    "gate", "LIMIT",
    "A change that is still allowed: throughput=-1.75%, efficiency=-5%, energy=+5% (joules per hash) or "
      + "power=+5%.")
  static let strict = Flag("strict", "A gate that cannot be judged fails.")
  static let algorithm = RepeatedOption("algorithm", "A", "Only this algorithm.")
  static let scope = RepeatedOption("scope", "SCOPE", "Only energy of this scope.")
  static let baseKernel = Option("base-kernel", "K", "Only this kernel of BASE.")
  static let newKernel = Option("new-kernel", "K", "Only this kernel of NEW.")
  static let machines = Option(
    "machines", "WHICH", .oneOf(["same", "different"]),
    "Say whether both sides are one machine with one meter, where the files cannot tell.")
  static let allowClaims = Flag("allow-claims", "Compare published claims with measurements.")
  static let allowOtherSuite = Flag("allow-other-suite", "Compare results of different suites.")
  static let format = Option(
    "format", "FORMAT", .oneOf(ComparisonFormatCatalog.all.map(\.name)),
    "Form of the comparison (default text).")
  static let output = Option("output", "FILE", .file, "Write to this file, whole or not at all.")

  package static let description = CommandDescription(
    name: "compare", summary: "say whether one side is better than the other, and how sure that is",
    discussion: """
      Compares throughput, power and hashes per joule for each algorithm and kernel. Each row has the ratio, its \
      interval and a verdict: better, worse, no difference beyond the uncertainty, or cannot tell. All intervals of \
      one comparison hold together with 99 % confidence.

      One result alone is compared with itself, kernel against kernel: that of 'run --interleave' is the base of the \
      run's own one; of two --kernel values the first is the base; else --base-kernel and --new-kernel choose.

      On one machine only what differs from run to run counts, and rounds that one run measured in turn are compared \
      pair by pair. Between machines the meters' own accuracy counts as well. A side of several \
      runs is judged by its runs, not by their windows.

      A gate sets the exit code: 0 when it holds, 1 when it fails. A gate narrower than the interval cannot be \
      judged; that lets it pass, except with --strict.

      Forms: \(ComparisonFormatCatalog.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ")).

      Documentation/RegressionTesting.md has a complete example for continuous integration.
      """,
    options: [
      gate, strict, algorithm, scope, baseKernel, newKernel, machines, allowClaims, allowOtherSuite,
      format, output,
    ],
    operands: OperandDescription(
      name: "FILE|DIR", minimum: 1, maximum: 2,
      help:
        "First the old side, then the new: a result, a profile, or a folder of them each. Or one result "
        + "of several kernels."),
    examples: [
      "hashwatt compare old.json new.json",
      "hashwatt compare results/main results/branch --gate throughput=-1.75% --gate energy=+5%",
      "hashwatt compare run.json",
      "hashwatt compare run.json --base-kernel shani-4 --new-kernel avx512-2x16",
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    let output = arguments[Self.output]
    let gates = try arguments[Self.gate].map(GateOption.gate)
    let loaded = try arguments.operands.map { try RecordLoader.load([$0]) }
    let sides = loaded.map { $0.flatMap(\.figures).filter { admits($0, arguments) } }
    var options = ComparisonOptions(
      gates: gates, relation: arguments[Self.machines].flatMap(MachineRelation.init),
      allowsClaims: arguments[Self.allowClaims],
      allowsOtherSuite: arguments[Self.allowOtherSuite],
      baseKernel: arguments[Self.baseKernel].map(KernelID.init),
      newKernel: arguments[Self.newKernel].map(KernelID.init))
    if sides.count == 1 { options.pairing = try pairing(loaded[0], sides[0], options) }
    let report = ComparisonReport(
      try Comparison.make(base: sides[0], new: sides[sides.count - 1], options),
      baseName: arguments.operands[0], newName: arguments.operands[sides.count - 1], gates: gates,
      isStrict: arguments[Self.strict], madeAt: RawMonotonicClock.unixTime())
    let format =
      ComparisonFormatCatalog.format(named: arguments[Self.format] ?? "text")
      ?? TextComparison()
    try Document.write(
      try format.render(report, Document.style(output, context)), to: output, context)
    return report.passes ? .done : .no
  }

  /// The kernels of one result against one another.
  private static func pairing(
    _ records: [LoadedRecord], _ figures: [Figure], _ options: ComparisonOptions
  ) throws(Failure) -> KernelPairing {
    guard records.count == 1, case .result(let recorded) = records[0].file else {
      throw Failure(
        .usage, "one operand must be one result, whose kernels are compared",
        remedy: "give a second result, profile or folder to compare with")
    }
    let pairing = KernelPairing(
      figures, choices: recorded.result.kernelChoices, base: options.baseKernel,
      new: options.newKernel)
    guard !pairing.pairs.isEmpty else {
      let why = pairing.refusals.isEmpty ? ["no such kernels"] : pairing.refusals
      throw Failure(
        .badInput, "\(records[0].path): no two kernels to compare: \(why.joined(separator: "; "))",
        remedy: "measure two in one run (--kernel twice, or --interleave), or give two results")
    }
    return pairing
  }

  private static func admits(_ figure: Figure, _ arguments: ParsedArguments) -> Bool {
    let algorithms = arguments[Self.algorithm]
    let scopes = arguments[Self.scope]
    guard algorithms.isEmpty || algorithms.contains(figure.algorithm.rawValue) else {
      return false
    }
    guard !scopes.isEmpty, let scope = figure.energy.value?.scope else { return true }
    return scopes.contains(scope.rawValue)
  }
}
