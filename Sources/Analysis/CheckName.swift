/// Names of the checks that a run makes; stable, since files carry them.
package enum CheckName {
  // MARK: Of one window

  package static let throttling = "throttling"
  package static let stealTime = "steal-time"
  package static let otherLoad = "other-load"
  package static let contextSwitches = "context-switches"
  package static let governor = "governor"
  package static let mainsPower = "mains-power"
  package static let suspend = "suspend"
  package static let snapshotSkew = "snapshot-skew"
  package static let meter = "meter"
  package static let drift = "drift"
  /// A power that fell for one look and came back, as that of a counter does which stepped back.
  package static let meterDip = "meter-dip"
  /// Answers that took long beside the window.
  package static let meterLag = "meter-lag"
  package static let shareCount = "share-count"
  package static let outlier = "outlier"

  // MARK: Of a series or the run

  package static let steadyState = "steady-state"
  package static let worker = "worker"
  package static let selfTest = "self-test"
  package static let idleStability = "idle-stability"
  package static let childWithinParent = "child-within-parent"
  package static let meterResolution = "meter-resolution"
  /// Readings that are old beside the windows.
  package static let meterAge = "meter-age"
  /// The counter and the power of one device.
  package static let meterAgreement = "meter-agreement"
  /// Channels that repeat another.
  package static let meterMirror = "meter-mirror"
  /// Whether a check that could not be decided leaves open how far a meter may be believed.
  ///
  /// How often it measures, or which of several stands for the whole; the name carries the meter or the scope after a
  /// colon.
  package static func isOpenQuestionOfAMeter(_ name: String) -> Bool {
    ["meter-tick:", "meter-scope:"].contains { name.hasPrefix($0) }
  }
  package static let liveSources = "live-sources"
  package static let calibratedWall = "calibrated-wall"
}
