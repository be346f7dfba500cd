package import Analysis
internal import MeterCore
package import Model

/// What a table is asked for.
package struct RankingQuery: Hashable, Sendable {
  package var algorithms: [AlgorithmID]
  package var kernels: [KernelID]
  /// Part of a device's name or hardware identifier, of either case.
  package var devices: [String]
  package var scopes: [Scope]
  /// The lowest grade shown; nil shows ungraded figures too.
  package var minimumGrade: Grade?
  /// Nil for both.
  package var provenance: Provenance?
  /// Nil shows figures without energy too.
  package var efficiency: EfficiencyLimit?
  /// Whether claims are shown that a better supported one of the same device stands for.
  package var everyClaim: Bool
  package var sort: SortKey
  /// What rate and power are told for one of; nil for all that worked.
  package var part: MachinePart?

  package init(
    algorithms: [AlgorithmID] = [], kernels: [KernelID] = [], devices: [String] = [],
    scopes: [Scope] = [], minimumGrade: Grade? = nil, provenance: Provenance? = nil,
    efficiency: EfficiencyLimit? = nil, everyClaim: Bool = true, sort: SortKey = .efficiency,
    part: MachinePart? = nil
  ) {
    self.algorithms = algorithms
    self.kernels = kernels
    self.devices = devices
    self.scopes = scopes
    self.minimumGrade = minimumGrade
    self.provenance = provenance
    self.efficiency = efficiency
    self.everyClaim = everyClaim
    self.sort = sort
    self.part = part
  }

  /// Whether a figure passes every filter.
  package func accepts(_ figure: Figure) -> Bool {
    (algorithms.isEmpty || algorithms.contains(figure.algorithm))
      && (kernels.isEmpty || figure.kernel.map(kernels.contains) ?? false)
      && names(figure.deviceName, figure.hardwareID)
      && (scopes.isEmpty || figure.energy.value.map { scopes.contains($0.scope) } ?? false)
      && (minimumGrade.map { least in figure.grade.map { $0 >= least } ?? false } ?? true)
      && (provenance.map { $0 == figure.provenance } ?? true)
      && (efficiency.map { $0.accepts(figure) } ?? true)
      && (everyClaim || figure.source.isBestSupported)
  }

  /// Whether a device is among those that are asked for.
  package func names(_ name: String, _ id: HardwareID) -> Bool {
    if devices.isEmpty { return true }
    let known = [name.lowercased(), id.rawValue.lowercased()]
    return devices.contains { part in known.contains { $0.contains(part.lowercased()) } }
  }
}

/// The order of the rows within an algorithm.
package enum SortKey: String, Hashable, Sendable, CaseIterable {
  case efficiency
  /// The efficiency as joules for the work: the same order by the other name.
  case joulesPerWork = "joules-per-work"
  case throughput
  case power
  case device
  case kernel
  case scope
  case grade

  /// Whether rows of different scopes have no common order.
  package var dependsOnScope: Bool {
    self == .efficiency || self == .joulesPerWork || self == .power
  }

  /// What a table of figures in this unit says it is sorted by, where an efficiency is said in this form.
  package func title(_ unit: WorkUnit, _ form: EfficiencyForm = .workPerJoule) -> String {
    switch self {
    case .efficiency, .joulesPerWork:
      form.phrase(unit) + (form == .workPerJoule ? ", highest first" : ", lowest first")
    case .throughput: "throughput, highest first"
    case .power: "power, lowest first"
    case .device: "device"
    case .kernel: "kernel"
    case .scope: "scope, then \(unit.plural) per joule"
    case .grade: "grade, then \(unit.plural) per joule"
    }
  }
}

/// The figures of one work, sorted; of one scope only where the order depends on energy.
package struct RankingSection: Hashable, Sendable {
  /// What all measured rows are of; claims, which name no epoch, stand beside them all the same.
  package let work: WorkIdentity
  /// The scope that all rows part when the table is sorted by energy; nil for rows without energy and for other
  /// orders.
  package let scope: Scope?
  package let figures: [Figure]
  /// The place of each figure in the whole section, from 1.
  package let ranks: [Int]
  /// How many figures of the section are left out.
  package var hidden: Int = 0

  package var algorithm: AlgorithmID { work.algorithm }
  package var unit: WorkUnit { work.unit }

  package init(work: WorkIdentity, scope: Scope?, figures: [Figure]) {
    self.init(
      work: work, scope: scope, figures: figures, ranks: Array(1..<(figures.count + 1)))
  }

  fileprivate init(work: WorkIdentity, scope: Scope?, figures: [Figure], ranks: [Int]) {
    self.work = work
    self.scope = scope
    self.figures = figures
    self.ranks = ranks
  }

  /// The section with the first so many figures, and those of some hardware wherever they stand.
  fileprivate func limited(to count: Int, keeping hardware: Set<HardwareID>) -> RankingSection {
    let kept = figures.indices.filter { $0 < count || hardware.contains(figures[$0].hardwareID) }
    var section = RankingSection(
      work: work, scope: scope, figures: kept.map { figures[$0] }, ranks: kept.map { ranks[$0] })
    section.hidden = figures.count - kept.count
    return section
  }

  /// Scopes that occur, so that a reader is told when one table holds more than one.
  package var scopes: Set<Scope> { Set(figures.compactMap { $0.energy.value?.scope }) }
}

