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
    _ faults: [String: String], _ options: [String], meter: String = "none",
    in folder: TemporaryFolder
  ) throws -> TestSupport.ChildProcess.Outcome? {
    guard let environment = Workers.standIn(faults, for: "run on a stand-in card") else {
      return nil
    }
    return try run(environment, options, meter: meter, folder)
  }

  private func run(
    _ environment: [String: String], _ options: [String], meter: String = "none",
    _ folder: TemporaryFolder
  ) throws -> TestSupport.ChildProcess.Outcome {
    try TestSupport.ChildProcess.run(
      Workers.program,
      [
        "run", "--algorithm", "sha256d", "--meter", meter, "--warmup", "0", "--window", "0.5",
        "--idle", "0",
      ] + options, in: folder.path, environment: environment)
  }

  /// Headers that a kernel's launches have before those of the second window: known answers and the reference's work in the
  /// self-test; two in each of two brief measurements and of the first window.
  private var headersOfOneWindow: Int {
    let known = AlgorithmCatalog.builtIn.descriptor(of: .sha256d)?.knownAnswers.map {
      $0.input.with(nonce: 0)
    }
    return Set(known ?? []).count + 1 + 4 + 2
  }

  /// Worker processes whose environment names this folder.
  private func workers(in folder: TemporaryFolder) throws -> [String] {
    let files = FileManager.default
    return try files.contentsOfDirectory(atPath: "/proc").filter { name in
      guard Int(name) != nil, let variables = files.contents(atPath: "/proc/\(name)/environ") else {
        return false
      }
      return String(decoding: variables, as: UTF8.self).contains(folder.path + "/headers")
    }
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
    // Threads are the CPU's.
    guard
      let whole = try run(
        [:],
        [
          "--device", "cpu", "--device", "gpu0", "--kernel", "portable", "--kernel", "nvrtc-plain",
          "--threads", "1", "--repeats", "2",
        ], in: folder)
    else { return }
    #expect(whole.status == 0, "\(whole.text)")
    let (path, result) = try result(in: folder)
    #expect(Set(result.workers.map(\.series.device.rawValue)) == ["cpu", "pci:0000:41:00.0"])
    #expect(result.workers.first { $0.series.device == .cpu }?.series.workers == 1)
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
    let folder = try TemporaryFolder()
    guard
      let outcome = try run(
        [
          "STANDIN_FAULT": function, "STANDIN_CODE": code,
          "STANDIN_HEADER": "\(headersOfOneWindow + 1)",
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

  @Test(
    "a kernel that does wrong on a real driver costs its series: windows kept, the CPU measured",
    arguments: [
      ("crash", "crashed (SIGSEGV)"), ("trap", "crashed (SIGILL)"), ("memory", "out of memory"),
      ("hang", "did not"),
    ])
  func faultyKernel(fault: String, what: String) throws {
    let folder = try TemporaryFolder()
    guard
      let environment = Workers.faultyPoCL(
        fault, header: headersOfOneWindow + 1, state: folder.path + "/headers",
        for: "a kernel on PoCL that does \(fault)")
    else { return }
    // What never ends is waited for; the others have all the time of a busy machine.
    let outcome = try run(
      environment.merging(["HASHWATT_GPU_LIMIT_S": fault == "hang" ? "60" : "600"]) { $1 },
      [
        "--device", "cpu", "--device", "opencl:pocl", "--kernel", "portable", "--kernel",
        "opencl-w4", "--repeats", "3",
      ], folder)
    let (path, result) = try result(in: folder)
    #expect(result.samples.count { $0.series.map { $0.device != .cpu } ?? false } == 1)
    #expect(result.samples.count { $0.series?.device == .cpu } == 3)
    #expect(result.isComplete == false)
    #expect(result.endReason?.message.contains(what) == true, "\(outcome.text)")
    #expect(result.endReason?.message.contains("\n") == false)
    #expect(try workers(in: folder) == [])
    let verified = try TestSupport.ChildProcess.run(Workers.program, ["verify", path])
    #expect(verified.status == 0, "\(verified.text)")
  }

  @Test("of two boards each series gets the joules of its own, and a CPU those of none")
  func twoBoards() throws {
    let folder = try TemporaryFolder()
    guard let nvml = Workers.nvml,
      let outcome = try run(
        ["HASHWATT_NVML_LIBRARY": nvml],
        [
          "--device", "cpu", "--device", "gpu0", "--kernel", "portable", "--kernel", "nvrtc-plain",
          "--repeats", "2",
        ], meter: "nvml", in: folder)
    else { return }
    #expect(outcome.status == 0, "\(outcome.text)")
    let (_, result) = try result(in: folder)
    // Both boards are read; the domain of their addresses has eight digits.
    #expect(
      Set(result.meters.map(\.covers)) == [
        .device(DeviceID(rawValue: "pci:0000:3b:00.0")),
        .device(DeviceID(rawValue: "pci:0000:41:00.0")),
      ])
    let card = try #require(result.summaries.first { $0.series.device != .cpu })
    let scopes = try #require(card.energy.value)
    // By its counter and by its power; 200 W on this board and 60 W on the other.
    for scope in scopes {
      #expect(scope.scope == .gpuBoard && scope.meters.count == 1)
      #expect(scope.meters.allSatisfy { $0.rawValue.hasPrefix("nvml:00000000:41:00.0#") })
      #expect((170...230).contains(scope.power.mean), "\(scope.power.mean) W")
    }
    let cpu = try #require(result.summaries.first { $0.series.device == .cpu })
    #expect(cpu.energy.reason?.message.contains("no meter of this run covers cpu") == true)
    // The state is that of each board too.
    let state = try #require(result.samples.first?.stateAfter)
    let limits = ["3b", "41"].map {
      state.integer(StateFact.powerLimit.of(DeviceID(rawValue: "pci:0000:\($0):00.0")))
    }
    #expect(limits == [350_000_000, 700_000_000])
  }

  @Test("an unknown device is refused with the names that there are")
  func unknown() throws {
    let folder = try TemporaryFolder()
    guard let outcome = try run([:], ["--device", "gpu7"], in: folder) else { return }
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("gpu0"), "\(outcome.errors)")
  }
}
