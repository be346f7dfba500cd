import Analysis
import Model
import TestSupport
import Testing

/// The sample reports that every format has a golden file for.
enum SampleReports {
  struct Sample: CustomTestStringConvertible {
    let name: String
    let results: [(name: String, result: RunResult)]
    var testDescription: String { name }
    var figures: [Figure] { results.flatMap { Figure.all(of: $0.result, name: $0.name) } }
  }

  static let all: [Sample] = [
    Sample(name: "empty", results: []),
    Sample(name: "one-device", results: [("one.json", SampleResult().make())]),
    Sample(name: "many", results: many),
    Sample(name: "unavailable-power", results: [("dark.json", unavailablePower)]),
    Sample(name: "long-names", results: [("long.json", named(longName))]),
    Sample(name: "non-ascii", results: [("日本.json", named("龍芯 3A6000 – Prüfstand №7 µ"))]),
    Sample(name: "hostile", results: [("=cmd.json", named(hostileName))]),
  ]

  static let hostileName =
    "=HYPERLINK(\"http://x\")<script>alert(1)</script>|`${\\input{/etc/passwd}}`\u{1b}[31m\u{202e}'\n&"
  private static let longName = String(
    repeating: "Extraordinarily Long Processor Designation ", count: 6)

  private static func named(_ name: String) -> RunResult {
    var sample = SampleResult()
    sample.deviceName = name
    sample.gradeReasons = [Reason(.notMeasured, "R2 demands 5 repeats, found 3 on \(name)")]
    return sample.make()
  }

  private static var unavailablePower: RunResult {
    var sample = SampleResult()
    sample.grade = .r0
    sample.gradeReasons = [Reason(.virtualMachine, "R1 demands a real machine, found kvm")]
    sample.series = [
      SampleResult.Series(.sha256d, "avx512-2x16", rates: [120.1e6, 120.4e6, 119.9e6]),
      SampleResult.Series(.scrypt, "avx2-4", rates: [52_300, 52_410, 52_250]),
      SampleResult.Series(.keccak256, "swift", threads: 1, rates: [1_204_000]),
    ]
    return sample.make()
  }

  private static var many: [(name: String, result: RunResult)] {
    var server = SampleResult()
    server.suite = "standard-1"
    server.grade = .r2
    server.gradeReasons = [Reason(.absent, "R3 demands a wall meter, found cpu-package only")]
    server.series = [
      SampleResult.Series(
        .sha256d, "avx512-2x16", threads: 384,
        rates: [11.912e9, 11.920e9, 11.905e9, 11.918e9, 11.911e9],
        watts: [
          .cpuPackage: [712.1, 713.0, 712.5, 711.9, 712.2],
          .dram: [38.1, 38.0, 38.2, 38.1, 38.1],
        ]),
      SampleResult.Series(
        .sha256d, "shani-4", threads: 384, rates: [6.1e9, 6.102e9, 6.099e9, 6.1e9, 6.101e9],
        watts: [.cpuPackage: [655.1, 655.0, 655.5, 655.9, 655.2]]),
      SampleResult.Series(
        .scrypt, "avx512-4x4", threads: 384, rates: [8.82e6, 8.83e6, 8.81e6, 8.82e6, 8.82e6],
        watts: [.cpuPackage: [540.1, 541.0, 540.5, 540.9, 540.2]]),
    ]
    var desktop = SampleResult()
    desktop.deviceName = "Intel Core i5-13600K"
    desktop.hardwareID = "cpu/intel-core-i5-13600k-14c"
    desktop.series = [
      SampleResult.Series(
        .sha256d, "shani-4", threads: 20, rates: [402e6, 401e6, 404e6],
        watts: [.wall: [231.0, 230.2, 231.5], .cpuPackage: [151.0, 150.2, 151.5]])
    ]
    return [("server.json", server.make()), ("desktop.json", desktop.make())]
  }
}
