internal import Analysis
package import Model
internal import Statistics

/// What one part of a result says of another, apart from the work itself.
///
/// Each rule holds of every run of this program, however busy its machine was: what it refuses, no run can have written.
package struct ResultConsistency {
  private let result: RunResult
  /// What was measured at the same time, in the order of time.
  private let windows: [ArraySlice<Sample>]

  package init(_ result: RunResult) {
    self.result = result
    var windows: [ArraySlice<Sample>] = []
    var from = 0
    for index in result.samples.indices.dropFirst()
    where result.samples[index].start != result.samples[from].start {
      windows.append(result.samples[from..<index])
      from = index
    }
    if !result.samples.isEmpty { windows.append(result.samples[from...]) }
    self.windows = windows
  }

  /// - Throws: `Falsehood` for the first rule that does not hold.
  package func verify() throws {
    try lengths()
    try repeats()
    try gaps()
    try order()
    for index in result.samples.indices {
      try states(index)
      try batch(result.samples[index], place: "samples[\(index)]")
    }
    try traces()
    try wallClock()
    try places()
    try choices()
    if let cpu = result.machine.cpu.value { try ProcessorCounts.verify(cpu) }
  }

  // MARK: The plan

  /// Least share of a planned time that a watched time may have: clocks are read a little apart.
  private static let least = 0.999

  /// No window is shorter than planned, and of some not every one is much longer, however busy the machine was.
  private func lengths() throws {
    for (key, planned, kinds) in [
      ("window_s", result.plan.window, [WindowKind.load]),
      ("idle_s", result.plan.idle, [.idleBefore, .idleAfter, .spin]),
    ] {
      let lengths = result.samples.filter { kinds.contains($0.kind) }.map(\.duration.value)
      guard let shortest = lengths.min() else { continue }
      let isTooShort = shortest < planned.value * Self.least
      guard !isTooShort, lengths.count < 3 || shortest <= 1.25 * planned.value + 2 else {
        throw Falsehood(
          "plan.\(key)", "claims \(planned.value) s; the shortest such window took \(shortest) s")
      }
    }
    let idles = result.samples.contains { $0.kind == .idleBefore }
    let idlesAfter = result.samples.contains { $0.kind == .idleAfter }
    guard result.plan.idlesAfter || !idlesAfter else {
      throw Falsehood("plan.idles_after", "claims none; there is such a window")
    }
    guard result.isComplete, result.plan.idle.value > 0 else { return }
    guard idles, idlesAfter == result.plan.idlesAfter else {
      throw Falsehood("plan.idle_s", "claims idle; a complete run would have its windows")
    }
  }

  /// The windows of a series count from 0 without a gap, as many as the plan lets a run have.
  private func repeats() throws {
    for (index, sample) in result.samples.enumerated()
    where sample.kind != .load && sample.repeatIndex != 0 {
      throw Falsehood("samples[\(index)].repeat", "such a window has no repeats")
    }
    for workers in result.workers {
      let indices = result.samples.indices.filter {
        result.samples[$0].kind == .load && result.samples[$0].series == workers.series
      }
      for (count, index) in indices.enumerated()
      where result.samples[index].repeatIndex != count {
        throw Falsehood(
          "samples[\(index)].repeat",
          "claims \(result.samples[index].repeatIndex); the windows before it give \(count)")
      }
      guard indices.count <= result.plan.maximumRepeats else {
        throw Falsehood(
          "plan.maximum_repeats",
          "claims \(result.plan.maximumRepeats); \(workers.series) has \(indices.count) windows")
      }
      guard result.isComplete else { continue }
      let isEnough =
        result.plan.stopHalfWidth == nil
        ? indices.count == result.plan.minimumRepeats
        : indices.count >= result.plan.minimumRepeats
      guard isEnough else {
        throw Falsehood(
          "plan.minimum_repeats",
          "claims \(result.plan.minimumRepeats); \(workers.series) has \(indices.count) windows")
      }
    }
  }

  /// Between two windows lies at least what the plan puts there; work that shares prove is planned otherwise.
  private func gaps() throws {
    var seen: Set<SeriesID> = []
    for (number, window) in windows.enumerated() {
      guard let first = window.first else { continue }
      let series = window.compactMap(\.series)
      let isFirst = !seen.isSuperset(of: series)
      if first.kind == .load { seen.formUnion(series) }
      guard number > 0, let before = windows[number - 1].first, first.proven == nil,
        before.proven == nil
      else { continue }
      let gap = first.start.third.since(before.end.first).value
      let after = before.kind == .load ? result.plan.ramp.value : 0
      let up =
        first.kind != .load
        ? 0
        : isFirst ? max(result.plan.warmup, result.plan.ramp).value : result.plan.ramp.value
      guard gap >= (after + up) * Self.least else {
        throw Falsehood(
          isFirst && first.kind == .load ? "plan.warmup_s" : "plan.ramp_s",
          "the plan puts \(after + up) s before samples[\(window.startIndex)]; there are \(gap) s")
      }
    }
  }

  /// The order of the windows is the seed's.
  private func order() throws {
    guard result.isComplete, !result.checks.contains(where: { $0.name == .worker }) else { return }
    let loads = windows.filter { $0.first?.kind == .load }.map { Set($0.compactMap(\.series)) }
    let rounds = Dictionary(
      grouping: windows.filter { $0.first?.kind == .load }, by: { $0.first?.repeatIndex ?? 0 })
    var lots: [Set<SeriesID>] = []
    for series in result.workers.map(\.series) {
      guard let lot = loads.first(where: { $0.contains(series) }), !lots.contains(lot) else {
        continue
      }
      lots.append(lot)
    }
    guard lots.count > 1 else { return }
    var generator = SplitMix64(seed: result.seed)
    var order: [Set<SeriesID>] = []
    for round in rounds.keys.sorted() {
      let found = (rounds[round] ?? []).map { Set($0.compactMap(\.series)) }
      let open = lots.filter(found.contains)
      order =
        round.isMultiple(of: 2)
        ? generator.shuffled(open) : order.reversed().filter(open.contains)
      guard order == found else {
        throw Falsehood("seed", "gives another order of the windows of repeat \(round)")
      }
    }
  }

  // MARK: Times

  /// The machine is looked at before the window begins and after it ends, between the windows beside it.
  private func states(_ index: Int) throws {
    let sample = result.samples[index]
    let place = "samples[\(index)]"
    let before = result.samples[..<index].last { $0.start != sample.start }?.end.third
    let after = result.samples[index...].first { $0.start != sample.start }?.start.first
    if let state = sample.stateBefore?.instant {
      guard state <= sample.start.first, before.map({ $0 <= state }) ?? true else {
        throw Falsehood(
          "\(place).state_before.at_ns", "is not before the window and after the last")
      }
    }
    if let state = sample.stateAfter?.instant {
      guard state >= sample.end.third, after.map({ state <= $0 }) ?? true else {
        throw Falsehood("\(place).state_after.at_ns", "is not after the window and before the next")
      }
    }
  }

  /// The wall clock at start and end against the machine's states; where it was set meanwhile there is nothing to say.
  private func wallClock() throws {
    let states = result.samples.states
    let offsets = states.map { $0.unixTime - Double($0.instant.nanoseconds) * 1e-9 }
    guard let first = states.first, let last = states.last, let low = offsets.min(),
      let high = offsets.max(), high - low < 1
    else { return }
    guard abs(WallClock.started(result.startedAt, before: states) - result.startedAt) < 1 else {
      throw Falsehood(
        "started_unix_s", "claims \(result.startedAt); the first window began at \(first.unixTime)")
    }
    guard abs(WallClock.ended(result.endedAt, after: states) - result.endedAt) < 1 else {
      throw Falsehood(
        "ended_unix_s", "claims \(result.endedAt); the last window ended at \(last.unixTime)")
    }
  }

  // MARK: Traces

  /// A window's trace ends with the window, and its points add up to its work and to a counter's energy.
  private func traces() throws {
    var origin: Double?
    for (index, sample) in result.samples.enumerated() {
      guard let last = sample.trace.last else { continue }
      let place = "samples[\(index)].trace"
      let here = seconds(sample.end.hashes) - last.at.value
      // Times of days are kept to some ten nanoseconds.
      if let origin, abs(here - origin) > 1e-5 {
        throw Falsehood(
          "\(place)[\(sample.trace.count - 1)].at_s", "does not end with the window")
      }
      origin = origin ?? here
      let start = seconds(sample.start.hashes) - here
      let times = [start] + sample.trace.map(\.at.value)
      if let wrong = sample.trace.indices.first(where: { times[$0 + 1] <= times[$0] }) {
        throw Falsehood("\(place)[\(wrong)].at_s", "is not after what is before it")
      }
      let steps = zip(times.dropFirst(), times).map { $0 - $1 }
      try work(sample, steps, place: place)
      try energy(sample, steps, place: place)
    }
    let times = result.trace.map(\.at.value)
    if let wrong = times.indices.dropFirst().first(where: { times[$0] <= times[$0 - 1] }) {
      throw Falsehood("trace[\(wrong)].at_s", "is not after what is before it")
    }
  }

  private func seconds(_ instant: Instant) -> Double {
    instant.since(result.samples[0].start.first).value
  }

  private func work(_ sample: Sample, _ steps: [Double], place: String) throws {
    let rates = sample.trace.compactMap { $0.rate?.perSecond }
    // A device that is told of launch by launch is seen between two of them: its points say when, and little of how much.
    let isOwn = sample.spans.contains { $0.fromInstant != nil }
    guard sample.kind == .load, sample.proven == nil, !isOwn, rates.count == steps.count else {
      return
    }
    let sum = zip(rates, steps).reduce(0) { $0 + $1.0 * $1.1 }
    guard abs(sum - sample.work) <= 1e-6 * sample.work else {
      throw Falsehood(place, "its points add up to \(sum); the spans give \(sample.work)")
    }
  }

  /// Of counters that move many times a second; others show the second before.
  private func energy(_ sample: Sample, _ steps: [Double], place: String) throws {
    for meter in result.meters {
      guard meter.quantity == .energyCounter, let period = meter.updatePeriod, period.value <= 0.1,
        let stated = sample.energy.first(where: { $0.meter == meter.id })?.interval.value,
        stated.repairs == 0
      else { continue }
      let powers = sample.trace.compactMap { $0.power[meter.id]?.value }
      guard powers.count == steps.count else { continue }
      let sum = zip(powers, steps).reduce(0) { $0 + $1.0 * $1.1 }
      // What a meter is read late by, at either end or between two points.
      let late = period.value + 0.05 + abs(stated.duration.value - sample.duration.value)
      let margin = 0.05 + 2 * late / sample.duration.value
      guard abs(sum - stated.energy.joules) <= margin * max(sum, stated.energy.joules) else {
        throw Falsehood(
          place,
          "its points of \(meter.id) add up to \(sum) J; the window states \(stated.energy.joules) J"
        )
      }
    }
  }

  // MARK: Workers

  /// Kernels are called for whole batches, so every position is a whole number of them.
  ///
  /// Another process may find another length of launch for the same device; it keeps a CPU's batch.
  private func batch(_ sample: Sample, place: String) throws {
    guard sample.kind == .load, let series = sample.series,
      let index = result.workers.firstIndex(where: { $0.series == series }),
      series.device == .cpu || result.resumedAt.isEmpty
    else { return }
    let batch = result.workers[index].batch
    for span in sample.spans {
      guard batch > 0, UInt64(span.from.nonce).isMultiple(of: batch),
        UInt64(span.to.nonce).isMultiple(of: batch)
      else {
        throw Falsehood(
          "workers[\(index)].batch_attempts",
          "claims \(batch); \(place).spans[\(span.worker)] begins or ends inside such a batch")
      }
    }
  }

  /// Threads of the CPU are on CPUs that the process may use; what a tree says that stands in for the machine is another's.
  private func places() throws {
    guard !result.checks.contains(where: { $0.name == .liveSources && $0.verdict == .fail }),
      let allowed = result.machine.cpu.value?.allowedCPUs.value
    else { return }
    for (index, workers) in result.workers.enumerated() where workers.series.device == .cpu {
      guard Set(workers.placement.places).isSubset(of: allowed) else {
        throw Falsehood("workers[\(index)].places", "names a CPU that the process may not use")
      }
    }
  }

  /// The fastest is the one that was fastest.
  private func choices() throws {
    for (index, choice) in result.kernelChoices.enumerated() {
      let place = "kernel_choices[\(index)]"
      guard Set(choice.chosen).isSubset(of: choice.candidates.map(\.kernel)) else {
        throw Falsehood("\(place).chosen", "names a kernel that was not considered")
      }
      guard choice.requested == "best", let chosen = choice.chosen.first, choice.chosen.count == 1
      else { continue }
      func rate(_ candidate: KernelCandidate) -> Double { candidate.briefThroughput.value ?? 0 }
      let own = choice.candidates.first { $0.kernel == chosen }.map(rate) ?? 0
      if let better = choice.candidates.first(where: { rate($0) > own }) {
        throw Falsehood(
          "\(place).candidates", "\(better.kernel) is stated as faster than \(chosen), the fastest")
      }
    }
  }
}
