internal import Model

/// Which groups stand against which, and what must not.
struct FigureMatching {
  private(set) var pairs: [FigurePair] = []
  private(set) var refusals: [String]
  private(set) var relation: MachineRelation = .different

  /// - Throws: `Failure` when the two sides have no device to compare.
  init(base: [FigureGroup], new: [FigureGroup], _ options: ComparisonOptions) throws(Failure) {
    refusals = options.pairing?.refusals ?? []
    let olds = Set(base.map(\.key.hardware))
    let youngs = Set(new.map(\.key.hardware))
    guard !base.isEmpty, !new.isEmpty else {
      throw Failure(
        .badInput, "the \(base.isEmpty ? "base" : "new side") holds no figures to compare",
        remedy: "give results or profiles with at least one measured series")
    }
    let common = olds.intersection(youngs)
    if common.isEmpty {
      guard olds.count == 1, youngs.count == 1 else {
        throw Failure(
          .badInput,
          "the sides have no device in common: \(Self.list(olds)) against \(Self.list(youngs))",
          remedy: "compare one device with one device, or sets of the same devices")
      }
      match(base, new, options)
    } else {
      for device in (olds.union(youngs)).sorted(by: { $0.rawValue < $1.rawValue }) {
        guard common.contains(device) else {
          refusals.append(
            "\(device): only on \(olds.contains(device) ? "the base" : "the new side")")
          continue
        }
        match(
          base.filter { $0.key.hardware == device }, new.filter { $0.key.hardware == device },
          options)
      }
    }
    let old = Set(base.flatMap(\.runs).map(\.machine))
    let young = Set(new.flatMap(\.runs).map(\.machine))
    relation = old.count == 1 && old == young && !old.contains(nil) ? .same : .different
  }

  private mutating func match(
    _ base: [FigureGroup], _ new: [FigureGroup], _ options: ComparisonOptions
  ) {
    let algorithms = Set(base.map(\.key.algorithm)).union(new.map(\.key.algorithm))
    for algorithm in algorithms.sorted(by: { $0.rawValue < $1.rawValue }) {
      let olds = base.filter { $0.key.algorithm == algorithm }
      let youngs = new.filter { $0.key.algorithm == algorithm }
      guard !olds.isEmpty, !youngs.isEmpty else {
        refusals.append("\(algorithm): only on \(olds.isEmpty ? "the new side" : "the base")")
        continue
      }
      for pair in Self.pairs(olds, youngs, options) {
        if let refusal = Self.refusal(pair, options) {
          refusals.append("\(algorithm): \(refusal)")
        } else {
          pairs.append(pair)
          refusals += Self.scopeRefusals(pair).map { "\(algorithm): \($0)" }
        }
      }
    }
  }

  /// Kernel by kernel where both sides have it, else the fastest of each side: on other hardware another kernel is
  /// the right one.
  private static func pairs(
    _ olds: [FigureGroup], _ youngs: [FigureGroup], _ options: ComparisonOptions
  ) -> [FigurePair] {
    let exact = olds.flatMap { old in
      youngs.filter { young in
        options.stand(old.key, young.key) && young.key.placement == old.key.placement
          && young.key.provenance == old.key.provenance
      }.map { FigurePair(base: old, new: $0) }
    }
    if !exact.isEmpty || options.pairing != nil { return ofOneEpoch(exact) }
    let all = olds.flatMap { old in youngs.map { FigurePair(base: old, new: $0) } }
    let equal = all.filter(\.isOfOneEpoch)
    return (equal.isEmpty ? all : equal).max {
      ($0.base.throughput, $0.new.throughput) < ($1.base.throughput, $1.new.throughput)
    }.map { [$0] } ?? []
  }

  /// Without the pairs of two epochs whose figures both have one of their own.
  private static func ofOneEpoch(_ pairs: [FigurePair]) -> [FigurePair] {
    let equal = pairs.filter(\.isOfOneEpoch)
    let olds = Set(equal.map(\.base.key))
    let youngs = Set(equal.map(\.new.key))
    return pairs.filter { pair in
      pair.isOfOneEpoch || !(olds.contains(pair.base.key) && youngs.contains(pair.new.key))
    }
  }

