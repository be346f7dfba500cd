package import JSON
package import Model

/// Files of the format "hashwatt-calibration".
package enum CalibrationFile {
  package static let format = "hashwatt-calibration"
  package static let newestVersion = 1

  /// The canonical bytes of a calibration.
  ///
  /// - Throws: `JSONProblem` that names a number that JSON cannot hold.
  package static func encode(_ calibration: Calibration) throws(JSONProblem) -> [UInt8] {
    JSONWriter.write(try calibration.encoded())
  }

  /// The calibration in a file's bytes; `name` is what errors call the file.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file and the place.
  package static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> Calibration {
    let document = try FormatHeader.parse(bytes, name: name)
    try FormatHeader.check(document, name: name, format: format, newest: newestVersion)
    let calibration = try FormatHeader.decode(Calibration.self, from: document, name: name)
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
    return nil
  }
}
