import LinuxSystem
import Model
import StratumBackend
import TestSupport
import Testing

/// The server over real sockets on the loopback interface.
struct ServerTests {
  static func server(
    _ permitted: String = "127.0.0.0/8", miners: Int = 1,
    limits: StratumService.Limits = StratumService.Limits()
  ) throws -> StratumServer {
    let clock = RawMonotonicClock()
    let difficulty = try #require(ServiceTests.difficulty)
    let service = try StratumService(
      [try ServiceTests.offer(difficulty)], miners: miners, limits: limits, now: clock.now())
    let server = try StratumServer(
      service, miners: miners, on: try #require(NetworkAddress("127.0.0.1")), port: 0,
      permitted: [try #require(NetworkPrefix(permitted))], clock: clock,
      unixTime: RawMonotonicClock.unixTime
    ) { _ in .thisMachine }
    try server.beginEpoch(difficulty)
    return server
  }

  @Test("a miner over a socket is given work, and its shares are counted")
  func loopback() throws {
    let server = try Self.server()
    defer { server.finish() }
    #expect(server.lost() != nil)
    let client = try LoopbackClient(port: server.port)
    var miner = ScriptedMiner(hash: ServiceTests.hash)
    miner.target = server.target
    try client.send(ScriptedMiner.handshake)
    for line in try client.lines(5) { miner.receive(line) }
    #expect(server.lost() == nil && server.readyMiners == 1)
    let shares = miner.work(800)
    try client.send(shares)
    let answers = try client.lines(shares.count)
    #expect(answers.allSatisfy { $0.contains("\"result\":true") })
    #expect(server.epoch().window.shares.count == shares.count)
    let units = try #require(server.progress().first).units
    #expect(units == UInt64(Double(shares.count) / server.target.probability))
    #expect(server.terms.miners.map(\.agent) == ["scripted/1.0"])
    #expect(server.terms.link == .thisMachine)
    client.close()
    try waitUntil { server.lost() != nil }
    #expect(server.epoch().window.connections.first?.lost != nil)
  }

  @Test("a peer that closes its half, or resets in the middle of a line, is lost to nobody else")
  func halfClosed() throws {
    let server = try Self.server()
    defer { server.finish() }
    let half = try LoopbackClient(port: server.port)
    try half.send(ScriptedMiner.handshake)
    _ = try half.lines(5)
    half.closeHalf()
    try waitUntil { server.readyMiners == 0 }
    let reset = try LoopbackClient(port: server.port)
    try reset.send(ScriptedMiner.handshake)
    _ = try reset.lines(5)
    try reset.send(#"{"id":9,"method":"mining.sub"#)
    reset.reset()
    try waitUntil { server.readyMiners == 0 && server.epoch().window.connections.count == 2 }
    let honest = try LoopbackClient(port: server.port)
    try honest.send(ScriptedMiner.handshake)
    _ = try honest.lines(5)
    #expect(server.lost() == nil)
  }

  @Test("of more connections than the limit as many are served, the others are closed")
  func crowd() throws {
    var limits = StratumService.Limits()
    limits.connections = 20
    let server = try Self.server(limits: limits)
    defer { server.finish() }
    let crowd = try (0..<30).map { _ in try LoopbackClient(port: server.port) }
    let subscription = #"{"id":1,"method":"mining.subscribe","params":[]}"#
    var served = 0
    for client in crowd {
      guard (try? client.send([subscription])) != nil, (try? client.lines(1)) != nil else {
        continue
      }
      served += 1
    }
    #expect(served == 20)
    crowd.forEach { $0.close() }
  }

  @Test("peers from elsewhere are not spoken to")
  func elsewhere() throws {
    let server = try Self.server("192.0.2.0/24")
    defer { server.finish() }
    let client = try LoopbackClient(port: server.port)
    try client.send(ScriptedMiner.handshake)
    #expect(throws: (any Error).self) { _ = try client.lines(1) }
    #expect(server.readyMiners == 0)
  }

  @Test("the port is free again once a session has finished")
  func free() throws {
    let server = try Self.server()
    let address = try #require(NetworkAddress("127.0.0.1"))
    #expect(throws: SystemError.self) { _ = try TCPListener(address, port: server.port) }
    server.finish()
    _ = try TCPListener(address, port: server.port)
  }

  @Test("many connections at once lose no share and no answer, and memory stays bounded")
  func many() throws {
    let count = 50
    let server = try Self.server(miners: count)
    defer { server.finish() }
    var sent = 0
    var clients: [LoopbackClient] = []
    for number in 0..<count {
      let client = try LoopbackClient(port: server.port)
      var miner = ScriptedMiner(hash: ServiceTests.hash)
      miner.target = server.target
      try client.send(ScriptedMiner.handshake.map { $0.replacing("worker", with: "w\(number)") })
      for line in try client.lines(5) { miner.receive(line) }
      let shares = miner.work(200)
      sent += shares.count
      try client.send(shares)
      #expect(try client.lines(shares.count).allSatisfy { $0.contains("\"result\":true") })
      clients.append(client)
    }
    #expect(server.epoch().window.shares.count == sent)
    #expect(server.readyMiners == count && server.lost() == nil)
    clients.forEach { $0.close() }
  }

  /// Returns once a condition holds.
  private func waitUntil(_ holds: () -> Bool) throws {
    let clock = RawMonotonicClock()
    let end = clock.now().advanced(by: Seconds(30))
    while !holds() {
      guard clock.now() < end else { throw TestSupportError("it did not come true in 30 s") }
      clock.sleep(until: clock.now().advanced(by: Seconds(0.01)), isCancelled: { false })
    }
  }
}

struct AddressTests {
  @Test("addresses and prefixes are read in their forms only")
  func forms() {
    #expect(NetworkAddress("192.0.2.5")?.description == "192.0.2.5")
    #expect(NetworkAddress("2001:db8::5")?.description == "2001:db8::5")
    for text in ["", "192.0.2", "192.0.2.256", "localhost", "192.0.2.5:80", "::1%lo"] {
      #expect(NetworkAddress(text) == nil, "\(text)")
    }
    for text in ["192.0.2.0", "192.0.2.0/33", "192.0.2.0/-1", "/24", "::/129"] {
      #expect(NetworkPrefix(text) == nil, "\(text)")
    }
    #expect(NetworkAddress("0.0.0.0")?.isUnspecified == true)
    #expect(NetworkAddress("::")?.isUnspecified == true)
    #expect(NetworkAddress("127.0.0.2")?.isLoopback == true)
    #expect(NetworkAddress("::1")?.isLoopback == true)
  }

  @Test("a prefix contains what begins like it, to the bit")
  func contains() throws {
    let prefix = try #require(NetworkPrefix("192.0.2.128/25"))
    #expect(prefix.contains(try #require(NetworkAddress("192.0.2.200"))))
    #expect(!prefix.contains(try #require(NetworkAddress("192.0.2.100"))))
    #expect(!prefix.contains(try #require(NetworkAddress("::1"))))
    let all = try #require(NetworkPrefix("0.0.0.0/0"))
    #expect(all.contains(try #require(NetworkAddress("8.8.8.8"))))
  }

  @Test("this machine has a loopback interface")
  func interfaces() {
    let loopback = NetworkInterface.all().first { $0.address.isLoopback }
    #expect(
      loopback?.prefix.contains(loopback?.address ?? NetworkInterface.all()[0].address) == true)
  }
}
