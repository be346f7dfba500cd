import Foundation
import GPUBackend
import Kernels
import LinuxSystem
import Model
import TestSupport
import Testing

/// One card behind a stand-in for the CUDA driver, sound and with every fault that drivers have.
@Suite(.serialized)
struct StandInTests {
  private let kernel = KernelID(rawValue: "nvrtc-plain")
  private let clock = RawMonotonicClock()

  private func job(_ backend: GPUBackend, bits: Int = 12) throws -> ComputeJob {
    let placement = try #require(try backend.placements(PlacementWish()).first)
    return ComputeJob(
      series: SeriesID(
        algorithm: .sha256d, device: backend.device, kernel: kernel, placement: placement.name),
      mode: .hash, placement: placement,
      challenge: try #require(Challenge(bytes: Array(0..<32))),
      target: Target(leadingZeroBits: bits), firstSequence: 3, batch: nil)
  }

  private func pause(_ seconds: Double) {
    clock.sleep(until: clock.now().advanced(by: Seconds(seconds))) { false }
  }

  @Test("a card is named by its address on the bus, and by its place among the cards")
  func identity() throws {
    guard let card = Workers.card(for: "a stand-in card's identity") else { return }
    #expect(card.device == DeviceID(rawValue: "pci:0000:41:00.0"))
    #expect(card.alias == "gpu0")
    #expect(!card.isOnlyByName)
    #expect(card.routes.contains("CUDA 13.0"))
    let kernels = card.kernels().filter { $0.algorithm == .sha256d }
    #expect(kernels.contains { $0.kernel == kernel && $0.unsupported == nil })
    // The fastest is looked for on one route.
    let routes = Set(
      kernels.filter(\.isCandidate).map { $0.kernel.rawValue.prefix { $0 != "-" } })
    #expect(routes.count == 1)
  }

  @Test("CPUs cannot be chosen for a card")
  func placement() throws {
    guard let card = Workers.card(for: "a stand-in card's placement") else { return }
    #expect(try card.placements(PlacementWish()).map(\.name.description) == ["2q"])
    #expect(throws: Failure.self) { try card.placements(PlacementWish(cpus: "0-3")) }
  }

  @Test("a sound card proves its kernel, hashes, and tells only true shares")
  func sound() throws {
    guard let card = Workers.card(for: "hashing on a stand-in card") else { return }
    try card.selfTest(.sha256d, kernel)
    let job = try job(card)
    let began = clock.now()
    let session = try card.start(job)
    let first = session.progress()
    pause(2.2)
    let second = session.progress()
    let proofs = try session.finish()
    for (before, after) in zip(first, second) {
      let (from, to) = (try #require(before.instant), try #require(after.instant))
      #expect(from < to && began < from)
      #expect(after.units - before.units == after.position.value - before.position.value)
      #expect(after.position.value > before.position.value)
      #expect(before.position.sequence == 3)
    }
    // Every share of the first nonces of each worker, and no other.
    for worker in 0..<2 {
      let input = WorkDerivation.input(
        .blockHeader, challenge: job.challenge, series: job.series, worker: worker, sequence: 3)
      let expected = (UInt32(0)..<30_000).filter {
        job.target.isMet(by: SHA256d.hash(input.with(nonce: $0).bytes))
      }
      let found = proofs.filter { $0.worker == worker }.map(\.position.nonce)
      #expect(found.filter { $0 < 30_000 } == expected)
    }
    let checks = Dictionary(session.checks.map { ($0.name, $0.verdict) }) { first, _ in first }
    #expect(checks[.hardwareErrors] == .pass)
    #expect(checks[.deviceIdle] != nil)
    #expect(session.facts[.route] == .text("nvrtc"))
    // A second session goes on with the plan that was found.
    let again = try card.start(job)
    #expect(again.batch == session.batch)
    _ = try again.finish()
  }

  @Test("more shares than a launch has room for: none is lost")
  func crowded() throws {
    guard let card = Workers.card(for: "crowded launches") else { return }
    // Every hash is a share.
    let session = try card.start(try job(card, bits: 0))
    let proofs = try session.finish()
    let end = session.progress()
    for (worker, progress) in end.enumerated() {
      let own = proofs.filter { $0.worker == worker }.map(\.position.value)
      #expect(UInt64(own.count) == progress.units)
      #expect(own.first == UInt64(3) << 32 && own.last == progress.position.value - 1)
    }
  }

  @Test(
    "a driver that fails when a kernel is started: an error with what it means",
    arguments: [
      ("cuDevicePrimaryCtxRetain", "100", "no device"),
      ("nvrtcCompileProgram", "6", "log"),
      ("cuModuleLoadDataEx", "222", "newer PTX"),
      ("cuMemAlloc", "2", "out of memory"),
      ("cuLaunchKernel", "702", "took too long"),
      ("cuEventQuery", "999", "lost"),
    ])
  func failures(function: String, code: String, meaning: String) throws {
    guard
      let card = Workers.card(
        ["STANDIN_FAULT": function, "STANDIN_CODE": code], for: "driver fault \(function)")
    else { return }
    do {
      try card.selfTest(.sha256d, kernel)
      Issue.record("it passed")
    } catch let failure as Failure {
      #expect(failure.message.contains(meaning), "\(failure.message)")
      #expect(!failure.message.contains("\n"))
    }
  }

  @Test("a driver that takes its process with it", arguments: ["abort", "crash"])
  func crash(how: String) throws {
    guard
      let card = Workers.card(
        ["STANDIN_FAULT": "cuLaunchKernel", "STANDIN_CODE": how], for: "a driver's \(how)")
    else { return }
    let fault = #expect(throws: KernelFault.self) { try card.selfTest(.sha256d, kernel) }
    #expect(fault?.message.contains(how == "abort" ? "SIGABRT" : "SIGSEGV") == true)
    let stuck = #expect(throws: StuckKernel.self) { try card.start(try job(card)) }
    #expect(stuck?.isContained == true)
  }

  @Test("results that are wrong, or that one lane of 32 lacks, are found by the self-test")
  func spoiled() throws {
    for how in ["wrong", "skip"] {
      guard let card = Workers.card(["STANDIN_RESULT": how], for: "spoiled results") else {
        return
      }
      #expect(throws: KernelFault.self) { try card.selfTest(.sha256d, kernel) }
    }
  }

  @Test("wrong hashes on live work are counted, and are no shares")
  func hardwareErrors() throws {
    // The first header is that of the tuning, which is worker 0's as well; the second worker's is the second.
    guard
      let card = Workers.card(
        ["STANDIN_RESULT": "wrong", "STANDIN_HEADER": "2"], for: "wrong hashes on live work")
    else { return }
    let job = try job(card, bits: 8)
    let session = try card.start(job)
    pause(0.3)
    let proofs = try session.finish()
    let check = try #require(session.checks.first { $0.name == .hardwareErrors })
    #expect(check.verdict == .fail, "\(check.message)")
    for proof in proofs.prefix(200) {
      let input = WorkDerivation.input(
        .blockHeader, challenge: job.challenge, series: job.series, worker: proof.worker,
        sequence: proof.position.sequence)
      #expect(
        job.target.isMet(by: SHA256d.hash(input.with(nonce: proof.position.nonce).bytes)))
    }
  }

