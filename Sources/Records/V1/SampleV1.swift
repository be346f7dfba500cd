internal import JSON
internal import Model

/// The instant that a file's nanoseconds count from.
///
/// A clock that has run for more than 104 days passes 2^53 ns, where many JSON readers lose digits; so a file
/// keeps the start once, as text, and everything else as a small difference.
struct ClockOrigin {
  let instant: Instant

  func nanoseconds(_ instant: Instant) -> UInt64 {
    instant.nanoseconds &- self.instant.nanoseconds
  }

  func instant(_ nanoseconds: UInt64) -> Instant {
    Instant(nanoseconds: self.instant.nanoseconds &+ nanoseconds)
  }

  /// The earliest instant in a result.
  static func earliest(in result: RunResult) -> ClockOrigin {
    var instants: [Instant] = []
    for sample in result.samples {
      instants += [sample.start, sample.end].flatMap { [$0.first, $0.second, $0.third] }
      instants += [sample.stateBefore, sample.stateAfter].compactMap { $0?.instant }
    }
    return ClockOrigin(instant: instants.min() ?? Instant(nanoseconds: 0))
  }
}

/// One window as files spell it.
struct SampleV1: Codable {
  var kind: WordV1<WindowKind>
  var series: SeriesV1?
  var repeatIndex: Int
  var start: SnapshotV1
  var end: SnapshotV1
  var window: Double
  var hashes: UInt64
  var throughput: Double?
  var spans: [SpanV1]
  var energy: [ChannelEnergyV1]
  var shares: SharesV1
  var stateBefore: StateV1?
  var stateAfter: StateV1?
  var flags: [ReasonV1]
  var trace: [TracePointV1]

  private enum CodingKeys: String, CodingKey {
    case kind, series, start, end, hashes, spans, energy, shares, flags, trace
    case repeatIndex = "repeat"
    case window = "window_s"
    case throughput = "rate_per_s"
    case stateBefore = "state_before"
    case stateAfter = "state_after"
  }

  init(_ sample: Sample, _ clock: ClockOrigin) {
    let figures = sample.figures
    kind = WordV1(sample.kind)
    series = sample.series.map(SeriesV1.init)
    repeatIndex = sample.repeatIndex
    start = SnapshotV1(sample.start, clock)
    end = SnapshotV1(sample.end, clock)
    window = figures.duration.value
    hashes = figures.hashes
    throughput = figures.throughput
    spans = sample.spans.map(SpanV1.init)
    energy = sample.energy.map(ChannelEnergyV1.init)
    shares = SharesV1(domain: sample.shares)
    stateBefore = sample.stateBefore.map { StateV1($0, clock) }
    stateAfter = sample.stateAfter.map { StateV1($0, clock) }
    flags = sample.flags.map(ReasonV1.init)
    trace = sample.trace.map(TracePointV1.init)
  }

  /// - Throws: `JSONProblem` for what no run can have made and no derived number survives.
  func domain(_ clock: ClockOrigin, place: String) throws(JSONProblem) -> Sample {
    let starts = start.domain(clock)
    let ends = end.domain(clock)
    let order = [
      starts.first, starts.second, starts.third, ends.first, ends.second, ends.third,
    ]
    guard zip(order, order.dropFirst()).allSatisfy({ $0 <= $1 }), starts.third < ends.first else {
      throw JSONProblem(place: place, message: "the window's instants are not in order")
    }
    guard spans.count <= WorkerLimit.highest + 1,
      spans.allSatisfy({ $0.domain.hashes < 1 << 47 })
    else { throw JSONProblem(place: place, message: "more hashes than a window can hold") }
    guard (kind.domain == .load) == (series != nil && !spans.isEmpty) || kind.domain == .spin else {
      throw JSONProblem(
        place: place, message: "a load window has a series and spans, an idle window neither")
    }
    return Sample(
      kind: kind.domain, series: series?.domain, repeatIndex: repeatIndex,
      start: starts, end: ends, spans: spans.map(\.domain),
      energy: energy.map(\.domain), shares: shares.domain,
      stateBefore: stateBefore?.domain(clock), stateAfter: stateAfter?.domain(clock),
      flags: flags.map(\.domain), trace: trace.map(\.domain))
  }

