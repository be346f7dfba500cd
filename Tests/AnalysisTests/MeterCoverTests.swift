import Analysis
import Model
import TestSupport
import Testing

/// A summary uses only meters that cover its device.
@Suite struct MeterCoverTests {
  static let boards = ["pci:0000:01:00.0", "pci:0000:65:00.0"].map { DeviceID(rawValue: $0) }

  /// A machine with one package of 100 W, boards of 200 and 300 W and a wall meter of 700 W, on which the CPU and the
  /// second board did three windows each.
  static func result() -> RunResult {
    var sample = SampleResult()
    sample.window = 60
    sample.series = [
      SampleResult.Series(
        .sha256d, "fake", rates: [1e6, 1e6, 1e6], watts: [.wall: [700, 700, 700]])
    ]
    var result = sample.make()
    result.meters = [
      FakeMeter.counter("powercap:package-0", covers: .package(0)),
      FakeMeter.counter(
        "nvml:0", scope: .gpuBoard, covers: .device(boards[0]), part: boards[0].rawValue),
      FakeMeter.counter(
        "nvml:1", scope: .gpuBoard, covers: .device(boards[1]), part: boards[1].rawValue),
      FakeMeter.counter("shelly:plug", scope: .wall, covers: .machine, part: "plug"),
    ]
    let watts: [Double] = [100, 200, 300, 700]
    let meters = result.meters
    for index in result.samples.indices {
      result.samples[index].energy = zip(meters, watts).map {
        ChannelEnergy(
          meter: $0.id,
          interval: .value(
            EnergyInterval(energy: Microjoules(UInt64($1 * 60e6)), duration: Seconds(60))))
      }
    }
    let cpu = result.workers[0]
    let series = SeriesID(
      algorithm: cpu.series.algorithm, device: boards[1], kernel: cpu.series.kernel,
      threads: cpu.series.workers)
    var gpu = cpu
    gpu.series = series
    result.workers.append(gpu)
    result.samples += result.samples.map { sample in
      var copy = sample
      copy.series = series
      return copy
    }
    result.summaries = Summarizing.summaries(of: result)
    return result
  }

  static func scopes(_ summary: SeriesSummary) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: (summary.energy.value ?? []).map {
        (
          "\($0.scope): \($0.meters.map(\.rawValue).joined(separator: "+"))",
          $0.power.mean.rounded()
        )
      })
  }

  @Test func eachDeviceGetsItsOwnScopesAndTheMachines() throws {
    let summaries = Self.result().summaries
    try #require(summaries.count == 2)
    #expect(
      Self.scopes(summaries[0]) == [
        "wall: shelly:plug": 700, "cpu-package: powercap:package-0": 100,
      ])
    #expect(Self.scopes(summaries[1]) == ["wall: shelly:plug": 700, "gpu-board: nvml:1": 300])
  }

  @Test func aDeviceThatNoMeterCoversHasNoEnergyAndSaysSo() throws {
    var result = Self.result()
    result.meters.removeAll { $0.scope == .wall || $0.id.rawValue == "nvml:1" }
    let summaries = Summarizing.summaries(of: result)
    #expect(summaries[0].energy.value?.map(\.scope) == [.cpuPackage])
    #expect(
      summaries[1].energy.reason?.message.contains("no meter of this run covers \(Self.boards[1])")
        == true)
  }

  /// A package's counter made a GPU's run metered.
  @Test func theGradeDemandsAMeterForEachDevice() {
    var result = Self.result()
    result.machine.platform.hypervisor = .value(nil)
    func reasons() -> String {
      Grader.grade(result).reasonsAgainstBetter.map(\.message).joined(separator: "\n")
    }
    result.plan.suite = "standard"
    let all = reasons()
    result.meters.removeAll { $0.scope == .wall || $0.id.rawValue == "nvml:1" }
    let without = reasons()
    #expect(!all.contains("a measured meter"))
    #expect(without.contains("a measured meter: none of this run covers \(Self.boards[1])"))
  }

  @Test(arguments: [
    (MeterCover.machine, true, true, false), (.package(0), true, false, false),
    (.device(boards[1]), false, true, false), (.device(boards[0]), false, false, false),
    (.device(.miner("192.0.2.7")), false, false, true), (.unknown, true, false, false),
  ])
  func covers(cover: MeterCover, cpu: Bool, board: Bool, miner: Bool) {
    #expect(cover.covers(.cpu) == cpu)
    #expect(cover.covers(Self.boards[1]) == board)
    #expect(cover.covers(.miner("192.0.2.7")) == miner)
    #expect(MeterCover(cover.text) == cover)
  }

  @Test(
    arguments: [
      ("0000:65:00.0", "pci:0000:65:00.0"), ("00000000:65:00.0", "pci:0000:65:00.0"),
      ("00010000:E1:00.0", "pci:10000:e1:00.0"), ("65:00.0", "pci:0000:65:00.0"),
      ("0000:3B:1f.7", "pci:0000:3b:1f.7"), ("", nil), ("0000:65:00", nil), ("0000:65:20.0", nil),
      ("0000:65:00.8", nil), ("hwmon3", nil), ("coretemp.0", nil),
      ("0000:1:00.0", "pci:0000:01:00.0"),
    ] as [(String, String?)])
  func addressesHaveOneForm(text: String, id: String?) {
    #expect(PCIAddress(text).map { DeviceID.pci($0).rawValue } == id)
  }
}