  @Test("a lane that is skipped on live work is found by the scan at the end")
  func skippedLane() throws {
    guard
      let card = Workers.card(
        ["STANDIN_RESULT": "skip", "STANDIN_HEADER": "2"], for: "a skipped lane on live work")
    else { return }
    let session = try card.start(try job(card))
    pause(2.5)
    let failure = #expect(throws: Failure.self) { try session.finish() }
    #expect(failure?.message.contains("on live work: it missed nonce") == true)
  }

  @Test("a driver that hangs when a kernel is started: said in bounded time")
  func hangAtStart() throws {
    var limits = Workers.limits
    limits.start = Seconds(3)
    guard
      let card = Workers.card(
        ["STANDIN_FAULT": "cuEventQuery", "STANDIN_CODE": "hang"], limits: limits,
        for: "a driver that hangs when a kernel is started")
    else { return }
    let stuck = #expect(throws: StuckKernel.self) { try card.start(try job(card)) }
    #expect(stuck?.isContained == true)
    #expect(stuck?.ending == .silent(Seconds(3)))
  }

  @Test("a worker that stands still on live work: said in bounded time, and nothing is left of it")
  func hang() throws {
    guard let card = Workers.card(for: "a worker that stands still") else { return }
    let session = try card.start(try job(card))
    let worker = try #require(Workers.running("nvrtc"))
    #expect(kill(worker, SIGSTOP) == 0)
    let began = clock.now()
    var stuck: StuckKernel?
    while stuck == nil, clock.now().since(began).value < 30 {
      stuck = session.stuckKernel()
      pause(0.1)
    }
    #expect(stuck?.ending == .silent(Workers.limits.launch))
    #expect(stuck?.isContained == true)
    #expect(throws: StuckKernel.self) { try session.finish() }
    #expect(kill(worker, 0) != 0)
    // The next session has a worker of its own.
    _ = try card.start(try job(card)).finish()
  }

  @Test("a worker that is killed from outside")
  func killed() throws {
    guard let card = Workers.card(for: "a worker that is killed") else { return }
    let session = try card.start(try job(card))
    #expect(kill(try #require(Workers.running("nvrtc")), SIGKILL) == 0)
    let stuck = #expect(throws: StuckKernel.self) { try session.finish() }
    #expect(stuck?.ending == .crashed("SIGKILL"))
  }

  @Test("a worker that nothing is asked of ends, and the next question starts another")
  func idle() throws {
    guard let card = Workers.card(for: "a worker that idles") else { return }
    try card.selfTest(.sha256d, kernel)
    let worker = try #require(Workers.running("nvrtc"))
    let began = clock.now()
    while Workers.running("nvrtc") != nil, clock.now().since(began).value < 30 { pause(0.1) }
    #expect(Workers.running("nvrtc") == nil)
    try card.selfTest(.sha256d, kernel)
    #expect(Workers.running("nvrtc").map { $0 != worker } == true)
  }
}