/// The report model of every table: sections by work and, where the order depends on energy, by scope.
package struct Ranking: Hashable, Sendable {
  package let sort: SortKey
  /// Our own algorithms first, others by name; scopes from the whole machine inwards, rows without energy last.
  package let sections: [RankingSection]
  /// Hardware whose rows are marked: that of the machine at hand.
  package let marked: Set<HardwareID>
  /// What rate and power are told for one of, and how many figures could not be.
  package let part: MachinePart?
  package let withoutPart: Int

  private struct Place: Hashable {
    let work: WorkIdentity
    let scope: Scope?
    var key: (Int, String, String, UInt32, Int, String) {
      let ours = Ranking.algorithmOrder.firstIndex(of: work.algorithm)
      return (
        ours ?? Ranking.algorithmOrder.count, work.algorithm.rawValue, work.unit.rawValue,
        work.epoch ?? .max, scope.map(ScopeTraits.rank) ?? .max, scope?.rawValue ?? ""
      )
    }
  }

  private static let algorithmOrder = AlgorithmID.known

  /// Filters and sorts.
  ///
  /// Figures of different units or epochs are never in one ranking, nor those of different scopes in one by energy: joules of a memory controller and joules at
  /// the wall are not the same thing.
  package init(
    _ figures: [Figure], _ query: RankingQuery = RankingQuery(), marked: Set<HardwareID> = []
  ) {
    let sort = query.sort
    self.sort = sort
    self.marked = marked
    part = query.part
    let accepted = Figure.withoutTwins(figures.filter(query.accepts))
    let shown = query.part.map { part in accepted.compactMap { $0.per(part) } } ?? accepted
    withoutPart = accepted.count - shown.count
    // A claim names no epoch: it stands beside the latest that was measured.
    let latest = Dictionary(
      shown.compactMap { figure in figure.epoch.map { (figure.algorithm, $0) } },
      uniquingKeysWith: max)
    let groups = Dictionary(grouping: shown) { figure in
      let epoch =
        figure.epoch ?? (figure.provenance == .claimed ? latest[figure.algorithm] : nil)
      return Place(
        work: WorkIdentity(algorithm: figure.algorithm, unit: figure.workUnit, epoch: epoch),
        scope: sort.dependsOnScope ? figure.energy.value?.scope : nil)
    }
    sections = groups.sorted { $0.key.key < $1.key.key }.map { place, figures in
      RankingSection(
        work: place.work, scope: place.scope, figures: Ranking.sorted(figures, by: sort))
    }
  }

  private init(_ whole: Ranking, _ sections: [RankingSection]) {
    sort = whole.sort
    marked = whole.marked
    part = whole.part
    withoutPart = whole.withoutPart
    self.sections = sections
  }

  /// The best so many of each work, the widest scope first, and every marked row.
  package func limited(to count: Int) -> Ranking {
    var left: [WorkIdentity: Int] = [:]
    let sections = sections.compactMap { section -> RankingSection? in
      let room = left[section.work] ?? count
      left[section.work] = Swift.max(0, room - section.figures.count)
      let limited = section.limited(to: room, keeping: marked)
      return limited.figures.isEmpty ? nil : limited
    }
    return Ranking(self, sections)
  }

  package var figures: [Figure] { sections.flatMap(\.figures) }

  /// What one figure may come before another for.
  private enum Criterion {
    case efficiency, throughput, power, grade, device, kernel, threads, scope, source
  }

  private static func sorted(_ figures: [Figure], by key: SortKey) -> [Figure] {
    let first: [Criterion] =
      switch key {
      case .efficiency, .joulesPerWork: [.efficiency, .throughput]
      case .throughput: [.throughput, .efficiency]
      case .power: [.power, .efficiency]
      case .device: [.device, .efficiency]
      case .kernel: [.kernel, .efficiency, .throughput]
      case .scope: [.scope, .efficiency, .throughput]
      case .grade: [.grade, .efficiency, .throughput]
      }
    // The rest makes the order total, so that the same files always give the same table.
    let criteria = first + [.device, .kernel, .threads, .scope, .source]
    // Places are moved, for a figure is large.
    return figures.indices.sorted { left, right in
      for criterion in criteria {
        let order = order(figures[left], figures[right], criterion)
        if order != 0 { return order < 0 }
      }
      return false
    }.map { figures[$0] }
  }

  private static func order(
    _ left: borrowing Figure, _ right: borrowing Figure, _ criterion: Criterion
  ) -> Int {
    switch criterion {
    case .efficiency:
      descending(left.energy.value?.workPerJoule.value, right.energy.value?.workPerJoule.value)
    case .throughput: descending(left.throughput?.value, right.throughput?.value)
    case .power:
      ascending(
        left.energy.value?.power?.value ?? .infinity, right.energy.value?.power?.value ?? .infinity)
    case .grade: descending(left.grade?.rawValue, right.grade?.rawValue)
    case .device: ascending(left.deviceName, right.deviceName)
    case .kernel: ascending(left.kernel?.rawValue ?? "", right.kernel?.rawValue ?? "")
    case .threads: ascending(left.placement?.workers ?? 0, right.placement?.workers ?? 0)
    case .scope:
      ascending(
        left.energy.value?.scope.rawValue ?? "~", right.energy.value?.scope.rawValue ?? "~")
    case .source: ascending(left.source.name, right.source.name)
    }
  }

  private static func ascending<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
    left < right ? -1 : left > right ? 1 : 0
  }

  /// Greater first; what has no value comes last.
  private static func descending<Value: Comparable>(_ left: Value?, _ right: Value?) -> Int {
    switch (left, right) {
    case (nil, nil): 0
    case (nil, _?): 1
    case (_?, nil): -1
    case (let left?, let right?): ascending(right, left)
    }
  }
}
