import Foundation
import LinuxSystem
import Model
import Records
import TestSupport
import Testing

/// The built program against a scripted miner on the loopback interface.
struct ProveTests {
  /// A port that nobody listens on, and none that the system gives out by itself: a client that tries such a one again and again before
  /// its server is there is in the end given that very port and connected with itself, and the server finds it in use.
  static func free() throws -> UInt16 {
    let address = try #require(NetworkAddress("127.0.0.1"))
    let range = try String(
      contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
    let given = range.split(whereSeparator: \.isWhitespace).first.flatMap { UInt16($0) } ?? 0
    let end = max(given, 2048)
    for _ in 0..<100 {
      let port = UInt16.random(in: end / 2..<end)
      if let listener = try? TCPListener(address, port: port) { return listener.port }
    }
    throw TestSupportError("no port is free")
  }

  static let sha256d: @Sendable ([UInt8]) -> [UInt8] = { SHA256.hash(SHA256.hash($0)) }

  /// Works for a server until it closes: so many attempts every some microseconds.
  ///
  /// One in 16 is a share, and of more than 200 a second the server leaves some unread, which this client takes for an end.
  static func mine(
    port: UInt16, difficulty: Double, attempts: Int = 16, every pause: UInt32 = 20_000
  ) throws {
    let clock = RawMonotonicClock()
    let patience = clock.now().advanced(by: Seconds(120))
    var connected: LoopbackClient?
    while connected == nil, clock.now() < patience {
      connected = try? LoopbackClient(port: port)
      if connected == nil { usleep(20_000) }
    }
    // The server may have ended before it listened, as tests of failing disks want it to.
    guard let client = connected else { throw TestSupportError("nobody listens") }
    var miner = ScriptedMiner(hash: sha256d)
    miner.target = ShareDifficulty(difficulty)?.target(factor: 1)
    try client.send(ScriptedMiner.handshake)
    while true {
      do {
        for line in try client.available() { miner.receive(line) }
        try client.send(miner.work(attempts))
      } catch { return }
      usleep(pause)
    }
  }

  @Test(
    "a miner is proven from its words to a file that verifies, and the file lies when a share is altered"
  )
  func proven() throws {
    let folder = try TemporaryFolder()
    let port = try Self.free()
    // One attempt in 16 is a share.
    let difficulty = 0x1p-28
    let thread = Thread { try? Self.mine(port: port, difficulty: difficulty) }
    thread.start()
    let run = try Tool.run(
      [
        "prove", "--listen", "127.0.0.1:\(port)", "--difficulty", "\(difficulty)", "--warmup", "0",
        "--window", "3", "--repeats", "2", "--wait", "60", "--name", "bench",
        "--model", "asic/test", "--results", folder.path, "--profiles", folder.path + "/profiles",
      ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("stratum+tcp://127.0.0.1:\(port)"))
    #expect(run.output.contains("proven"))
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).first {
        $0.hasSuffix("-test-custom.json")
      })
    let path = folder.path + "/" + name
    let verified = try Tool.run(["verify", path])
    #expect(verified.status == 0, "\(verified.output)")
    #expect(verified.output.contains("not that it happened inside its box"))
    var result = try ResultFile.decode(
      Array(try Data(contentsOf: URL(fileURLWithPath: path))), name: name)
    #expect(result.samples.count == 2)
    #expect(result.workers.first?.terms?.miners.first?.agent == "scripted/1.0")
    #expect(!result.arguments.contains { $0.contains("worker") })
    // A window in which the scripted miner got no time has none.
    let window = try #require(result.samples.firstIndex { $0.proof?.shares.isEmpty == false })
    let share = try #require(result.samples[window].proof?.shares.first)
    result.samples[window].proof?.shares[0] = MinerShare(
      job: share.job, connection: share.connection, extranonce: share.extranonce,
      timeOffset: share.timeOffset, versionBits: share.versionBits, nonce: share.nonce ^ 1,
      arrival: share.arrival)
    let lie = folder.path + "/lie.json"
    try Data(try ResultFile.encode(result)).write(to: URL(fileURLWithPath: lie))
    let refused = try Tool.run(["verify", lie])
    #expect(refused.status == 1)
    #expect(refused.output.contains("samples[\(window)].proof.shares[0]"))
    for command in [["table", path], ["report", path, "--output", folder.path + "/r.html"]] {
      #expect(try Tool.run(command).status == 0, "\(command[0])")
    }
  }

