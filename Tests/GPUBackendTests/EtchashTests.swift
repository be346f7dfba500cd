import Foundation
import GPUBackend
import Kernels
import LinuxSystem
import Model
import Records
import TestSupport
import Testing

/// Etchash on devices: by PoCL over the test epoch, and by the CUDA route with a stand-in for its driver.
@Suite(.serialized)
struct EtchashTests {
  @Test(
    "every way to build its kernel holds against the light client, on a dataset that was built there",
    arguments: GPUShape.all.filter { $0.algorithm == .etchashTest }.map(\.name))
  func shapes(name: String) throws {
    let kernel = "opencl-\(name)"
    guard let device = Workers.pocl(for: "the proof of \(kernel) of etchash-test on PoCL") else {
      return
    }
    try device.selfTest(.etchashTest, KernelID(rawValue: kernel))
  }

  @Test("an epoch's kernels are proven by runs, the test epoch's by whoever asks")
  func offered() throws {
    guard let device = Workers.pocl(for: "Etchash's kernels on PoCL") else { return }
    let kernels = device.kernels().filter { $0.algorithm == .etchash }
    #expect(kernels.map(\.kernel.rawValue) == ["opencl-w16-1", "opencl-w16-4"])
    #expect(kernels.allSatisfy { $0.isProvenInRuns && $0.shape.size == 40 && $0.epoch == 435 })
    let test = device.kernels().filter { $0.algorithm == .etchashTest }
    #expect(test.count == 2 && test.allSatisfy { !$0.isProvenInRuns && $0.epoch == nil })
  }

  private func result(in folder: TemporaryFolder) throws -> (path: String, result: RunResult) {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/results")
      .filter { $0.hasSuffix(".json") }
    let path = folder.path + "/results/" + (try #require(names.first))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return (path, try ResultFile.decode(Array(bytes), name: path))
  }

  @Test("a run over the test epoch: its dataset is in the result, which verify accepts")
  func run() throws {
    guard Workers.pocl(for: "a run of etchash-test on PoCL") != nil else { return }
    let folder = try TemporaryFolder()
    var environment = Workers.environment()
    environment["HASHWATT_OPENCL_LIBRARY"] = nil
    let outcome = try TestSupport.ChildProcess.run(
      Workers.program,
      [
        "run", "--algorithm", "etchash-test", "--device", "opencl:pocl", "--kernel", "opencl-w16-4",
        "--meter", "none", "--warmup", "0", "--window", "0.5", "--repeats", "2", "--idle", "0",
      ], in: folder.path, environment: environment)
    #expect(outcome.status == 0, "\(outcome.text)")
    let (path, result) = try result(in: folder)
    let workers = try #require(result.workers.first)
    #expect(workers.series.algorithm == .etchashTest && workers.epoch == nil)
    #expect(workers.datasetSize == Etchash.Epoch.test.datasetSize)
    guard case .number(let whole)? = workers.facts[.preparation],
      case .number(let part)? = workers.facts[.datasetTime]
    else {
      Issue.record("the preparation's time is not told: \(workers.facts)")
      return
    }
    #expect(0 < part && part < whole)
    // Without a meter it has its own seconds and no joules.
    #expect(workers.preparations.count == 1 && workers.preparations[0].energy.isEmpty)
    #expect(workers.preparations[0].duration.value >= whole)
    #expect(result.samples.contains { !$0.shares.isEmpty })
    let verified = try TestSupport.ChildProcess.run(
      Workers.program, ["verify", "--rescan", "3", path])
    #expect(verified.status == 0, "\(verified.text)")
    // Another dataset is another work.
    var claimed = result
    claimed.workers[0].facts[.datasetBytes] = .integer(1_073_739_904)
    let other = folder.path + "/other.json"
    try Data(try ResultFile.encode(claimed)).write(to: URL(fileURLWithPath: other))
    let refused = try TestSupport.ChildProcess.run(Workers.program, ["verify", other])
    #expect(refused.status == 1 && refused.text.contains("dataset_bytes"), "\(refused.text)")
    // As a figure of the chain it has no epoch, and is refused.
    claimed = result
    claimed.workers[0].series = SeriesID(
      algorithm: .etchash, device: workers.series.device, kernel: workers.series.kernel,
      placement: workers.series.placement)
    for index in claimed.samples.indices where claimed.samples[index].series != nil {
      claimed.samples[index].series = claimed.workers[0].series
    }
    try Data(try ResultFile.encode(claimed)).write(to: URL(fileURLWithPath: other))
    #expect(try TestSupport.ChildProcess.run(Workers.program, ["verify", other]).status != 0)
  }

  @Test("the CUDA route with a stand-in for its driver: cache, dataset, proof")
  func card() throws {
    guard let card = Workers.etchashCard(for: "Etchash on a stand-in card") else { return }
    try card.selfTest(.etchashTest, KernelID(rawValue: "nvrtc-1"))
  }

  @Test(
    "a device that computes wrongly is found out before anything is timed",
    arguments: [("dataset", "of the dataset wrongly"), ("skip", "missed"), ("wrong", "nonce")])
  func spoiled(how: String, what: String) throws {
    guard
      let card = Workers.etchashCard(
        ["STANDIN_RESULT": how], for: "Etchash on a stand-in card that does wrong")
    else { return }
    let fault = #expect(throws: KernelFault.self) {
      try card.selfTest(.etchashTest, KernelID(rawValue: "nvrtc-1"))
    }
    #expect(fault?.problem.contains(what) == true, "\(fault?.problem ?? "")")
  }

  @Test("a card without room for an epoch's dataset says so before anything is prepared")
  func room() throws {
    // It has 1 GiB.
    guard let card = Workers.etchashCard(for: "a dataset that does not fit") else { return }
    let failure = #expect(throws: Failure.self) {
      try card.selfTest(.etchash, KernelID(rawValue: "nvrtc-1"))
    }
    #expect(failure?.exitCode == .unavailable)
    #expect(
      failure?.line.contains("the dataset of epoch 435 takes 4503 MiB in one buffer") == true,
      "\(failure?.line ?? "")")
    #expect(failure?.line.contains("--epoch") == true)
  }
}