  /// The figures as the file states them, true or not.
  var stated: SampleFigures {
    SampleFigures(hashes: hashes, duration: Seconds(window), throughput: throughput)
  }
}

/// The clock around one snapshot, nanoseconds since the file's `clock_origin_ns`.
struct SnapshotV1: Codable {
  var meters: UInt64
  var counters: UInt64
  var done: UInt64

  private enum CodingKeys: String, CodingKey {
    case meters = "meters_from_ns"
    case counters = "counters_from_ns"
    case done = "done_ns"
  }

  init(_ instants: SnapshotInstants, _ clock: ClockOrigin) {
    meters = clock.nanoseconds(instants.first)
    counters = clock.nanoseconds(instants.second)
    done = clock.nanoseconds(instants.third)
  }

  func domain(_ clock: ClockOrigin) -> SnapshotInstants {
    SnapshotInstants(
      first: clock.instant(meters), second: clock.instant(counters), third: clock.instant(done))
  }
}

/// Headers are derived from a worker's number as a 32-bit word, and sums over workers must not overflow.
enum WorkerLimit {
  static let highest = 65535
}

struct SpanV1: Codable {
  var worker: Int
  var fromSequence: UInt32
  var fromNonce: UInt32
  var toSequence: UInt32
  var toNonce: UInt32

  private enum CodingKeys: String, CodingKey {
    case worker
    case fromSequence = "from_sequence"
    case fromNonce = "from_nonce"
    case toSequence = "to_sequence"
    case toNonce = "to_nonce"
  }

  init(_ span: WorkerSpan) {
    worker = span.worker
    fromSequence = span.from.sequence
    fromNonce = span.from.nonce
    toSequence = span.to.sequence
    toNonce = span.to.nonce
  }

  init(from decoder: any Decoder) throws {
    let span = try DocumentDecoder(decoder)
    worker = try span.decode(CodingKeys.worker.rawValue)
    fromSequence = try span.decode(CodingKeys.fromSequence.rawValue)
    fromNonce = try span.decode(CodingKeys.fromNonce.rawValue)
    toSequence = try span.decode(CodingKeys.toSequence.rawValue)
    toNonce = try span.decode(CodingKeys.toNonce.rawValue)
    guard (0...WorkerLimit.highest).contains(worker) else {
      throw decoder.problem("a worker outside 0 to \(WorkerLimit.highest)")
    }
    guard domain.from <= domain.to else { throw decoder.problem("the span ends before it starts") }
  }

  var domain: WorkerSpan {
    WorkerSpan(
      worker: worker, from: WorkPosition(sequence: fromSequence, nonce: fromNonce),
      to: WorkPosition(sequence: toSequence, nonce: toNonce))
  }
}

/// A list of `[worker, sequence, nonce]`: there are thousands, so they have no keys.
struct SharesV1: Codable {
  let domain: [Share]

  init(domain: [Share]) { self.domain = domain }

  init(from decoder: any Decoder) throws {
    // Most of a file is shares; by the containers of `Decoder` they would take most of the time.
    let decoder = try DocumentDecoder(decoder)
    let document = decoder.document
    guard document.kind(decoder.node) == .array else {
      throw decoder.problem("\(document.kindName(decoder.node)) where a list belongs")
    }
    let end = document.after(decoder.node)
    var shares: [Share] = []
    // A share is a list of three: four nodes.
    shares.reserveCapacity((end - decoder.node) / 4)
    var node = decoder.node + 1
    while node < end {
      shares.append(try Self.share(node, document))
      node = document.after(node)
    }
    decoder.markAllRead()
    domain = shares
  }

