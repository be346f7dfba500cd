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
      mode: mode, placement: .cpus(cpus), challenge: try #require(Challenge(bytes: Array(0..<32))),
      target: Target(leadingZeroBits: bits), firstSequence: sequence, batch: batch)
  }

  @Test("all shares between start and end are kept, and only true ones, on every worker")
  func shares() throws {
    let cpus = try Affinity.allowedCPUs().prefix(2)
    let job = try job(.sha256d, "openssl", cpus: Array(cpus), bits: 4, batch: 500)
    let session = try CPUBackend().start(job)
    clock.sleep(until: clock.now().advanced(by: Seconds(0.02))) { false }
    let shares = try session.finish()
    let positions = session.progress().map(\.position)
    #expect(session.batch == 500)
    #expect(session.facts == [.hugePages: .text("not-needed")])
    for (worker, position) in positions.enumerated() {
      #expect(position.value > 0 && position.value % 500 == 0)
      let header = WorkDerivation.input(
        .blockHeader, challenge: job.challenge, series: job.series, worker: worker, sequence: 0)
      let limit = UInt32(min(position.value, 2000))
      let expected = (0..<limit).filter {
        job.target.isMet(by: SHA256d.hash(header.with(nonce: $0).bytes))
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
    #expect(UInt64(shares.count) == session.progress()[0].position.value)
    #expect(shares.map(\.position.value) == Array(0..<UInt64(shares.count)))
  }

  @Test("the spin baseline hashes nothing")
  func spin() throws {
    let cpus = try Affinity.allowedCPUs().prefix(1)
    let session = try CPUBackend().start(
      try job(.sha256d, "swift", cpus: Array(cpus), bits: 0, mode: .spin, sequence: 7))
    #expect(session.progress().map(\.position) == [WorkPosition(sequence: 7, nonce: 0)])
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

  @Test("a calibrated batch is a multiple of the lanes, and scratch memory says how it lies")
  func calibration() throws {
    let cpus = try Affinity.allowedCPUs().prefix(1)
    let variant = try KernelCatalog.builtIn.select(
      KernelID(rawValue: "portable"), for: .scrypt, on: .current)
    let session = try CPUBackend().start(
      try job(.scrypt, "portable", cpus: Array(cpus), bits: 2))
    let shares = try session.finish()
    #expect(session.batch >= 1 && session.batch.isMultiple(of: UInt64(variant.lanes)))
    #expect(
      ["granted", "transparent", "refused"].map(StateValue.text)
        .contains(session.facts[.hugePages]))
    #expect(session.progress()[0].position.value.isMultiple(of: session.batch))
    let header = WorkDerivation.input(
      .blockHeader, challenge: try #require(Challenge(bytes: Array(0..<32))),
      series: try job(.scrypt, "portable", cpus: Array(cpus), bits: 2).series, worker: 0,
      sequence: 0)
    for share in shares.prefix(3) {
      let hash = Scrypt.hash(header.with(nonce: share.position.nonce).bytes)
      #expect(Target(leadingZeroBits: 2).isMet(by: hash))
    }
  }

  @Test("sessions may start and end many times, and one that is dropped stops its workers")
  func manySessions() throws {
    let cpus = Array(try Affinity.allowedCPUs().prefix(2))
    for sequence in 0..<20 {
      let session = try CPUBackend().start(
        try job(
          .sha256d, "portable", cpus: cpus, bits: 20, batch: 64, sequence: UInt32(sequence)))
      #expect(session.progress().allSatisfy { $0.position.sequence == UInt32(sequence) })
      if sequence.isMultiple(of: 2) { _ = try session.finish() }
    }
  }
}
