import Analysis
import LinuxSystem
import MeterCore
import Metering
import Model
import TestSupport
import Testing

#if !SANITIZED
  import Verification
#endif

/// Feeds a plug's counter and power to the rule about units, a reading a second.
struct Rule {
  private var consistency = UnitConsistency()

  mutating func feed(watts: Double, counted: Double, seconds: Int) -> Reason? {
    for second in 0..<seconds {
      let reason = consistency.judge(
        microjoules: UInt64(Double(second) * counted * 1e6), microwatts: UInt64(watts * 1e6),
        at: Instant(nanoseconds: UInt64(second) * 1_000_000_000), resolution: 1_000_000)
      if let reason { return reason }
    }
    return nil
  }
}

/// A counter of a chosen power on a clock that the test moves.
final class FakeCounter: MeterReader {
  let channels: [MeterChannel]
  let pace = ReadingPace.inline(guardPeriod: Seconds(1))
  let failure = Locked<Reason?>(nil)
  private let watts: Double

  init(_ id: String, watts: Double, scope: Scope = .cpuPackage) {
    self.watts = watts
    channels = [
      MeterChannel(
        descriptor: testMeter(id, scope: scope),
        rules: ChannelRules(unit: .microjoule, maximumPower: Watts(1000)))
    ]
  }

  func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    let now = clock.now()
    let energy = UInt64(Double(now.nanoseconds) * 1e-9 * watts * 1e6)
    let value = failure.withLock { $0 }.map { Reading<UInt64>.unavailable($0) } ?? .value(energy)
    return [ChannelReading(channel: 0, instant: now, value: value)]
  }
}

/// A counter of 50 W that moves every millisecond, and from some second on no more.
final class StallingCounter: MeterReader {
  let channels: [MeterChannel]
  let pace = ReadingPace.inline(guardPeriod: Seconds(1))
  private let began: Instant
  private let standsAfter: Double

  init(_ clock: any MonotonicClock, standsAfter: Double) {
    self.standsAfter = standsAfter
    began = clock.now()
    channels = [
      MeterChannel(
        descriptor: testMeter("powercap:package-0", scope: .cpuPackage),
        rules: ChannelRules(
          unit: .microjoule, maximumPower: Watts(1000), tick: Seconds(0.001),
          stallAfter: Seconds(0.05)))
    ]
  }

  func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    let now = clock.now()
    let moved = min(now.since(began).value, standsAfter)
    let energy = UInt64((moved * 1000).rounded(.down) * 50_000) + 1_000_000
    return [ChannelReading(channel: 0, instant: now, value: .value(energy))]
  }
}

/// A clock that stands where the test put it.
final class HandClock: MonotonicClock {
  private let time = Locked<UInt64>(1_000_000_000_000)
  func now() -> Instant { Instant(nanoseconds: time.withLock { $0 }) }
  func advance(_ seconds: Double) { time.withLock { $0 += UInt64(seconds * 1e9) } }
  func sleep(until instant: Instant, isCancelled: () -> Bool) {
    time.withLock { $0 = max($0, instant.nanoseconds) }
  }
}

@Suite struct MeterBankTests {
  static func bank(
    _ readers: [any MeterReader], _ clock: HandClock, watch: DisturbanceWatch = DisturbanceWatch(),
    rawLog: String? = nil
  ) throws -> MeterBank {
    try MeterBank(
      readers: readers, checks: [], clock: clock, watch: watch,
      options: MeterOptions(rawLog: rawLog, startsThreads: false))
  }

  @Test func theOrderOfMetersChangesNothing() throws {
    let clock = HandClock()
    let readers = [FakeCounter("powercap:a", watts: 50), FakeCounter("powercap:b", watts: 70)]
    let forward = try Self.bank(readers, clock)
    let backward = try Self.bank(readers.reversed(), clock)
    let starts = (forward.snapshot(), backward.snapshot())
    clock.advance(3)
    let ends = (forward.snapshot(), backward.snapshot())
    for index in 0..<2 {
      let left = EnergyInterval.between(starts.0.channels[index], ends.0.channels[index])
      let right = EnergyInterval.between(starts.1.channels[1 - index], ends.1.channels[1 - index])
      #expect(left == right)
      #expect(left.value != nil)
    }
  }

