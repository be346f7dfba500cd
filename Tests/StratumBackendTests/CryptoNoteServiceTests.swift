import Model
import StratumBackend
import Synchronization
import TestSupport
import Testing

/// The server but its sockets, with miners of CryptoNote's dialect.
struct CryptoNoteServiceTests {
  static let key = [UInt8](repeating: 7, count: 32)
  /// One attempt in 16 is a share.
  static let difficulty = ShareDifficulty(16)

  /// How often the reference was asked.
  final class Count: Sendable {
    let value = Atomic(0)
  }

  static func offer(
    _ name: String = "randomx", _ count: Count = Count(), difficulty: ShareDifficulty? = difficulty
  ) throws -> WorkOffer {
    let convention = try #require(ShareConvention.named(name))
    return WorkOffer(
      convention,
      ProofDerivation(
        challenge: try #require(Challenge(bytes: DerivationTests.challenge)),
        algorithm: convention.algorithm, device: DeviceID(rawValue: "miner:bench")),
      difficulty: try #require(difficulty), key: key
    ) { input in
      count.value.add(1, ordering: .relaxed)
      return ServiceTests.hash(input.bytes)
    }
  }

  static func service(
    _ offers: [WorkOffer]? = nil, miners: Int = 1,
    limits: StratumService.Limits = StratumService.Limits(), isBegun: Bool = true
  ) throws -> StratumService {
    var service = try StratumService(
      try offers ?? [offer()], miners: miners, limits: limits, now: ServiceTests.start)
    if isBegun {
      try service.beginEpoch(
        try #require(difficulty), now: ServiceTests.start, unixTime: 1_700_000_000)
    }
    return service
  }

  static func miner(
    _ service: inout StratumService, peer: String = "192.0.2.9", worker: String = "worker",
    at seconds: Double = 0
  ) throws -> (id: UInt32, miner: ScriptedBlobMiner) {
    let connected = service.connect(peer: peer, now: ServiceTests.at(seconds))
    let id = try #require(connected)
    var miner = ScriptedBlobMiner { _, blob in ServiceTests.hash(blob) }
    let lines = [ScriptedBlobMiner.login(worker)]
    for line in ServiceTests.send(lines, id, &service, at: seconds) { miner.receive(line) }
    return (id, miner)
  }

  @Test("a login is answered with a session, a blob of its own, the exact target and the key")
  func login() throws {
    var service = try Self.service()
    let (id, miner) = try Self.miner(&service)
    let job = try #require(miner.job)
    #expect(miner.session == "00000001" && id == 1)
    #expect(job.blob.count == 76 && Array(job.blob[39..<43]) == [0, 0, 0, 0])
    #expect(job.bound == 1 << 60 && job.boundSize == 8 && job.key == Self.key)
    let (_, other) = try Self.miner(&service)
    #expect(other.job?.blob != job.blob)
    var short = try Self.service([Self.offer("randomx-32")])
    let (_, old) = try Self.miner(&short)
    #expect(old.job?.bound == 1 << 28 && old.job?.boundSize == 4)
  }

  @Test("an honest miner's shares are all counted, and what the file keeps rebuilds each")
  func honest() throws {
    var service = try Self.service()
    var (id, miner) = try Self.miner(&service)
    let lines = miner.work(300)
    #expect((5...40).contains(lines.count))
    let answers = ServiceTests.send(lines, id, &service, at: 2.5)
    #expect(answers.count == lines.count && answers.allSatisfy { $0.contains(#""status":"OK""#) })
    let epoch = service.epoch
    #expect(epoch.window.shares.count == lines.count && epoch.unhashed.isEmpty)
    #expect(epoch.window.refused == RefusedShares(wrongHashes: 0))
    #expect(epoch.window.hashedOneIn == 1)
    let convention = try #require(ShareConvention.named("randomx"))
    let derivation = try Self.offer().derivation
    for share in epoch.window.shares {
      let job = derivation.job(
        epoch: epoch.window.epoch, index: share.job, time: epoch.window.jobTimes[Int(share.job)])
      #expect(convention.permits(share) && share.arrival == 2500 && share.connection == id)
      #expect(
        service.target.isMet(by: ServiceTests.hash(convention.input(of: share, job).bytes)))
    }
  }

