import CPUBackend
import Foundation
import Kernels
import LinuxSystem
import Model
import TestSupport
import Testing

/// Kernels that are prepared from a key, through the C interface.
@Suite("Prepared kernels")
struct PreparedKernelTests {
  private static let id = AlgorithmID(rawValue: "keyed-test")
  private static let shape = WorkShape(
    size: 44, nonceOffset: 12,
    preparation: .keyed(keySize: 32, stateSize: ByteCount(33), sharing: .allWorkers))

  private static func reference(_ key: [UInt8]) -> HashReference {
    let state = key.map { $0 ^ 0x5c }
    return HashReference { work in
      (0..<UInt64(4)).flatMap { part -> [UInt8] in
        let sum = (state + work).reduce(UInt64(0xcbf2_9ce4_8422_2325) + part) {
          ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        return (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
      }
    }
  }

  private static let descriptor = AlgorithmDescriptor(id: id, shape: shape, knownAnswers: []) {
    key throws(Failure) in reference(key)
  }

  private static let algorithms = AlgorithmCatalog([descriptor])

  /// Compiles the kernel and loads it; the folder may go afterwards.
  private func kernel(_ options: [String] = []) throws -> KernelVariant {
    let folder = try TemporaryFolder()
    let here = URL(filePath: #filePath).deletingLastPathComponent()
    let project = here.deletingLastPathComponent().deletingLastPathComponent()
    let compiler = try #require(
      TestSupport.ChildProcess.find("cc"), "a C compiler is on the search path")
    let object = "\(folder.path)/keyed.so"
    let outcome = try TestSupport.ChildProcess.run(
      compiler,
      ["-std=c17", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC"] + options + [
        "-I", project.appending(path: "Sources/CKernels/include").path, "-o", object,
        here.appending(path: "Plugins/keyed.c").path,
      ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(PluginLibrary.load(object, algorithms: Self.algorithms).first)
  }

  @Test("a prepared kernel passes the proof, and without its state it is refused")
  func proof() throws {
    let kernel = try kernel()
    #expect(kernel.state?.size == 33 && kernel.state?.sharing == .allWorkers)
    try KernelSelfTest.run(kernel, of: Self.descriptor)
    let other = try GuardedKernel(kernel, key: [UInt8](repeating: 1, count: 32))
    let proof = KernelProof(Self.descriptor, kernel.id, lanes: 1, scan: other.scan)
    #expect(throws: KernelFault.self) { try proof.run() }
  }

  @Test(
    "all workers of a session share one state, or each has its own; each key follows from the challenge",
    arguments: ["HW_SHARED_BY_ALL", "HW_OWN_OF_WORKER"])
  func session(sharing: String) throws {
    let kernel = try kernel(["-DSHARING=\(sharing)"])
    let catalog = KernelCatalog(
      variants: Self.descriptor.kernels + [kernel], algorithms: Self.algorithms)
    let cpus = Array(try Affinity.allowedCPUs().prefix(2))
    let challenge = try #require(Challenge(bytes: Array(0..<32)))
    let job = ComputeJob(
      series: SeriesID(
        algorithm: Self.id, device: .cpu, kernel: kernel.id, threads: cpus.count),
      mode: .hash, placement: .cpus(cpus), challenge: challenge, target: Target(leadingZeroBits: 6),
      firstSequence: 0, batch: 200)
    let session = try CPUBackend(catalog: catalog).start(job)
    let proofs = try session.finish()
    let reference = Self.reference(WorkDerivation.key(Self.shape, challenge: challenge))
    for (worker, progress) in session.progress().enumerated() {
      #expect(progress.units == progress.position.value && progress.units >= 200)
      let input = WorkDerivation.input(
        Self.shape, challenge: challenge, series: job.series, worker: worker, sequence: 0)
      let expected = (0..<UInt32(200)).filter { nonce in
        reference.outcomes(of: input.with(nonce: nonce)).contains { job.target.isMet(by: $0.value) }
      }
      let found = proofs.filter { $0.worker == worker && $0.position.value < 200 }
      #expect(found.map(\.position.nonce) == expected)
    }
  }

  @Test("a state without its functions is refused")
  func halfDescribed() {
    let failure = #expect(throws: Failure.self) { try kernel(["-DNO_PREPARE"]) }
    #expect(failure?.line.contains("without 'prepare' and 'release'") == true)
  }
}
