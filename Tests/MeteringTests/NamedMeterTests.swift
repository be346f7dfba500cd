import LinuxSystem
import Metering
import Model
import TestSupport
import Testing

/// Meters that a user names: commands, files and stated power, with everything that can be wrong with them.
@Suite(.serialized) struct NamedMeterTests {
  static func open(
    _ selection: String, threads: Bool = false, variables: [String: String] = [:]
  ) throws -> MeterCatalog.Opened {
    try MeterCatalog.open(
      selection: [selection],
      environment: MeterEnvironment(
        root: SystemRoot(prefix: "/nonexistent"), clock: RawMonotonicClock(),
        variables: variables.merging(["PATH": "/usr/bin:/bin"]) { old, _ in old }),
      options: MeterOptions(startsThreads: threads))
  }

  @Test(
    arguments: [
      ("echo 65.2 W", 65_200_000, "uW"), ("printf 'volts 230\\n1.5 kW\\n\\n'", 1_500_000_000, "uW"),
      ("echo 1200 J", 1_200_000_000, "uJ"), ("echo 0.25kWh", 250_000_000, "uWh"),
      ("echo 900mW", 900_000, "uW"),
    ] as [(String, UInt64, String)])
  func aCommandsReadingNeedsItsUnit(command: String, raw: UInt64, unit: String) throws {
    let opened = try Self.open("exec:\(command)")
    let channel = try #require(opened.session.snapshot().channels.first)
    opened.session.finish()
    #expect(channel.raw == raw)
    #expect(opened.session.descriptors.first?.rawUnit == unit)
  }

  @Test(arguments: [
    ("exit 3", ReasonCode.failed, "ended with status 3"),
    ("echo sixty watts", .malformed, "no number"), ("echo 65", .malformed, "names no unit"),
    ("echo -5 W", .implausible, "below zero"), ("true", .malformed, "printed nothing"),
    ("echo nan W", .malformed, "no number"), ("echo 1e40 W", .implausible, "too large"),
    ("kill -9 $$", .failed, "was ended by SIGKILL"), ("/nonexistent/meter", .failed, "status 127"),
    ("yes | head -c 300000", .malformed, "no number"),
    ("sleep 60 & sleep 60", .failed, "was ended"),
  ])
  func aCommandThatFailsIsRefused(command: String, code: ReasonCode, words: String) throws {
    let opened = try Self.open("exec:\(command)")
    #expect(opened.session.descriptors.isEmpty)
    let reason = try #require(opened.unavailable.first?.reason)
    #expect(reason.code == code)
    #expect(reason.message.contains(words), "\(reason.message)")
    #expect(!reason.message.contains("\n"))
  }

  // MARK: Accuracy that a user states (R23)

  @Test(
    arguments: [
      ("shelly:192.0.2.7=1:DATASHEET", "shelly:192.0.2.7", 0.01, "DATASHEET"),
      (
        "exec:a=b=0.5%:https://example.org/x?y=2:3", "exec:a=b", 0.005,
        "https://example.org/x?y=2:3"
      ),
      ("csv:/a=2:b=3:c", "csv:/a", 0.02, "b=3:c"),
    ] as [(String, String, Double, String)])
  func anAccuracyNamesItsMeterAndItsSource(
    text: String, meter: String, bound: Double, source: String
  ) throws {
    let stated = try #require(StatedAccuracy(text))
    #expect(stated.meter == meter)
    #expect(abs((stated.accuracy.gainBound ?? 0) - bound) < 1e-12)
    #expect(stated.accuracy.source == "stated by the user: \(source)")
    #expect(!stated.accuracy.isAssumed)
  }

  @Test(arguments: [
    "", "shelly:x", "shelly:x=1", "shelly:x=1:", "shelly:x=0:a", "shelly:x=-1:a", "shelly:x=100:a",
    "shelly:x=one:a", "=1:a",
  ])
  func anAccuracyWithoutNumberOrSourceIsNone(text: String) {
    #expect(StatedAccuracy(text) == nil)
  }

