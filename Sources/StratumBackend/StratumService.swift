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
    /// Shares that are hashed again in a second, of all connections, where hashing takes long: half a core of RandomX.
    ///
    /// Beyond it nobody is read until time has passed; samples are drawn so that half of it is enough.
    package var hashRate = 16.0
    /// Shares with another hash than their miner said before its connection is given up, where they are more than one in five.
    package var wrongHashes = 8

    package init() {}
  }

  private struct Client {
    let peer: String
    let opened: Instant
    var conversation: Conversation
    var lines = LineBuffer()
    var output: [UInt8] = []
    /// Number of the miner once the handshake is done.
    var miner: Int?
    /// Lines that may come before the connection is left unread.
    var allowance: Double
    var allowanceAt: Instant
    var isClosing = false
    var rightHashes = 0
    var wrongHashes = 0
  }

  /// One way in which miners are given work, with what is under way in it.
  private struct Course {
    let offer: WorkOffer
    var issuer: JobIssuer
    var judge: ShareJudge
  }

  /// By what miners are told apart.
  private struct MinerKey: Hashable {
    let peer: String
    let worker: String?
  }

  private let limits: Limits
  /// How many miners are asked for.
  private let wanted: Int
  private var courses: [Course]
  /// The course that the first miner chose by its dialect; the first one until then.
  private var active = 0
  private var clients: [UInt32: Client] = [:]
  private var connections: UInt32 = 0
  private var keys: [MinerKey] = []
  private var identities: [MinerIdentity] = []
  private var total = 0
  private var isBegun = false
  private var jobSentAt: Instant
  /// Shares that may be hashed again before everybody waits, where that takes long.
  private var hashAllowance: Double
  private var hashAllowanceAt: Instant
  /// Whether somebody had to wait in the present epoch.
  private var wasThrottled = false
  /// Why no more shares can be judged.
  package private(set) var failure: Reason?
  private var current: ProvenEpoch
  private var lostLinks: [MinerLink] = []
  /// What was seen of peers that are no miners, newest last.
  package private(set) var sightings: [String] = []
  package private(set) var difficulty: ShareDifficulty

  /// Nobody is connected.
  ///
  /// `offers` are the ways in which work may be given, at least one and each of another dialect; the first miner chooses.
  /// `miners` is how many are asked for, at least 1.
  ///
  /// - Throws: `Failure` for a difficulty that has no target.
  package init(
    _ offers: [WorkOffer], miners: Int, limits: Limits = Limits(), now: Instant
  ) throws(Failure) {
    guard let first = offers.first else {
      throw Failure(.usage, "nothing is offered to miners")
    }
    self.limits = limits
    wanted = miners
    var courses: [Course] = []
    for offer in offers { courses.append(try Self.course(offer)) }
    self.courses = courses
    difficulty = first.difficulty
    jobSentAt = now
    hashAllowance = 2 * limits.hashRate
    hashAllowanceAt = now
    current = Self.empty(0, now, first.convention, oneIn: 1)
  }

  private static func course(_ offer: WorkOffer) throws(Failure) -> Course {
    Course(
      offer: offer, issuer: JobIssuer(offer.derivation),
      judge: ShareJudge(
        offer.convention, target: try target(offer.difficulty, offer.convention),
        sample: ShareSample(challenge: offer.derivation.challenge, oneIn: 1), hash: offer.hash))
  }

  private static func empty(
    _ epoch: UInt32, _ now: Instant, _ convention: ShareConvention, oneIn: UInt32
  ) -> ProvenEpoch {
    ProvenEpoch(
      window: ProofWindow(
        epoch: epoch, sentAt: now, jobTimes: [], shares: [],
        refused: RefusedShares(wrongHashes: convention.isSampled ? 0 : nil),
        hashedOneIn: convention.isSampled ? oneIn : nil), quotients: [], quotientsAbove: [])
  }

  private static func target(
    _ difficulty: ShareDifficulty, _ convention: ShareConvention
  ) throws(Failure) -> Target {
    guard let target = convention.target(of: difficulty) else {
      throw Failure(
        .usage, "difficulty \(difficulty) is beyond any hash", remedy: "give a smaller one")
    }
    return target
  }

  // MARK: What a session asks

  /// What the miners agree on; until the first of them is there, what is offered first.
  package var convention: ShareConvention { courses[active].offer.convention }
  package var target: Target { courses[active].judge.target }
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
    let oneIn = nextSample(difficulty, now)
    self.difficulty = difficulty
    courses[active].judge.target = target
    courses[active].judge.sample = ShareSample(
      challenge: courses[active].issuer.challenge, oneIn: oneIn)
    courses[active].judge.beginEpoch()
    courses[active].issuer.beginEpoch()
    isBegun = true
    wasThrottled = false
    current = Self.empty(courses[active].issuer.epoch, now, convention, oneIn: oneIn)
    lostLinks = []
    give(nextJob(now, unixTime), isNew: true)
  }

  /// One share in how many is to be hashed again in an epoch of a difficulty, by the shares of the present one: the least
  /// power of two that half the rate of hashing is enough for.
  private func nextSample(_ difficulty: ShareDifficulty, _ now: Instant) -> UInt32 {
    guard convention.isSampled else { return 1 }
    var oneIn = current.window.hashedOneIn ?? 1
    let seconds = now.since(current.window.sentAt).value
    guard seconds >= 1, !current.quotients.isEmpty else { return oneIn }
    // Those who waited would have sent more.
    let expected =
      Double(current.quotients.count) / seconds * (wasThrottled ? 4 : 1)
      * (self.difficulty.value / difficulty.value)
    oneIn = 1
    while expected / Double(oneIn) > limits.hashRate / 2, oneIn < ShareSample.sparsest {
      oneIn *= 2
    }
    return oneIn
  }

  // MARK: What happens to connections

  /// The number of a new connection, or nil where there are too many.
  package mutating func connect(peer: String, now: Instant) -> UInt32? {
    guard clients.count < limits.connections else { return nil }
    connections += 1
    clients[connections] = Client(
      peer: peer, opened: now,
      conversation: Conversation(
        connection: connections, Set(courses.map(\.offer.convention.dialect))),
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
    if var client = clients[id], !client.isClosing, !client.conversation.hasBegun,
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
      && (client.conversation.dialect != .cryptoNote || hashAllowance >= 1)
  }

  /// What time alone brings: a job every half minute, an end for those who never finish their handshake.
  package mutating func tick(now: Instant, unixTime: UInt32) {
    if isBegun, now.since(jobSentAt) >= limits.jobInterval {
      give(nextJob(now, unixTime), isNew: false)
    }
    refillHashes(now)
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

  private mutating func refillHashes(_ now: Instant) {
    let seconds = max(0, now.since(hashAllowanceAt).value)
    hashAllowance = min(2 * limits.hashRate, hashAllowance + seconds * limits.hashRate)
    hashAllowanceAt = now
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
    let job = courses[active].issuer.next(at: unixTime)
    current.window.jobTimes.append(unixTime)
    jobSentAt = now
    return job
  }

  /// Gives a job to every miner; a new epoch's discards what they work on.
  private mutating func give(_ job: ProofJob, isNew: Bool) {
    for id in Array(clients.keys) where clients[id]?.miner != nil {
      switch convention.dialect {
      case .stratumV1:
        if isNew { append(id, Self.line(difficulty)) }
        append(id, job.notification(discardsOthers: isNew))
      case .cryptoNote: append(id, CryptoNoteLine.job(cryptoNote(job, id)))
      }
    }
  }

  /// A job with its target as a miner of CryptoNote's dialect takes it.
  private func cryptoNote(_ job: ProofJob, _ id: UInt32) -> JSONValue {
    job.cryptoNote(
      connection: id, target: convention.targetBytes(of: difficulty) ?? [],
      key: courses[active].offer.key)
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
    guard let effects = clients[id]?.conversation.receive(line) else { return }
    for effect in effects {
      switch effect {
      case .send(let bytes): append(id, bytes)
      case .ready: welcome(id, nil, now, unixTime)
      case .submitted(let submission, let request): judge(id, submission, request, now)
      case .loggedIn(let request): welcome(id, request, now, unixTime)
      case .found(let found, let request): judge(id, found, request, now)
      case .malformedShare: current.window.refused.malformed += 1
      case .close(let objection):
        if var client = clients[id] { close(id, &client, objection) }
      }
    }
  }

  /// Gives a miner that is ready its number and work; `login` is what it wants an answer to.
  private mutating func welcome(
    _ id: UInt32, _ login: JSONValue?, _ now: Instant, _ unixTime: UInt32
  ) {
    guard var client = clients[id] else { return }
    let dialect = client.conversation.dialect
    if keys.isEmpty { choose(dialect, now) }
    guard dialect == convention.dialect else {
      return close(id, &client, dialect == .cryptoNote ? .cryptoNote : .stratumV1)
    }
    // One miner may come with several connections under whatever names; several are told apart by what was typed in.
    let key = MinerKey(peer: client.peer, worker: wanted > 1 ? client.conversation.worker : nil)
    if !keys.contains(key) {
      guard keys.count < wanted else { return close(id, &client, .another) }
      keys.append(key)
      identities.append(client.conversation.identity)
    }
    guard let number = keys.firstIndex(of: key) else { return }
    client.miner = number
    clients[id] = client
    identities[number] = client.conversation.identity
    if let login, let session = client.conversation.session {
      // Its answer must have a job; data that are prepared from the key may be begun with, though nothing counts yet.
      let job = cryptoNote(nextJob(now, unixTime), id)
      return append(id, CryptoNoteLine.welcome(login, session: session, job: job))
    }
    append(
      id,
      StratumLine.notification(
        "client.show_message",
        [.string("hashwatt measures this miner: this work belongs to no chain and earns nothing")]))
    guard isBegun else { return }
    append(id, Self.line(difficulty))
    append(id, nextJob(now, unixTime).notification(discardsOthers: true))
  }

  /// The first miner's dialect is everybody's.
  private mutating func choose(_ dialect: MinerDialect, _ now: Instant) {
    guard let place = courses.firstIndex(where: { $0.offer.convention.dialect == dialect }),
      place != active
    else { return }
    active = place
    difficulty = courses[place].offer.difficulty
    current = Self.empty(0, now, convention, oneIn: 1)
  }

  private mutating func judge(
    _ id: UInt32, _ submission: MinerDialogue.Submission, _ request: JSONValue, _ now: Instant
  ) {
    guard let client = clients[id], let miner = client.miner else { return }
    identities[miner] = client.conversation.identity
    let verdict = courses[active].judge.judge(
      submission, connection: id, versionMask: identities[miner].versionMask,
      jobs: courses[active].issuer, arrival: milliseconds(now))
    count(verdict)
    append(
      id,
      verdict.refusal.map { StratumLine.refusal(request, $0) }
        ?? StratumLine.result(request, .bool(true)))
  }

  private mutating func judge(
    _ id: UInt32, _ found: CryptoNoteDialogue.Found, _ request: JSONValue, _ now: Instant
  ) {
    guard clients[id]?.miner != nil else { return }
    let verdict = courses[active].judge.judge(
      found, connection: id, jobs: courses[active].issuer, arrival: milliseconds(now))
    count(verdict)
    append(
      id,
      verdict.refusal.map { CryptoNoteLine.refusal(request, $0.message) }
        ?? CryptoNoteLine.status(request))
    guard var client = clients[id] else { return }
    switch verdict {
    case .proven: client.rightHashes += 1
    case .wrongHash: client.wrongHashes += 1
    case .unjudged:
      failure = Reason(.failed, "a share could not be hashed again: memory is lacking")
      return
    default: return
    }
    // The reference has worked for it.
    hashAllowance -= 1
    if hashAllowance < 1 { wasThrottled = true }
    clients[id] = client
    if client.wrongHashes >= limits.wrongHashes, 4 * client.wrongHashes > client.rightHashes {
      close(id, &client, .tooManyWrongHashes)
    }
  }

  private mutating func count(_ verdict: ShareVerdict) {
    switch verdict {
    case .proven(let share, let hash): take(share, hash, isHashed: true)
    case .taken(let share, let hash): take(share, hash, isHashed: false)
    case .late: current.window.refused.late += 1
    case .unknownJob: current.window.refused.unknownJobs += 1
    case .duplicate: current.window.refused.duplicates += 1
    case .aboveTarget(let hash):
      let quotient = target.quotient(of: hash)
      if quotient < 1.0001 {
        current.window.refused.rounded += 1
      } else {
        current.window.refused.aboveTarget += 1
      }
      if current.quotientsAbove.count < limits.keptAbove { current.quotientsAbove.append(quotient) }
    case .forbidden: current.window.refused.malformed += 1
    case .wrongHash:
      current.window.refused.wrongHashes = (current.window.refused.wrongHashes ?? 0) + 1
    case .unjudged: break
    }
  }

  private mutating func take(_ share: MinerShare, _ hash: [UInt8], isHashed: Bool) {
    guard !isFull else { return }
    total += 1
    if !isHashed { current.unhashed.append(current.quotients.count) }
    current.window.shares.append(share)
    current.quotients.append(target.quotient(of: hash))
  }
}