  @Test(
    "a job comes at once, before anything counts, so that data can be prepared; then every half minute"
  )
  func jobs() throws {
    var service = try Self.service(isBegun: false)
    let (id, first) = try Self.miner(&service)
    #expect(first.job != nil)
    service.tick(now: ServiceTests.at(31), unixTime: 1_700_000_031)
    #expect(ServiceTests.answers(id, &service).isEmpty)
    try service.beginEpoch(
      try #require(ShareDifficulty(64)), now: ServiceTests.at(40), unixTime: 1_700_000_040)
    var miner = first
    let begun = ServiceTests.answers(id, &service)
    #expect(begun.count == 1 && begun[0].hasPrefix(#"{"jsonrpc":"2.0","method":"job","params":{"#))
    for line in begun { miner.receive(line) }
    #expect(miner.job?.name == "1-0" && miner.job?.bound == 1 << 58)
    service.tick(now: ServiceTests.at(71), unixTime: 1_700_000_071)
    for line in ServiceTests.answers(id, &service) { miner.receive(line) }
    #expect(miner.job?.name == "1-1" && miner.job?.key == Self.key)
  }

  @Test("shares of the epoch before are accepted and counted apart, without a hash")
  func late() throws {
    let count = Count()
    var service = try Self.service([Self.offer("randomx", count)])
    var (id, miner) = try Self.miner(&service)
    let lines = miner.work(200)
    try service.beginEpoch(
      try #require(Self.difficulty), now: ServiceTests.at(5), unixTime: 1_700_000_005)
    let answers = ServiceTests.send(lines, id, &service, at: 5.1).filter { $0.contains("result") }
    #expect(answers.allSatisfy { $0.contains(#""status":"OK""#) })
    #expect(service.epoch.window.refused.late == lines.count && lines.count > 3)
    #expect(service.shareCount == 0 && count.value.load(ordering: .relaxed) == 0)
  }

  @Test("a nonce is counted once, and hashed once")
  func duplicates() throws {
    let count = Count()
    var service = try Self.service([Self.offer("randomx", count)])
    var (id, miner) = try Self.miner(&service)
    let lines = miner.work(200)
    ServiceTests.send(lines, id, &service)
    let again = ServiceTests.send(lines, id, &service)
    #expect(again.allSatisfy { $0.contains("duplicate share") })
    #expect(service.epoch.window.refused.duplicates == lines.count)
    #expect(service.shareCount == lines.count)
    #expect(count.value.load(ordering: .relaxed) == lines.count)
  }

  @Test("hashes that are above the target by the miner's own word cost no hash")
  func above() throws {
    let count = Count()
    var service = try Self.service([Self.offer("randomx", count)])
    let (id, miner) = try Self.miner(&service)
    let line = miner.submission(
      try #require(miner.job).name, nonce: "00000000", result: String(repeating: "f", count: 64))
    #expect(ServiceTests.send([line], id, &service)[0].contains("above target"))
    #expect(service.epoch.window.refused.aboveTarget == 1)
    #expect(count.value.load(ordering: .relaxed) == 0)
  }

  @Test("a miner whose hashes are wrong is refused each, told of, and given up")
  func wrongHashes() throws {
    var service = try Self.service()
    var (id, miner) = try Self.miner(&service)
    let lines = miner.work(400, lies: true)
    #expect(lines.count > 8)
    let answers = ServiceTests.send(lines, id, &service)
    #expect(answers.count == 8 && answers.allSatisfy { $0.contains("wrong hash") })
    #expect(service.shareCount == 0 && service.epoch.window.refused.wrongHashes == 8)
    #expect(service.isClosing(id))
    #expect(service.sightings.contains { $0.contains("another hash than it said") })
  }

  @Test("a wrong hash now and then costs that share and no more")
  func unstable() throws {
    var service = try Self.service()
    var (id, miner) = try Self.miner(&service)
    for second in 0..<40 {
      let at = Double(second) * 10
      ServiceTests.send(miner.work(160), id, &service, at: at)
      let line = miner.submission(
        try #require(miner.job).name, nonce: "\(20_000_000 + second)",
        result: String(repeating: "0", count: 64))
      ServiceTests.send([line], id, &service, at: at)
    }
    #expect(!service.isClosing(id) && service.epoch.window.refused.wrongHashes == 40)
  }

  @Test("where shares come too fast to hash them all, a sample that the challenge draws is hashed")
  func sampled() throws {
    let count = Count()
    var service = try Self.service([Self.offer("randomx", count)])
    var (id, miner) = try Self.miner(&service)
    // About 60 shares a second, of which 8 are to be hashed.
    for second in 0..<10 { ServiceTests.send(miner.work(960), id, &service, at: Double(second)) }
    try service.beginEpoch(
      try #require(Self.difficulty), now: ServiceTests.at(10), unixTime: 1_700_000_010)
    for line in ServiceTests.answers(id, &service) { miner.receive(line) }
    let oneIn = try #require(service.epoch.window.hashedOneIn)
    #expect(oneIn >= 8 && oneIn.nonzeroBitCount == 1)
    let before = count.value.load(ordering: .relaxed)
    ServiceTests.send(miner.work(4000), id, &service, at: 11)
    let epoch = service.epoch
    let hashed = count.value.load(ordering: .relaxed) - before
    #expect(epoch.window.shares.count > 180 && hashed < epoch.window.shares.count / 4)
    #expect(epoch.unhashed.count == epoch.window.shares.count - hashed)
    let challenge = try Self.offer().derivation.challenge
    #expect(epoch.window.hashed(epoch.window.shares, challenge).count == hashed)
    // At a difficulty that is high enough all are hashed again.
    try service.beginEpoch(
      try #require(ShareDifficulty(16 * 4096)), now: ServiceTests.at(20), unixTime: 1_700_000_020)
    #expect(service.epoch.window.hashedOneIn == 1)
  }

  @Test("nobody is read while there is more to hash than half a core can, and a keepalive still is")
  func throttled() throws {
    var service = try Self.service()
    var (id, miner) = try Self.miner(&service)
    ServiceTests.send(Array(miner.work(1600).prefix(40)), id, &service)
    #expect(!service.wantsBytes(id))
    service.tick(now: ServiceTests.at(3), unixTime: 1_700_000_003)
    #expect(service.wantsBytes(id))
  }

  @Test("a share that cannot be hashed ends the session with a reason")
  func unjudged() throws {
    let convention = try #require(ShareConvention.named("randomx"))
    let offer = WorkOffer(
      convention, try Self.offer().derivation, difficulty: try #require(Self.difficulty)
    ) { _ in nil }
    var service = try Self.service([offer])
    var (id, miner) = try Self.miner(&service)
    let answers = ServiceTests.send(Array(miner.work(400).prefix(1)), id, &service)
    #expect(answers[0].contains("not judged") && service.shareCount == 0)
    #expect(service.failure?.message.contains("memory") == true)
  }

  // MARK: Which dialect

  static func both() throws -> [WorkOffer] {
    [try offer("sha256d", difficulty: ServiceTests.difficulty), try offer()]
  }

  @Test("the first miner's first request decides for which dialect work is given")
  func chosen() throws {
    var service = try Self.service(Self.both(), isBegun: false)
    #expect(service.convention.name == "sha256d")
    let (id, blobs) = try Self.miner(&service)
    #expect(service.convention.name == "randomx" && blobs.job != nil && !service.isClosing(id))
    #expect(service.difficulty == Self.difficulty)
    let (other, _) = try ServiceTests.miner(&service)
    #expect(service.isClosing(other))
    #expect(service.sightings.contains { $0.contains("not CryptoNote's dialect") })

    var stratum = try Self.service(Self.both(), isBegun: false)
    let (first, _) = try ServiceTests.miner(&stratum)
    #expect(stratum.convention.name == "sha256d" && !stratum.isClosing(first))
    let (late, _) = try Self.miner(&stratum)
    #expect(stratum.isClosing(late))
    #expect(stratum.sightings.contains { $0.contains("start with --algorithm randomx") })
  }

  @Test("a miner of Stratum V1 is named where only CryptoNote's dialect is offered")
  func stratumV1() throws {
    var service = try Self.service()
    let (id, _) = try ServiceTests.miner(&service)
    #expect(service.isClosing(id))
    #expect(service.sightings.contains { $0.contains("Stratum V1") })
  }

  @Test("several miners are told apart by address and name")
  func several() throws {
    var service = try Self.service(miners: 2)
    let (first, _) = try Self.miner(&service, worker: "a")
    let (second, _) = try Self.miner(&service, worker: "b")
    let (third, _) = try Self.miner(&service, worker: "c")
    #expect(
      service.readyMiners == 2 && service.miners.map(\.agent) == ["scripted/2.0", "scripted/2.0"])
    #expect(!service.isClosing(first) && !service.isClosing(second) && service.isClosing(third))
  }

  @Test("whatever bytes come, the server answers or closes and keeps within its bounds")
  func fuzz() throws {
    var random = SeededGenerator(seed: 17)
    var service = try Self.service(Self.both(), miners: 256)
    let pieces = [
      "{", "}", "[", "]", "\"", ":", ",", "\n", "\r\n", "null", "\"id\":1", "\"params\":",
      "\"method\":\"submit\"", "\"method\":\"login\"", "keepalived", "\"job_id\":\"0-0\"",
      "\"nonce\":\"00000000\"", "\"result\":", "\\u0000", "1e999", "-0", "deadbeef", "\u{0}",
      "\u{ff}", "\"algo\":[\"rx/0\"]", "mining.subscribe", "9999999999999999999999",
    ]
    for _ in 0..<300 {
      guard let id = service.connect(peer: "192.0.2.9", now: ServiceTests.start) else { break }
      if Bool.random(using: &random) {
        ServiceTests.send([ScriptedBlobMiner.login()], id, &service)
      }
      for _ in 0..<40 {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...30, using: &random) {
          bytes += Array((pieces.randomElement(using: &random) ?? "").utf8)
          if Int.random(in: 0..<8, using: &random) == 0 {
            bytes.append(UInt8.random(in: 0...255, using: &random))
          }
        }
        service.receive(id, bytes, now: ServiceTests.start, unixTime: 0)
        #expect(service.output(id).count <= StratumService.Limits().output + 4096)
      }
      service.disconnect(id, now: ServiceTests.start)
    }
    #expect(service.shareCount == 0)
  }
}
