internal import Model

extension Figure {
  /// Of a series whose energy was counted and sampled in one scope, as by a plug that tells both, the counted alone.
  ///
  /// Two rows would be one place in a ranking, and two values of one run look like two runs.
  package static func withoutTwins(_ figures: [Figure]) -> [Figure] {
    let counted = Set(figures.compactMap { SeriesInScope($0, .measuredCounter) })
    guard !counted.isEmpty else { return figures }
    return figures.filter { figure in
      SeriesInScope(figure, .measuredSampled).map { !counted.contains($0) } ?? true
    }
  }

  /// What one series of one file is known by in one scope; nil where its energy is of another kind.
  private struct SeriesInScope: Hashable {
    let source: FigureSource
    let device: HardwareID
    let work: WorkIdentity
    let kernel: KernelID?
    let placement: PlacementName?
    let scope: Scope

    init?(_ figure: Figure, _ kind: MeterKind) {
      guard let energy = figure.energy.value, energy.kind == kind else { return nil }
      source = figure.source
      device = figure.hardwareID
      work = figure.work
      kernel = figure.kernel
      placement = figure.placement
      scope = energy.scope
    }
  }
}
