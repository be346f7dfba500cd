internal import LinuxSystem
package import Model

/// What a caller decides about a meter session.
package struct MeterOptions: Sendable {
  /// CPUs that hash; the meters' threads keep off them where another is allowed.
  package var workerCPUs: [Int]
  /// Where every reading is written as it comes; nil for nowhere.
  package var rawLog: String?
  /// What the user read about meters in their documents.
  package var accuracies: [StatedAccuracy]
  /// False only where a test takes the guard's steps itself.
  package var startsThreads: Bool

  package init(
    workerCPUs: [Int] = [], rawLog: String? = nil, accuracies: [StatedAccuracy] = [],
    startsThreads: Bool = true
  ) {
    self.workerCPUs = workerCPUs
    self.rawLog = rawLog
    self.accuracies = accuracies
    self.startsThreads = startsThreads
  }
}

/// Where the meters' threads run.
struct GuardPlacement: Hashable, Sendable {
  let cpu: Int?
  let check: Check

  static func choose(avoiding workers: [Int]) -> GuardPlacement {
    let allowed = (try? Affinity.allowedCPUs()) ?? []
    if let free = allowed.last(where: { !workers.contains($0) }), !workers.isEmpty {
      return GuardPlacement(
        cpu: free,
        check: Check(
          name: CheckName.meterGuard, verdict: .pass,
          message: "the meters are read on CPU \(free), where no worker runs"))
    }
    return GuardPlacement(
      cpu: nil,
      check: Check(
        name: CheckName.meterGuard, verdict: .unknown,
        message: "the meters are read on any CPU, for every allowed one may have a worker",
        remedy: "leave one CPU to the meters with --threads or --cpus"))
  }

  /// Pins the calling thread.
  ///
  /// A CPU that went offline since leaves it unpinned, which is harmless.
  func apply() {
    if let cpu { try? Affinity.pinCurrentThread(to: cpu) }
  }
}
