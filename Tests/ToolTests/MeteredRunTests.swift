import Foundation
import TestSupport
import Testing

/// The built program on simulated machines: a process advances the counters, 40 W and 25 W more for each busy CPU, and
/// the joules of every window must be the simulation's own.
@Suite(.serialized) struct MeteredRunTests {
  /// A process that is a machine.
  final class Machine {
    let folder: FixtureTree
    private let process = Process()
    private let input = Pipe()

    init(_ name: String, busy: Double? = nil, busyFile: String? = nil) throws {
      folder = try FixtureTree()
      process.executableURL = URL(fileURLWithPath: Tool.built("simulated-machine"))
      process.arguments =
        [name, folder.path] + (busy.map { ["\($0)"] } ?? busyFile.map { [$0] } ?? [])
      let output = Pipe()
      process.standardInput = input
      process.standardOutput = output
      try process.run()
      let ready = output.fileHandleForReading.availableData
      try #require(String(decoding: ready, as: UTF8.self).contains("ready"))
    }

    /// Ends the machine; its own integral, a line a step.
    func truth() throws -> [SimulatedPowercap.Truth] {
      try input.fileHandleForWriting.close()
      process.waitUntilExit()
      let text = try String(contentsOfFile: folder.path + "/truth.txt", encoding: .utf8)
      return text.split(separator: "\n").compactMap { line in
        let numbers = line.split(separator: " ").compactMap { UInt64($0) }
        return numbers.first.map {
          SimulatedPowercap.Truth(nanoseconds: $0, microjoules: Array(numbers.dropFirst()))
        }
      }
    }

    deinit {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
  }

  struct Run {
    let document: [String: Any]
    let path: String
    let rawLog: String
    let outcome: Tool.Outcome

    var samples: [[String: Any]] { document["samples"] as? [[String: Any]] ?? [] }
    var meters: [String] {
      (document["meters"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
    }

    /// Instants of a window's ends: the middle of the time in which the meters were read.
    func span(_ sample: [String: Any]) throws -> (UInt64, UInt64) {
      let text = try #require(document["clock_origin_ns"] as? String)
      let origin = try #require(UInt64(text))
      func instant(_ end: String) throws -> UInt64 {
        let clock = try #require(sample[end] as? [String: Any])
        let first = try #require(clock["meters_from_ns"] as? UInt64)
        let second = try #require(clock["counters_from_ns"] as? UInt64)
        return origin + (first + second) / 2
      }
      return (try instant("start"), try instant("end"))
    }

    /// Joules of each channel in a window; channels without are left out.
    func joules(_ sample: [String: Any]) -> [String: Double] {
      var joules: [String: Double] = [:]
      for energy in sample["energy"] as? [[String: Any]] ?? [] {
        guard let meter = energy["meter"] as? String,
          let interval = energy["interval"] as? [String: Any] ?? energy as [String: Any]?,
          let microjoules = interval["energy_uj"] as? UInt64
        else { continue }
        joules[meter] = Double(microjoules) * 1e-6
      }
      return joules
    }
  }

  /// A kernel that works.
  static let working = ["sha256d", "--kernel", "portable"]

  /// A run of a kernel; by default of one that mostly sleeps, since the machine's load is the simulation's.
  static func run(
    on machine: Machine, in folder: TemporaryFolder, _ more: [String] = [],
    of kernel: [String]? = nil, window: String = "1.5", repeats: String = "2",
    meanwhile: (Tool.Running) throws -> Void = { _ in }
  ) throws -> Run {
    let rawLog = folder.path + "/raw.jsonl"
    let kernel =
      try kernel ?? [
        "sha256d", "--kernel", "plugin:paced", "--plugin",
        PluginSource.compile("Tests/ToolTests/Plugins/paced.c", folder),
      ]
    let running = try Tool.start(
      [
        "run", "--threads", "1", "--warmup", "0.2", "--window", window, "--repeats", repeats,
        "--idle", "0", "--sysroot", machine.folder.path, "--raw-log", rawLog, "--algorithm",
      ] + kernel + more, in: folder.path)
    try meanwhile(running)
    let outcome = running.finish()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let results = folder.path + "/results"
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: results).first)
    let data = try Data(contentsOf: URL(fileURLWithPath: results + "/" + name))
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return Run(
      document: document, path: results + "/" + name, rawLog: rawLog, outcome: outcome)
  }

