package import Model
internal import Statistics

/// What the shares of one series prove.
package struct ProvenSeries: Hashable, Sendable {
  package let series: SeriesID
  package let windows: Int
  package let unit: WorkUnit
  package let units: UInt64
  package let shares: Int
  /// Those of them that were hashed again: all, but of very many of a miner whose shares take long.
  package let hashed: Int
  /// The part of all that may be false and still be missed once in twenty; 0 where all were hashed.
  package let mostFalse: Double
  /// Relative half-width of the 95 % interval of an amount of work that rests on so many shares.
  package let relativeError: Double
}

/// Checks that a result's work was done: structure, shares by the reference, and their number.
package struct WorkVerification: Sendable {
  /// Probability that the counting tests together call a true result false.
  package static let falseAlarm = 1e-6

  private let result: RunResult
  private let references: any ReferenceProvider
  private let draw: ShareDraw

  package init(
    _ result: RunResult, references: any ReferenceProvider, draw: ShareDraw = ShareDraw()
  ) {
    self.result = result
    self.references = references
    self.draw = draw
  }

  /// Every check, in the order of the file.
  ///
  /// - Throws: `Falsehood` for the first thing that is false; `Failure` for an algorithm without a reference.
  package func verify(_ stated: [SampleFigures], judge: Judge) throws -> [ProvenSeries] {
    try workers()
    let work = try WorkJudge(result, references: references)
    try shapes(work)
    for index in result.samples.indices { try sample(index) }
    try time()
    for index in result.samples.indices {
      try energy(result.samples[index], place: "samples[\(index)]")
    }
    try preparations()
    try disjoint()
    for index in result.samples.indices { try figures(index, stated[index]) }
    let proofs = ProofVerification(result, work, draw)
    try proofs.verifyStructure()
    try shares(work, judge)
    return try counts() + proofs.verifyHashes(judge)
  }

  // MARK: Structure

  private func workers() throws {
    var seen: Set<SeriesID> = []
    for (index, workers) in result.workers.enumerated() {
      let place = "workers[\(index)]"
      guard seen.insert(workers.series).inserted else {
        throw Falsehood(place, "the series \(workers.series) is there for the second time")
      }
      guard workers.placement.name == workers.series.placement else {
        throw Falsehood(
          "\(place).placement",
          "\(workers.placement.name), but the series has \(workers.series.placement)")
      }
      if let problem = workers.placement.problem {
        throw Falsehood("\(place).placement", problem)
      }
    }
  }

  /// What follows from the algorithm must be what the file says of it.
  private func shapes(_ work: WorkJudge) throws {
    for (index, workers) in result.workers.enumerated() {
      guard let shape = work.shape(of: workers.series) else { continue }
      guard workers.unit == shape.unit else {
        throw Falsehood(
          "workers[\(index)].work_unit",
          "\(workers.series.algorithm) counts \(shape.unit.plural), not \(workers.unit.plural)")
      }
      guard workers.datasetSize == work.reference(of: workers.series)?.datasetSize else {
        throw Falsehood(
          "workers[\(index)].facts.dataset_bytes",
          "not the size of the dataset that \(workers.series.algorithm) works on"
            + (workers.epoch.map { " in epoch \($0)" } ?? ""))
      }
      guard !shape.countsAttempts || workers.unitsPerAttempt == 1 else {
        throw Falsehood("workers[\(index)].units_per_attempt", "an attempt is one hash")
      }
      for (number, sample) in result.samples.enumerated() where sample.series == workers.series {
        let place = "samples[\(number)]"
        guard sample.kind != .load || sample.unit == shape.unit else {
          throw Falsehood("\(place).work_unit", "not the unit of \(workers.series)")
        }
        guard
          !shape.countsAttempts || sample.spans.allSatisfy({ $0.units == $0.attempts })
        else { throw Falsehood("\(place).spans", "more or fewer hashes than attempts") }
        if let wrong = sample.shares.firstIndex(where: {
          $0.payload.count != shape.payloadSize
        }) {
          throw Falsehood(
            "\(place).shares[\(wrong)]",
            "its payload has \(sample.shares[wrong].payload.count) bytes where "
              + "\(shape.payloadSize) belong")
        }
      }
    }
  }

  private func sample(_ index: Int) throws {
    let sample = result.samples[index]
    let place = "samples[\(index)]"
    let meters = sample.energy.map(\.meter)
    guard Set(meters).count == meters.count,
      Set(meters).isSubset(of: result.meters.map(\.id))
    else { throw Falsehood("\(place).energy", "a meter that is named twice or not described") }
    guard sample.kind == .load else {
      guard sample.shares.isEmpty else {
        throw Falsehood("\(place).shares", "shares in a window without work")
      }
      return
    }
    guard let series = sample.series, let workers = workers(of: series) else {
      throw Falsehood("\(place).series", "a series that \"workers\" does not describe")
    }
    guard sample.origin == .counted else {
      // A count of shares is nobody's proof; what stands behind it is hashed by `ProofVerification`.
      guard sample.proof != nil else {
        throw Falsehood(
          "\(place).proven", "work is said to be proven, and the file holds no proof of it")
      }
      return
    }
    guard sample.spans.map(\.worker) == Array(0..<series.workers) else {
      throw Falsehood("\(place).spans", "not one span for each of \(series.workers) workers")
    }
    for (number, span) in sample.spans.enumerated() {
      try instants(span, of: workers, sample, place: "\(place).spans[\(number)]")
    }
    for (number, share) in sample.shares.enumerated() {
      let sharePlace = "\(place).shares[\(number)]"
      if number > 0, sample.shares[number - 1] >= share {
        throw Falsehood(
          sharePlace,
          sample.shares[number - 1] == share
            ? "\(text(share)) is there twice" : "\(text(share)) is out of order")
      }
      guard share.worker < sample.spans.count else {
        throw Falsehood(sharePlace, "\(text(share)) is of a worker that the series does not have")
      }
      let span = sample.spans[share.worker]
      guard span.from <= share.position, share.position < span.to else {
        throw Falsehood(sharePlace, "\(text(share)) lies outside the window's span")
      }
    }
  }

  /// What a busy machine may add between a worker's own instant and the look at it, in seconds.
  private static let delay = 0.1

  /// A worker's own instants lie before the window's, by no more than two of its calls, the time between two looks and
  /// the delay of a busy machine.
  private func instants(
    _ span: WorkerSpan, of workers: SeriesWorkers, _ sample: Sample, place: String
  ) throws {
    guard let from = span.fromInstant, let to = span.toInstant else { return }
    let call = Double(workers.batch) * to.since(from).value / Double(max(1, span.attempts))
    let margin = (workers.poll?.value ?? 0) + 2 * call + Self.delay
    for (own, window) in [(from, sample.start), (to, sample.end)] {
      let before = window.second.since(own).value
      guard own <= window.third, before <= margin else {
        throw Falsehood(
          place,
          "an instant of its own is \(before) s before the window's, where its calls explain \(margin) s"
        )
      }
    }
  }

  /// An energy's time must be about the window's own; how near a channel comes depends on its sensor's period.
  private func energy(_ sample: Sample, place: String) throws {
    let window = sample.end.energy.since(sample.start.energy).value
    let skew = sample.start.skew.value + sample.end.skew.value
    for (number, channel) in sample.energy.enumerated() {
      guard let interval = channel.interval.value,
        let meter = result.meters.first(where: { $0.id == channel.meter }),
        // A counter of unknown period is one of the CPU's, which move many times a second.
        let period = meter.updatePeriod?.value ?? (meter.quantity == .energyCounter ? 0.1 : nil)
      else { continue }
      let margin = skew + 2 * period + 0.02 * window
      guard abs(interval.duration.value - window) <= margin else {
        throw Falsehood(
          "\(place).energy[\(number)].interval.duration_s",
          "claims \(interval.duration.value); the window's instants give \(window)")
      }
    }
  }

  /// What was prepared lies in no window, took at least what the workers say of it, and its energies are of known meters and of
  /// its own time.
  private func preparations() throws {
    for (index, workers) in result.workers.enumerated() {
      for (number, preparation) in workers.preparations.enumerated() {
        let place = "workers[\(index)].preparations[\(number)]"
        let meters = preparation.energy.map(\.meter)
        guard Set(meters).count == meters.count,
          Set(meters).isSubset(of: result.meters.map(\.id))
        else { throw Falsehood("\(place).energy", "a meter that is named twice or not described") }
        let inside = result.samples.firstIndex {
          preparation.start.first < $0.end.third && $0.start.first < preparation.end.third
        }
        if let inside {
          throw Falsehood(place, "it overlaps samples[\(inside)], and is a part of no window")
        }
        try energy(preparation.window, place: place)
      }
      guard let longest = workers.preparations.map(\.duration.value).max(),
        case .number(let claimed)? = workers.facts[.preparation]
      else { continue }
      guard claimed <= longest + Self.delay else {
        throw Falsehood(
          "workers[\(index)].facts.preparation_s",
          "claims \(claimed) s; the clock around it gives \(longest) s at most")
      }
    }
  }

  /// Windows follow one another; two may share a snapshot.
  ///
  /// What devices did together is one window with a sample of each.
  private func time() throws {
    for (place, index) in result.resumedAt.enumerated() where index >= result.samples.count {
      throw Falsehood("resumed_before[\(place)]", "there is no sample of the number \(index)")
    }
    for index in result.samples.indices.dropFirst() where !isBeside(index) {
      guard result.samples[index].start.first >= result.samples[index - 1].end.first else {
        throw Falsehood(
          "samples[\(index)].start", "the window begins before the one before it ends")
      }
    }
  }

  /// Whether a sample is of the same window as the one before it: another device's, with the same instants and energy.
  private func isBeside(_ index: Int) -> Bool {
    let (before, sample) = (result.samples[index - 1], result.samples[index])
    guard result.plan.isTogether, let one = before.series, let other = sample.series else {
      return false
    }
    return before.kind == .load && sample.kind == .load && one.device != other.device
      && one.algorithm == other.algorithm && before.repeatIndex == sample.repeatIndex
      && before.start == sample.start && before.end == sample.end
      && before.energy == sample.energy
  }

  /// What work is derived from, apart from the sequence number that the spans hold.
  private struct WorkSpace: Hashable {
    let algorithm: AlgorithmID
    let device: DeviceID
    let kernel: KernelID
    let worker: Int
  }

  /// No attempt is counted in two windows.
  private func disjoint() throws {
    var spaces: [WorkSpace: [(sample: Int, span: WorkerSpan)]] = [:]
    for (index, sample) in result.samples.enumerated() where sample.kind == .load {
      guard let series = sample.series else { continue }
      for span in sample.spans {
        let space = WorkSpace(
          algorithm: series.algorithm, device: series.device, kernel: series.kernel,
          worker: span.worker)
        spaces[space, default: []].append((index, span))
      }
    }
    var found: (sample: Int, other: Int, worker: Int)?
    for spans in spaces.values {
      let ordered = spans.sorted { ($0.span.from, $0.span.to) < ($1.span.from, $1.span.to) }
      for (left, right) in zip(ordered, ordered.dropFirst())
      where right.span.from < left.span.to {
        let pair = (
          sample: max(left.sample, right.sample), other: min(left.sample, right.sample),
          worker: left.span.worker
        )
        if found.map({ (pair.sample, pair.worker) < ($0.sample, $0.worker) }) ?? true {
          found = pair
        }
      }
    }
    if let found {
      throw Falsehood(
        "samples[\(found.sample)].spans[\(found.worker)]",
        "counts attempts that samples[\(found.other)] has counted already")
    }
  }

  // MARK: Numbers

  private func figures(_ index: Int, _ stated: SampleFigures) throws {
    let derived = result.samples[index].figures
    let place = "samples[\(index)]"
    guard stated.units == derived.units else {
      throw Falsehood(
        "\(place).units", "claims \(stated.units); its spans give \(derived.units)")
    }
    guard isSame(stated.duration.value, derived.duration.value) else {
      throw Falsehood(
        "\(place).window_s",
        "claims \(stated.duration.value); its instants give \(derived.duration.value)")
    }
    switch (stated.throughput, derived.throughput) {
    case (nil, nil): break
    case (let claim?, let truth?) where isSame(claim, truth): break
    case (let claim, let truth):
      throw Falsehood(
        "\(place).rate_per_s",
        "claims \(claim.map { "\($0)" } ?? "nothing"); its work and time give "
          + (truth.map { "\($0)" } ?? "nothing"))
    }
  }

  /// Equal but for the last digits, which another way of summing may change.
  private func isSame(_ claim: Double, _ truth: Double) -> Bool {
    abs(claim - truth) <= 1e-12 * max(abs(claim), abs(truth))
  }

  // MARK: Shares

  private func shares(_ work: WorkJudge, _ judge: Judge) throws {
    let places = result.samples.indices.flatMap { sample in
      result.samples[sample].shares.indices.map { (sample: sample, share: $0) }
    }
    let samples = result.samples
    let wrong = try judge(places.count) { index in
      let sample = samples[places[index].sample]
      guard let series = sample.series else { return false }
      return work.judge(sample.shares[places[index].share], of: series)?.isMet ?? false
    }
    guard let wrong else { return }
    let (sample, share) = places[wrong]
    let proof = samples[sample].shares[share]
    let series = samples[sample].series
    let fault =
      series.flatMap { work.judge(proof, of: $0) }.map {
        "does not meet the target: its value is \(Hexadecimal.encode($0.value.reversed()))"
      } ?? "proves nothing: its payload is no solution"
    throw Falsehood(
      "samples[\(sample)].shares[\(share)]",
      "\(text(proof)) of \(series.map { "\($0)" } ?? "no series") \(fault)")
  }

  /// The number of shares of each window and of each series against what the claimed work makes likely.
  ///
  /// Where shares are the amount itself there is nothing to test.
  private func counts() throws -> [ProvenSeries] {
    let loads = result.samples.indices.filter {
      result.samples[$0].kind == .load && result.samples[$0].origin == .counted
    }
    let level = Self.falseAlarm / 2 / Double(max(1, loads.count))
    for index in loads {
      let sample = result.samples[index]
      guard let series = sample.series, let workers = workers(of: series) else { continue }
      try count(
        sample.shares.count, expected: sample.work * workers.target.probability,
        level: level, place: "samples[\(index)].shares")
    }
    return try result.workers.enumerated().compactMap { index, workers in
      let windows = loads.map { result.samples[$0] }.filter { $0.series == workers.series }
      guard !windows.isEmpty else { return nil }
      // Each is bounded; a sum of very many might not be a number.
      let work = windows.reduce(0) { $0 + $1.work }
      let shares = windows.reduce(0) { $0 + $1.shares.count }
      try count(
        shares, expected: work * workers.target.probability,
        level: Self.falseAlarm / 2 / Double(result.workers.count),
        place: "the windows of \(workers.series) together")
      return ProvenSeries(
        series: workers.series, windows: windows.count, unit: workers.unit,
        units: UInt64(min(work, 1e19)), shares: shares, hashed: shares, mostFalse: 0,
        relativeError: shares > 0 ? 1.96 / Double(shares).squareRoot() : .infinity)
    }
  }

  private func count(_ found: Int, expected: Double, level: Double, place: String) throws {
    guard Poisson.twoSided(found, mean: expected) < level else { return }
    let rounded = (expected * 10).rounded() / 10
    throw Falsehood(
      place,
      "\(found) shares, where the claimed work makes \(rounded) likely; chance alone does this in "
        + "less than one of a million true results")
  }

  private func workers(of series: SeriesID) -> SeriesWorkers? {
    result.workers.first { $0.series == series }
  }

  private func text(_ share: Proof) -> String {
    "[\(share.worker), \(share.position.sequence), \(share.position.nonce)]"
  }
}