  /// F23: a suspend voids the window; a step of the wall clock is not even seen.
  @Test func f23ASuspendVoidsTheWindow() throws {
    let clock = HandClock()
    let suspended = Kept64()
    let bank = try Self.bank(
      [FakeCounter("powercap:a", watts: 50), FakeCounter("shelly:w", watts: 90, scope: .wall)],
      clock, watch: DisturbanceWatch(suspended: { suspended.value }))
    let start = bank.snapshot()
    clock.advance(1)
    let middle = bank.snapshot()
    suspended.value = 30_000_000_000
    clock.advance(1)
    bank.readInline()
    let end = bank.snapshot()
    #expect(EnergyInterval.between(start.channels[0], middle.channels[0]).value != nil)
    let broken = EnergyInterval.between(middle.channels[0], end.channels[0])
    #expect(broken.reason?.message == "the machine was suspended for 30.0 s")
    // A plug at the wall goes on counting while the machine sleeps.
    #expect(EnergyInterval.between(middle.channels[1], end.channels[1]).value != nil)
  }

  @Test func aCPUThatGoesOfflineVoidsTheWindow() throws {
    let clock = HandClock()
    let online = Kept64()
    let bank = try Self.bank(
      [FakeCounter("powercap:a", watts: 50)], clock,
      watch: DisturbanceWatch(suspended: { 0 }, online: { online.value == 0 ? "0-3" : "0-2" }))
    let start = bank.snapshot()
    online.value = 1
    clock.advance(1)
    bank.readInline()
    #expect(
      EnergyInterval.between(start.channels[0], bank.snapshot().channels[0]).reason?.message
        == "the CPUs online changed from 0-3 to 0-2")
  }

  /// F13 through the whole bank: one EIO voids one window and adds nothing.
  @Test func oneErrorVoidsOneWindow() throws {
    let clock = HandClock()
    let counter = FakeCounter("powercap:a", watts: 50)
    let bank = try Self.bank([counter], clock)
    let first = bank.snapshot()
    clock.advance(1)
    counter.failure.withLock { $0 = Reason(.lost, "energy_uj: Input/output error") }
    bank.readInline()
    counter.failure.withLock { $0 = nil }
    clock.advance(1)
    bank.readInline()
    let second = bank.snapshot()
    clock.advance(1)
    let third = bank.snapshot()
    #expect(EnergyInterval.between(first.channels[0], second.channels[0]).reason?.code == .lost)
    let sound = try #require(EnergyInterval.between(second.channels[0], third.channels[0]).value)
    #expect(abs(sound.energy.joules - 50) < 1e-3)
  }

  /// F12: a counter that stalls half a second before a window's end voids that window, and not the sound one before it.
  @Test func aStallInTheLastSecondVoidsItsOwnWindow() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/raw.jsonl"
    let clock = HandClock()
    let counter = StallingCounter(clock, standsAfter: 19.5)
    let bank = try Self.bank([counter], clock, rawLog: path)
    var edges = [bank.snapshot()]
    for _ in 0..<3 {
      for _ in 0..<10 {
        clock.advance(1)
        bank.readInline()
      }
      edges.append(bank.judged(bank.snapshot()))
    }
    let windows = zip(edges, edges.dropFirst()).map {
      EnergyInterval.between($0.channels[0], $1.channels[0])
    }
    #expect(windows[0].value != nil)
    #expect(windows[1].reason?.code == .stalled)
    #expect(windows[2].reason?.code == .stalled)
    bank.finish()
    #if !SANITIZED
      // The log tells the same, though the verdict came after the snapshot.
      let integral = try RawLogIntegral(SystemRoot.live.bytes(path))
      #expect(integral.snapshots.map(\.channels) == edges.map(\.channels))
    #endif
  }

  /// The wait ends with the counter's next step, so that a sound window costs a tick.
  @Test func aSoundCounterIsJudgedWithinATick() throws {
    let clock = HandClock()
    let bank = try Self.bank([StallingCounter(clock, standsAfter: 1e6)], clock)
    clock.advance(10)
    let end = bank.snapshot()
    let before = clock.now()
    #expect(bank.judged(end).channels[0].stall == nil)
    #expect(clock.now().since(before) <= Seconds(0.002))
  }

  /// R30: the log alone gives every number again, and a changed log none.
  @Test func theRawLogGivesTheSameEnergies() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/raw.jsonl"
    let clock = HandClock()
    let counter = FakeCounter("powercap:a", watts: 50)
    let bank = try Self.bank(
      [counter, FakeCounter("powercap:\"b\"\n\\", watts: 70)], clock, rawLog: path)
    var snapshots: [MeterSnapshot] = []
    for step in 0..<6 {
      clock.advance(0.7)
      if step == 3 {
        counter.failure.withLock { $0 = Reason(.lost, "\"gone\"\n") }
        bank.readInline()
        counter.failure.withLock { $0 = nil }
      }
      bank.readInline()
      clock.advance(0.3)
      snapshots.append(bank.snapshot())
    }
    bank.finish()
    let digest = try #require(bank.rawLogDigest?.value)
    let bytes = try SystemRoot.live.bytes(path)
    #expect(Hexadecimal.encode(SHA256.hash(bytes)) == digest)
    #if !SANITIZED
      let integral = try RawLogIntegral(bytes)
      #expect(integral.meters == bank.descriptors.map(\.id))
      #expect(integral.snapshots.map(\.channels) == snapshots.map(\.channels))
      var changed = bytes
      changed[changed.count / 2] = UInt8(ascii: "x")
      #expect((try? RawLogIntegral(changed)) == nil)
    #endif
  }

  @Test(arguments: [
    "", "{}", "[]", #"{"event":"read"}"#, #"{"event":"read","channel":0,"t_ns":1,"raw":-1}"#,
    #"{"event":"read","channel":0,"t_ns":1,"raw":1}x"#,
    #"{"event":"read","channel":0,"t_ns":1,"raw":1,"raw":2}"#,
    #"{"event":"read", "channel":0,"t_ns":1,"raw":1}"#,
    #"{"channel":0,"event":"read","t_ns":1,"raw":1}"#,
    #"{"event":"read","channel":0,"t_ns":1,"raw":1,"more":1}"#,
    #"{"event":"read","channel":0,"t_ns":1,"raw":99999999999999999999}"#,
  ])
  func linesThatAreNoneAreRefused(line: String) {
    #expect(RawLogLine(Array(line.utf8)) == nil)
  }

  @Test func aRawLogThatCannotBeWrittenEndsTheRunBeforeItBegins() {
    #expect(throws: SystemError.self) {
      _ = try Self.bank([], HandClock(), rawLog: "/nonexistent/raw.jsonl")
    }
  }

  @Test func theGuardKeepsOffTheWorkersCPUsWhereItCan() throws {
    let clock = RawMonotonicClock()
    let allowed = try Affinity.allowedCPUs()
    func check(_ workers: [Int]) throws -> Check {
      let bank = try MeterBank(
        readers: [FakeCounter("powercap:a", watts: 5)], checks: [], clock: clock,
        watch: DisturbanceWatch(), options: MeterOptions(workerCPUs: workers))
      defer { bank.finish() }
      return try #require(bank.checks.first { $0.name == .meterGuard })
    }
    #expect(try check(allowed).verdict == .unknown)
    if allowed.count > 1 {
      let check = try check(Array(allowed.dropLast()))
      #expect(check.verdict == .pass)
      #expect(check.message.contains("CPU \(allowed.last ?? -1),"))
    }
  }
}

/// A number that a test changes under a closure.
final class Kept64: Sendable {
  private let stored = Locked<Int64>(0)
  var value: Int64 {
    get { stored.withLock { $0 } }
    set { stored.withLock { $0 = newValue } }
  }
}

@Suite struct UnitConsistencyTests {
  @Test func aPlugsCounterAndPowerMustAgree() {
    for (joulesPerSecond, isSound) in [(100.0, true), (6000, false), (1.67, false)] {
      var rule = Rule()
      #expect((rule.feed(watts: 100, counted: joulesPerSecond, seconds: 200) == nil) == isSound)
    }
  }
}