  @Test("nobody comes: exit code 3 and what was seen")
  func nobody() throws {
    let port = try Self.free()
    let run = try Tool.run(["prove", "--listen", "127.0.0.1:\(port)", "--wait", "1", "--dry-run"])
    #expect(run.status == 3)
    #expect(run.errors.contains("nothing connected"))
  }

  @Test(
    "an address that stands for all, or of another machine, is refused with the list of one's own")
  func addresses() throws {
    for address in ["0.0.0.0:3333", "[::]:3333", "198.51.100.1:3333"] {
      let run = try Tool.run(["prove", "--listen", address])
      #expect(run.status == 2)
      #expect(run.errors.contains("127.0.0.1"), "\(run.errors)")
    }
    #expect(try Tool.run(["prove"]).status == 2)
    #expect(try Tool.run(["prove", "--listen", "127.0.0.1"]).status == 2)
  }

  @Test("what is named and not there is told before a port is opened")
  func absent() throws {
    let port = try Self.free()
    let meter = try Tool.run([
      "prove", "--listen", "127.0.0.1:\(port)", "--wait", "1", "--dry-run", "--meter",
      "shelly:127.0.0.1:1",
    ])
    #expect(meter.status == 3)
    #expect(meter.errors.contains("--meter shelly:127.0.0.1:1"), "\(meter.errors)")
    #expect(!meter.errors.contains("stratum+tcp"))
    #expect(try Tool.run(["prove", "--listen", "127.0.0.1:0", "--wait", "1"]).status == 2)
  }

  @Test("a miner whose shares are too rare is told so, and measured not at all")
  func rare() throws {
    let port = try Self.free()
    let thread = Thread { try? Self.mine(port: port, difficulty: 1e6) }
    thread.start()
    let folder = try TemporaryFolder()
    let run = try Tool.run([
      "prove", "--listen", "127.0.0.1:\(port)", "--difficulty", "1000000", "--wait", "60",
      "--results", folder.path,
    ])
    #expect(run.status == 3)
    #expect(
      run.errors.contains("no share came in half a minute at difficulty 1000000"), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("a server that has no descriptor left waits instead of turning in a circle, and recovers")
  func exhausted() throws {
    let port = try Self.free()
    let running = try Tool.start([
      "prove", "--listen", "127.0.0.1:\(port)", "--wait", "120", "--dry-run",
    ])
    defer {
      running.send(SIGINT)
      _ = running.finish()
    }
    func connect() throws -> LoopbackClient {
      let clock = RawMonotonicClock()
      let patience = clock.now().advanced(by: Seconds(60))
      while clock.now() < patience {
        if let client = try? LoopbackClient(port: port) { return client }
        usleep(20_000)
      }
      throw TestSupportError("nobody listens")
    }
    let subscription = #"{"id":1,"method":"mining.subscribe","params":[]}"#
    let first = try connect()
    try first.send([subscription])
    _ = try first.lines(1)
    let open =
      try FileManager.default.contentsOfDirectory(
        atPath: "/proc/\(running.identifier)/fd"
      ).compactMap(UInt.init).max() ?? 0
    guard let limiter = TestSupport.ChildProcess.find("prlimit") else {
      NotRun.report("prove without file descriptors: needs prlimit of util-linux")
      return
    }
    let limited = try TestSupport.ChildProcess.run(
      limiter, ["--pid", "\(running.identifier)", "--nofile=\(open + 4):\(open + 4)"])
    try #require(limited.status == 0, "\(limited.text)")
    var crowd: [LoopbackClient] = []
    for _ in 0..<16 { crowd.append(try connect()) }
    // Processor time, in hundredths of a second, over two seconds.
    func time() throws -> Int {
      let text = try String(contentsOfFile: "/proc/\(running.identifier)/stat", encoding: .utf8)
      let words = text.split(separator: ")").last?.split(separator: " ") ?? []
      return (Int(words[11]) ?? 0) + (Int(words[12]) ?? 0)
    }
    let before = try time()
    usleep(2_000_000)
    let spent = try time() - before
    #expect(spent < 50, "\(spent) hundredths of a second in two seconds")
    for client in crowd { client.close() }
    let last = try connect()
    try last.send([subscription])
    #expect(try last.lines(1).first?.contains("mining.notify") == true)
  }
}
