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
  package static let shareCount = "share-count"
  package static let outlier = "outlier"

  // MARK: Of a series or the run

  package static let steadyState = "steady-state"
  package static let worker = "worker"
  package static let selfTest = "self-test"
  package static let idleStability = "idle-stability"
  package static let childWithinParent = "child-within-parent"
  package static let meterResolution = "meter-resolution"
  package static let liveSources = "live-sources"
  package static let calibratedWall = "calibrated-wall"
}
