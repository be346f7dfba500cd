import Analysis
import Model
import Reporting
import TestSupport
import Testing

@Suite("One package, core or machine")
struct MachinePartTests {
  private static func figure(_ id: String, workers: Int?) -> Figure {
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "a", threads: workers ?? 1, rates: [192e6, 192e6, 192e6],
        watts: [.cpuPackage: [384, 384, 384]])
    ]
    var profile = Profile(
      hardwareID: HardwareID(rawValue: id), kind: id.hasPrefix("asic") ? .asic : .cpu, name: "X")
    let result = sample.make()
    profile.measured = [
      MeasuredFigure(
        results: [], suite: nil, grade: .r1, units: 1, time: Seconds(1), scopeTotals: [],
        summary: result.summaries[0])
    ]
    return Figure.all(of: profile, name: "x.json")[0]
  }

  @Test("rate and power are divided, the efficiency is not")
  func divided() throws {
    let whole = Self.figure("cpu/amd-epyc-9654-2x96c", workers: 384)
    let core = try #require(whole.per(.core))
    #expect(core.throughput?.value == 1e6)
    #expect(core.energy.value?.power?.value == 2)
    #expect(core.energy.value?.workPerJoule == whole.energy.value?.workPerJoule)
    #expect(whole.per(.package)?.throughput?.value == 96e6)
    #expect(whole.per(.machine)?.throughput?.value == 192e6)
  }

  @Test("what may have left cores idle has no part, and the table says so")
  func unknown() {
    #expect(Self.figure("cpu/amd-epyc-9654-2x96c", workers: 8).per(.core) == nil)
    #expect(Self.figure("cpu/unknown", workers: 8).per(.core) == nil)
    let miner = Self.figure("asic/x", workers: 1)
    #expect(miner.per(.package) == nil && miner.per(.machine) != nil)
    let figures = [
      Self.figure("cpu/amd-epyc-9654-2x96c", workers: 384), Self.figure("cpu/x", workers: 8),
    ]
    let text = TextFormat().render(Ranking(figures, RankingQuery(part: .core)), .plain())
    #expect(text.contains("Rate and power are those of one core. 1 figure left out"))
    #expect(text.contains("1.000 MH/s"))
  }

  @Test(
    "cores of an identifier",
    arguments: [
      ("cpu/amd-epyc-9654-2x96c", [96, 96]), ("cpu/intel-xeon-f6m143s8-1x2c-vm", [2]),
      ("cpu/a-1x8c-1x16c", [8, 16]), ("cpu/unknown-4t", nil), ("gpu/x-1x2c", nil),
      ("cpu/x-99999999999999999999x1c", nil), ("cpu/x-0x1c", nil), ("cpu/", nil),
    ] as [(String, [Int]?)])
  func cores(id: String, expected: [Int]?) {
    #expect(HardwareID(rawValue: id).coresOfPackages == expected)
  }

  @Test(
    "engineering samples as they name themselves",
    arguments: [
      ("AMD Eng Sample: 100-000000053-04_36/24_N", true),
      ("Genuine Intel(R) CPU 0000 @ 2.40GHz", true), ("Intel(R) Xeon(R) CPU $0000%@", true),
      ("Radeon R9 290X Engineering Sample", true), ("AMD Ryzen 7 1700", false),
      ("Intel(R) Xeon(R) Processor", false), ("Sample Engine 0000", false),
    ])
  func samples(name: String, isSample: Bool) {
    #expect(EngineeringSample.isNamed(by: name) == isSample)
  }
}
