import Model
import Records
import TestSupport
import Testing

struct CalibrationFileTests {
  static func calibration() -> Calibration {
    Calibration(
      binding: Calibration.Binding(
        hardwareID: HardwareID(rawValue: "cpu/x"), boardVendor: "Maker", boardName: "Board",
        machineDigest: "ab", powerSupply: "psu 1"),
      madeAt: 1_790_000_000.5, wallMeter: MeterID(rawValue: "shelly:x"),
      wallAccuracy: MeterAccuracy(
        gainBound: 0.01, offsetBound: Watts(0.5), source: "datasheet", isAssumed: false),
      sensors: [MeterID(rawValue: "powercap:package-0")],
      points: [0, 1, 2].map {
        Calibration.Point(
          threads: $0, seconds: 60, sensorWatts: 10.5 + 40 * Double($0),
          wallWatts: 32.25 + 46 * Double($0))
      })
  }

  @Test("a record comes back as it was, and its text stays what it is")
  func golden() throws {
    let bytes = try CalibrationFile.encode(Self.calibration())
    #expect(try CalibrationFile.decode(bytes, name: "c") == Self.calibration())
    assertSnapshot(String(decoding: bytes, as: UTF8.self), named: "calibration-v1.json")
  }

  @Test("what no calibration can hold is refused with the file and the place")
  func refusals() throws {
    func line(_ change: (inout Calibration) -> Void) throws -> String? {
      var calibration = Self.calibration()
      change(&calibration)
      let bytes = try CalibrationFile.encode(calibration)
      do {
        _ = try CalibrationFile.decode(bytes, name: "c.json")
        return nil
      } catch {
        #expect(error.exitCode == .badInput)
        return error.line
      }
    }
    #expect(try line { _ in } == nil)
    #expect(try line { $0.sensors = [] }?.contains("c.json: sensors is empty") == true)
    #expect(try line { $0.sensors += $0.sensors }?.contains("twice") == true)
    #expect(try line { $0.sensors = [$0.wallMeter] }?.contains("both the wall meter") == true)
    #expect(try line { $0.points[1].seconds = 0 }?.contains("points[1].window_s") == true)
    #expect(try line { $0.points[2].wallWatts = -1 }?.contains("points[2].wall_power_w") == true)
    let bytes = try CalibrationFile.encode(Self.calibration())
    for length in [0, 1, bytes.count / 2, bytes.count - 3] {
      #expect(throws: Failure.self) {
        try CalibrationFile.decode(Array(bytes.prefix(length)), name: "c.json")
      }
    }
  }
}
