/// What a check is about; stable, since files carry it.
///
/// Open: files may carry names that this version does not know.
package struct CheckName: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }

  // MARK: Of one window

  package static let throttling = CheckName(rawValue: "throttling")
  /// Why a device runs below its clock.
  package static let deviceThrottling = CheckName(rawValue: "device-throttling")
  package static let stealTime = CheckName(rawValue: "steal-time")
  package static let otherLoad = CheckName(rawValue: "other-load")
  package static let contextSwitches = CheckName(rawValue: "context-switches")
  package static let governor = CheckName(rawValue: "governor")
  package static let mainsPower = CheckName(rawValue: "mains-power")
  package static let suspend = CheckName(rawValue: "suspend")
  package static let snapshotSkew = CheckName(rawValue: "snapshot-skew")
  package static let meter = CheckName(rawValue: "meter")
  /// A power that fell for one look and came back, as that of a counter does which stepped back.
  package static let meterDip = CheckName(rawValue: "meter-dip")
  /// Answers that took long beside the window.
  package static let meterLag = CheckName(rawValue: "meter-lag")
  package static let drift = CheckName(rawValue: "drift")
  package static let shareCount = CheckName(rawValue: "share-count")
  package static let outlier = CheckName(rawValue: "outlier")

  // MARK: Of a window of proven work

  /// Whether the hashes of shares are as those of a miner that sends all that it finds.
  package static let targetFit = CheckName(rawValue: "target-fit")
  /// The window's rate against the rate since the work was sent.
  package static let strictRate = CheckName(rawValue: "strict-rate")
  /// A pause between shares.
  package static let longestGap = CheckName(rawValue: "longest-gap")
  /// Many shares at once.
  package static let burst = CheckName(rawValue: "burst")
  package static let lateShares = CheckName(rawValue: "late-shares")
  package static let duplicates = CheckName(rawValue: "duplicates")
  package static let connection = CheckName(rawValue: "connection")
  /// Which part of the shares was hashed again.
  package static let hashedShares = CheckName(rawValue: "hashed-shares")
  /// What the miner says of itself against what it proved.
  package static let claim = CheckName(rawValue: "claim")
  package static let plausibleEfficiency = CheckName(rawValue: "plausible-efficiency")
  /// What lies between the miner and the machine that measured it.
  package static let isolation = CheckName(rawValue: "isolation")

  // MARK: Of the idle machine

  package static let idleMachine = CheckName(rawValue: "idle-machine")
  package static let turbo = CheckName(rawValue: "turbo")
  package static let swap = CheckName(rawValue: "swap")
  package static let platformProfile = CheckName(rawValue: "platform-profile")

  // MARK: Of a series or the run

  package static let steadyState = CheckName(rawValue: "steady-state")
  package static let worker = CheckName(rawValue: "worker")
  /// Time that nobody watched, between the end of one process and the start of the next.
  package static let resumed = CheckName(rawValue: "resumed")
  package static let selfTest = CheckName(rawValue: "self-test")
  /// What everybody should know of the algorithm.
  package static let caution = CheckName(rawValue: "caution")
  /// Which number of workers was the fastest.
  package static let threads = CheckName(rawValue: "threads")
  /// What RandomX finds on a machine.
  package static let randomXLibrary = CheckName(rawValue: "librandomx")
  package static let hugePagePool = CheckName(rawValue: "huge-page-pool")
  package static let transparentHugePages = CheckName(rawValue: "transparent-huge-pages")
  package static let modelRegisters = CheckName(rawValue: "model-specific-registers")
  /// Time between launches in which a device had nothing to do.
  package static let deviceIdle = CheckName(rawValue: "device-idle")
  /// Hashes that a device reported and the reference refutes.
  package static let hardwareErrors = CheckName(rawValue: "hardware-errors")
  package static let idleStability = CheckName(rawValue: "idle-stability")
  package static let childWithinParent = CheckName(rawValue: "child-within-parent")
  package static let meterResolution = CheckName(rawValue: "meter-resolution")
  /// Readings that are old beside the windows.
  package static let meterAge = CheckName(rawValue: "meter-age")
  /// The counter and the power of one device.
  package static let meterAgreement = CheckName(rawValue: "meter-agreement")
  package static let liveSources = CheckName(rawValue: "live-sources")
  /// Wall watts of a series, estimated by a calibration.
  package static let calibratedWall = CheckName(rawValue: "calibrated-wall")
  /// Why a calibration was not used.
  package static let calibrationRefused = CheckName(rawValue: "calibration-refused")

  // MARK: Of a meter

  package static let meterGuard = CheckName(rawValue: "meter-guard")
  package static let energyFilter = CheckName(rawValue: "energy-filter")
  package static let meterCores = CheckName(rawValue: "meter-cores:perf")
  package static func meterTick(_ meter: MeterID) -> CheckName { of("meter-tick", meter) }
  package static func meterRatio(_ meter: MeterID) -> CheckName { of("meter-ratio", meter) }
  package static func meterCrossCheck(_ meter: MeterID) -> CheckName {
    of("meter-cross-check", meter)
  }
  package static func meterMirror(_ meter: MeterID) -> CheckName { of("meter-mirror", meter) }
  package static func meterTwin(_ meter: MeterID) -> CheckName { of("meter-twin", meter) }

  /// Several that each claim the whole of a scope.
  package static func meterScope(_ scope: Scope) -> CheckName {
    CheckName(rawValue: "meter-scope:\(scope)")
  }

  /// Whether, undecided, it leaves open how far a meter may be believed: how often it measures, or which of several stands
  /// for the whole.
  package var isOpenQuestionOfAMeter: Bool {
    ["meter-tick:", "meter-scope:"].contains { rawValue.hasPrefix($0) }
  }

  /// Whether it is about one meter or one scope, which it names.
  package var isOfOneMeter: Bool {
    [
      "meter-tick:", "meter-ratio:", "meter-cross-check:", "meter-mirror:", "meter-twin:",
      "meter-scope:",
    ].contains { rawValue.hasPrefix($0) }
  }

  private static func of(_ kind: String, _ meter: MeterID) -> CheckName {
    CheckName(rawValue: "\(kind):\(meter)")
  }
}