  /// The zone of a simulated machine that a channel shows.
  static func zone(_ meter: String, _ zones: [SimulatedZone]) -> Int? {
    zones.firstIndex { zone in
      guard !zone.folder.contains("mmio") else { return false }
      let parts = zone.folder.split(separator: ":")
      let above =
        parts.count == 3
        ? zones.first { $0.folder == "\(parts[0]):\(parts[1])" }.map { $0.name + "/" } : nil
      return meter == "powercap:" + (above ?? "") + zone.name
    }
  }

  @Test(arguments: [
    "one-package", "two-packages-reversed-dram", "package-psys-mmio", "amd-package-core",
    "mirrored-dies", "wrap",
  ])
  func joulesAreTheSimulations(name: String) throws {
    let zones = try #require(SimulatedMachines.machine(name)).zones
    let folder = try TemporaryFolder()
    let machine = try Machine(name)
    // One of them under a real load.
    let run = try Self.run(
      on: machine, in: folder, of: name == "one-package" ? Self.working : nil,
      repeats: name == "wrap" ? "5" : "2")
    let truth = try machine.truth()
    let loads = run.samples.filter { $0["kind"] as? String == "load" }
    #expect(!loads.isEmpty)
    var compared = 0
    for sample in loads {
      let (from, to) = try run.span(sample)
      for (meter, joules) in run.joules(sample) {
        let zone = try #require(Self.zone(meter, zones), "\(meter)")
        let before = try #require(SimulatedPowercap.microjoules(truth, zone: zone, at: from))
        let after = try #require(SimulatedPowercap.microjoules(truth, zone: zone, at: to))
        let expected = Double(after - before) * 1e-6
        #expect(abs(joules / expected - 1) < 0.003, "\(meter): \(joules) J for \(expected) J")
        compared += 1
      }
    }
    // A simulation that the machine kept from running for long voids a window; never all of them.
    #expect(compared > 0)
    if name == "wrap" {
      let shown = truth.last.map { $0.microjoules[0] } ?? 0
      #expect(shown > 400_000_000, "the counter did not wrap")
    }
    let verified = try Tool.run(["verify", run.path, "--raw-log", run.rawLog])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    #expect(verified.output.contains("the raw log gives"))
  }

  @Test("what is prepared has the simulation's joules, which the raw log gives again")
  func preparation() throws {
    let listing = try Tool.run(["kernels"]).output.split(separator: "\n")
    guard
      listing.contains(where: { $0.contains("librandomx-light-jit ") && $0.contains(" usable") })
    else {
      NotRun.report("the energy of a preparation: librandomx is not here")
      return
    }
    let zones = try #require(SimulatedMachines.machine("one-package")).zones
    let folder = try TemporaryFolder()
    let machine = try Machine("one-package", busy: 1)
    let run = try Self.run(
      on: machine, in: folder, of: ["randomx", "--kernel", "librandomx-light-jit"])
    let truth = try machine.truth()
    let workers = try #require((run.document["workers"] as? [[String: Any]])?.first)
    let preparations = try #require(workers["preparations"] as? [[String: Any]])
    let preparation = try #require(preparations.first)
    let (from, to) = try run.span(preparation)
    let joules = run.joules(preparation)
    #expect(preparations.count == 1 && !joules.isEmpty)
    for (meter, joules) in joules {
      let zone = try #require(Self.zone(meter, zones), "\(meter)")
      let before = try #require(SimulatedPowercap.microjoules(truth, zone: zone, at: from))
      let after = try #require(SimulatedPowercap.microjoules(truth, zone: zone, at: to))
      let expected = Double(after - before) * 1e-6
      #expect(abs(joules / expected - 1) < 0.02, "\(meter): \(joules) J for \(expected) J")
    }
    let told = run.outcome.output.replacing("\n", with: " ")
    #expect(told.contains("prepared in ") && told.contains(" J in cpu-package ("), "\(told)")
    let verified = try Tool.run(["verify", run.path, "--raw-log", run.rawLog])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    // Another energy is not that of the log.
    let text = try String(contentsOfFile: run.path, encoding: .utf8)
    let place = try #require(text.range(of: "\"preparations\""))
    let energy = try #require(
      text.range(of: "\"energy_uj\": ", range: place.upperBound..<text.endIndex))
    try text.replacingCharacters(in: energy, with: "\"energy_uj\": 1")
      .write(toFile: run.path, atomically: true, encoding: .utf8)
    let refused = try Tool.run(["verify", run.path, "--raw-log", run.rawLog])
    #expect(refused.status == 1 && refused.output.contains("preparations[0]"), "\(refused.output)")
  }

