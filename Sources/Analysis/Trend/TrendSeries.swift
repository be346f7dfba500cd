package import Model
internal import Statistics
internal import Text

/// One run in a series.
package struct TrendPoint: Hashable, Sendable {
  /// What the series is ordered by: a time, a version, a commit.
  package let key: String
  /// The file.
  package let source: String
  /// Seconds since 1970.
  package let startedAt: Double
  package let value: Double
  /// 95 % interval of the value from the run's own windows; nil with one window.
  package let lower: Double?
  package let upper: Double?
  /// What else may explain a change: `tool`, `microcode`, `governor`, ...
  package let context: [String: String]
  /// Whether it lies further from the median of its level than chance explains.
  package internal(set) var isOutlier = false
}

/// Values between two changes.
package struct TrendLevel: Hashable, Sendable {
  /// Indices of its points.
  package let range: Range<Int>
  package let median: Double
  /// Median over that of the level before, less one; nil for the first level.
  package let change: Double?
  /// Of the change that began it, by chance; nil for the first level.
  package let probability: Double?
  /// What is not as it was on the last point before: name, then, now.
  package let differences: [ContextChange]
}

/// Something that was another at a change.
package struct ContextChange: Hashable, Sendable {
  package let name: String
  package let before: String
  package let after: String

  package var text: String { "\(name) \(before) -> \(after)" }
}

/// What the newest run says against the level before it.
package struct NewestPoint: Hashable, Sendable {
  /// Value over the median of the level's other points.
  package let ratio: Double
  /// 98 % interval of the ratio, from the scatter of the level: beyond one of its ends lies one in a hundred; nil for fewer than
  /// four points.
  package let lower: Double?
  package let upper: Double?
  package let gates: [GateOutcome]
}

/// Runs of equal hardware, kernel and plan in one order, and where they change.
package struct TrendSeries: Hashable, Sendable {
  package let deviceName: String
  package let hardwareID: HardwareID
  package let work: WorkIdentity
  package let kernel: KernelID?
  package let placement: PlacementName?
  package let plan: String
  package let quantity: ComparedQuantity
  /// Of an efficiency; nil for throughput.
  package let scope: Scope?
  package let points: [TrendPoint]
  /// At least one, in order.
  package let levels: [TrendLevel]
  /// Parts that creep rather than step.
  package let drifts: [Range<Int>]
  /// Nil for a series of one point.
  package let newest: NewestPoint?
}

/// How trends are to be made.
package struct TrendOptions: Hashable, Sendable {
  package enum Order: Hashable, Sendable {
    case time
    /// By the version of the program, then by time.
    case tool
    /// By a list of commits: the place of each record's name, and its commit.
    case commits([String: TrendPlace])
  }

  package var order: Order
  package var gates: [ComparisonGate]

  package init(order: Order = .time, gates: [ComparisonGate] = []) {
    self.order = order
    self.gates = gates
  }
}

/// Where a file stands in a given order.
package struct TrendPlace: Hashable, Sendable {
  package let position: Int
  package let key: String

  package init(position: Int, key: String) {
    self.position = position
    self.key = key
  }
}

extension TrendSeries {
  private struct Key: Hashable {
    let hardware: HardwareID
    let machine: String?
    let work: WorkIdentity
    let kernel: KernelID?
    let placement: PlacementName?
    let plan: String
    let quantity: ComparedQuantity
    let scope: Scope?
    let meterKind: MeterKind?

    static func < (left: Key, right: Key) -> Bool {
      left.words.lexicographicallyPrecedes(right.words)
    }

    private var words: [String] {
      [
        hardware.rawValue, machine ?? "", "\(work)", kernel?.rawValue ?? "",
        placement.map { "\($0)" } ?? "", plan, quantity == .throughput ? "0" : "1",
        scope?.rawValue ?? "", meterKind?.rawValue ?? "",
      ]
    }
  }

  private struct Entry {
    let figure: Figure
    let value: Double
    let spread: ExpandedUncertainty?
    let place: (position: Int, version: [Int], key: String)
  }

