package import Model
internal import Statistics

/// How a comparison is to be made.
package struct ComparisonOptions: Hashable, Sendable {
  package var gates: [ComparisonGate]
  /// Overrides what the files say about the machines.
  package var relation: MachineRelation?
  /// Whether a published claim may stand against a measurement.
  package var allowsClaims: Bool
  /// Whether results of different suites may stand against one another.
  package var allowsOtherSuite: Bool
  /// Only these kernels of the base; nil for all.
  package var baseKernel: KernelID?
  /// Only these kernels of the new side; nil for all.
  package var newKernel: KernelID?
  /// Kernels of one result that stand against one another; nil where each stands against its like.
  package var pairing: KernelPairing?

  package init(
    gates: [ComparisonGate] = [], relation: MachineRelation? = nil, allowsClaims: Bool = false,
    allowsOtherSuite: Bool = false, baseKernel: KernelID? = nil, newKernel: KernelID? = nil,
    pairing: KernelPairing? = nil
  ) {
    self.gates = gates
    self.relation = relation
    self.allowsClaims = allowsClaims
    self.allowsOtherSuite = allowsOtherSuite
    self.baseKernel = baseKernel
    self.newKernel = newKernel
    self.pairing = pairing
  }
}

extension Comparison {
  /// Compares two sets of figures.
  ///
  /// - Throws: `Failure` with exit code 4 when nothing of the two may be compared; it names the reasons.
  package static func make(
    base: [Figure], new: [Figure], _ options: ComparisonOptions = ComparisonOptions()
  ) throws(Failure) -> Comparison {
    let old = FigureGroup.groups(base.filter { options.admits($0.kernel, options.baseKernel) })
    let young = FigureGroup.groups(new.filter { options.admits($0.kernel, options.newKernel) })
    let matching = try FigureMatching(base: old, new: young, options)
    let relation = options.relation ?? matching.relation
    let candidates = matching.pairs.flatMap { $0.intervals(relation) }
    guard !candidates.isEmpty else {
      let reasons = matching.refusals.isEmpty ? ["no figure in common"] : matching.refusals
      throw Failure(
        .badInput, "nothing may be compared: " + reasons.joined(separator: "; "),
        remedy: "compare results of the same algorithm, suite and scope")
    }
    // All intervals of one comparison hold together (Bonferroni): the more is compared, the more a single difference
    // must show.
    let confidence = 1 - (1 - jointConfidence) / Double(candidates.count)
    return Comparison(
      relation: relation, confidence: confidence,
      rows: candidates.map { $0.row(confidence: confidence, gates: options.gates) },
      refusals: matching.refusals, notes: matching.notes(relation))
  }
}

extension ComparisonOptions {
  fileprivate func admits(_ kernel: KernelID?, _ wanted: KernelID?) -> Bool {
    wanted == nil || kernel == wanted
  }
}

/// A ratio that waits for the confidence that all rows share.
struct ComparisonCandidate {
  let pair: FigurePair
  let quantity: ComparedQuantity
  let scope: Scope?
  let baseValue: Double
  let newValue: Double
  let interval: RatioInterval

  func row(confidence: Double, gates: [ComparisonGate]) -> ComparisonRow {
    let own = gates.filter { $0.quantity == quantity }
    let resolution =
      own.map { abs($0.ratioLimit - 1) }.min() ?? quantity.defaultResolution
    let bounds = interval.bounds(confidence: confidence)
    return ComparisonRow(
      algorithm: pair.base.figure.algorithm, base: pair.base.figure, new: pair.new.figure,
      quantity: quantity, scope: scope, baseValue: baseValue, newValue: newValue,
      ratio: interval.ratio, lower: bounds?.lower, upper: bounds?.upper, method: interval.method,
      verdict: ComparisonVerdict(
        ratio: interval.ratio, bounds: bounds, quantity: quantity, resolution: resolution),
      reason: bounds == nil ? "no spread is known of at least one side" : nil,
      gates: own.map { GateOutcome($0, ratio: interval.ratio, bounds: bounds) })
  }
}
