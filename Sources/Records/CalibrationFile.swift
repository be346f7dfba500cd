internal import JSON
package import Model

/// Files of the format "hashwatt-calibration".
package enum CalibrationFile {
  package static let format = "hashwatt-calibration"
  package static let newestVersion = 1

  /// The canonical bytes of a calibration.
  ///
  /// - Throws: `JSONProblem` that names a number that JSON cannot hold.
  package static func encode(_ calibration: Calibration) throws -> [UInt8] {
    JSONWriter.write(try JSONTreeEncoder.encode(CalibrationV1(calibration)))
  }

  /// The calibration in a file's bytes; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> Calibration {
    let document = try FormatHeader.parse(bytes, name: name)
    try FormatHeader.check(document, name: name, format: format, newest: newestVersion)
    let calibration = try FormatHeader.decode(CalibrationV1.self, from: document, name: name).domain
    if let problem = problem(in: calibration) { throw Failure(.badInput, "\(name): \(problem)") }
    return calibration
  }

  /// What no calibration can hold, however well its JSON is formed.
  private static func problem(in calibration: Calibration) -> String? {
    if calibration.sensors.isEmpty { return "sensors is empty" }
    if Set(calibration.sensors).count < calibration.sensors.count {
      return "sensors names one sensor twice"
    }
    if calibration.sensors.contains(calibration.wallMeter) {
      return "\(calibration.wallMeter) is both the wall meter and a sensor"
    }
    for (index, point) in calibration.points.enumerated() {
      let place = "points[\(index)]"
      if point.seconds <= 0 { return "\(place).window_s is not above 0" }
      if point.threads < 0 { return "\(place).threads is below 0" }
      if point.sensorWatts < 0 { return "\(place).sensor_power_w is below 0" }
      if point.wallWatts < 0 { return "\(place).wall_power_w is below 0" }
    }
    if let gain = calibration.wallAccuracy.gainBound, gain < 0 {
      return "wall_gain_bound is below 0"
    }
    return nil
  }
}

/// A calibration as version 1 of the format spells it.
struct CalibrationV1: Codable {
  struct Point: Codable {
    let sensorPowerW: Double
    let threads: Int
    let wallPowerW: Double
    let windowS: Double

    enum CodingKeys: String, CodingKey {
      case sensorPowerW = "sensor_power_w"
      case threads
      case wallPowerW = "wall_power_w"
      case windowS = "window_s"
    }
  }

  let format: String
  let version: Int
  let boardName: String?
  let boardVendor: String?
  let hardwareID: String
  let machineDigest: String?
  let madeAt: Double
  let points: [Point]
  let powerSupply: String?
  let sensors: [String]
  let wallAccuracySource: String
  let wallAccuracyIsAssumed: Bool
  let wallGainBound: Double?
  let wallMeter: String
  let wallOffsetBoundW: Double?

  enum CodingKeys: String, CodingKey {
    case format
    case version
    case boardName = "board_name"
    case boardVendor = "board_vendor"
    case hardwareID = "hardware_id"
    case machineDigest = "machine_digest"
    case madeAt = "made_at_s"
    case points
    case powerSupply = "power_supply"
    case sensors
    case wallAccuracySource = "wall_accuracy_source"
    case wallAccuracyIsAssumed = "wall_accuracy_is_assumed"
    case wallGainBound = "wall_gain_bound"
    case wallMeter = "wall_meter"
    case wallOffsetBoundW = "wall_offset_bound_w"
  }

  init(_ calibration: Calibration) {
    format = CalibrationFile.format
    version = 1
    boardName = calibration.binding.boardName
    boardVendor = calibration.binding.boardVendor
    hardwareID = calibration.binding.hardwareID.rawValue
    machineDigest = calibration.binding.machineDigest
    madeAt = calibration.madeAt
    points = calibration.points.map {
      Point(
        sensorPowerW: $0.sensorWatts, threads: $0.threads, wallPowerW: $0.wallWatts,
        windowS: $0.seconds)
    }
    powerSupply = calibration.binding.powerSupply
    sensors = calibration.sensors.map(\.rawValue)
    wallAccuracySource = calibration.wallAccuracy.source
    wallAccuracyIsAssumed = calibration.wallAccuracy.isAssumed
    wallGainBound = calibration.wallAccuracy.gainBound
    wallMeter = calibration.wallMeter.rawValue
    wallOffsetBoundW = calibration.wallAccuracy.offsetBound?.value
  }

  var domain: Calibration {
    Calibration(
      binding: Calibration.Binding(
        hardwareID: HardwareID(rawValue: hardwareID), boardVendor: boardVendor,
        boardName: boardName, machineDigest: machineDigest, powerSupply: powerSupply),
      madeAt: madeAt, wallMeter: MeterID(rawValue: wallMeter),
      wallAccuracy: MeterAccuracy(
        gainBound: wallGainBound, offsetBound: wallOffsetBoundW.map { Watts($0) },
        source: wallAccuracySource, isAssumed: wallAccuracyIsAssumed),
      sensors: sensors.map(MeterID.init(rawValue:)),
      points: points.map {
        Calibration.Point(
          threads: $0.threads, seconds: $0.windowS, sensorWatts: $0.sensorPowerW,
          wallWatts: $0.wallPowerW)
      })
  }
}
