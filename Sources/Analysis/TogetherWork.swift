package import Model

/// What several devices did at the same time, as if they were one: what a rig yields, and what its wall meter says of it.
package struct TogetherWork: Hashable, Sendable {
  /// The series that worked at the same time, at least two.
  package let members: [SeriesWorkers]
  package let series: SeriesID
  private let windows: [Sample]

  /// For each algorithm that several devices computed at the same time; none in a run that measured them in turn.
  package static func all(of result: RunResult) -> [TogetherWork] {
    guard result.plan.isTogether else { return [] }
    var algorithms: [AlgorithmID] = []
    for workers in result.workers where !algorithms.contains(workers.series.algorithm) {
      algorithms.append(workers.series.algorithm)
    }
    return algorithms.compactMap { algorithm in
      TogetherWork(result.workers.filter { $0.series.algorithm == algorithm }, result.samples)
    }
  }

  private init?(_ members: [SeriesWorkers], _ samples: [Sample]) {
    guard members.count > 1, let series = SeriesID.together(members.map(\.series)) else {
      return nil
    }
    self.members = members
    self.series = series
    let loads = samples.filter { $0.kind == .load }
    windows = loads.filter { $0.series == members[0].series }.compactMap { first in
      let beside = members.map { member in
        loads.first { $0.series == member.series && $0.repeatIndex == first.repeatIndex }
      }
      return Self.joined(beside.compactMap(\.self), as: series, count: members.count)
    }
  }

  /// The load windows: the spans of all devices, and the energy that each meter has for all of them.
  package func loadWindows() -> [Sample] { windows }

  private static func joined(_ samples: [Sample], as series: SeriesID, count: Int) -> Sample? {
    guard samples.count == count, var whole = samples.first else { return nil }
    whole.series = series
    whole.spans = []
    whole.shares = []
    whole.flags = []
    whole.trace = []
    for sample in samples {
      let before = whole.spans.count
      whole.spans += sample.spans.map { span in
        WorkerSpan(
          worker: before + span.worker, from: span.from, to: span.to, units: span.units,
          fromInstant: span.fromInstant, toInstant: span.toInstant)
      }
    }
    return whole
  }

  /// The workers of all devices as one crew: as much work in flight, as late a look at it.
  func crew() -> SeriesWorkers {
    var crew = members[0]
    crew.series = series
    let inFlight = members.reduce(0.0) { $0 + Double($1.series.workers) * Double($1.batch) }
    crew.batch = UInt64((inFlight / Double(max(1, series.workers))).rounded(.up))
    crew.poll = members.compactMap(\.poll).max()
    return crew
  }
}

extension RunResult {
  /// The load windows of one series, also of what all devices did together.
  package func loadWindows(of series: SeriesID) -> [Sample] {
    guard series.device == .together else {
      return samples.filter { $0.kind == .load && $0.series == series }
    }
    return TogetherWork.all(of: self).first { $0.series == series }?.loadWindows() ?? []
  }
}

extension Plan {
  /// Whether a meter tells what one device drew: what covers the whole machine does not while others work beside it.
  func tells(_ meter: MeterDescriptor, of device: DeviceID) -> Bool {
    meter.covers.covers(device)
      && !(isTogether && meter.covers == .machine && device != .together)
  }
}
