import Foundation
import TestSupport
import Testing

/// The built program calibrates a simulated machine whose wall meter is known to show 1.2 times the package's joules and
/// 30 W more.
@Suite(.serialized) struct CalibrateTests {
  private static let slope = 1.2
  private static let intercept = 30.0

  /// A wall meter: its counter follows from the package's and the time.
  ///
  /// Kept below 2^53 microjoules: the time counts from the script's writing.
  private static func wall(_ machine: MeteredRunTests.Machine, in folder: TemporaryFolder) throws
    -> String
  {
    let path = folder.path + "/wall.sh"
    let counter = machine.folder.path + "/sys/class/powercap/intel-rapl:0/energy_uj"
    let origin = UInt64(Date().timeIntervalSince1970)
    try """
    #!/bin/sh
    read -r uj < \(counter)
    ns=$(date +%s%N)
    awk -v e="$uj" -v s="${ns%?????????}" -v n="${ns#??????????}" 'BEGIN {
      printf "%.6f J\\n", e * \(slope) / 1e6 + \(intercept) * (s - \(origin) + n / 1e9) }'

    """.write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return "exec:\(path)"
  }

  /// Threads of a process that may run on one CPU only, as workers do; nil when it has ended.
  private static func pinnedThreads(of process: Int32) -> Int? {
    let folder = "/proc/\(process)/task"
    guard let tasks = try? FileManager.default.contentsOfDirectory(atPath: folder), !tasks.isEmpty
    else { return nil }
    return tasks.count { task in
      let status = try? String(contentsOfFile: "\(folder)/\(task)/status", encoding: .utf8)
      let line = status?.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
      return line.map { !$0.contains(",") && !$0.dropFirst(18).contains("-") } ?? false
    }
  }

  private static func number(_ name: String, in text: String) throws -> Double {
    let rest = try #require(text.range(of: name)).upperBound
    let word = text[rest...].drop { $0 == " " }.prefix { $0.isNumber || $0 == "." || $0 == "-" }
    return try #require(Double(word), "\(name) in \(text)")
  }

