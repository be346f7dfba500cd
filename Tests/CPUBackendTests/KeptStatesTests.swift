import CPUBackend
import Kernels
import LinuxSystem
import Model
import TestSupport
import Testing

/// States that a library prepares.
struct KeptStatesTests {
  @Test("each memory node that has workers has a state of its own, prepared by its own CPUs")
  func nodes() throws {
    let tree = try FixtureTree()
    for (name, cpus) in ["node0": "0-3,8-11", "node1": "4-7,12-15", "node2": ""] {
      try tree.write(cpus + "\n", to: "sys/devices/system/node/\(name)/cpulist")
    }
    try tree.write("0-2\n", to: "sys/devices/system/node/possible")
    let nodes = MemoryNodes(SystemRoot(prefix: tree.path))
    let both = StateLayout([0, 4, 8, 15], nodes)
    #expect(both.places == [0, 1, 0, 1])
    #expect(both.parts.map(\.node) == [0, 1])
    #expect(both.parts.map(\.cpus) == [[0, 8], [4, 15]])
    let far = StateLayout([5, 6], nodes)
    #expect(far.parts.map(\.node) == [1] && far.parts.map(\.cpus) == [[5, 6]])
    // A small state is one for all, and so is that of a machine that says nothing of nodes.
    #expect(StateLayout([0, 4], nil).parts.map(\.cpus) == [[0, 4]])
    let bare = try FixtureTree()
    #expect(StateLayout([0, 4], MemoryNodes(SystemRoot(prefix: bare.path))).parts.count == 1)
    withExtendedLifetime((tree, bare)) {}
  }

  @Test(
    "what does not fit into memory is refused before anything is prepared, with what is free",
    arguments: [
      ("librandomx-jit", "dataset takes 233", "choose --kernel librandomx-light-jit"),
      ("librandomx-light-jit", "cache takes 256 MiB", "free memory"),
    ])
  func room(kernel: String, wanted: String, remedy: String) throws {
    guard RandomXLibrary.obstacle == nil else {
      NotRun.report("too little memory for RandomX: librandomx is not here")
      return
    }
    let tree = try FixtureTree()
    try tree.write("MemAvailable: 102400 kB\n", to: "proc/meminfo")
    let cpus = Array(try Affinity.allowedCPUs().prefix(1))
    let job = ComputeJob(
      series: SeriesID(
        algorithm: .randomx, device: .cpu, kernel: KernelID(rawValue: kernel),
        threads: cpus.count),
      mode: .hash, placement: .cpus(cpus), challenge: ReferenceOutcomes.challenge,
      target: Target(leadingZeroBits: 256), firstSequence: 0, batch: 1)
    let failure = #expect(throws: Failure.self) {
      try CPUBackend(memory: SystemRoot(prefix: tree.path)).start(job)
    }
    #expect(failure?.exitCode == .unavailable)
    let line = failure?.line ?? ""
    #expect(
      line.contains(wanted) && line.contains("100 MiB are free (MemAvailable")
        && line.contains(remedy), "\(line)")
  }

  @Test("an interruption ends the preparation of a dataset")
  func interrupted() throws {
    guard RandomXLibrary.obstacle == nil else {
      NotRun.report("preparing a dataset: librandomx is not here")
      return
    }
    let cpus = Array(try Affinity.allowedCPUs().prefix(2))
    let job = ComputeJob(
      series: SeriesID(
        algorithm: .randomx, device: .cpu, kernel: KernelID(rawValue: "librandomx-jit"),
        threads: cpus.count),
      mode: .hash, placement: .cpus(cpus), challenge: ReferenceOutcomes.challenge,
      target: Target(leadingZeroBits: 256), firstSequence: 0, batch: 1)
    #expect(throws: Interrupted.self) {
      try CPUBackend(isCancelled: { true }).start(job)
    }
  }

  @Test("a session in light mode hashes rightly, and tells library, time and memory")
  func light() throws {
    guard RandomXLibrary.obstacle == nil else {
      NotRun.report("a session of RandomX: librandomx is not here")
      return
    }
    let cpus = Array(try Affinity.allowedCPUs().prefix(2))
    let other = try #require(Challenge(bytes: [UInt8](repeating: 7, count: 32)))
    let job = ComputeJob(
      series: SeriesID(
        algorithm: .randomx, device: .cpu, kernel: KernelID(rawValue: "librandomx-light-jit"),
        threads: cpus.count),
      mode: .hash, placement: .cpus(cpus), challenge: other,
      // The key follows from this one, the work from the other.
      keyChallenge: ReferenceOutcomes.challenge, target: Target(leadingZeroBits: 1),
      firstSequence: 0, batch: 3)
    let backend = CPUBackend()
    let watch = CountingWatch()
    backend.meterPreparations(watch)
    let session = try backend.start(job)
    let proofs = try session.finish()
    // It was metered once, and whoever uses the same state is told the same.
    #expect(session.preparations.count == 1 && watch.count == 1)
    let again = try backend.start(job)
    _ = try again.finish()
    #expect(again.preparations == session.preparations && watch.count == 1)
    let shape = AlgorithmDescriptor.randomx.shape
    let reference = try AlgorithmDescriptor.randomx.reference(
      key: WorkDerivation.key(shape, challenge: ReferenceOutcomes.challenge))
    for (worker, progress) in session.progress().enumerated() {
      #expect(progress.units == progress.position.value && progress.units >= 3)
      let input = WorkDerivation.input(
        shape, challenge: other, series: job.series, worker: worker, sequence: 0)
      let expected = try (0..<UInt32(3)).filter { nonce in
        job.target.isMet(
          by: try #require(reference.value(of: input.with(nonce: nonce), payload: [])))
      }
      let found = proofs.filter { $0.worker == worker && $0.position.value < 3 }
      #expect(found.map(\.position.nonce) == expected)
    }
    #expect(session.facts[.preparedBytes] == .integer(256 << 20))
    guard case .number(let seconds)? = session.facts[.preparation],
      case .text(let digest)? = session.facts[.libraryDigest],
      case .text(let library)? = session.facts[.library]
    else {
      Issue.record("facts are missing: \(session.facts)")
      return
    }
    #expect(seconds > 0 && digest.count == 64 && library.hasPrefix("librandomx"))
  }
}

/// Counts preparations by a clock that stands still.
private final class CountingWatch: PreparationWatch {
  private let begun = Locked(0)
  var count: Int { begun.withLock { $0 } }

  func began() -> @Sendable () -> MeteredPreparation {
    let number = begun.withLock { begun in
      begun += 1
      return begun
    }
    return {
      let instants = [1, 2].map { UInt64(10 * number + $0) }.map { nanoseconds in
        let instant = Instant(nanoseconds: nanoseconds)
        return SnapshotInstants(first: instant, second: instant, third: instant)
      }
      return MeteredPreparation(start: instants[0], end: instants[1], energy: [])
    }
  }
}
