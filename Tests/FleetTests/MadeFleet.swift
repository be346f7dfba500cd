import Analysis
import Fleet
import Model
import Statistics
import TestSupport

/// Normal numbers, the same for the same seed.
struct NormalNumbers {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// The sum of twelve uniform numbers less six: normal as far as four standard deviations, and the same on every machine.
  mutating func next() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + generator.unit() } }
}

/// A fleet whose every number a test chooses.
struct MadeFleet {
  private(set) var answers: [NodeAnswer] = []

  mutating func add(_ answer: NodeAnswer) { answers.append(answer) }

  /// The rate in megahashes per second is the mean of three windows; the scatter is their relative standard deviation.
  mutating func add(
    _ name: String, rate: Double, watts: Double? = nil, scatter: Double = 0.001,
    state: NodeAnswer.State = .measured, remark: String? = nil,
    _ change: (inout RunResult) -> Void = { _ in }
  ) {
    guard state == .measured else {
      answers.append(
        NodeAnswer(
          name: name, files: ["\(name).json"], state: state, isVerified: true, remark: remark))
      return
    }
    let result = Self.result(rate: rate, watts: watts, scatter: scatter, change)
    answers.append(
      NodeAnswer(
        name: name, files: ["\(name).json"], state: .measured, isVerified: true,
        figures: Figure.all(of: result, name: "\(name).json"), identity: SisterIdentity(result),
        facts: NodeFacts(result)))
  }

  static func result(
    rate: Double, watts: Double?, scatter: Double = 0.001, _ change: (inout RunResult) -> Void
  ) -> RunResult {
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "avx512-2x16",
        rates: [rate * (1 - scatter), rate, rate * (1 + scatter)].map { $0 * 1e6 },
        watts: watts.map { [.cpuPackage: [$0, $0, $0]] } ?? [:])
    ]
    var result = sample.make()
    result.machine.memory = .value(
      MemoryDescription(
        total: ByteCount(811_000_000_000), type: .value("DDR5"), speedMTps: .value(4800)))
    result.set(.longTermPowerLimit, .integer(320_000_000))
    result.set(.governor, .text("performance"))
    change(&result)
    return result
  }

  func report(_ demands: FleetDemands = FleetDemands()) -> FleetReport {
    FleetReport(answers, demands)
  }
}

extension RunResult {
  /// Records a fact before and after every window.
  mutating func set(_ fact: StateFact, _ value: StateValue) {
    for index in samples.indices {
      var before =
        samples[index].stateBefore
        ?? MachineState(instant: samples[index].start.first, unixTime: startedAt, facts: [:])
      before.facts[fact] = .value(value)
      samples[index].stateBefore = before
      samples[index].stateAfter = before
    }
  }
}

extension MadeFleet {
  /// A node with one value and nothing else, for simulations of many fleets.
  mutating func add(bare name: String, _ rate: Double) {
    var figure = Self.bare
    figure.source.name = name
    figure.throughput = Bounded(rate)
    add(
      NodeAnswer(
        name: name, files: [], state: .measured, isVerified: true, figures: [figure],
        identity: Self.identity))
  }

  private static let sample = SampleResult().make()
  private static let identity = SisterIdentity(sample)
  private static let bare: Figure = {
    var figure = Figure.all(of: sample, name: "")[0]
    figure.energy = .unavailable(Reason(.notMeasured, "none"))
    figure.throughputSpread = nil
    figure.windows = []
    return figure
  }()
}