  /// Every series among the figures of results; profiles have no place in time, and what an order does not name is left out.
  ///
  /// - Returns: the series in order, and the names of files that the order does not name.
  package static func all(
    of figures: [Figure], _ options: TrendOptions
  ) -> (series: [TrendSeries], unnamed: [String]) {
    var entries: [Key: [Entry]] = [:]
    var unnamed: Set<String> = []
    for own in Dictionary(grouping: figures, by: SeriesOfFile.init).values {
      guard let first = own.first, first.startedAt != nil, first.isComplete else { continue }
      guard let place = place(of: first, options.order) else {
        unnamed.insert(first.source.shortName)
        continue
      }
      func add(
        _ quantity: ComparedQuantity, _ energy: EnergyFigure?, _ value: Double,
        _ spread: ExpandedUncertainty?
      ) {
        guard value.isFinite, value > 0 else { return }
        let key = Key(
          hardware: first.hardwareID, machine: first.machine, work: first.work,
          kernel: first.kernel, placement: first.placement, plan: first.context["plan"] ?? "",
          quantity: quantity, scope: energy?.scope,
          meterKind: energy?.kind)
        entries[key, default: []].append(
          Entry(figure: first, value: value, spread: spread, place: place))
      }
      if let throughput = first.throughput {
        add(.throughput, nil, throughput.value, first.throughputSpread)
      }
      let energies = own.compactMap(\.energy.value).sorted { $0.scope.rawValue < $1.scope.rawValue }
      if let energy = Figure.headline(among: own)?.energy.value ?? energies.first {
        add(.efficiency, energy, energy.workPerJoule.value, energy.repeatability)
      }
    }
    return (
      entries.keys.sorted(by: <).map { TrendSeries($0, entries[$0] ?? [], options.gates) },
      unnamed.sorted()
    )
  }

  private struct SeriesOfFile: Hashable {
    let file: String
    let work: WorkIdentity
    let kernel: KernelID?
    let placement: PlacementName?

    init(_ figure: Figure) {
      file = figure.source.name
      work = figure.work
      kernel = figure.kernel
      placement = figure.placement
    }
  }

  private static func place(
    of figure: Figure, _ order: TrendOptions.Order
  ) -> (position: Int, version: [Int], key: String)? {
    let tool = figure.context["tool"] ?? ""
    switch order {
    case .time: return (0, [], UTCText.dateAndTime(figure.startedAt ?? 0))
    case .tool:
      let numbers = tool.split { !$0.isASCII || !$0.isNumber }.map { Int($0) ?? 0 }
      return (0, numbers, tool)
    case .commits(let places):
      return places[RecordName.of(figure.source.name)].map { ($0.position, [], $0.key) }
    }
  }

  private init(_ key: Key, _ entries: [Entry], _ gates: [ComparisonGate]) {
    let sorted = entries.sorted { left, right in
      if left.place.position != right.place.position {
        return left.place.position < right.place.position
      }
      if left.place.version != right.place.version {
        return left.place.version.lexicographicallyPrecedes(right.place.version)
      }
      return (left.figure.startedAt ?? 0, left.figure.source.name)
        < (right.figure.startedAt ?? 0, right.figure.source.name)
    }
    var points = sorted.map { entry in
      let bounded = Bounded(entry.value, entry.spread)
      return TrendPoint(
        key: entry.place.key, source: entry.figure.source.name,
        startedAt: entry.figure.startedAt ?? 0, value: entry.value, lower: bounded.lower,
        upper: bounded.upper, context: entry.figure.context)
    }
    let values = points.map(\.value)
    let found = ChangePoints(values)
    let levels = Self.levels(points, found)
    for level in levels where !found.drifts.contains(level.range) {
      Self.markOutliers(in: level, &points)
    }
    self.init(
      deviceName: sorted.last?.figure.deviceName ?? "", hardwareID: key.hardware,
      work: key.work, kernel: key.kernel, placement: key.placement, plan: key.plan,
      quantity: key.quantity, scope: key.scope, points: points, levels: levels,
      drifts: found.drifts,
      newest: Self.newest(values, levels, gates.filter { $0.quantity == key.quantity }))
  }

  private static func levels(_ points: [TrendPoint], _ found: ChangePoints) -> [TrendLevel] {
    let segments = found.segments(of: points.count)
    var before: Double?
    return segments.enumerated().map { index, range in
      let median = Descriptive.median(points[range].map(\.value)) ?? 0
      defer { before = median }
      let isFirst = index == 0
      return TrendLevel(
        range: range, median: median, change: before.map { median / $0 - 1 },
        probability: isFirst ? nil : found.changes[index - 1].probability,
        differences: isFirst
          ? [] : differences(points[range.lowerBound - 1], points[range.lowerBound]))
    }
  }

