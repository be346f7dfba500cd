import Model
import StratumBackend
import TestSupport
import Testing

/// The whole server but its sockets, over hours that take milliseconds.
struct ServiceTests {
  static let start = Instant(nanoseconds: 1_000_000_000_000)
  /// One attempt in 16 is a share.
  static let difficulty = ShareDifficulty(0x1p-28)

  static func at(_ seconds: Double) -> Instant { start.advanced(by: Seconds(seconds)) }

  static func hash(_ bytes: [UInt8]) -> [UInt8] { QuickReferences.hash(bytes) }

  static func service(
    miners: Int = 1, limits: StratumService.Limits = StratumService.Limits(),
    difficulty: ShareDifficulty? = ServiceTests.difficulty
  ) throws -> StratumService {
    var service = try StratumService(
      [try offer(difficulty)], miners: miners, limits: limits, now: start)
    try service.beginEpoch(try #require(difficulty), now: start, unixTime: 1_700_000_000)
    return service
  }

  static func offer(_ difficulty: ShareDifficulty?) throws -> WorkOffer {
    WorkOffer(
      try #require(ShareConvention.usual(of: .sha256d)), try DerivationTests.derivation(),
      difficulty: try #require(difficulty)
    ) { hash($0.bytes) }
  }

  /// Sends lines to a connection, and gives what it sends back.
  @discardableResult
  static func send(
    _ lines: [String], _ id: UInt32, _ service: inout StratumService, at seconds: Double = 0
  ) -> [String] {
    for line in lines {
      service.receive(id, Array((line + "\n").utf8), now: at(seconds), unixTime: 1_700_000_000)
    }
    return answers(id, &service)
  }

  static func answers(_ id: UInt32, _ service: inout StratumService) -> [String] {
    let bytes = service.output(id)
    service.sent(id, bytes.count)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// A miner that is ready, with its first job.
  static func miner(
    _ service: inout StratumService, peer: String = "192.0.2.9", worker: String = "worker",
    at seconds: Double = 0
  ) throws -> (id: UInt32, miner: ScriptedMiner) {
    let connected = service.connect(peer: peer, now: at(seconds))
    let id = try #require(connected)
    var miner = ScriptedMiner(hash: hash)
    miner.target = service.target
    let lines = ScriptedMiner.handshake.map { $0.replacing("worker", with: worker) }
    for line in send(lines, id, &service, at: seconds) { miner.receive(line) }
    return (id, miner)
  }

  @Test("an honest miner's shares are all counted, and what the file keeps rebuilds each")
  func honest() throws {
    var service = try Self.service()
    var (id, miner) = try Self.miner(&service)
    let lines = miner.work(1600)
    #expect((60...140).contains(lines.count))
    let answers = Self.send(lines, id, &service, at: 2.5)
    #expect(answers.count == lines.count && answers.allSatisfy { $0.contains("\"result\":true") })
    let epoch = service.epoch
    #expect(epoch.window.shares.count == lines.count)
    #expect(epoch.window.refused == RefusedShares())
    #expect(epoch.window.shares.allSatisfy { $0.arrival == 2500 && $0.connection == id })
    #expect(epoch.window.connections == [MinerLink(connection: id, miner: 0)])
    #expect(epoch.quotients.allSatisfy { $0 <= 1 })
    let derivation = try DerivationTests.derivation()
    for share in epoch.window.shares {
      let job = derivation.job(
        epoch: epoch.window.epoch, index: share.job, time: epoch.window.jobTimes[Int(share.job)])
      #expect(service.target.isMet(by: Self.hash(job.header(of: share, .sha256d).bytes)))
    }
  }

  @Test("nothing comes before the answers of the handshake; then difficulty, then work")
  func order() throws {
    var service = try Self.service()
    let connected = service.connect(peer: "192.0.2.9", now: Self.start)
    let id = try #require(connected)
    #expect(Self.answers(id, &service).isEmpty)
    let first = Self.send([ScriptedMiner.handshake[0]], id, &service)
    #expect(first.count == 1 && first[0].contains("\"id\":1"))
    let second = Self.send([ScriptedMiner.handshake[1]], id, &service)
    #expect(
      second.map { line in
        ["\"id\":2", "show_message", "set_difficulty", "mining.notify"].first { line.contains($0) }
      } == ["\"id\":2", "show_message", "set_difficulty", "mining.notify"])
  }

  @Test("a job follows every half minute without discarding; a new epoch discards")
  func jobs() throws {
    var service = try Self.service()
    let (id, _) = try Self.miner(&service)
    service.tick(now: Self.at(29), unixTime: 1_700_000_029)
    #expect(Self.answers(id, &service).isEmpty)
    service.tick(now: Self.at(31), unixTime: 1_700_000_031)
    let next = Self.answers(id, &service)
    #expect(next.count == 1 && next[0].hasSuffix("false]}"))
    try service.beginEpoch(
      try #require(ShareDifficulty(2)), now: Self.at(40), unixTime: 1_700_000_040)
    let new = Self.answers(id, &service)
    #expect(new.count == 2 && new[0].contains("\"params\":[2]") && new[1].hasSuffix("true]}"))
  }

  @Test("shares of the epoch before are accepted and counted apart")
  func late() throws {
    var service = try Self.service()
    var (id, miner) = try Self.miner(&service)
    let lines = miner.work(200)
    try service.beginEpoch(try #require(Self.difficulty), now: Self.at(5), unixTime: 1_700_000_005)
    let answers = Self.send(lines, id, &service, at: 5.1).filter { $0.contains("\"id\":9") }
    #expect(answers.allSatisfy { $0.contains("\"result\":true") })
    #expect(service.epoch.window.refused.late == lines.count)
    #expect(service.epoch.window.shares.isEmpty)
  }

  @Test("a share is counted once, whichever connection brings it again")
  func duplicates() throws {
    var service = try Self.service()
    var (id, miner) = try Self.miner(&service)
    let lines = miner.work(200)
    Self.send(lines, id, &service)
    let count = service.shareCount
    #expect(Self.send(lines, id, &service).allSatisfy { $0.contains("[22,") })
    #expect(service.shareCount == count)
    #expect(service.epoch.window.refused.duplicates == lines.count)
    // From another connection of the miner the same numbers are other headers.
    let (other, _) = try Self.miner(&service)
    Self.send(lines, other, &service)
    #expect(service.epoch.window.refused.aboveTarget > lines.count / 2)
  }

  @Test("a reconnect gets an extranonce of its own, and the miner its number back")
  func reconnect() throws {
    var service = try Self.service()
    let (id, _) = try Self.miner(&service)
    service.disconnect(id, now: Self.at(3))
    #expect(service.readyMiners == 0)
    let (again, _) = try Self.miner(&service, at: 4)
    #expect(again != id && service.readyMiners == 1)
    #expect(
      service.epoch.window.connections == [
        MinerLink(connection: id, miner: 0, lost: 3000), MinerLink(connection: again, miner: 0),
      ])
  }

  @Test("several miners are told apart by address and name; one more than asked for is sent away")
  func several() throws {
    var service = try Self.service(miners: 2)
    let (first, _) = try Self.miner(&service, worker: "a")
    let (second, _) = try Self.miner(&service, worker: "b")
    let (third, _) = try Self.miner(&service, worker: "c")
    #expect(service.readyMiners == 2 && service.miners.count == 2)
    #expect(!service.isClosing(first) && !service.isClosing(second) && service.isClosing(third))
    #expect(service.sightings.contains { $0.contains("as many miners as were asked for") })
  }

  @Test("with one miner asked for a second address is sent away, a second connection is not")
  func one() throws {
    var service = try Self.service()
    let (_, _) = try Self.miner(&service)
    let (same, _) = try Self.miner(&service, worker: "other")
    let (stranger, _) = try Self.miner(&service, peer: "192.0.2.10")
    #expect(!service.isClosing(same) && service.isClosing(stranger))
  }

  // MARK: Bounds

  @Test("more connections than the limit are refused")
  func connections() throws {
    var service = try Self.service()
    for _ in 0..<256 {
      let connected = service.connect(peer: "192.0.2.9", now: Self.start)
      #expect(connected != nil)
    }
    let refused = service.connect(peer: "192.0.2.9", now: Self.start)
    #expect(refused == nil)
  }

  @Test(
    "who does not subscribe and authorize in ten seconds is sent away, one byte a second included")
  func slow() throws {
    var service = try Self.service()
    let connected = service.connect(peer: "192.0.2.9", now: Self.start)
    let id = try #require(connected)
    for second in 0..<10 {
      service.receive(id, [UInt8(ascii: "{")], now: Self.at(Double(second)), unixTime: 0)
      service.tick(now: Self.at(Double(second)), unixTime: 0)
      #expect(!service.isClosing(id))
    }
    service.tick(now: Self.at(10), unixTime: 0)
    #expect(service.isClosing(id))
  }

  @Test("who subscribes and then falls silent is sent away too")
  func silent() throws {
    var service = try Self.service()
    let connected = service.connect(peer: "192.0.2.9", now: Self.start)
    let id = try #require(connected)
    Self.send([ScriptedMiner.handshake[0]], id, &service)
    service.tick(now: Self.at(10), unixTime: 0)
    #expect(service.isClosing(id) && service.sightings.contains { $0.contains("in time") })
  }

  @Test("a flood of wishes for a difficulty changes nothing and delays nobody")
  func wishes() throws {
    var service = try Self.service()
    let (id, _) = try Self.miner(&service)
    let before = service.difficulty
    let wish = #"{"id":3,"method":"mining.suggest_difficulty","params":[0.0001]}"#
    for _ in 0..<400 { Self.send([wish], id, &service) }
    #expect(!service.wantsBytes(id) && !service.isClosing(id))
    #expect(service.difficulty == before && service.miners[0].suggestedDifficulty != before.value)
  }

  @Test(
    "a share above the target is refused; within the rounding of clients it is counted apart",
    arguments: [1.000_01, 1.01, 2])
  func above(quotient: Double) throws {
    var service = try Self.service()
    var (id, miner) = try Self.miner(&service)
    let line = try #require(miner.work(200).first)
    Self.send([line], id, &service)
    let found = try #require(service.epoch.quotients.first)
    // The same share against a target that it misses by so much.
    let narrower = try #require(ShareDifficulty(0x1p-28 * quotient / found))
    var strict = try Self.service(difficulty: narrower)
    let (again, _) = try Self.miner(&strict)
    #expect(Self.send([line], again, &strict).allSatisfy { $0.contains("[23,") })
    let isRounding = quotient < 1.0001
    #expect(strict.epoch.window.refused.rounded == (isRounding ? 1 : 0))
    #expect(strict.epoch.window.refused.aboveTarget == (isRounding ? 0 : 1))
    #expect(abs(strict.epoch.quotientsAbove[0] / quotient - 1) < 1e-7)
  }

  @Test("who does not read what it is sent is sent away")
  func unread() throws {
    var service = try Self.service()
    let (id, _) = try Self.miner(&service)
    let ping = [UInt8](#"{"id":1,"method":"mining.ping","params":[]}"#.utf8) + [10]
    for _ in 0..<3000 where !service.isClosing(id) {
      service.receive(id, ping, now: Self.start, unixTime: 0)
    }
    #expect(service.isClosing(id))
    #expect(service.output(id).isEmpty)
  }

  @Test("a connection that sends shares too fast is left unread until time has passed")
  func flood() throws {
    var limits = StratumService.Limits()
    limits.lineRate = 10
    var service = try Self.service(limits: limits)
    let (id, miner) = try Self.miner(&service)
    let line = miner.submission("9-9", extranonce: 0, time: 0, nonce: 0)
    for _ in 0..<20 { Self.send([line], id, &service) }
    #expect(!service.wantsBytes(id))
    service.tick(now: Self.at(1), unixTime: 0)
    #expect(service.wantsBytes(id))
  }

  @Test("a run takes no more shares than it may hold")
  func full() throws {
    var limits = StratumService.Limits()
    limits.shares = 20
    var service = try Self.service(limits: limits)
    var (id, miner) = try Self.miner(&service)
    Self.send(miner.work(1000), id, &service)
    #expect(service.shareCount == 20 && service.isFull && !service.wantsBytes(id))
  }

  static let strangers: [([UInt8], String)] = [
    (Array("GET / HTTP/1.1\r\n".utf8), "HTTP"), ([0x16, 3, 1, 2, 0, 1, 0], "TLS"),
    (Array("SSH-2.0-x\r\n".utf8), "no Stratum"),
    (Array(#"{"id":1,"method":"login","params":{"login":"x"}}"#.utf8) + [10], "CryptoNote"),
    ([UInt8](repeating: 0x7b, count: 4097), "more than 4096 bytes"),
    (Array("\u{0}\u{0}\n".utf8), "no Stratum"),
  ]

  @Test("strangers are named to the person who waits", arguments: strangers)
  func stranger(bytes: [UInt8], what: String) throws {
    var service = try Self.service()
    let connected = service.connect(peer: "192.0.2.9", now: Self.start)
    let id = try #require(connected)
    service.receive(id, bytes, now: Self.start, unixTime: 0)
    #expect(service.isClosing(id))
    #expect(service.sightings.contains { $0.contains(what) }, "\(service.sightings)")
  }

  @Test("a reset in the middle of a line and a storm of reconnects leave nothing behind")
  func storm() throws {
    var service = try Self.service()
    for round in 0..<2000 {
      let (id, _) = try Self.miner(&service, at: Double(round) * 0.01)
      service.receive(id, Array("{\"id\":".utf8), now: Self.start, unixTime: 0)
      service.disconnect(id, now: Self.at(Double(round) * 0.01))
    }
    #expect(service.readyMiners == 0 && service.miners.count == 1)
    #expect(service.epoch.window.connections.count <= 256)
  }

  @Test("whatever bytes come, the server answers or closes and keeps within its bounds")
  func fuzz() throws {
    var random = SeededGenerator(seed: 15)
    var service = try Self.service(miners: 256)
    let pieces = [
      "{", "}", "[", "]", "\"", ":", ",", "\n", "\r\n", "null", "\"id\":1",
      "\"method\":\"mining.submit\"",
      "\"params\":", "mining.subscribe", "mining.authorize", "mining.configure", "\\u0000", "1e999",
      "-0",
      "deadbeef", "0-0", "\u{0}", "\u{ff}", "version-rolling.mask", "9999999999999999999999",
    ]
    for _ in 0..<300 {
      guard let id = service.connect(peer: "192.0.2.9", now: Self.start) else { break }
      if Bool.random(using: &random) { Self.send(ScriptedMiner.handshake, id, &service) }
      for _ in 0..<40 {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...30, using: &random) {
          bytes += Array((pieces.randomElement(using: &random) ?? "").utf8)
          if Int.random(in: 0..<8, using: &random) == 0 {
            bytes.append(UInt8.random(in: 0...255, using: &random))
          }
        }
        service.receive(id, bytes, now: Self.start, unixTime: 0)
        #expect(service.output(id).count <= StratumService.Limits().output + 4096)
      }
      service.disconnect(id, now: Self.start)
    }
    #expect(service.shareCount == 0)
  }
}
