import LinuxSystem
import Metering
import Model
import TestSupport
import Testing

/// Plugs over real HTTP on the loopback interface.
@Suite(.serialized) struct NetworkMeterTests {
  static func open(
    _ selection: String, variables: [String: String] = [:],
    probing: MeterEnvironment.Probing = .full
  ) throws -> MeterCatalog.Opened {
    try MeterCatalog.open(
      selection: [selection],
      environment: MeterEnvironment(
        root: SystemRoot(prefix: "/nonexistent"), clock: RawMonotonicClock(),
        variables: variables, probing: probing),
      options: MeterOptions(startsThreads: false))
  }

  /// A server that answers with files of one captured device.
  static func server(_ device: String, _ files: [String: String]) throws -> LoopbackServer? {
    let folder = "\(PowercapCaptureTests.captures)/smartplug/\(device)"
    guard SystemRoot.live.exists(folder) else {
      NotRun.report("capture smartplug/\(device): \(folder) is absent")
      return nil
    }
    var bodies: [String: String] = [:]
    for (path, file) in files { bodies[path] = try SystemRoot.live.text("\(folder)/\(file)") }
    return try LoopbackServer { [bodies] path, _ in
      bodies[path].map { LoopbackServer.Answer($0) } ?? LoopbackServer.Answer("", status: 404)
    }
  }

  /// The raw values and units of what a meter shows at its opening.
  static func raws(_ opened: MeterCatalog.Opened) -> [String: (raw: UInt64?, unit: String)] {
    let snapshot = opened.session.snapshot()
    opened.session.finish()
    var raws: [String: (UInt64?, String)] = [:]
    for (descriptor, channel) in zip(opened.session.descriptors, snapshot.channels) {
      let name = descriptor.id.rawValue.split(separator: "#").last.map(String.init) ?? ""
      raws[name] = (channel.raw, descriptor.rawUnit)
    }
    return raws
  }

  @Test func shellyOfTheFirstGenerationCountsWattMinutes() throws {
    guard
      let server = try Self.server(
        "shelly-air-gen1", ["/shelly": "shelly.json", "/status": "status.json"])
    else { return }
    let raws = try Self.raws(Self.open("shelly:\(server.address)"))
    #expect(raws["energy"]?.raw == 0)
    #expect(raws["energy"]?.unit == "uWmin")
    #expect(raws["power"]?.raw == 0)
  }

  @Test(
    arguments: [
      ("shelly-plus-1pm-off", 110_046_000, 0), ("shelly-plus-plug-it", 922_282_000, 800_000),
    ] as [(String, UInt64, UInt64)])
  func shellyOfTheSecondGenerationCountsWattHours(device: String, energy: UInt64, power: UInt64)
    throws
  {
    guard
      let server = try Self.server(
        device,
        ["/shelly": "Shelly.GetDeviceInfo.json", "/rpc/Shelly.GetStatus": "Shelly.GetStatus.json"])
    else { return }
    let raws = try Self.raws(Self.open("shelly:\(server.address)"))
    #expect(raws["energy"]?.raw == energy)
    #expect(raws["energy"]?.unit == "uWh")
    #expect(raws["power"]?.raw == power)
  }

  @Test(
    arguments: [
      ("tasmota-2024-06", "status8.json", 167_743_000_000, 3_000_000),
      ("tasmota-2023-08", "tele-sensor.json", 1_175_000_000, 13_000_000),
      ("tasmota-linky-no-voltage", "tele-sensor.json", 7_970_903_000_000, 860_000_000),
    ] as [(String, String, UInt64, UInt64)])
  func tasmotaCountsKilowattHours(device: String, file: String, energy: UInt64, power: UInt64)
    throws
  {
    guard let server = try Self.server(device, ["/cm?cmnd=Status%208": file]) else { return }
    let raws = try Self.raws(Self.open("tasmota:\(server.address)"))
    #expect(raws["energy"]?.raw == energy)
    #expect(raws["power"]?.raw == power)
  }

