package import JSON
package import Model

/// The instant that a file's nanoseconds count from.
///
/// A clock that has run for more than 104 days passes 2^53 ns, where many JSON readers lose digits; so a file
/// keeps the start once, as text, and everything else as a small difference.
package struct ClockOrigin {
  package let instant: Instant

  func nanoseconds(_ instant: Instant) -> UInt64 {
    instant.nanoseconds &- self.instant.nanoseconds
  }

  func instant(_ nanoseconds: UInt64) -> Instant {
    Instant(nanoseconds: self.instant.nanoseconds &+ nanoseconds)
  }

  /// The earliest instant in a result.
  static func earliest(in result: RunResult) -> ClockOrigin {
    earliest(in: result.samples, result.workers)
  }

  /// The earliest instant in some windows and of what was prepared for some workers.
  static func earliest(in samples: [Sample], _ workers: [SeriesWorkers]) -> ClockOrigin {
    var instants = workers.flatMap(\.preparations).map(\.start.first)
    for sample in samples {
      instants += [sample.start, sample.end].flatMap { [$0.first, $0.second, $0.third] }
      instants += [sample.stateBefore, sample.stateAfter].compactMap { $0?.instant }
      if let proof = sample.proof { instants.append(proof.sentAt) }
    }
    return ClockOrigin(instant: instants.min() ?? Instant(nanoseconds: 0))
  }
}

/// One window with the derived figures that a file states beside it, true or not.
struct StatedSample {
  var sample: Sample
  var figures: SampleFigures

  init(_ sample: Sample, figures: SampleFigures? = nil) {
    self.sample = sample
    self.figures = figures ?? sample.figures
  }
}

extension StatedSample: Record {
  package static var recordName: String { "sample" }
  package static var recordMeaning: String { "One window." }

  package static func fields(_ field: inout some FieldList<StatedSample>) throws(JSONProblem)
    -> StatedSample
  {
    let sample = Sample(
      kind: try field(
        "kind", \.sample.kind, "What it was for; `spin` is a register-only loop without hashing."),
      series: try field.optional(
        "series", \.sample.series, "What ran; absent for idle windows."),
      unit: try field.optional(
        "work_unit", \.sample.unit, "What `units` counts; absent without work."),
      repeatIndex: try field(
        "repeat", \.sample.repeatIndex, "From 0, counted within the series.", .atLeast(0)),
      start: try field("start", \.sample.start, "The clock around the first snapshot."),
      end: try field("end", \.sample.end, "The clock around the last snapshot."),
      spans: try field(
        "spans", \.sample.spans, "For each worker the part of its range that the window covers."),
      energy: try field(
        "energy", \.sample.energy, "For each channel its energy, or why there is none."),
      proven: try field.optional(
        "proven", \.sample.proven,
        "The work that shares prove, of a device whose kernel is not ours; absent where the spans count it."
      ),
      proof: try field.optional(
        "proof", \.sample.proof, "The jobs and shares behind `proven`."),
      shares: try field(
        "shares", { ShareList(shares: $0.sample.shares) },
        "Attempts that meet the target, ascending."
      ).shares,
      stateBefore: try field.optional(
        "state_before", \.sample.stateBefore, "The machine before the window."),
      stateAfter: try field.optional(
        "state_after", \.sample.stateAfter, "The machine after the window."),
      flags: try field(
        "flags", \.sample.flags, "Why this window stands out; it is kept all the same."),
      trace: try field("trace", \.sample.trace, "Points inside the window."))
    let figures = SampleFigures(
      units: try field(
        "units", \.figures.units, "Units of work: those of the spans, or as proven, rounded."),
      duration: try field(
        "window_s", \.figures.duration, "Between the midpoints of the hash counters' clocks.",
        .above(0)),
      throughput: try field.optional(
        "rate_per_s", \.figures.throughput,
        "Work over `window_s`, each worker by its own instants where it has some; absent without work.",
        .atLeast(0)))
    try field.require(isInOrder(sample), "the window's instants are not in order")
    try field.require(isPossible(sample), "more work than a window can hold")
    let isWork =
      sample.series != nil && sample.unit != nil && (!sample.spans.isEmpty || sample.proven != nil)
    try field.require(
      (sample.kind == .load) == isWork || sample.kind == .spin,
      "a load window has a series, a unit and spans, an idle window none of them")
    return StatedSample(sample, figures: figures)
  }

  /// Whether so many workers can have done so much, and the sum is a number.
  private static func isPossible(_ sample: Sample) -> Bool {
    var left = WorkLimits.unitsPerWindow
    for span in sample.spans {
      guard span.attempts <= WorkLimits.attemptsPerSpan, span.units <= left else { return false }
      left -= span.units
    }
    return sample.spans.count <= WorkLimits.highestWorker + 1
      && (sample.proven.map { $0.units < Double(WorkLimits.unitsPerWindow) } ?? true)
  }

