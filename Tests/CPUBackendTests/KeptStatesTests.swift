import CPUBackend
import Kernels
import LinuxSystem
import Model
import TestSupport
import Testing

/// States that a library prepares.
struct KeptStatesTests {
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
    let session = try CPUBackend().start(job)
    let proofs = try session.finish()
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
