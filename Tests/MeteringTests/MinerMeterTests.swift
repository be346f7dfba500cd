import LinuxSystem
import Metering
import Model
import TestSupport
import Testing

/// F22: what ASIC miners answer, over real connections on the loopback interface.
@Suite(.serialized) struct MinerMeterTests {
  /// The text of a captured answer; nil, and listed as not run, where the captures are absent.
  private static func capture(_ path: String) throws -> String? {
    let file = "\(PowercapCaptureTests.captures)/asic/\(path)"
    guard SystemRoot.live.exists(file) else {
      NotRun.report("capture asic/\(path): \(file) is absent")
      return nil
    }
    return String(decoding: try SystemRoot.live.bytes(file), as: UTF8.self)
  }

  private static let unknown =
    #"{"STATUS":[{"STATUS":"E","Code":14,"Msg":"Invalid command"}],"id":1}"# + "\0"

  /// A miner that knows one command.
  private static func miner(
    _ command: String, _ answer: String, delay: Double = 0
  ) throws -> LoopbackServer {
    try LoopbackServer(endOfRequest: "}") { _, question in
      question == "{\"command\":\"\(command)\"}"
        ? .init(delay: delay, raw: answer) : .init(raw: unknown)
    }
  }

  private static func channel(
    _ source: String, _ server: LoopbackServer
  ) throws -> (descriptor: MeterDescriptor?, raw: UInt64?, reason: Reason?) {
    try withExtendedLifetime(server) {
      let opened = try NetworkMeterTests.open("\(source):\(server.address)", probing: .none)
      let raw = opened.session.snapshot().channels.first?.raw
      let descriptor = opened.session.descriptors.first
      opened.session.finish()
      return (descriptor, raw, opened.unavailable.first?.reason)
    }
  }

  @Test func whatsminerReadsItsPowerSupply() throws {
    guard let summary = try Self.capture("whatsminer-api2/summary.json") else { return }
    let server = try Self.miner("summary", summary)
    let (descriptor, raw, _) = try Self.channel("cgminer", server)
    #expect(raw == 3_200_000_000)
    #expect(descriptor?.kind == .measuredSampled)
    #expect(descriptor?.scope == .minerInput)
    #expect(descriptor?.accuracy.gainBound == nil)
  }

  @Test func aPowerOfMinusOneIsNotKnown() throws {
    let server = try Self.miner("summary", #"{"SUMMARY":[{"Power":-1,"Elapsed":7}],"id":1}"# + "\0")
    let (descriptor, _, reason) = try Self.channel("cgminer", server)
    #expect(descriptor == nil)
    #expect(reason?.code == .notMeasured)
    #expect(reason?.message.contains("does not know its power") == true)
  }

  @Test(
    arguments: [
      (
        "tunerstatus", #"{"TUNERSTATUS":[{"ApproximateMinerPowerConsumption":3572}],"id":1}"#,
        3_572_000_000, "estimated"
      ),
      ("power", #"{"POWER":[{"PSU":false,"Watts":1234}],"id":1}"#, 1_234_000_000, "estimated"),
    ])
  func estimatesAreCalledSo(command: String, answer: String, raw: Int, kind: String) throws {
    let server = try Self.miner(command, answer + "\0")
    let found = try Self.channel("cgminer", server)
    #expect(found.raw == UInt64(raw))
    #expect(found.descriptor?.kind.rawValue == kind)
  }

  @Test func auradineWritesItsUnits() throws {
    guard let psu = try Self.capture("auradine-at1500/psu.json") else { return }
    let found = try Self.channel("cgminer", Self.miner("psu", psu))
    #expect(found.raw == 58_940_000)
    #expect(found.descriptor?.kind == .measuredSampled)
  }

  @Test(
    "a NUL at the end and a comma left out are no harm",
    arguments: ["antminer-s19-mskminer/stats.json", "broken/missing-comma-between-objects.json"])
  func chains(file: String) throws {
    guard let stats = try Self.capture(file) else { return }
    let found = try Self.channel("cgminer", Self.miner("stats", stats + "\0"))
    #expect(found.raw == 3_358_000_000)
    #expect(found.descriptor?.kind == .estimated)
  }

  @Test func aMinerThatTellsNoPowerIsRefused() throws {
    guard let version = try Self.capture("broken/trailing-nul.json") else { return }
    let found = try Self.channel("cgminer", Self.miner("version", version))
    #expect(found.descriptor == nil)
    #expect(found.reason?.code == .unsupported)
    #expect(found.reason?.remedy == "meter it at the wall")
  }

  @Test func anAnswerThatIsCutIsNoZero() throws {
    guard let cut = try Self.capture("broken/cut-at-600-bytes.json") else { return }
    let found = try Self.channel("cgminer", Self.miner("summary", cut))
    #expect(found.descriptor == nil)
    #expect(found.reason?.code == .malformed)
  }

  @Test func aMinerThatIsSilentOrNotThereIsRefused() throws {
    let silent = try Self.miner("summary", "{}", delay: 4)
    #expect(try Self.channel("cgminer", silent).reason?.code == .failed)
    let gone = try Self.miner("summary", "{}")
    gone.stop()
    let found = try Self.channel("cgminer", gone)
    #expect(found.reason?.code == .failed)
    #expect(found.reason?.message.contains(gone.address) == true)
  }

  @Test(
    arguments: [
      ("bitaxe-ultra-bm1366/system-info.json", 11_980_000),
      ("bitaxe-supra-bm1368/system_info.json", 2_650_000),
    ])
  func bitaxeEstimatesItsPower(file: String, microwatts: Int) throws {
    guard let info = try Self.capture(file) else { return }
    let server = try LoopbackServer { path, _ in
      path == "/api/system/info" ? .init(info) : .init("", status: 404)
    }
    let found = try Self.channel("axeos", server)
    let raw = try #require(found.raw)
    #expect(abs(Int(raw) - microwatts) < 10)
    #expect(found.descriptor?.kind == .estimated)
    #expect(found.descriptor?.scope == .minerBoard)
    #expect(found.descriptor?.accuracy.offsetBound == Watts(5))
  }

  @Test func whatIsNoBitaxeIsRefused() throws {
    let server = try LoopbackServer { _, _ in .init(#"{"power":12}"#) }
    #expect(try Self.channel("axeos", server).reason?.code == .unsupported)
  }
}