  /// F22: devices with several channels, built from the documented layout.
  @Test func channelsAreChosenByName() throws {
    let server = try LoopbackServer { path, _ in
      switch path {
      case "/shelly": .init(#"{"gen":2,"model":"SPEM-003CEBEU","app":"Pro3EM"}"#)
      case "/rpc/Shelly.GetStatus":
        .init(
          #"{"em:0":{"total_act_power":1234.5},"emdata:0":{"total_act":98765.43},"#
            + #""em1:1":{"act_power":10},"em1data:1":{"total_act_energy":5}}"#)
      default:
        .init(#"{"StatusSNS":{"ENERGY":{"Total":12.5,"Power":[30,45],"Voltage":230}}}"#)
      }
    }
    let unnamed = try Self.open("shelly:\(server.address)")
    #expect(unnamed.session.descriptors.isEmpty)
    #expect(unnamed.unavailable.first?.reason.message.contains("the meters 0, 1") == true)
    let named = try Self.raws(Self.open("shelly:\(server.address)/0"))
    #expect(named["power"]?.raw == 1_234_500_000)
    #expect(named["energy"]?.raw == 98_765_430_000)
    #expect(try Self.raws(Self.open("tasmota:\(server.address)"))["power"]?.raw == 75_000_000)
    // The one counter is that of all channels: a channel alone has its power only.
    let second = try Self.raws(Self.open("tasmota:\(server.address)/1"))
    #expect(second.values.map(\.raw) == [45_000_000])
    #expect(
      try Self.open("tasmota:\(server.address)/7").unavailable.first?.reason.code == .absent)
  }

  struct Refusal: CustomTestStringConvertible {
    let testDescription: String
    let answer: LoopbackServer.Answer
    let code: ReasonCode
    let words: String
  }

  static let refusals = [
    Refusal(
      testDescription: "no JSON", answer: .init("<html>router</html>"), code: .malformed,
      words: "not JSON"),
    Refusal(
      testDescription: "cut off", answer: .init(#"{"StatusSNS":{"ENERGY":{"#, cutAfter: 5),
      code: .failed, words: "does not answer"),
    Refusal(
      testDescription: "half an object", answer: .init(#"{"StatusSNS":{"ENERGY":{"#),
      code: .malformed, words: "not JSON"),
    Refusal(
      testDescription: "not a plug", answer: .init(#"{"name":"printer"}"#), code: .unsupported,
      words: "ENERGY is missing"),
    Refusal(
      testDescription: "unauthorised", answer: .init("", status: 401), code: .permission,
      words: "refuses without a password"),
    Refusal(
      testDescription: "not found", answer: .init("", status: 404), code: .unsupported,
      words: "HTTP 404"),
    Refusal(
      testDescription: "elsewhere",
      answer: .init("", status: 302, headers: "Location: http://127.0.0.1:1/\r\n"),
      code: .unsupported, words: "HTTP 302"),
    Refusal(
      testDescription: "no HTTP", answer: .init(raw: "hello\n"), code: .failed,
      words: "does not answer"),
    Refusal(
      testDescription: "below zero",
      answer: .init(#"{"StatusSNS":{"ENERGY":{"Power":-20}}}"#), code: .implausible,
      words: "below zero"),
    Refusal(
      testDescription: "slow", answer: .init("{}", delay: 4), code: .failed,
      words: "does not answer"),
  ]

  /// Each gives one line with the address in it, and leaves a session that works.
  @Test(arguments: refusals) func whatIsNoPlugIsRefused(_ refusal: Refusal) throws {
    let server = try LoopbackServer { _, _ in refusal.answer }
    let opened = try Self.open("tasmota:\(server.address)")
    let reason =
      opened.unavailable.first?.reason
      ?? opened.session.snapshot().channels.first?.latestFault
    #expect(reason?.code == refusal.code)
    #expect(reason?.message.contains(refusal.words) == true, "\(reason?.message ?? "none")")
    #expect(reason?.message.contains("\n") == false)
    opened.session.finish()
  }

  @Test func nobodyListening() throws {
    let server = try LoopbackServer { _, _ in .init("{}") }
    let address = server.address
    server.stop()
    let reason = try #require(try Self.open("shelly:\(address)").unavailable.first?.reason)
    #expect(reason.message.contains(address))
  }

  @Test func credentialsComeFromTheEnvironment() throws {
    // Basic authentication: user "u", password "p".
    let server = try LoopbackServer { _, head in
      head.contains("Authorization: Basic dTpw")
        ? .init(#"{"StatusSNS":{"ENERGY":{"Power":5}}}"#)
        : .init("", status: 401, headers: "WWW-Authenticate: Basic realm=\"plug\"\r\n")
    }
    let without = try Self.open("tasmota:\(server.address)")
    #expect(without.unavailable.first?.reason.code == .permission)
    let with = try Self.open(
      "tasmota:\(server.address)", variables: ["HASHWATT_METER_CREDENTIALS": "u:p"])
    #expect(with.session.descriptors.count == 1)
    with.session.finish()
  }

  /// A plug polled while a window lasts: joules from the counter and from the power.
  @Test func aPlugIsIntegratedOverAWindow() throws {
    let begin = SimulatedPowercap.now()
    let server = try LoopbackServer { path, _ in
      let seconds = Double(SimulatedPowercap.now() - begin) * 1e-9
      // 3600 W are one watt-hour a second.
      return path == "/shelly"
        ? .init(#"{"gen":2,"model":"test"}"#)
        : .init(#"{"switch:0":{"apower":3600,"aenergy":{"total":\#(10 + seconds)}}}"#)
    }
    let opened = try MeterCatalog.open(
      selection: ["shelly:\(server.address)"],
      environment: MeterEnvironment(
        root: SystemRoot(prefix: "/nonexistent"), clock: RawMonotonicClock()))
    let clock = RawMonotonicClock()
    let start = opened.session.snapshot()
    clock.sleep(until: start.ended.advanced(by: Seconds(3.2))) { false }
    let end = opened.session.snapshot()
    opened.session.finish()
    for index in opened.session.descriptors.indices {
      let interval = EnergyInterval.between(start.channels[index], end.channels[index])
      guard let watts = interval.value?.meanPower.value else {
        // A machine so busy that polls came seconds late voids the window.
        #expect(interval.reason?.code == .lost)
        continue
      }
      #expect(abs(watts / 3600 - 1) < 0.02, "\(opened.session.descriptors[index].id)")
    }
  }
}
