import CPUBackend
import Kernels
import LinuxSystem
import Model
import Testing

struct SessionTests {
  private let clock = RawMonotonicClock()

  private func job(
    _ algorithm: AlgorithmID, _ kernel: String, cpus: [Int], bits: Int, batch: UInt64? = nil,
    mode: ComputeMode = .hash, sequence: UInt32 = 0
  ) throws -> ComputeJob {
    ComputeJob(
      series: SeriesID(
        algorithm: algorithm, device: .cpu, kernel: KernelID(rawValue: kernel),
        threads: cpus.count),
      mode: mode, cpus: cpus, challenge: try #require(Challenge(bytes: Array(0..<32))),
      target: Target(leadingZeroBits: bits), firstSequence: sequence, batch: batch)
  }

  @Test("all shares between start and end are kept, and only true ones, on every worker")
  func shares() throws {
    let cpus = try Affinity.allowedCPUs().prefix(2)
    let job = try job(.sha256d, "openssl", cpus: Array(cpus), bits: 4, batch: 500)
    let session = try CPUBackend().start(job)
    clock.sleep(until: clock.now().advanced(by: Seconds(0.02))) { false }
    let shares = try session.finish()
    let positions = session.positions()
    #expect(session.batch == 500)
    #expect(session.hugePages == "not-needed")
    for (worker, position) in positions.enumerated() {
      #expect(position.value > 0 && position.value % 500 == 0)
      let header = HeaderDerivation.header(
        challenge: job.challenge, algorithm: .sha256d, device: .cpu, kernel: job.series.kernel,
        worker: worker, sequence: 0)
      let limit = UInt32(min(position.value, 2000))
      let expected = (0..<limit).filter {
        job.target.isMet(by: SHA256d.hash(header.with(nonce: $0)))
      }
      let found = shares.filter { $0.worker == worker }.map(\.position.nonce)
      #expect(found.filter { $0 < limit } == expected)
      #expect(found.allSatisfy { UInt64($0) < position.value })
    }
  }

  @Test("when every hash is a share none is lost, though the room was made for fewer")
  func manyShares() throws {
    let cpus = try Affinity.allowedCPUs().prefix(1)
    let session = try CPUBackend().start(
      try job(.keccak256, "swift", cpus: Array(cpus), bits: 0, batch: 300))
    let shares = try session.finish()
    #expect(UInt64(shares.count) == session.positions()[0].value)
    #expect(shares.map(\.position.value) == Array(0..<UInt64(shares.count)))
  }

  @Test("the spin baseline hashes nothing")
  func spin() throws {
    let cpus = try Affinity.allowedCPUs().prefix(1)
    let session = try CPUBackend().start(
      try job(.sha256d, "swift", cpus: Array(cpus), bits: 0, mode: .spin, sequence: 7))
    #expect(session.positions() == [WorkPosition(sequence: 7, nonce: 0)])
    #expect(try session.finish().isEmpty)
  }

  @Test("a CPU that does not exist is refused by name")
  func missingCPU() throws {
    let error = #expect(throws: Failure.self) {
      try CPUBackend().start(try job(.sha256d, "swift", cpus: [4095], bits: 0))
    }
    #expect(error?.exitCode == .unavailable)
    #expect(error?.line.contains("CPU 4095") == true)
  }

  @Test("threads and CPUs must agree")
  func count() throws {
    let error = #expect(throws: Failure.self) {
      try CPUBackend().start(try job(.sha256d, "swift", cpus: [], bits: 0))
    }
    #expect(error?.exitCode == .usage)
  }
}
