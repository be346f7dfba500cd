package import Analysis
internal import Model

/// What every node is held against besides its sisters: machines that are as they should be, by their results or a profile.
package struct FleetBase: Hashable, Sendable {
  /// As the command line names it.
  package let name: String
  private let values: [SisterKey: NodeValue]

  /// Nil where nothing of it was measured: a maker's claim is no base.
  package init?(_ name: String, _ figures: [Figure]) {
    self.name = name
    let measured = figures.filter { $0.provenance == .measured && $0.kernel?.isOther != true }
    values = SisterKey.values(of: measured).compactMapValues { NodeValue(name, $0) }
    if values.isEmpty { return nil }
  }

  /// The base's figure of a series and quantity; nil where it has none.
  func value(_ key: SisterKey) -> NodeValue? { values[key] }
}

/// One node's value beside the base's.
package struct BaseRatio: Hashable, Sendable {
  /// Value over the base's, less one.
  package let deviation: Double
  /// 95 % interval of that, of the uncertainties that are known.
  package let lower: Double
  package let upper: Double
  /// Whether the node is further below the base than is allowed.
  package let isBelow: Bool

  /// `wanted` is the relative change that is looked for.
  ///
  /// As a gate is judged: by the interval where it lies on one side of the limit; by the ratio where it does not and is narrower
  /// than the limit; and else nobody can tell.
  init(_ node: NodeValue, _ base: NodeValue, wanted: Double) {
    let ratio = node.value / base.value
    let uncertainties = [node.uncertainty, base.uncertainty].compactMap(\.self)
    let half = 1.96 * ratio * uncertainties.reduce(0) { $0 + $1 * $1 }.squareRoot()
    deviation = ratio - 1
    lower = deviation - half
    upper = deviation + half
    isBelow = upper < -wanted || (lower < -wanted && half < wanted && deviation < -wanted)
  }
}