  private static func differences(_ before: TrendPoint, _ after: TrendPoint) -> [ContextChange] {
    Set(before.context.keys).union(after.context.keys).sorted().compactMap { name in
      let old = before.context[name] ?? "not recorded"
      let new = after.context[name] ?? "not recorded"
      return old == new ? nil : ContextChange(name: name, before: old, after: new)
    }
  }

  private static func markOutliers(in level: TrendLevel, _ points: inout [TrendPoint]) {
    let values = points[level.range].map(\.value)
    guard let distance = OutlierFactor.distance(count: values.count, tests: 1),
      let spread = RobustScale.deviation(values), spread > 0
    else { return }
    for index in level.range where abs(points[index].value - level.median) > distance * spread {
      points[index].isOutlier = true
    }
  }

  /// Fewer points show no change.
  package static let leastPoints = ChangePoints.leastCount

  /// Least number of points that the newest one is held against.
  package static let leastReference = 4

  /// The newest point against those of its level before it; where a change has just begun with it, against the level before.
  private static func newest(
    _ values: [Double], _ levels: [TrendLevel], _ gates: [ComparisonGate]
  ) -> NewestPoint? {
    guard let last = values.last, let level = levels.last, values.count >= 2 else { return nil }
    // A level that is too short to judge by is no norm yet: the one before it is.
    let own = Array(values[level.range].dropLast())
    let earlier = levels.dropLast().last.map { Array(values[$0.range]) }
    let reference = own.count >= leastReference ? own : earlier ?? own
    guard let median = Descriptive.median(reference), median > 0 else { return nil }
    let ratio = last / median
    var bounds: (lower: Double, upper: Double)?
    if reference.count >= leastReference, let spread = RobustScale.deviation(reference) {
      // A new value scatters as the others do, and the median is itself uncertain by 1.2533 s / sqrt n; Qn has 82 % of the
      // degrees of freedom of a standard deviation, and less in small groups.
      let count = Double(reference.count)
      let factor = StudentT.factor(
        confidence: 0.98, degreesOfFreedom: max(1, 0.7 * (count - 1)))
      let half = factor * spread / median * (1 + 1.5708 / count).squareRoot()
      bounds = (ratio - half, ratio + half)
    }
    return NewestPoint(
      ratio: ratio, lower: bounds?.lower, upper: bounds?.upper,
      gates: gates.map { GateOutcome($0, ratio: ratio, bounds: bounds) })
  }
}

/// Every series, and what was asked of them.
package struct TrendReport: Hashable, Sendable {
  package let series: [TrendSeries]
  package let gates: [ComparisonGate]
  package let isStrict: Bool
  package let notes: [String]

  package init(_ series: [TrendSeries], gates: [ComparisonGate], isStrict: Bool, notes: [String]) {
    self.series = series
    self.gates = gates
    self.isStrict = isStrict
    self.notes = notes
  }

  /// Whether the newest point of every series holds the gates; what cannot be told fails only where that was asked for.
  package var passes: Bool {
    let outcomes = series.flatMap { $0.newest?.gates ?? [] }
    if outcomes.contains(where: { $0.verdict == .fail }) { return false }
    guard isStrict else { return true }
    return !outcomes.contains { $0.verdict == .cannotTell }
      && gates.allSatisfy { gate in outcomes.contains { $0.gate == gate } }
  }

  /// One sentence.
  package var conclusion: String {
    let changes = series.reduce(0) { $0 + $1.levels.count - 1 }
    let found =
      "\(CountText.text(changes, "change")) in "
      + (series.count == 1 ? "1 series" : "\(series.count) series")
    guard !gates.isEmpty else { return "no gate was set: \(found)" }
    let outcomes = series.flatMap { $0.newest?.gates ?? [] }
    let failed = outcomes.count { $0.verdict == .fail }
    let open = outcomes.count { $0.verdict == .cannotTell }
    if failed > 0 { return "regression: \(failed) of \(outcomes.count) gates failed; \(found)" }
    if outcomes.isEmpty { return "no gate could be judged; \(found)" }
    let doubt =
      open > 0 ? " as far as can be told: \(open) of \(outcomes.count) cannot be judged" : ""
    return "gates held\(doubt)\(passes ? "" : ", which --strict does not let pass"); \(found)"
  }
}
