internal import MeterCore
internal import Model

extension Figure {
  /// Of the figures of one series the one by which it is judged: that of the widest scope that covers the whole device.
  ///
  /// Memory or cores alone are a part of what a processor draws, and no headline; nil where there are only such.
  package static func headline(among figures: [Figure]) -> Figure? {
    figures.filter(\.coversDevice).min { left, right in
      rank(left) < rank(right)
    }
  }

  private static func rank(_ figure: Figure) -> Int {
    figure.energy.value.map { ScopeTraits.rank($0.scope) } ?? .max
  }

  private var coversDevice: Bool {
    guard let scope = energy.value?.scope else { return false }
    let own: Scope? =
      switch deviceKind {
      case .cpu: .cpuPackage
      case .gpu: .gpuBoard
      default: nil
      }
    return own.map { scope == $0 || ScopeLattice.contains(scope, $0) } ?? true
  }
}
