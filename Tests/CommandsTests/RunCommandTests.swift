import Analysis
import Arguments
import Commands
import Foundation
import LinuxSystem
import MeterCore
import Model
import Records
import TestSupport
import Testing

/// A machine with a CPU and a card, each with a meter of its own, on which time costs nothing.
private struct FakeWorkbench: Workbench {
  static let card = DeviceID(rawValue: "pci:0000:65:00.0")

  let root = SystemRoot.live
  let fakeClock = FakeClock()
  var clock: any MonotonicClock { fakeClock }
  var brokenKernels: Set<KernelID> = []
  var hasWallMeter = false
  var hasOnlyWallMeter = false

  func backends() -> [any ComputeBackend] {
    [
      FakeBackend(
        clock: fakeClock, mostWorkers: 2, kernels: ["slow", "quick"], broken: brokenKernels
      ) { kernel, from, to in (to - from) * (kernel.rawValue == "quick" ? 3e6 : 1e6) },
      FakeBackend(
        clock: fakeClock, device: Self.card, worker: .queue, mostWorkers: 2, kernels: ["wide"]
      ) { _, from, to in (to - from) * 1e9 },
    ]
  }

  func probe() -> any StateProbe { FakeProbe(clock: fakeClock) }

  func detection() throws -> DetectionReport {
    let sample = SampleResult().make()
    let card = Device(
      id: Self.card, kind: .gpu, hardwareID: HardwareID(rawValue: "gpu/test-card"),
      name: "Test Card", capabilities: [.sha256d], verdict: "can hash")
    return DetectionReport(
      machine: sample.machine, devices: sample.devices + [card], pciFunctions: .value(1), gaps: [])
  }

  func machineIdentifier() -> String? { nil }

  func diagnoses() -> [SourceDiagnosis] { [] }

  func meters(
    _ selection: [String], workerCPUs: [Int], rawLog: String?, accuracies: [StatedAccuracy]
  ) throws -> (session: any MeterSession, unavailable: [UnavailableMeter]) {
    let meters = [
      FakeMeter.counter("powercap:package-0", covers: .package(0)),
      FakeMeter.counter(
        "nvml:0", scope: .gpuBoard, covers: .device(Self.card), part: Self.card.rawValue),
      FakeMeter.counter("shelly:wall", scope: .wall, covers: .machine),
    ]
    let watts = zip(meters, [50.0, 200, 400]).filter { meter, _ in
      meter.scope == .wall ? hasWallMeter || hasOnlyWallMeter : !hasOnlyWallMeter
    }
    return (
      FakeMeter(clock: fakeClock, watts.map(\.0)) { channel, time in time * watts[channel].1 }, []
    )
  }
}

/// `run` from words to files, over fakes.
struct RunCommandTests {
  private func run(
    _ words: [String], on host: FakeWorkbench = FakeWorkbench()
  ) throws -> (code: ExitCode?, text: String, results: [RunResult], names: [String]) {
    let folder = try TemporaryFolder()
    let output = MemoryStream()
    let context = CommandContext(
      output: output, notes: MemoryStream(), environment: [:], isInterrupted: { false })
    let arguments = try ArgumentParser(RunCommand.description).parse(
      words + [
        "--algorithm", "sha256d", "--warmup", "1", "--window", "10", "--repeats", "3", "--idle",
        "5", "--results", folder.path,
      ])
    let code = try RunCommand.run(arguments, context, on: host)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let results = try names.map {
      try ResultFile.decode(try SystemRoot.live.bytes(folder.path + "/" + $0), name: $0)
    }
    return (code, output.text, results, names)
  }

  @Test("the CPU alone is measured, by its fastest kernel, and the file is named after it")
  func cpuAlone() throws {
    let outcome = try run([])
    #expect(outcome.code == .done)
    let result = try #require(outcome.results.first)
    #expect(result.workers.map(\.series.description) == ["sha256d/cpu/quick/2t"])
    #expect(abs(try #require(result.summaries.first).throughput.mean / 6e6 - 1) < 1e-3)
    let hardware = SampleResult().make().devices[0].hardwareID.rawValue.split(separator: "/")[1]
    #expect(try #require(outcome.names.first).contains("-\(hardware)-custom"))
    #expect(outcome.text.contains("quick"))
  }

