internal import JSON
package import Model

/// Everything of the proving server that is not a socket: peers and bytes in, bytes out, at instants that the caller tells.
///
/// A value: tests run hours of it in milliseconds.
package struct StratumService: Sendable {
  /// What no peer can pass.
  package struct Limits: Hashable, Sendable {
    package var connections = 256
    /// Time to subscribe and authorize.
    package var handshake = Seconds(10)
    /// Bytes that a peer may leave unread.
    package var output = 65_536
    /// Lines a second of one connection, beyond which it is read no further until time has passed; nearly all are shares.
    package var lineRate = 200.0
    /// Shares of a whole run.
    package var shares = 2_000_000
    /// A job is followed by another after this time: cgminer reconnects after 90 s of silence.
    package var jobInterval = Seconds(30)
    /// Quotients of shares above the target that are kept for the tests of fit.
    package var keptAbove = 1000

    package init() {}
  }

  private struct Client {
    let peer: String
    let opened: Instant
    var dialogue: MinerDialogue
    var lines = LineBuffer()
    var output: [UInt8] = []
    /// Number of the miner once the handshake is done.
    var miner: Int?
    /// Lines that may come before the connection is left unread.
    var allowance: Double
    var allowanceAt: Instant
    var isClosing = false
  }

  /// By what miners are told apart.
  private struct MinerKey: Hashable {
    let peer: String
    let worker: String?
  }

  private let convention: ShareConvention
  private let limits: Limits
  /// How many miners are asked for.
  private let wanted: Int
  private var issuer: JobIssuer
  private var judge: ShareJudge
  private var clients: [UInt32: Client] = [:]
  private var connections: UInt32 = 0
  private var keys: [MinerKey] = []
  private var identities: [MinerIdentity] = []
  private var total = 0
  private var isBegun = false
  private var jobSentAt: Instant
  private var current: ProvenEpoch
  private var lostLinks: [MinerLink] = []
  /// What was seen of peers that are no miners, newest last.
  package private(set) var sightings: [String] = []
  package private(set) var difficulty: ShareDifficulty

  /// `miners` is how many are asked for, at least 1.
  ///
  /// - Throws: `Failure` for a difficulty that has no target.
  package init(
    _ derivation: ProofDerivation, _ convention: ShareConvention, difficulty: ShareDifficulty,
    miners: Int, limits: Limits = Limits(), now: Instant,
    hash: @escaping @Sendable (WorkInput) -> [UInt8]
  ) throws(Failure) {
    self.convention = convention
    self.limits = limits
    wanted = miners
    issuer = JobIssuer(derivation)
    self.difficulty = difficulty
    judge = ShareJudge(
      convention, target: try Self.target(difficulty, convention), hash: hash)
    jobSentAt = now
    current = Self.empty(0, now)
  }

  private static func empty(_ epoch: UInt32, _ now: Instant) -> ProvenEpoch {
    ProvenEpoch(
      window: ProofWindow(epoch: epoch, sentAt: now, jobTimes: [], shares: []), quotients: [],
      quotientsAbove: [])
  }

  private static func target(
    _ difficulty: ShareDifficulty, _ convention: ShareConvention
  ) throws(Failure) -> Target {
    guard let target = difficulty.target(factor: convention.factor) else {
      throw Failure(
        .usage, "difficulty \(difficulty) is beyond any hash", remedy: "give a smaller one")
    }
    return target
  }

  // MARK: What a session asks

  package var target: Target { judge.target }
  /// In the order of the miners' numbers.
  package var miners: [MinerIdentity] { identities }
  /// The addresses of the miners, in the order of their numbers.
  package var minerPeers: [String] { keys.map(\.peer) }
  /// Miners with at least one connection that takes jobs.
  package var readyMiners: Int {
    Set(clients.values.compactMap { $0.isClosing ? nil : $0.miner }).count
  }
  package var shareCount: Int { current.window.shares.count }
  package var isFull: Bool { total >= limits.shares }

  /// What has come back in the present epoch.
  package var epoch: ProvenEpoch {
    var epoch = current
    epoch.window.connections =
      (lostLinks
      + clients.compactMap { id, client in
        client.miner.map { MinerLink(connection: id, miner: $0) }
      }).sorted { $0.connection < $1.connection }
    return epoch
  }

  /// New work for all, at this difficulty; shares of the work before count no more.
  package mutating func beginEpoch(
    _ difficulty: ShareDifficulty, now: Instant, unixTime: UInt32
  ) throws(Failure) {
    let target = try Self.target(difficulty, convention)
    self.difficulty = difficulty
    judge.target = target
    judge.beginEpoch()
    issuer.beginEpoch()
    isBegun = true
    current = Self.empty(issuer.epoch, now)
    lostLinks = []
    send(nextJob(now, unixTime).notification(discardsOthers: true), difficulty: difficulty)
  }

  // MARK: What happens to connections

  /// The number of a new connection, or nil where there are too many.
  package mutating func connect(peer: String, now: Instant) -> UInt32? {
    guard clients.count < limits.connections else { return nil }
    connections += 1
    clients[connections] = Client(
      peer: peer, opened: now, dialogue: MinerDialogue(connection: connections),
      allowance: 2 * limits.lineRate, allowanceAt: now)
    return connections
  }

  package mutating func receive(
    _ id: UInt32, _ bytes: some Sequence<UInt8>, now: Instant, unixTime: UInt32
  ) {
    guard var client = clients[id], !client.isClosing else { return }
    refill(&client, now)
    let lines: [[UInt8]]
    do {
      lines = try client.lines.take(bytes)
    } catch {
      close(id, &client, .lineTooLong)
      return
    }
    clients[id] = client
    for line in lines {
      guard let client = clients[id], !client.isClosing else { return }
      receive(id, line: line, now: now, unixTime: unixTime)
    }
    // A stranger may never end a line.
    if var client = clients[id], !client.isClosing, !client.dialogue.isSubscribed,
      client.lines.pending.starts(with: [0x16, 0x03])
    {
      close(id, &client, .tls)
    }
  }

  /// The peer went away.
  package mutating func disconnect(_ id: UInt32, now: Instant) {
    guard let client = clients.removeValue(forKey: id), let miner = client.miner else { return }
    if lostLinks.count < limits.connections {
      lostLinks.append(MinerLink(connection: id, miner: miner, lost: milliseconds(now)))
    }
  }

  /// What waits to be sent to a connection.
  package func output(_ id: UInt32) -> [UInt8] { clients[id]?.output ?? [] }

  package mutating func sent(_ id: UInt32, _ count: Int) {
    clients[id]?.output.removeFirst(count)
  }

  /// Whether the connection is to be closed once its output is sent.
  package func isClosing(_ id: UInt32) -> Bool { clients[id]?.isClosing ?? true }

  /// Whether more may be read from a connection now: one that sends lines too fast waits, so that it delays nobody else.
  package func wantsBytes(_ id: UInt32) -> Bool {
    guard let client = clients[id] else { return false }
    return !client.isClosing && client.allowance >= 1 && !isFull
  }

  /// What time alone brings: a job every half minute, an end for those who never finish their handshake.
  package mutating func tick(now: Instant, unixTime: UInt32) {
    if isBegun, now.since(jobSentAt) >= limits.jobInterval {
      send(nextJob(now, unixTime).notification(discardsOthers: false), difficulty: nil)
    }
    for id in Array(clients.keys) {
      guard var client = clients[id] else { continue }
      refill(&client, now)
      if client.miner == nil, !client.isClosing, now.since(client.opened) >= limits.handshake {
        close(id, &client, .slow)
      } else {
        clients[id] = client
      }
    }
  }

  // MARK: Inside

  private mutating func refill(_ client: inout Client, _ now: Instant) {
    let seconds = max(0, now.since(client.allowanceAt).value)
    client.allowance = min(2 * limits.lineRate, client.allowance + seconds * limits.lineRate)
    client.allowanceAt = now
  }

  /// Ends a connection, and remembers why for the person who waits for a miner.
  private mutating func close(
    _ id: UInt32, _ client: inout Client, _ objection: MinerDialogue.Objection
  ) {
    client.isClosing = true
    if objection == .unread { client.output = [] }
    clients[id] = client
    note("\(client.peer) was sent away: \(objection.message)")
  }

  private mutating func note(_ sighting: String) {
    guard sightings.last != sighting else { return }
    sightings.append(sighting)
    if sightings.count > 16 { sightings.removeFirst() }
  }

  private func milliseconds(_ now: Instant) -> UInt32 {
    UInt32(
      clamping: Int64(bitPattern: now.nanoseconds &- current.window.sentAt.nanoseconds) / 1_000_000)
  }

  private mutating func nextJob(_ now: Instant, _ unixTime: UInt32) -> ProofJob {
    let job = issuer.next(at: unixTime)
    current.window.jobTimes.append(unixTime)
    jobSentAt = now
    return job
  }

  /// To every miner.
  private mutating func send(_ notification: [UInt8], difficulty: ShareDifficulty?) {
    for id in Array(clients.keys) {
      guard let client = clients[id], client.miner != nil else { continue }
      if let difficulty { append(id, Self.line(difficulty)) }
      append(id, notification)
    }
  }

  private static func line(_ difficulty: ShareDifficulty) -> [UInt8] {
    StratumLine.notification("mining.set_difficulty", [.number(difficulty.description)])
  }

  private mutating func append(_ id: UInt32, _ bytes: [UInt8]) {
    guard var client = clients[id], !client.isClosing else { return }
    client.output += bytes
    if client.output.count > limits.output {
      close(id, &client, .unread)
    } else {
      clients[id] = client
    }
  }

  private mutating func receive(_ id: UInt32, line: [UInt8], now: Instant, unixTime: UInt32) {
    clients[id]?.allowance -= 1
    guard let effects = clients[id]?.dialogue.receive(line) else { return }
    for effect in effects {
      switch effect {
      case .send(let bytes): append(id, bytes)
      case .ready: welcome(id, now, unixTime)
      case .submitted(let submission, let request): judge(id, submission, request, now)
      case .close(let objection):
        if var client = clients[id] { close(id, &client, objection) }
      }
    }
  }

  /// Gives a miner that is ready its number and work.
  private mutating func welcome(_ id: UInt32, _ now: Instant, _ unixTime: UInt32) {
    guard var client = clients[id] else { return }
    // One miner may come with several connections under whatever names; several are told apart by what was typed in.
    let key = MinerKey(peer: client.peer, worker: wanted > 1 ? client.dialogue.worker : nil)
    if !keys.contains(key) {
      guard keys.count < wanted else { return close(id, &client, .another) }
      keys.append(key)
      identities.append(
        MinerIdentity(agent: nil, suggestedDifficulty: nil, versionMask: 0))
    }
    guard let number = keys.firstIndex(of: key) else { return }
    client.miner = number
    clients[id] = client
    identities[number] = MinerIdentity(
      agent: client.dialogue.agent, suggestedDifficulty: client.dialogue.suggestedDifficulty,
      versionMask: client.dialogue.versionMask)
    append(
      id,
      StratumLine.notification(
        "client.show_message",
        [.string("hashwatt measures this miner: this work belongs to no chain and earns nothing")]))
    guard isBegun else { return }
    append(id, Self.line(difficulty))
    append(id, nextJob(now, unixTime).notification(discardsOthers: true))
  }

  private mutating func judge(
    _ id: UInt32, _ submission: MinerDialogue.Submission, _ request: JSONValue, _ now: Instant
  ) {
    guard let client = clients[id], let miner = client.miner else { return }
    identities[miner].suggestedDifficulty = client.dialogue.suggestedDifficulty
    identities[miner].versionMask = client.dialogue.versionMask
    let verdict = judge.judge(
      submission, connection: id, versionMask: client.dialogue.versionMask, jobs: issuer,
      arrival: milliseconds(now))
    switch verdict {
    case .proven(let share, let hash):
      guard !isFull else { break }
      total += 1
      current.window.shares.append(share)
      current.quotients.append(judge.target.quotient(of: hash))
    case .late: current.window.refused.late += 1
    case .unknownJob: current.window.refused.unknownJobs += 1
    case .duplicate: current.window.refused.duplicates += 1
    case .aboveTarget(let hash):
      let quotient = judge.target.quotient(of: hash)
      if quotient < 1.0001 {
        current.window.refused.rounded += 1
      } else {
        current.window.refused.aboveTarget += 1
      }
      if current.quotientsAbove.count < limits.keptAbove { current.quotientsAbove.append(quotient) }
    case .forbidden: current.window.refused.malformed += 1
    }
    append(
      id,
      verdict.refusal.map { StratumLine.refusal(request, $0) }
        ?? StratumLine.result(request, .bool(true)))
  }
}
