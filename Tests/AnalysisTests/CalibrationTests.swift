import Analysis
import Model
import TestSupport
import Testing

struct CalibrationTests {
  private static let binding = Calibration.Binding(
    hardwareID: HardwareID(rawValue: "cpu/x"), boardVendor: "Maker", boardName: "Board",
    machineDigest: "ab", powerSupply: "psu 1")

  private static func calibration(gain: Double? = 0.01) -> Calibration {
    // Wall = 1.15 * sensors + 20 W, with a small residual of alternating sign.
    let points = [0, 1, 2].flatMap { threads in
      (0..<5).map { block in
        let sensors = 10.0 + 40 * Double(threads)
        return Calibration.Point(
          threads: threads, seconds: 60, sensorWatts: sensors,
          wallWatts: 1.15 * sensors + 20 + 0.1 * Double(block - 2))
      }
    }
    return Calibration(
      binding: binding, madeAt: 1_790_000_000, wallMeter: MeterID(rawValue: "shelly:x"),
      wallAccuracy: MeterAccuracy(gainBound: gain, source: "datasheet", isAssumed: false),
      sensors: [MeterID(rawValue: "powercap:package-0")], points: points)
  }

  @Test func fitFindsTheLine() throws {
    let fit = try CalibrationFit(Self.calibration())
    #expect(abs(fit.slope - 1.15) < 1e-9)
    #expect(abs(fit.intercept - 20) < 1e-6)
    let (watts, half) = fit.wallPower(sensors: 60)
    #expect(abs(watts - 89) < 1e-6)
    // Mostly the wall meter's 1 %: 1.96 * 0.89 / sqrt(3) is 1.0 W.
    let width = try #require(half)
    #expect(width > 1.0 && width < 1.4)
    #expect(try CalibrationFit(Self.calibration(gain: nil)).wallPower(sensors: 60).halfWidth == nil)
  }

  @Test func tooFewLevelsAreRefused() {
    var calibration = Self.calibration()
    calibration.points.removeAll { $0.threads == 1 }
    #expect(throws: Failure.self) { try CalibrationFit(calibration) }
    var flat = Self.calibration()
    flat.points = flat.points.map {
      Calibration.Point(threads: $0.threads, seconds: 60, sensorWatts: 10, wallWatts: $0.wallWatts)
    }
    #expect(throws: Failure.self) { try CalibrationFit(flat) }
  }

  @Test("a record holds for its machine, board and supply, for 12 months")
  func objections() {
    let calibration = Self.calibration()
    let sensors = [FakeMeter.counter()]
    func objection(
      _ days: Double = 1, meters: [MeterDescriptor]? = nil,
      _ change: (inout Calibration.Binding) -> Void = { _ in }
    ) -> String? {
      var binding = Self.binding
      change(&binding)
      return CalibrationFit.objection(
        to: calibration, on: binding, at: 1_790_000_000 + days * 86400, meters: meters ?? sensors)?
        .message
    }
    #expect(objection() == nil)
    #expect(objection(364) == nil)
    #expect(objection(366)?.contains("12 months") == true)
    #expect(objection(-10)?.contains("future") == true)
    #expect(objection { $0.boardName = "Other" }?.contains("board") == true)
    #expect(objection { $0.hardwareID = HardwareID(rawValue: "cpu/y") }?.contains("cpu/y") == true)
    #expect(objection { $0.machineDigest = "cd" }?.contains("another machine") == true)
    #expect(objection { $0.powerSupply = "psu 2" }?.contains("power supply") == true)
    #expect(objection { $0.powerSupply = nil } == nil)
    #expect(objection(meters: [])?.contains("powercap:package-0") == true)
  }
}
