/// How one machine's wall power follows from its own sensors: measured with a wall meter, for that machine only.
///
/// power.md R26, after MLPerf's comparison test: idle and two loads.
package struct Calibration: Hashable, Sendable {
  /// Which machine it holds for.
  package struct Binding: Hashable, Sendable {
    package var hardwareID: HardwareID
    package var boardVendor: String?
    package var boardName: String?
    /// SHA-256 over the machine's identifier; nil where it cannot be read.
    package var machineDigest: String?
    /// What the user calls the power supply; nil when not said.
    package var powerSupply: String?

    package init(
      hardwareID: HardwareID, boardVendor: String?, boardName: String?, machineDigest: String?,
      powerSupply: String?
    ) {
      self.hardwareID = hardwareID
      self.boardVendor = boardVendor
      self.boardName = boardName
      self.machineDigest = machineDigest
      self.powerSupply = powerSupply
    }

    /// What a calibration of this machine is bound to.
    ///
    /// The machine's identifier is private to it (machine-id(5)): only a digest leaves it.
    package init(of machine: Machine, identifier: String?, powerSupply: String?) {
      self.init(
        hardwareID: machine.cpu.value?.hardwareID ?? HardwareID(rawValue: "unknown"),
        boardVendor: machine.platform.boardVendor.value,
        boardName: machine.platform.boardName.value,
        machineDigest: identifier.map {
          Hexadecimal.encode(SHA256.hash(Array("hashwatt-calibration-1:\($0)".utf8)))
        }, powerSupply: powerSupply)
    }
  }

  /// One block of constant load.
  package struct Point: Hashable, Sendable {
    /// Worker threads; 0 for idle.
    package var threads: Int
    package var seconds: Double
    /// Sum of the sensors' mean power.
    package var sensorWatts: Double
    package var wallWatts: Double

    package init(threads: Int, seconds: Double, sensorWatts: Double, wallWatts: Double) {
      self.threads = threads
      self.seconds = seconds
      self.sensorWatts = sensorWatts
      self.wallWatts = wallWatts
    }
  }

  package var binding: Binding
  /// Wall-clock time, seconds since 1970.
  package var madeAt: Double
  package var wallMeter: MeterID
  package var wallAccuracy: MeterAccuracy
  /// The sensors whose power is added.
  package var sensors: [MeterID]
  package var points: [Point]

  package init(
    binding: Binding, madeAt: Double, wallMeter: MeterID, wallAccuracy: MeterAccuracy,
    sensors: [MeterID], points: [Point]
  ) {
    self.binding = binding
    self.madeAt = madeAt
    self.wallMeter = wallMeter
    self.wallAccuracy = wallAccuracy
    self.sensors = sensors
    self.points = points
  }
}