  private static func isInOrder(_ sample: Sample) -> Bool {
    let order = [sample.start, sample.end].flatMap { [$0.first, $0.second, $0.third] }
    return zip(order, order.dropFirst()).allSatisfy { $0 <= $1 }
      && sample.start.third < sample.end.first
  }
}

extension SnapshotInstants: Record {
  package static var recordName: String { "snapshot" }
  package static var recordMeaning: String {
    "The clock around one snapshot, since `clock_origin_ns`. The meters stand for the midpoint of the first two, the "
      + "hash counters for that of the last two."
  }

  package static func fields(
    _ field: inout some FieldList<SnapshotInstants>
  ) throws(JSONProblem) -> SnapshotInstants {
    SnapshotInstants(
      first: try field("meters_from_ns", \.first, "Before the meters were read."),
      second: try field("counters_from_ns", \.second, "Between meters and hash counters."),
      third: try field("done_ns", \.third, "After the hash counters were read."))
  }
}

extension ProvenWork: Record {
  package static var recordName: String { "proven_work" }
  package static var recordMeaning: String { "Work as far as verified shares prove it." }

  package static func fields(
    _ field: inout some FieldList<ProvenWork>
  ) throws(JSONProblem) -> ProvenWork {
    ProvenWork(
      shares: try field("shares", \.shares, "How many; a Poisson number.", .atLeast(0)),
      unitsPerShare: try field(
        "units_per_share", \.unitsPerShare, "Units of work that each stands for.", .above(0)))
  }
}

extension WorkerSpan: Record {
  package static var recordName: String { "span" }
  package static var recordMeaning: String {
    "The part of a worker's range that the window covers: from, up to and not including, to."
  }

  package static func fields(_ field: inout some FieldList<WorkerSpan>) throws(JSONProblem)
    -> WorkerSpan
  {
    let worker = try field(
      "worker", \.worker, "Number of the worker.", .between(0, Double(WorkLimits.highestWorker)))
    let from = WorkPosition(
      sequence: try field("from_sequence", \.from.sequence, "Number of the first work."),
      nonce: try field("from_nonce", \.from.nonce, "First nonce."))
    let to = WorkPosition(
      sequence: try field("to_sequence", \.to.sequence, "Number of the last work."),
      nonce: try field("to_nonce", \.to.nonce, "The nonce after the last one."))
    try field.require(from <= to, "the span ends before it starts")
    let units = try field.optional(
      "units", { $0.units == $0.attempts ? nil : $0.units },
      "Units of work in the attempts; absent where each is one.")
    let start = try field.optional(
      "from_ns", \.fromInstant, "The worker's own instant at the start, where it has one.")
    let end = try field.optional(
      "to_ns", \.toInstant, "The worker's own instant at the end, where it has one.")
    let isInOrder =
      start.flatMap { start in end.map { start < $0 } } ?? (start == nil && end == nil)
    try field.require(isInOrder, "the worker's instants are not in order")
    return WorkerSpan(
      worker: worker, from: from, to: to, units: units, fromInstant: start, toInstant: end)
  }
}

/// A list of `[worker, sequence, nonce]`, with the payload in hexadecimal as a fourth where the algorithm's proofs have
/// one: there are thousands, so they have no keys.
struct ShareList: RecordValue {
  let shares: [Proof]

  static func read(_ node: RecordNode) throws(JSONProblem) -> ShareList {
    // Most of a file is shares.
    let document = node.document
    guard node.kind == .array else {
      throw node.problem("\(document.kindName(node.index)) where a list belongs")
    }
    let end = document.after(node.index)
    var shares: [Proof] = []
    // A share is a list of three: four nodes.
    shares.reserveCapacity((end - node.index) / 4)
    var index = node.index + 1
    while index < end {
      // Three tokens are the next three nodes.
      if document.after(index) == index + 4, document.kind(index) == .array,
        let worker = document.wholeNumber(index + 1), worker <= WorkLimits.highestWorker,
        let sequence = document.wholeNumber(index + 2).flatMap(UInt32.init(exactly:)),
        let nonce = document.wholeNumber(index + 3).flatMap(UInt32.init(exactly:))
      {
        shares.append(
          Proof(worker: Int(worker), position: WorkPosition(sequence: sequence, nonce: nonce)))
      } else {
        shares.append(try share(index, document))
      }
      index = document.after(index)
    }
    return ShareList(shares: shares)
  }