  /// The raw log of another run, or one that was changed, is refused.
  @Test func aRawLogThatIsNotTheRunsIsRefused() throws {
    let folder = try TemporaryFolder()
    let machine = try Machine("one-package", busy: 1)
    let run = try Self.run(on: machine, in: folder, window: "0.5", repeats: "1")
    _ = try machine.truth()
    let changed = folder.path + "/changed.jsonl"
    let text = try String(contentsOfFile: run.rawLog, encoding: .utf8)
    try (text + "\n").write(toFile: changed, atomically: true, encoding: .utf8)
    let verified = try Tool.run(["verify", run.path, "--raw-log", changed])
    #expect(verified.status == 1)
    #expect(verified.output.contains("raw_log_sha256"))
  }

  /// The window that a fault falls into has no energy, with the reason; the run goes on.
  @Test(arguments: ["stall", "vanish", "unreadable-once"])
  func faultsVoidTheirWindows(name: String) throws {
    let folder = try TemporaryFolder()
    let machine = try Machine(name, busy: 1)
    let run = try Self.run(on: machine, in: folder, window: "2", repeats: "5")
    _ = try machine.truth()
    let loads = run.samples.filter { $0["kind"] as? String == "load" }
    #expect(loads.count == 5)
    let joules = loads.map { run.joules($0)["powercap:package-0"] }
    let log = try String(contentsOfFile: run.rawLog, encoding: .utf8)
    if name == "unreadable-once", !log.contains(#""event":"miss""#) {
      NotRun.report("a counter unreadable for 1.2 s: the windows began later on this machine")
    } else {
      #expect(joules.contains { $0 == nil }, "\(joules)")
    }
    // No window is short by the time in which the counter stood, wherever in it that began.
    let watts = joules.compactMap { $0.map { $0 / 2 } }
    #expect(watts.allSatisfy { abs($0 / 65 - 1) < 0.05 }, "\(joules)")
    let verified = try Tool.run(["verify", run.path, "--raw-log", run.rawLog])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }

  /// F13 with a real EIO: `strace` makes one read of the counter fail inside the kernel's interface.
  @Test func oneFailedReadVoidsOneWindowAndIsNoWrap() throws {
    guard let strace = ChildProcess.find("strace") else {
      NotRun.report("EIO of an energy counter: strace is not installed")
      return
    }
    let folder = try TemporaryFolder()
    let machine = try Machine("one-package", busy: 1)
    let counter = URL(
      fileURLWithPath: machine.folder.path + "/sys/class/powercap/intel-rapl:0/energy_uj"
    ).resolvingSymlinksInPath().path
    var hasFailed = false
    let run = try Self.run(
      on: machine, in: folder, of: Self.working, window: "2", repeats: "5"
    ) { running in
      try Tool.waitUntilBusy(running, seconds: 2)
      hasFailed = try Self.failOneRead(of: counter, in: running, strace, folder)
    }
    _ = try machine.truth()
    guard hasFailed else { return }
    let log = try String(contentsOfFile: run.rawLog, encoding: .utf8)
    #expect(log.contains(#""event":"miss""#) && log.contains("Input/output error"))
    let loads = run.samples.filter { $0["kind"] as? String == "load" }
    let joules = loads.map { run.joules($0)["powercap:package-0"] }
    // The failed read lies in one window, or between two.
    #expect(joules.filter { $0 == nil }.count <= 1, "\(joules)")
    #expect(joules.allSatisfy { $0.map { abs($0 / 130 - 1) < 0.05 } ?? true }, "\(joules)")
    let verified = try Tool.run(["verify", run.path, "--raw-log", run.rawLog])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }

  /// Lets `strace` fail reads of a file until one has failed; false, and a line in the list of what did not run, where it may not.
  static func failOneRead(
    of file: String, in running: Tool.Running, _ strace: String, _ folder: TemporaryFolder
  ) throws -> Bool {
    let log = folder.path + "/strace.txt"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: strace)
    process.arguments = [
      "-f", "-o", log, "-P", file, "-e", "trace=pread64", "-e",
      "inject=pread64:error=EIO:when=1", "-p", "\(running.identifier)",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      // Children of tests may have SIGTERM blocked; what was traced goes on when its tracer is gone.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    for _ in 0..<600 {
      let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      if text.contains("INJECTED") { return true }
      guard process.isRunning else {
        NotRun.report("EIO of an energy counter: strace may not watch another process here")
        return false
      }
      usleep(10_000)
    }
    Issue.record("no read of the counter within 6 s")
    return false
  }

  /// R1, R14: an unreadable counter leaves a throughput-only run that says why.
  @Test func anUnreadableCounterLeavesThroughput() throws {
    let machine = try Machine("unreadable-file", busy: 1)
    let folder = try TemporaryFolder()
    machine.folder.makeReadable()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: folder.path)
    guard
      let outcome = try Unprivileged.run(
        Tool.path,
        [
          "run", "--algorithm", "sha256d", "--kernel", "portable", "--threads", "1", "--warmup",
          "0", "--window", "0.3", "--repeats", "1", "--idle", "0", "--sysroot",
          machine.folder.path, "--format", "json", "--results", folder.path + "/results",
          "--profiles", folder.path + "/profiles",
        ])
    else { return }
    #expect(outcome.status == 0, "\(outcome.errors)")
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect((document["meters"] as? [Any])?.isEmpty == true)
    let unavailable = try #require(document["unavailable_meters"] as? [[String: Any]])
    let powercap = try #require(unavailable.first { $0["source"] as? String == "powercap" })
    let reason = try #require(powercap["reason"] as? [String: Any])
    #expect(reason["code"] as? String == "permission")
  }

  /// Meters that do not work leave the others and the run unharmed.
  @Test func aBrokenMeterLeavesTheRestUnharmed() throws {
    let machine = try Machine("one-package", busy: 1)
    let folder = try TemporaryFolder()
    let run = try Self.run(
      on: machine, in: folder,
      [
        "--meter", "powercap", "--meter", "exec:echo lots", "--meter", "csv:/nonexistent",
        "--meter", "shelly:127.0.0.1:9", "--meter", "exec:echo 120 W", "--meter", "exec:echo 1 W",
        "--meter-accuracy", "exec:echo 120 W=1:certificate 4711",
      ], window: "2.5", repeats: "1")
    let truth = try machine.truth()
    #expect(truth.count > 100)
    // A command's line may hold a secret: its program and a digest stand for it.
    try #require(run.meters.count == 3)
    #expect(run.meters[0] == "powercap:package-0")
    #expect(run.meters.dropFirst().allSatisfy { $0.hasPrefix("exec:echo#") && $0.count == 18 })
    let meters = try #require(run.document["meters"] as? [[String: Any]])
    let accuracy = try #require(meters[1]["accuracy"] as? [String: Any])
    #expect(accuracy["source"] as? String == "stated by the user: certificate 4711")
    let sample = try #require(run.samples.first { $0["kind"] as? String == "load" })
    let joules = run.joules(sample)
    #expect(joules["powercap:package-0"] != nil)
    #expect(joules[run.meters[1]] != nil)
    // A wall that shows less than the package in it by a factor of 65: minutes and seconds were mixed up.
    #expect(joules[run.meters[2]] == nil)
    let verified = try Tool.run(["verify", run.path, "--raw-log", run.rawLog])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }
}