  private static func share(_ node: Int, _ document: JSONDocument) throws -> Share {
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
    guard (0...WorkerLimit.highest).contains(worker) else {
      throw document.problem("a worker outside 0 to \(WorkerLimit.highest)", at: node)
    }
    guard count == 3 else {
      throw document.problem("more than three numbers in a share", at: node)
    }
    return Share(worker: worker, position: WorkPosition(sequence: sequence, nonce: nonce))
  }

  func encode(to encoder: any Encoder) throws {
    var shares = encoder.unkeyedContainer()
    for share in domain {
      var list = shares.nestedUnkeyedContainer()
      try list.encode(share.worker)
      try list.encode(share.position.sequence)
      try list.encode(share.position.nonce)
    }
  }
}

struct ChannelEnergyV1: Codable {
  struct Interval: Codable {
    var energy: UInt64
    var duration: Double
    /// Absent where nothing was repaired.
    var repairs: Int?
    /// Absent for meters of the machine itself.
    var lag: Double?

    private enum CodingKeys: String, CodingKey {
      case energy = "energy_uj"
      case duration = "duration_s"
      case lag = "lag_s"
      case repairs = "repaired_wraps"
    }
  }

  var meter: String
  var interval: ReadingV1<Interval>

  init(_ energy: ChannelEnergy) {
    meter = energy.meter.rawValue
    interval = ReadingV1(energy.interval) {
      Interval(
        energy: $0.energy.value, duration: $0.duration.value,
        repairs: $0.repairs > 0 ? $0.repairs : nil, lag: $0.lag.value > 0 ? $0.lag.value : nil)
    }
  }

  var domain: ChannelEnergy {
    ChannelEnergy(
      meter: MeterID(rawValue: meter),
      interval: interval.reading {
        EnergyInterval(
          energy: Microjoules($0.energy), duration: Seconds($0.duration),
          repairs: $0.repairs ?? 0, lag: Seconds($0.lag ?? 0))
      })
  }
}

struct StateV1: Codable {
  var at: UInt64
  var unixTime: Double
  var facts: FactsV1

  private enum CodingKeys: String, CodingKey {
    case facts
    case at = "at_ns"
    case unixTime = "at_unix_s"
  }

  init(_ state: MachineState, _ clock: ClockOrigin) {
    at = clock.nanoseconds(state.instant)
    unixTime = state.unixTime
    facts = FactsV1(state.facts)
  }

  func domain(_ clock: ClockOrigin) -> MachineState {
    MachineState(
      instant: clock.instant(at), unixTime: unixTime,
      facts: facts.domain())
  }
}

struct TracePointV1: Codable {
  var at: Double
  var throughput: Double?
  var unit: WordV1<WorkUnit>?
  var power: [String: Double]

  private enum CodingKeys: String, CodingKey {
    case at = "at_s"
    case throughput = "rate_per_s"
    case unit = "work_unit"
    case power = "power_w"
  }

  init(_ point: TracePoint) {
    at = point.at.value
    throughput = point.rate?.perSecond
    unit = point.rate.map { WordV1($0.unit) }
    power = Dictionary(
      uniqueKeysWithValues: point.power.map { ($0.key.rawValue, $0.value.value) })
  }

  init(from decoder: any Decoder) throws {
    let point = try DocumentDecoder(decoder)
    at = try point.decode(CodingKeys.at.rawValue)
    throughput = try point.decodeIfPresent(CodingKeys.throughput.rawValue)
    unit = try point.decodeIfPresent(CodingKeys.unit.rawValue)
    guard (throughput == nil) == (unit == nil) else {
      throw decoder.problem("a rate and its unit belong together")
    }
    var power: [String: Double] = [:]
    try point.decoder(CodingKeys.power.rawValue).forEachMember {
      power[$0] = try $1.decode(Double.self)
    }
    self.power = power
  }

  var domain: TracePoint {
    TracePoint(
      at: Seconds(at),
      rate: throughput.flatMap { rate in unit.map { Rate(perSecond: rate, unit: $0.domain) } },
      power: Dictionary(
        uniqueKeysWithValues: power.map { (MeterID(rawValue: $0.key), Watts($0.value)) }))
  }
}