  /// One share, or what is wrong with it.
  private static func share(_ node: Int, _ document: JSONDocument) throws(JSONProblem) -> Proof {
    guard document.kind(node) == .array else {
      throw document.problem("\(document.kindName(node)) where a list belongs", at: node)
    }
    // Three tokens are the next three nodes.
    let count = document.after(node) - node - 1
    guard count >= 3 else {
      throw document.problem("the list has \(count) elements, fewer than it should", at: node)
    }
    let worker: Int = try document.token(node + 1)
    let sequence: UInt32 = try document.token(node + 2)
    let nonce: UInt32 = try document.token(node + 3)
    guard (0...WorkLimits.highestWorker).contains(worker) else {
      throw document.problem("a worker outside 0 to \(WorkLimits.highestWorker)", at: node)
    }
    let position = WorkPosition(sequence: sequence, nonce: nonce)
    if count == 3 { return Proof(worker: worker, position: position) }
    guard count == 4 else {
      throw document.problem("more than three numbers and a payload in a share", at: node)
    }
    let text: String = try document.token(node + 4)
    guard let payload = Hexadecimal.decode(text), !payload.isEmpty else {
      throw document.problem("a payload that is not hexadecimal", at: node)
    }
    return Proof(worker: worker, position: position, payload: payload)
  }

  func written(_ context: RecordContext) -> JSONValue {
    .array(
      shares.map { share in
        .array(
          [UInt64(share.worker), UInt64(share.position.sequence), UInt64(share.position.nonce)]
            .map { .number(String($0)) }
            + (share.payload.isEmpty ? [] : [.string(Hexadecimal.encode(share.payload))]))
      })
  }

  static func shape(_ catalogue: inout RecordCatalogue) -> FieldShape {
    let word = UInt32.shape(&catalogue)
    return .list(
      .tuple([
        FieldShape.Part(
          name: "worker",
          shape: .whole(from: .number("0"), to: .number("\(WorkLimits.highestWorker)"))),
        FieldShape.Part(name: "sequence", shape: word),
        FieldShape.Part(name: "nonce", shape: word),
        FieldShape.Part(name: "payload", shape: .hexadecimalBytes, isOptional: true),
      ]))
  }

  static func example(_ numbers: inout ExampleNumbers) -> ShareList {
    ShareList(shares: [
      Proof(
        worker: numbers.next(),
        position: WorkPosition(
          sequence: UInt32.example(&numbers), nonce: UInt32.example(&numbers)),
        payload: [UInt8(truncatingIfNeeded: numbers.next())])
    ])
  }
}

extension ChannelEnergy: Record {
  package static var recordName: String { "channel_energy" }
  package static var recordMeaning: String { "The energy of one channel in one window." }

  package static func fields(
    _ field: inout some FieldList<ChannelEnergy>
  ) throws(JSONProblem) -> ChannelEnergy {
    ChannelEnergy(
      meter: try field("meter", \.meter, "The channel."),
      interval: try field("interval", \.interval, "The energy, or why there is none."))
  }
}

extension EnergyInterval: Record {
  package static var recordName: String { "energy_interval" }
  package static var recordMeaning: String { "Energy between two snapshots of a channel." }

  package static func fields(
    _ field: inout some FieldList<EnergyInterval>
  ) throws(JSONProblem) -> EnergyInterval {
    EnergyInterval(
      energy: try field("energy_uj", \.energy, "Difference of the counter, wraps put back."),
      duration: try field(
        "duration_s", \.duration, "Between the channel's own readings.", .above(0)),
      repairs: try field.optional(
        "repaired_wraps", { $0.repairs > 0 ? $0.repairs : nil },
        "Wraps that the kernel lost and that were put back; absent where there were none.",
        .atLeast(1)) ?? 0,
      lag: try field.optional(
        "lag_s", { $0.lag.value > 0 ? $0.lag : nil },
        "How far either end may be from its instant, half of the longest answer; absent for meters of the machine itself.",
        .above(0)) ?? Seconds(0))
  }
}

extension MachineState: Record {
  package static var recordName: String { "state" }
  package static var recordMeaning: String {
    "What can change while a machine runs, as read at one instant."
  }

  package static func fields(
    _ field: inout some FieldList<MachineState>
  ) throws(JSONProblem) -> MachineState {
    MachineState(
      instant: try field("at_ns", \.instant, "Since `clock_origin_ns`."),
      unixTime: try field(
        "at_unix_s", \.unixTime, "Wall clock, for correlation with other logs only."),
      facts: try field(
        "facts", \.facts, "Governor, load, throttling, temperature and the like by stable name."))
  }
}

extension TracePoint: Record {
  package static var recordName: String { "trace_point" }
  package static var recordMeaning: String { "Rate and power at one time." }

  package static func fields(
    _ field: inout some FieldList<TracePoint>
  ) throws(JSONProblem) -> TracePoint {
    let at = try field("at_s", \.at, "Since the run began.")
    let rate = try field.optional(
      "rate_per_s", \.rate?.perSecond, "Work a second; absent where nothing ran.", .atLeast(0))
    let unit = try field.optional("work_unit", \.rate?.unit, "What the rate counts.")
    try field.require((rate == nil) == (unit == nil), "a rate and its unit belong together")
    return TracePoint(
      at: at, rate: rate.flatMap { rate in unit.map { Rate(perSecond: rate, unit: $0) } },
      power: try field(
        "power_w", \.power, "Mean power of each channel since the point before."))
  }
}
