import Foundation
import Kernels
import LinuxSystem
import Model
import Records
import TestSupport
import Testing

/// The whole program on a stand-in card: what is written, and what a driver's end costs.
@Suite(.serialized)
struct RunTests {
  private func run(
    _ faults: [String: String], _ options: [String], in folder: TemporaryFolder
  ) throws -> TestSupport.ChildProcess.Outcome? {
    guard let environment = Workers.standIn(faults, for: "run on a stand-in card") else {
      return nil
    }
    return try TestSupport.ChildProcess.run(
      Workers.program,
      [
        "run", "--algorithm", "sha256d", "--meter", "none", "--warmup", "0", "--window", "0.5",
        "--idle", "0",
      ] + options, in: folder.path, environment: environment)
  }

  private func result(in folder: TemporaryFolder) throws -> (path: String, result: RunResult) {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/results")
      .filter { $0.hasSuffix(".json") }
    let path = folder.path + "/results/" + (try #require(names.first))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return (path, try ResultFile.decode(Array(bytes), name: path))
  }

  @Test("CPU and card in turn, in one result that verify accepts")
  func both() throws {
    let folder = try TemporaryFolder()
    guard
      let outcome = try run(
        [:],
        [
          "--device", "cpu", "--device", "gpu0", "--kernel", "portable", "--kernel", "nvrtc-plain",
          "--threads", "1", "--repeats", "2",
        ], in: folder)
    else { return }
    // Options about CPUs leave the card out, and say so.
    #expect(outcome.errors.contains("pci:0000:41:00.0 is left out"), "\(outcome.text)")
    let more = try TemporaryFolder()
    guard
      let whole = try run(
        [:],
        [
          "--device", "cpu", "--device", "gpu0", "--kernel", "portable", "--kernel", "nvrtc-plain",
          "--repeats", "2",
        ], in: more)
    else { return }
    #expect(whole.status == 0, "\(whole.text)")
    let (path, result) = try result(in: more)
    #expect(Set(result.workers.map(\.series.device.rawValue)) == ["cpu", "pci:0000:41:00.0"])
    let card = try #require(result.workers.first { $0.series.device != .cpu })
    #expect(card.series.placement.description == "2q")
    #expect(card.poll != nil)
    #expect(card.facts[.route] == .text("nvrtc"))
    #expect(result.samples.filter { $0.series == card.series }.count == 2)
    let verified = try TestSupport.ChildProcess.run(
      Workers.program, ["verify", "--rescan", "5", path])
    #expect(verified.status == 0, "\(verified.text)")
  }

  @Test("CPU and card together, in one result that verify accepts, and not as windows in turn")
  func together() throws {
    let folder = try TemporaryFolder()
    guard
      let outcome = try run(
        [:],
        [
          "--device", "cpu", "--device", "gpu0", "--together", "--kernel", "portable", "--kernel",
          "nvrtc-plain", "--repeats", "2",
        ], in: folder)
    else { return }
    #expect(outcome.status == 0, "\(outcome.text)")
    let (path, result) = try result(in: folder)
    #expect(result.summaries.map(\.series.device).contains(.together))
    let verified = try TestSupport.ChildProcess.run(
      Workers.program, ["verify", "--rescan", "5", path])
    #expect(verified.status == 0, "\(verified.text)")
    // In turn, windows at the same time would be twice the work of one machine's time.
    var claimed = result
    claimed.plan.isTogether = false
    let inTurn = folder.path + "/in-turn.json"
    try Data(try ResultFile.encode(claimed)).write(to: URL(fileURLWithPath: inTurn))
    let refused = try TestSupport.ChildProcess.run(Workers.program, ["verify", inTurn])
    #expect(refused.status == 1)
    #expect(refused.text.contains("begins before the one before it ends"), "\(refused.text)")
  }

  @Test(
    "a driver that goes in the second window costs its series: windows kept, the CPU measured",
    arguments: [
      ("cuLaunchKernel", "crash", "crashed (SIGSEGV)"),
      ("cuEventQuery", "999", "the device is lost"),
    ])
  func lost(function: String, code: String, what: String) throws {
    // Known answers and the reference's work in the self-test; two headers in each of two brief measurements and of each window.
    let known = Set(
      AlgorithmCatalog.builtIn.descriptor(of: .sha256d)?.knownAnswers.map {
        $0.input.with(nonce: 0)
      }
        ?? [])
    let header = known.count + 1 + 4 + 2 + 1
    let folder = try TemporaryFolder()
    guard
      let outcome = try run(
        [
          "STANDIN_FAULT": function, "STANDIN_CODE": code, "STANDIN_HEADER": "\(header)",
          "STANDIN_STATE": folder.path + "/headers",
        ],
        [
          "--device", "cpu", "--device", "gpu0", "--kernel", "portable", "--kernel", "nvrtc-plain",
          "--repeats", "3",
        ], in: folder)
    else { return }
    let (path, result) = try result(in: folder)
    let card = result.samples.filter { $0.series.map { $0.device != .cpu } ?? false }
    #expect(card.count == 1)
    #expect(result.samples.count { $0.series?.device == .cpu } == 3)
    #expect(result.isComplete == false)
    #expect(result.endReason?.message.contains(what) == true, "\(outcome.text)")
    let verified = try TestSupport.ChildProcess.run(Workers.program, ["verify", path])
    #expect(verified.status == 0, "\(verified.text)")
  }

  @Test("an unknown device is refused with the names that there are")
  func unknown() throws {
    let folder = try TemporaryFolder()
    guard let outcome = try run([:], ["--device", "gpu7"], in: folder) else { return }
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("gpu0"), "\(outcome.errors)")
  }
}
