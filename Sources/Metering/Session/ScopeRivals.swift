internal import MeterCore
internal import Model

/// Several meters that each stand for the whole of one scope: which is the headline must be told.
enum ScopeRivals {
  static func checks(_ meters: [MeterDescriptor]) -> [Check] {
    ScopeTraits.all.compactMap { traits in
      guard !traits.isAdditive, traits.scope != .unknown else { return nil }
      var rivals: [MeterDescriptor] = []
      for meter in meters
      where meter.scope == traits.scope && meter.mirrorOf == nil && meter.kind != .manual
        && !rivals.contains(where: {
          $0.source == meter.source && $0.part == meter.part || $0.covers != meter.covers
        })
      { rivals.append(meter) }
      guard rivals.count > 1, let first = rivals.first else { return nil }
      let others = rivals.dropFirst().map(\.id.rawValue).joined(separator: ", ")
      return Check(
        name: CheckName.meterScope(traits.scope), verdict: .unknown,
        message:
          "\(first.id) stands for \(traits.scope), and so do \(others); they are not added, and nothing says "
          + "which contains which", remedy: "name the one that counts with --meter")
    }
  }
}