  private static func refusal(_ pair: FigurePair, _ options: ComparisonOptions) -> String? {
    if pair.base.key.provenance != pair.new.key.provenance, !options.allowsClaims {
      return "a published claim against a measurement; --allow-claims compares them all the same"
    }
    let works = (pair.base.key.work, pair.new.key.work)
    if works.0.unit != works.1.unit {
      return "other work units, \(works.0.unit.plural) against \(works.1.unit.plural)"
    }
    let olds = Set(pair.base.runs.map(\.suite))
    let youngs = Set(pair.new.runs.map(\.suite))
    let isMeasured = pair.base.key.provenance == .measured && pair.new.key.provenance == .measured
    if isMeasured, works.0.epoch != works.1.epoch {
      return
        "other epochs, \(epoch(works.0)) against \(epoch(works.1)), whose datasets are of other sizes; "
        + "measure both with one --epoch"
    }
    if isMeasured, olds != youngs, !options.allowsOtherSuite {
      return "different suites, \(list(olds)) against \(list(youngs)); "
        + "--allow-other-suite compares them all the same"
    }
    return nil
  }

  private static func epoch(_ work: WorkIdentity) -> String {
    work.epoch.map { "\($0)" } ?? "none told"
  }

  private static func scopeRefusals(_ pair: FigurePair) -> [String] {
    let olds = pair.base.scopes
    let youngs = pair.new.scopes
    guard olds.filter(youngs.contains).isEmpty else { return [] }
    if olds.isEmpty || youngs.isEmpty {
      let side = olds.isEmpty ? "the base" : "the new side"
      return olds.isEmpty && youngs.isEmpty ? [] : ["energy: \(side) has none"]
    }
    return [
      "energy: scope \(list(olds)) against \(list(youngs)), which do not measure the same thing"
    ]
  }

  /// What a reader must know beside the rows.
  func notes(_ relation: MachineRelation) -> [String] {
    var notes: [String] = []
    if relation == .different {
      notes.append(
        "Different machines: energy intervals hold each meter's own accuracy; "
          + "one unit of a model does not stand for all units of it.")
    }
    var seen: Set<String> = []
    for pair in pairs {
      let old = pair.base.figure
      let young = pair.new.figure
      if old.epoch != young.epoch {
        let epochs = [old, young].map { $0.epoch.map { "\($0)" } ?? "not named" }
        let line = "Differs: epoch, \(epochs[0]) against \(epochs[1])."
        if seen.insert(line).inserted { notes.append(line) }
      }
      // Of a claim nothing is known, which is no difference.
      let isMeasured = old.provenance == .measured && young.provenance == .measured
      let names =
        isMeasured ? Set(old.context.keys).union(young.context.keys).sorted() : []
      for name in names {
        let before = old.context[name] ?? "not known"
        let after = young.context[name] ?? "not known"
        let line = "Differs: \(name), \(before) against \(after)."
        if before != after, seen.insert(line).inserted { notes.append(line) }
      }
      for (side, figure) in [("base", old), ("new side", young)] {
        let line = "The \(side)'s run is partial: it ended early, and only finished windows count."
        if !figure.isComplete, seen.insert(line).inserted { notes.append(line) }
      }
    }
    return notes
  }

  private static func list(_ values: some Sequence<HardwareID>) -> String {
    values.map(\.rawValue).sorted().joined(separator: ", ")
  }

  private static func list(_ values: some Sequence<Scope>) -> String {
    values.map(\.rawValue).sorted().joined(separator: ", ")
  }

  private static func list(_ values: some Sequence<String?>) -> String {
    values.map { $0 ?? "custom" }.sorted().joined(separator: ", ")
  }
}

extension FigurePair {
  fileprivate var isOfOneEpoch: Bool { base.key.work.epoch == new.key.work.epoch }
}

extension ComparisonOptions {
  /// Whether two kernels stand against one another.
  fileprivate func stand(_ old: FigureGroup.Key, _ young: FigureGroup.Key) -> Bool {
    if let pairing {
      return pairing.pairs.contains {
        $0.algorithm == old.algorithm && $0.base == old.kernel && $0.new == young.kernel
      }
    }
    // Both were chosen by name.
    if baseKernel != nil, newKernel != nil { return true }
    return old.kernel == young.kernel
  }
}