  private static func edited(
    _ record: String, _ from: String, _ to: String, in folder: TemporaryFolder
  ) throws -> String {
    let text = try String(contentsOfFile: record, encoding: .utf8)
    let changed = text.replacingOccurrences(of: from, with: to, options: .regularExpression)
    #expect(changed != text, "\(from) is not in the record")
    let path = folder.path + "/edited.json"
    try changed.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func theFitHoldsWithinItsUncertaintyAndRunsUseIt() throws {
    let folder = try TemporaryFolder()
    let busy = folder.path + "/busy"
    try "0".write(toFile: busy, atomically: true, encoding: .utf8)
    let machine = try MeteredRunTests.Machine("one-package", busyFile: busy)
    let wall = try Self.wall(machine, in: folder)
    let record = folder.path + "/calibration.json"
    let running = try Tool.start(
      [
        "calibrate", "--meter", wall, "--meter", "powercap", "--meter-accuracy",
        "\(wall)=1:certificate 4711", "--blocks", "3", "--block", "3", "--settle", "1", "--psu",
        "supply 1", "--sysroot", machine.folder.path, "--output", record,
      ], in: folder.path)
    // The machine draws by the tool's own workers, whatever else the CPUs are busy with.
    while let count = Self.pinnedThreads(of: running.identifier) {
      try "\(count)".write(toFile: busy, atomically: true, encoding: .utf8)
      usleep(20_000)
    }
    let calibrated = running.finish()
    guard calibrated.status != 3 || !calibrated.errors.contains("two CPUs") else {
      NotRun.report("calibration of the built program: this machine has one CPU")
      return
    }
    try #require(calibrated.status == 0, "\(calibrated.errors)")
    let text = calibrated.output
    let slope = try Self.number(" = ", in: text)
    let slopeError = try Self.number("slope", in: text)
    let intercept = try Self.number(" + ", in: text)
    let interceptError = try Self.number("intercept", in: text)
    // t of 7 degrees of freedom at 99.9 %, and the digits that were printed.
    #expect(abs(slope - Self.slope) <= 5.41 * slopeError + 0.0001, "\(text)")
    #expect(abs(intercept - Self.intercept) <= 5.41 * interceptError + 0.01, "\(text)")
    #expect(slopeError < 0.3, "the levels are told apart: \(text)")

    func run(_ record: String, psu: String = "supply 1") throws -> Tool.Outcome {
      try Tool.run(
        [
          "run", "--algorithm", "sha256d", "--kernel", "portable", "--threads", "1", "--warmup",
          "0", "--window", "1", "--repeats", "1", "--idle", "0", "--meter", "powercap",
          "--sysroot", machine.folder.path, "--calibration", record, "--psu", psu, "--results",
          folder.path + "/results",
        ], in: folder.path)
    }
    let used = try run(record)
    #expect(used.status == 0, "\(used.errors)")
    // What rests on the record cannot be derived again, and makes nothing false.
    let name = try #require(try folder.files().first { $0.hasPrefix("results/") })
    let verified = try Tool.run(["verify", "\(folder.path)/\(name)"])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    let words = used.output.split { $0.isWhitespace }.joined(separator: " ")
    #expect(words.contains("estimated(calibrated) wall power"), "\(used.output)")
    #expect(words.contains(" W (95 %)"))
    let header = try #require(used.output.split(separator: "\n").first { $0.contains("algorithm") })
    #expect(!header.contains("wall"), "an estimate is no column of the measured")
    // Whatever the machine was busy with, the wall is the line's value at the package's power.
    let watts = try Self.number("wall power", in: words)
    #expect(watts > 30 + 1.1 * 40 && watts < 30 + 1.3 * (40 + 2 * 25))

    // Each is one line that says why, and no wattage.
    for (from, to, psu, why) in [
      ("\"made_at_s\": [0-9.]+", "\"made_at_s\": 1500000000.0", "supply 1", "12 months"),
      ("\"hardware_id\": \"[^\"]+\"", "\"hardware_id\": \"cpu/other\"", "supply 1", "cpu/other"),
      ("", "", "supply 2", "power supply has changed"),
    ] {
      let path = from.isEmpty ? record : try Self.edited(record, from, to, in: folder)
      let refused = try run(path, psu: psu)
      #expect(refused.status == 0, "\(refused.errors)")
      let words = refused.output.split { $0.isWhitespace }.joined(separator: " ")
      #expect(words.contains("calibration not used: "), "\(refused.output)")
      #expect(words.contains(why), "\(refused.output)")
      #expect(!words.contains("estimated(calibrated)"))
    }

    // What is damaged is refused before anything is measured.
    for (from, to, why) in [
      ("\"version\": 1", "\"version\": 2", "version 2 of hashwatt-calibration"),
      ("\"points\": \\[", "\"points\": [,", "edited.json"),
      ("\"window_s\": [0-9.]+", "\"window_s\": 0.0", "points[0].window_s: is not above 0"),
      ("\"threads\": [12]", "\"threads\": 0", "idle and two loads"),
    ] {
      let refused = try run(try Self.edited(record, from, to, in: folder))
      #expect(refused.status == 4, "\(refused.output)\(refused.errors)")
      #expect(refused.errors.contains(why), "\(refused.errors)")
      #expect(refused.errors.split(separator: "\n").count == 1)
    }
    _ = try machine.truth()
  }

  @Test func metersThatCannotCalibrateAreRefused() throws {
    let folder = try TemporaryFolder()
    let machine = try MeteredRunTests.Machine("one-package", busy: 1)
    for (meters, status, why) in [
      (["powercap"], 2, "needs a wall meter and a sensor"),
      (["powercap", "powercap"], 2, "given twice"),
      (["exec:echo 1 W", "exec:echo 2 W"], 2, "both measure at the wall"),
      (["exec:echo 1 W", "csv:/nonexistent"], 3, "none of the meters is a sensor"),
      (["powercap", "csv:/nonexistent"], 3, "none of the meters measures at the wall"),
    ] as [([String], Int32, String)] {
      let outcome = try Tool.run(
        ["calibrate", "--sysroot", machine.folder.path, "--block", "0.5", "--blocks", "2"]
          + meters.flatMap { ["--meter", $0] }, in: folder.path)
      #expect(outcome.status == status, "\(meters): \(outcome.errors)")
      #expect(outcome.errors.contains(why), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/calibration.json"))
    _ = try machine.truth()
  }
}