  @Test func aStatedAccuracyReplacesThatOfItsMeterAlone() throws {
    func open(_ text: String) throws -> MeterCatalog.Opened {
      try MeterCatalog.open(
        selection: ["exec:echo 65 W", "manual:5", "exec:exit 1"],
        environment: MeterEnvironment(
          root: SystemRoot(prefix: "/nonexistent"), clock: RawMonotonicClock()),
        options: MeterOptions(
          accuracies: [try #require(StatedAccuracy(text))], startsThreads: false))
    }
    let opened = try open("exec:echo 65 W=1.5:certificate 4711")
    let bounds = opened.session.descriptors.map(\.accuracy.gainBound)
    #expect(opened.session.snapshot().channels.first?.raw == 65_000_000)
    opened.session.finish()
    #expect(bounds == [0.015, nil])
    // One that does not answer is excused; one that nobody asked for is a mistake.
    try open("exec:exit 1=1:a").session.finish()
    #expect(throws: Failure.self) { try open("shelly:nobody=1:a") }
  }

  @Test func manualPowerIsLabelledAndCounted() throws {
    let opened = try Self.open("manual:65")
    let start = opened.session.snapshot()
    let clock = RawMonotonicClock()
    clock.sleep(until: start.ended.advanced(by: Seconds(0.1))) { false }
    let end = opened.session.snapshot()
    opened.session.finish()
    let watts = try #require(
      EnergyInterval.between(start.channels[0], end.channels[0]).value?.meanPower.value)
    #expect(abs(watts - 65) < 0.01)
    #expect(opened.session.descriptors.first?.kind == .manual)
    #expect(opened.session.descriptors.first?.kind.isMeasured == false)
  }

  @Test(arguments: ["0", "-5", "lots", "inf", "1e9"])
  func manualPowerMustBePower(text: String) throws {
    let opened = try Self.open("manual:\(text)")
    #expect(opened.unavailable.first?.reason.code == .malformed)
  }

  @Test(arguments: [
    ("powercp", "did you mean 'powercap'?"), ("exec", "needs its CMD"),
    ("shelly:", "needs its HOST"),
    ("", "choose one of"),
  ])
  func anUnknownMeterIsAWrongUsage(selection: String, words: String) {
    #expect {
      _ = try Self.open(selection)
    } throws: { error in
      guard let failure = error as? Failure else { return false }
      return failure.exitCode == .usage && failure.line.contains(words)
    }
  }

  @Test func aChannelThatIsNotThereLeavesTheRestUnharmed() throws {
    let opened = try MeterCatalog.open(
      selection: ["powercap:package-7", "manual:10"],
      environment: MeterEnvironment(
        root: SystemRoot(prefix: "/nonexistent"), clock: RawMonotonicClock()),
      options: MeterOptions(startsThreads: false))
    #expect(opened.session.descriptors.map(\.id.rawValue) == ["manual:10"])
    #expect(opened.unavailable.map(\.source) == ["powercap:package-7"])
    opened.session.finish()
  }

  // MARK: Files

  /// A log that a test appends rows to, whose times are the wall clock's.
  struct Log {
    let tree: FixtureTree
    let path: String

    init(_ text: String) throws {
      tree = try FixtureTree()
      path = tree.path + "/meter.csv"
      try tree.write(text, to: "meter.csv")
    }

    func append(_ text: String) throws { try tree.append(text, to: "meter.csv") }
  }

  @Test(arguments: [
    ("", "no header"), ("1700000000,65\n", "no header"), ("time,weight\n", "no header"),
    ("power_w\n", "no header"),
  ])
  func aFileWithoutUnitsIsRefused(text: String, words: String) throws {
    let log = try Log(text)
    let reason = try #require(try Self.open("csv:\(log.path)").unavailable.first?.reason)
    #expect(reason.code == .malformed)
    #expect(reason.message.contains(words))
    #expect(try Self.open("csv:/nonexistent.csv").unavailable.first?.reason.code == .absent)
  }

  /// The energy of rows that are appended after the meter was opened, over the whole log.
  static func interval(header: String, rows: [(Double, String)]) throws -> Reading<EnergyInterval> {
    let now = RawMonotonicClock.unixTime() - 20
    let log = try Log(header + "\n")
    let opened = try Self.open("csv:\(log.path)")
    defer { opened.session.finish() }
    guard let bank = opened.session as? MeterBank else { throw TestSupportError("no bank") }
    guard let first = rows.first else { throw TestSupportError("no rows") }
    try log.append("\(now + first.0),\(first.1)\n")
    bank.pollOnce()
    let start = bank.snapshot()
    for (time, value) in rows.dropFirst() {
      try log.append(value == "text" ? "hello, world\n" : "\(now + time),\(value)\n")
    }
    bank.pollOnce()
    return EnergyInterval.between(start.channels[0], bank.snapshot().channels[0])
  }

  @Test func rowsAreIntegratedByTheirOwnTimes() throws {
    let power = try Self.interval(
      header: "time,power_w", rows: [(0, "100"), (1, "200"), (2, "200"), (3, "100")])
    #expect(abs((power.value?.energy.joules ?? 0) - 500) < 0.01)
    let energy = try Self.interval(
      header: "note, time ,energy_j", rows: [(0, "0"), (1, "1")].map { _ in (0, "0") })
    #expect(energy.value == nil)
    let counter = try Self.interval(
      header: "time,energy_j", rows: [(0, "1000"), (1, "1100"), (2, "1250")])
    #expect(abs((counter.value?.energy.joules ?? 0) - 250) < 0.01)
  }

  @Test(arguments: [
    ([(0, "100"), (1, "100"), (9, "100")], ReasonCode.lost),
    ([(0, "100"), (2, "100"), (1, "100")], .implausible),
    ([(0, "100"), (1, "-4")], .lost),
    ([(0, "100"), (1, "text")], .lost),
  ])
  func whatIsWrongInAFileVoidsTheWindow(rows: [(Double, String)], code: ReasonCode) throws {
    let interval = try Self.interval(header: "time,power_w", rows: rows)
    #expect(interval.value == nil)
    if rows.count > 2 { #expect(interval.reason?.code == code) }
  }
}
