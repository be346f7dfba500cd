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

  package init(
    algorithms: [AlgorithmID] = [], kernels: [KernelID] = [], devices: [String] = [],
    scopes: [Scope] = [], minimumGrade: Grade? = nil, provenance: Provenance? = nil,
    efficiency: EfficiencyLimit? = nil, everyClaim: Bool = true, sort: SortKey = .efficiency
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
    let known = [name.lowercased(), id.rawValue.lowercased()]
    return devices.isEmpty
      || devices.contains { part in known.contains { $0.contains(part.lowercased()) } }
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

/// The figures of one algorithm in one unit, sorted; of one scope only where the order depends on energy.
package struct RankingSection: Hashable, Sendable {
  package let algorithm: AlgorithmID
  /// What all rows count.
  package let unit: WorkUnit
  /// The scope that all rows share when the table is sorted by energy; nil for rows without energy and for other
  /// orders.
  package let scope: Scope?
  package let figures: [Figure]

  /// Scopes that occur, so that a reader is told when one table holds more than one.
  package var scopes: Set<Scope> { Set(figures.compactMap { $0.energy.value?.scope }) }
}

/// The report model of every table: sections by algorithm and, where the order depends on energy, by scope.
package struct Ranking: Hashable, Sendable {
  package let sort: SortKey
  /// Our own algorithms first, others by name; scopes from the whole machine inwards, rows without energy last.
  package let sections: [RankingSection]

  private struct Place: Hashable {
    let algorithm: AlgorithmID
    let unit: WorkUnit
    let scope: Scope?
    var key: (Int, String, String, Int, String) {
      let ours = Ranking.algorithmOrder.firstIndex(of: algorithm)
      return (
        ours ?? Ranking.algorithmOrder.count, algorithm.rawValue,
        unit.rawValue, scope.map(ScopeTraits.rank) ?? .max, scope?.rawValue ?? ""
      )
    }
  }

  private static let algorithmOrder: [AlgorithmID] = [.sha256d, .scrypt, .keccak256]

  /// Filters and sorts.
  ///
  /// Figures of different units are never in one ranking, nor those of different scopes in one by energy: joules of a memory controller and joules at
  /// the wall are not the same thing.
  package init(_ figures: [Figure], _ query: RankingQuery = RankingQuery()) {
    let sort = query.sort
    self.sort = sort
    let groups = Dictionary(grouping: figures.filter(query.accepts)) { figure in
      Place(
        algorithm: figure.algorithm, unit: figure.workUnit,
        scope: sort.dependsOnScope ? figure.energy.value?.scope : nil)
    }
    sections = groups.sorted { $0.key.key < $1.key.key }.map { place, figures in
      RankingSection(
        algorithm: place.algorithm, unit: place.unit, scope: place.scope,
        figures: figures.sorted { Ranking.precedes($0, $1, sort) })
    }
  }

  package var figures: [Figure] { sections.flatMap(\.figures) }

  private static func precedes(_ left: Figure, _ right: Figure, _ key: SortKey) -> Bool {
    let efficiency = descending(
      left.energy.value?.workPerJoule.value, right.energy.value?.workPerJoule.value)
    let throughput = descending(left.throughput?.value, right.throughput?.value)
    let device = ascending(left.deviceName, right.deviceName)
    let kernel = ascending(left.kernel?.rawValue ?? "", right.kernel?.rawValue ?? "")
    let scope = ascending(
      left.energy.value?.scope.rawValue ?? "~", right.energy.value?.scope.rawValue ?? "~")
    let power = ascending(
      left.energy.value?.power?.value ?? .infinity, right.energy.value?.power?.value ?? .infinity)
    let grade = descending(left.grade?.rawValue, right.grade?.rawValue)
    let threads = ascending(left.placement?.workers ?? 0, right.placement?.workers ?? 0)
    let source = ascending(left.source.name, right.source.name)
    let first: [Int] =
      switch key {
      case .efficiency, .joulesPerWork: [efficiency, throughput]
      case .throughput: [throughput, efficiency]
      case .power: [power, efficiency]
      case .device: [device, efficiency]
      case .kernel: [kernel, efficiency, throughput]
      case .scope: [scope, efficiency, throughput]
      case .grade: [grade, efficiency, throughput]
      }
    // The rest makes the order total, so that the same files always give the same table.
    let all = first + [device, kernel, threads, scope, source]
    return (all.first { $0 != 0 } ?? 0) < 0
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