  @Test("two devices in one result: each with its own energy, none with the other's")
  func bothDevices() throws {
    let outcome = try run(["--device", "all"])
    #expect(outcome.code == .done)
    let result = try #require(outcome.results.first)
    #expect(
      result.workers.map(\.series.description).sorted() == [
        "sha256d/cpu/quick/2t", "sha256d/pci:0000:65:00.0/wide/2q",
      ])
    for summary in result.summaries {
      let scopes = (summary.energy.value ?? []).map(\.scope)
      #expect(scopes == (summary.series.device == .cpu ? [.cpuPackage] : [.gpuBoard]))
    }
    let name = try #require(outcome.names.first)
    #expect(name.contains("+test-card-custom"))
    #expect(outcome.text.contains("2 queues"))
    #expect(outcome.text.contains("Test Card"))
  }

  @Test("devices together: each one's share by its own meter, the sum by the meter at the wall")
  func together() throws {
    var host = FakeWorkbench()
    host.hasWallMeter = true
    let outcome = try run(["--device", "all", "--together"], on: host)
    #expect(outcome.code == .done)
    let result = try #require(outcome.results.first)
    #expect(result.plan.isTogether && result.plan.suite == nil)
    // At the same time: the windows of both devices have the same instants, and the run takes no longer than for one.
    let loads = result.samples.filter { $0.kind == .load }
    #expect(loads.count == 6)
    #expect(Set(loads.map(\.start)).count == 3)
    #expect(Set(loads.map { "\($0.series?.device.rawValue ?? "")\($0.repeatIndex)" }).count == 6)
    // Each has its own rate in its own trace.
    for load in loads {
      let rates = load.trace.compactMap { $0.rate?.perSecond }
      #expect(!rates.isEmpty)
      #expect(rates.allSatisfy { abs($0 / load.throughput - 1) < 1e-2 })
    }
    let scopes = Dictionary(
      uniqueKeysWithValues: result.summaries.map { summary in
        (summary.series.device, (summary.energy.value ?? []).map(\.scope))
      })
    #expect(scopes == [.cpu: [.cpuPackage], FakeWorkbench.card: [.gpuBoard], .together: [.wall]])
    let sum = try #require(result.summaries.first { $0.series.device == .together })
    #expect(sum.series.description == "sha256d/together/quick+wide/4w")
    #expect(abs(sum.throughput.mean / 2.006e9 - 1) < 1e-3)
    let wall = try #require(sum.energy.value?.first)
    #expect(abs(wall.workPerJoule / (2.006e9 / 400) - 1) < 1e-2)
    // What the file says is what the samples say, and no profile may rest on a share.
    #expect(Summarizing.summaries(of: result) == result.summaries)
    #expect(
      try ProfileDerivation.profiles(from: [CitedResult(name: "a", digest: "b", result: result)])
        .isEmpty)
    #expect(outcome.text.contains("together"))
  }

  @Test("of the wall's joules alone no device gets any, and the reason says why")
  func togetherAtTheWall() throws {
    var host = FakeWorkbench()
    host.hasOnlyWallMeter = true
    let result = try #require(try run(["--device", "all", "--together"], on: host).results.first)
    for summary in result.summaries {
      if summary.series.device == .together {
        #expect(summary.energy.value?.map(\.scope) == [.wall])
      } else {
        #expect(summary.energy.reason?.message.contains("all devices together") == true)
      }
    }
  }

  @Test("what cannot be done together is refused before anything is measured")
  func togetherRefusals() throws {
    for words in [
      ["--together"], ["--device", "cpu", "--together"],
      ["--device", "all", "--together", "--kernel", "all"],
      ["--device", "all", "--together", "--threads", "1,2"],
    ] {
      #expect(throws: Failure.self) { try run(words) }
    }
  }

  @Test("a kernel that fails its proof makes the answer no, and the others are measured")
  func brokenKernel() throws {
    var host = FakeWorkbench()
    host.brokenKernels = [KernelID(rawValue: "quick")]
    let outcome = try run([], on: host)
    #expect(outcome.code == .no)
    #expect(outcome.results.first?.workers.map(\.series.kernel.rawValue) == ["slow"])
    #expect(outcome.text.contains("check self-test failed"))
  }

  @Test("the plan of several devices names the workers of each")
  func plan() throws {
    let outcome = try run(["--device", "all", "--dry-run"])
    #expect(outcome.names.isEmpty)
    #expect(outcome.text.contains("kernels of cpu:"))
    #expect(outcome.text.contains("  2 threads on CPUs 0,1") || outcome.text.contains("0-1"))
    #expect(outcome.text.contains("  2 queues"))
  }
}
