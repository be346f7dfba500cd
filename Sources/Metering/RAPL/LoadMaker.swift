internal import LinuxSystem
internal import Synchronization

/// Keeps some CPUs busy while counters are compared, for idle counters hardly differ.
final class LoadMaker: Sendable {
  private let isStopped = Atomic<Bool>(false)
  private let threads: Locked<[SystemThread]>

  /// Starts one spinning thread pinned to each CPU; a CPU that cannot be used is left out.
  init(cpus: [Int]) {
    threads = Locked([])
    let started = cpus.compactMap { cpu in
      try? SystemThread { [self] in
        guard (try? Affinity.pinCurrentThread(to: cpu)) != nil else { return }
        while !isStopped.load(ordering: .relaxed) {}
      }
    }
    threads.withLock { $0 = started }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    for thread in threads.withLock({ $0 }) { thread.join() }
  }
}
