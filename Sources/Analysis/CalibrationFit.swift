package import Model
internal import Statistics
internal import Text

/// The line through a calibration's points: wall watts over sensor watts.
package struct CalibrationFit: Hashable, Sendable {
  /// Watts at the wall for one more watt at the sensors: power supply, voltage regulators, fans.
  package let slope: Double
  package let slopeError: Double
  /// Watts at the wall when the sensors show none: the rest of the machine.
  package let intercept: Double
  package let interceptError: Double
  /// Standard deviation of the points around the line, in watts.
  package let residual: Double
  package let degreesOfFreedom: Double
  private let line: LinearFit
  private let gainBound: Double?

  /// Twelve months, SPEC's calibration year.
  package static let lifetime = Seconds(365 * 86400)

  /// - Throws: `Failure` for points that determine no line.
  package init(_ calibration: Calibration) throws(Failure) {
    let levels = Set(calibration.points.map(\.threads))
    guard levels.count >= 3 else {
      throw Failure(
        .badInput, "a calibration needs idle and two loads; this one has \(levels.count) levels",
        remedy: "calibrate with at least two CPUs")
    }
    guard
      let line = LinearFit(
        x: calibration.points.map(\.sensorWatts), y: calibration.points.map(\.wallWatts)),
      let slopeError = line.slopeError, let interceptError = line.interceptError,
      let residual = line.residualDeviation
    else {
      throw Failure(
        .badInput, "the sensors show the same power at every load, so no line can be fitted",
        remedy: "calibrate sensors that follow the load")
    }
    guard line.slope > 0 else {
      throw Failure(
        .badInput,
        "the wall power falls while the sensors' rises (slope \(DecimalText.fixed(line.slope, decimals: 3)))",
        remedy: "check that both meters belong to this machine")
    }
    slope = line.slope
    self.slopeError = slopeError
    intercept = line.intercept
    self.interceptError = interceptError
    self.residual = residual
    degreesOfFreedom = Double(line.count - 2)
    self.line = line
    gainBound = calibration.wallAccuracy.gainBound
  }

  /// Estimated wall power with its 95 % half-width; the half-width is nil when the wall meter's accuracy is not known.
  ///
  /// The line's prediction error and the wall meter's gain, which the line inherits.
  package func wallPower(sensors watts: Double) -> (watts: Double, halfWidth: Double?) {
    let value = line.value(at: watts)
    guard let gainBound, let prediction = line.predictionError(at: watts) else {
      return (value, nil)
    }
    let combined = CombinedUncertainty([
      (prediction, degreesOfFreedom), (gainBound * abs(value) / 3.0.squareRoot(), nil),
    ])
    return (value, combined.coverageFactor() * combined.standard)
  }

  /// Why a calibration must not be used for a machine at a time; nil when it may.
  package static func objection(
    to calibration: Calibration, on binding: Calibration.Binding, at unixTime: Double,
    meters: [MeterDescriptor]
  ) -> Reason? {
    let remedy = "calibrate again with 'hashwatt calibrate'"
    if unixTime - calibration.madeAt > lifetime.value {
      return Reason(.expired, "the calibration is older than 12 months", remedy: remedy)
    }
    if calibration.madeAt > unixTime + 86400 {
      return Reason(.implausible, "the calibration is dated in the future", remedy: remedy)
    }
    let old = calibration.binding
    if old.hardwareID != binding.hardwareID {
      return Reason(
        .expired, "the calibration belongs to \(old.hardwareID), not to \(binding.hardwareID)",
        remedy: remedy)
    }
    if old.boardVendor != binding.boardVendor || old.boardName != binding.boardName {
      return Reason(.expired, "the board has changed since the calibration", remedy: remedy)
    }
    if old.machineDigest != binding.machineDigest {
      return Reason(.expired, "the calibration belongs to another machine", remedy: remedy)
    }
    if let psu = binding.powerSupply, psu != old.powerSupply {
      return Reason(.expired, "the power supply has changed since the calibration", remedy: remedy)
    }
    if let missing = calibration.sensors.first(where: { id in !meters.contains { $0.id == id } }) {
      return Reason(.absent, "the calibrated sensor \(missing) is not among this run's meters")
    }
    return nil
  }

  /// What a calibration says of the wall power of each series, as named checks: estimated, never measured.
  package static func checks(
    _ calibration: Calibration, summaries: [SeriesSummary], samples: [Sample]
  ) throws(Failure) -> [Check] {
    let fit = try CalibrationFit(calibration)
    return summaries.compactMap { summary in
      let windows = samples.filter { $0.kind == .load && $0.series == summary.series }
      let powers = windows.compactMap { window -> Double? in
        var sum = 0.0
        for sensor in calibration.sensors {
          let energy = window.energy.first { $0.meter == sensor }
          guard let watts = energy?.interval.value?.meanPower.value else { return nil }
          sum += watts
        }
        return sum
      }
      guard let sensors = Descriptive.mean(powers) else { return nil }
      let (watts, half) = fit.wallPower(sensors: sensors)
      let spread =
        half.map { " +- \(DecimalText.fixed($0, decimals: 1)) W (95 %)" }
        ?? " (accuracy of the wall meter unknown)"
      return Check(
        name: CheckName.calibratedWall, verdict: half == nil ? .unknown : .pass,
        message:
          "\(summary.series): estimated(calibrated) wall power \(DecimalText.fixed(watts, decimals: 1)) W\(spread), "
          + "\(DecimalText.fixed(summary.throughput.mean / watts, decimals: 1)) hashes per joule, from "
          + calibration.sensors.map(\.rawValue).joined(separator: " + "), origin: .external)
    }
  }
}
