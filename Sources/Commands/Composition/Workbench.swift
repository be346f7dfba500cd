package import LinuxSystem
package import MeterCore
package import Model

/// What measuring asks of the machine, in the words of `Model`: `Composition` answers with adapters, tests with fakes.
package protocol Workbench: Sendable {
  /// Where meters and state are read: the live machine, or a tree that stands in for it.
  var root: SystemRoot { get }
  var clock: any MonotonicClock { get }
  /// Every device that can hash.
  func backends() -> [any ComputeBackend]
  func probe() -> any StateProbe
  /// The machine that hashes, always the live one.
  func detection() throws -> DetectionReport
  /// What the system calls this machine, for a digest only; nil where it says nothing.
  func machineIdentifier() -> String?
  /// Every kind of meter, tried where it is looked for; nothing is asked over a network.
  func diagnoses() -> [SourceDiagnosis]
  /// The meters that the words name, each running, and why others do not answer.
  ///
  /// `workerCPUs` are those that a meter's guard keeps away from; `rawLog` the file of every reading.
  func meters(
    _ selection: [String], workerCPUs: [Int], rawLog: String?, accuracies: [StatedAccuracy]
  ) throws -> (session: any MeterSession, unavailable: [UnavailableMeter])
}
