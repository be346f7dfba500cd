internal import Model
internal import Statistics
internal import Text

/// Whether a warm-up has reached a steady state (power.md 2.4): over the last three blocks of 20 s, rate and power
/// change by less than 0.5 % a minute and temperature by less than 1 degree a minute.
struct SteadyStateRule {
  static let blocks = 3
  static let block = 20.0
  static let relativeLimit = 0.005
  static let temperatureLimit = 1.0

  let isSteady: Bool
  /// One clause with the slopes found.
  let message: String

  /// Nil while the observation is shorter than the blocks.
  init?(_ trace: [TracePoint], _ states: [MachineState]) {
    var findings: [(isSteady: Bool, text: String)] = []
    func judge(_ what: String, _ points: [(Double, Double)]) {
      guard
        let slope = SteadyState.slope(
          times: points.map(\.0), values: points.map(\.1), blocks: Self.blocks, length: Self.block),
        let mean = Descriptive.mean(points.map(\.1)), mean > 0
      else { return }
      let change = slope * 60 / mean
      findings.append(
        (
          abs(change) < Self.relativeLimit,
          "\(what) \(DecimalText.fixed(change * 100, decimals: 2)) % a minute"
        ))
    }
    judge("rate", trace.compactMap { point in point.rate.map { (point.at.value, $0.perSecond) } })
    let meters = Set(trace.flatMap(\.power.keys)).sorted { $0.rawValue < $1.rawValue }
    for meter in meters {
      judge(
        "power of \(meter)",
        trace.compactMap { point in point.power[meter].map { (point.at.value, $0.value) } })
    }
    guard !findings.isEmpty else { return nil }
    let temperatures = states.compactMap { state in
      state.integer(StateFact.temperature).map {
        (Double(state.instant.nanoseconds) * 1e-9, Double($0) / 1000)
      }
    }
    if let last = temperatures.last?.0 {
      let recent = temperatures.filter { $0.0 > last - Double(Self.blocks) * Self.block }
      if let fit = LinearFit(x: recent.map { $0.0 - last }, y: recent.map(\.1)) {
        findings.append(
          (
            abs(fit.slope * 60) < Self.temperatureLimit,
            "temperature \(DecimalText.fixed(fit.slope * 60, decimals: 1)) degrees a minute"
          ))
      }
    }
    isSteady = findings.allSatisfy(\.isSteady)
    message = "slopes: " + findings.map(\.text).joined(separator: ", ")
  }
}

extension SteadyStateRule {
  /// How far each quantity moved between the first and the last block of a warm-up, where that is more than 1 %:
  /// the drift that the warm-up kept out of the windows.
  static func settling(_ trace: [TracePoint]) -> String {
    guard let first = trace.first?.at.value, let last = trace.last?.at.value,
      last - first > 2 * block
    else { return "" }
    var moved: [String] = []
    func judge(_ what: String, _ value: (TracePoint) -> Double?) {
      let early = trace.filter { $0.at.value < first + block }.compactMap(value)
      let late = trace.filter { $0.at.value > last - block }.compactMap(value)
      guard let before = Descriptive.mean(early), let after = Descriptive.mean(late), before > 0,
        abs(after / before - 1) > 0.01
      else { return }
      moved.append(
        "\(what) drifted by \(DecimalText.fixed((after / before - 1) * 100, decimals: 1)) %")
    }
    judge("rate") { $0.rate?.perSecond }
    for meter in Set(trace.flatMap(\.power.keys)).sorted(by: { $0.rawValue < $1.rawValue }) {
      judge("power of \(meter)") { $0.power[meter]?.value }
    }
    return moved.isEmpty ? "" : "; before that, " + moved.joined(separator: ", ")
  }
}
