internal import Model

/// What a rate and a power may be told for one of.
package enum MachinePart: String, Hashable, Sendable, CaseIterable {
  case package
  case core
  case machine
}

/// How many of each a series kept busy, every one of them wholly.
package struct BusyParts: Hashable, Sendable {
  /// Nil for what has none, such as a miner.
  package let packages: Int?
  package let cores: Int?

  package init(packages: Int?, cores: Int?) {
    self.packages = packages
    self.cores = cores
  }

  /// How many of a part there are; nil where that is not known.
  package func count(_ part: MachinePart) -> Int? {
    switch part {
    case .package: packages
    case .core: cores
    case .machine: 1
    }
  }
}

extension Figure {
  /// The figure for one package, core or machine; nil where it is not known that every one of them worked.
  ///
  /// Rate and power become shares; an efficiency is the same for a part as for the whole.
  package func per(_ part: MachinePart) -> Figure? {
    guard let count = busy?.count(part), count > 0 else { return nil }
    var copy = self
    copy.part = part
    copy.throughput = throughput?.divided(by: Double(count))
    if case .value(var energy) = energy {
      energy.power = energy.power?.divided(by: Double(count))
      copy.energy = .value(energy)
    }
    return copy
  }

  /// What a series kept busy: known of a run that used every CPU that was online.
  static func busy(_ series: SeriesID, in result: RunResult) -> BusyParts? {
    guard series.device == .cpu, let cpu = result.machine.cpu.value,
      let workers = result.workers.first(where: { $0.series == series }),
      !workers.placement.places.isEmpty,
      Set(workers.placement.places) == Set(cpu.onlineCPUs)
    else { return nil }
    return BusyParts(packages: cpu.packages.value, cores: cpu.cores.value)
  }

  /// What a model that is told as a whole keeps busy: the cores that its identifier counts, when at least as many
  /// workers ran; a miner is one machine.
  static func busy(_ profile: Profile, workers: Int?) -> BusyParts? {
    if profile.kind == .asic { return BusyParts(packages: nil, cores: nil) }
    guard let packages = profile.hardwareID.coresOfPackages else { return nil }
    let cores = packages.reduce(0, +)
    guard workers.map({ $0 >= cores }) ?? true else { return nil }
    return BusyParts(packages: packages.count, cores: cores)
  }
}

extension Bounded {
  fileprivate func divided(by count: Double) -> Bounded {
    Bounded(value / count, lower: lower.map { $0 / count }, upper: upper.map { $0 / count })
  }
}
