package import LinuxSystem
package import Model
internal import Synchronization

/// The sockets of the proving server: one thread, `poll`, and everything else in `StratumService`.
///
/// It listens on one address, takes peers of the prefixes that it was given, and connects to nobody.
package final class StratumServer: ProvingSession {
  private struct Shared: Sendable {
    var service: StratumService
    var isStopped = false
  }

  private let shared: Locked<Shared>
  /// Units that the shares of the present epoch stand for: beside the service, because a snapshot must not wait while a share
  /// is hashed.
  private let units: Atomic<UInt64> = Atomic(0)
  private let wakeUp: WakeUp
  private let clock: any MonotonicClock
  private let unixTime: @Sendable () -> Double
  private let link: @Sendable (NetworkAddress) -> MinerLinkKind
  private let permitted: [NetworkPrefix]
  private let wanted: Int
  private let thread: Locked<SystemThread?> = Locked(nil)
  /// The port that it listens on.
  package let port: UInt16

  /// Begins to listen, on a thread of its own.
  ///
  /// `permitted` are those whose connections are taken, `link` says how near a peer is, `unixTime` is the wall clock in seconds
  /// since 1970.
  ///
  /// - Throws: `SystemError` where the address cannot be listened on.
  package init(
    _ service: StratumService, miners: Int, on address: NetworkAddress, port: UInt16,
    permitted: [NetworkPrefix],
    clock: any MonotonicClock, unixTime: @escaping @Sendable () -> Double,
    link: @escaping @Sendable (NetworkAddress) -> MinerLinkKind
  ) throws(SystemError) {
    let listener = try TCPListener(address, port: port)
    shared = Locked(Shared(service: service))
    wakeUp = try WakeUp()
    self.clock = clock
    self.unixTime = unixTime
    self.permitted = permitted
    self.link = link
    wanted = miners
    self.port = listener.port
    let loop = Loop(server: self, listener: listener)
    let started = try SystemThread { loop.run() }
    thread.withLock { $0 = started }
  }

  // MARK: The session

  package var terms: ProofTerms {
    shared.withLock { shared in
      ProofTerms(
        convention: shared.service.convention.name, difficulty: shared.service.difficulty.value,
        // Of several miners the farthest counts.
        link: shared.service.minerPeers.compactMap { NetworkAddress($0).map(link) }.max()
          ?? .routed,
        miners: shared.service.miners)
    }
  }

  package var target: Target { shared.withLock { $0.service.target } }
  package var readyMiners: Int { shared.withLock { $0.service.readyMiners } }
  package var sightings: [String] { shared.withLock { $0.service.sightings } }

  package func beginEpoch(_ difficulty: ShareDifficulty) throws(Failure) {
    let now = clock.now()
    let time = wallTime
    try shared.withLock { (shared) throws(Failure) in
      try shared.service.beginEpoch(difficulty, now: now, unixTime: time)
      units.store(0, ordering: .relaxed)
    }
    wakeUp.signal()
  }

  package func epoch() -> ProvenEpoch { shared.withLock { $0.service.epoch } }

  package func progress() -> [WorkerProgress] {
    [WorkerProgress(position: WorkPosition(0), units: units.load(ordering: .relaxed))]
  }

  package func lost() -> Reason? {
    let (ready, isFull, failure) = shared.withLock {
      ($0.service.readyMiners, $0.service.isFull, $0.service.failure)
    }
    if let failure { return failure }
    if isFull { return Reason(.failed, "more shares came than a run may have") }
    guard ready < wanted else { return nil }
    return Reason(
      .lost,
      wanted == 1
        ? "the miner's connection was lost" : "\(wanted - ready) of \(wanted) miners are lost")
  }

  package func finish() {
    shared.withLock { $0.isStopped = true }
    wakeUp.signal()
    thread.withLock { $0 }?.join()
  }

  private var wallTime: UInt32 { UInt32(clamping: Int64(unixTime())) }

  // MARK: The thread

  /// The sockets, which only their thread touches.
  private final class Loop: Sendable {
    private let server: StratumServer
    private let listener: TCPListener

    init(server: StratumServer, listener: consuming TCPListener) {
      self.server = server
      self.listener = listener
    }

    private struct State {
      var sockets: [UInt32: Box] = [:]
      var ticked: Instant
      /// False while no descriptor is left for another connection, until the next tick: the listener would be ready for ever.
      var isAccepting = true
    }

    func run() {
      var state = State(ticked: server.clock.now())
      while !server.shared.withLock({ $0.isStopped }) { step(&state) }
    }

    /// A socket in a dictionary, which holds copyable values only.
    final class Box {
      let accepted: AcceptedConnection
      init(_ accepted: consuming AcceptedConnection) { self.accepted = accepted }
    }

    /// Seconds between two looks at what time alone brings.
    private static let tick = 0.1

    private func step(_ state: inout State) {
      let ids = state.sockets.keys.sorted()
      var entries = [
        PollEntry(server.wakeUp.number, read: true, write: false),
        PollEntry(listener.number, read: state.isAccepting, write: false),
      ]
      entries += server.shared.withLock { shared in
        ids.map { id in
          PollEntry(
            state.sockets[id]?.accepted.socket.number ?? -1, read: shared.service.wantsBytes(id),
            write: !shared.service.output(id).isEmpty)
        }
      }
      PollEntry.wait(&entries, milliseconds: Int(Self.tick * 1000))
      if entries[0].canRead { server.wakeUp.clear() }
      let now = server.clock.now()
      let time = server.wallTime
      for (id, entry) in zip(ids, entries.dropFirst(2)) {
        guard let box = state.sockets[id] else { continue }
        if entry.canRead {
          read(id, box, time, &state.sockets)
        } else if entry.isBroken {
          drop(id, now, &state.sockets)
        }
      }
      if now.since(state.ticked).value >= Self.tick {
        state.ticked = now
        state.isAccepting = true
        server.shared.withLock { $0.service.tick(now: now, unixTime: time) }
      }
      for id in ids { flush(id, now, &state.sockets) }
      if entries[1].canRead { state.isAccepting = accept(now, &state.sockets) }
    }

    private func read(
      _ id: UInt32, _ box: Box, _ time: UInt32, _ sockets: inout [UInt32: Box]
    ) {
      // What another connection sent may have taken its time to be judged, and all that there is.
      guard server.shared.withLock({ $0.service.wantsBytes(id) }) else { return }
      let now = server.clock.now()
      switch box.accepted.socket.receive(limit: 4096) {
      case .nothing: break
      case .end: drop(id, now, &sockets)
      case .bytes(let bytes):
        server.shared.withLock { shared in
          shared.service.receive(id, bytes, now: now, unixTime: time)
          let work = Double(shared.service.shareCount) / shared.service.target.probability
          server.units.store(UInt64(min(work, 1e18)), ordering: .relaxed)
        }
      }
    }

    private func flush(_ id: UInt32, _ now: Instant, _ sockets: inout [UInt32: Box]) {
      guard let box = sockets[id] else { return }
      let (bytes, isClosing) = server.shared.withLock {
        ($0.service.output(id), $0.service.isClosing(id))
      }
      if !bytes.isEmpty {
        guard let count = box.accepted.socket.send(bytes) else { return drop(id, now, &sockets) }
        server.shared.withLock { $0.service.sent(id, count) }
      }
      // The little that one who is sent away is told fits into the system's own buffer, or he does not read it.
      if isClosing { drop(id, now, &sockets) }
    }

    private func drop(_ id: UInt32, _ now: Instant, _ sockets: inout [UInt32: Box]) {
      sockets[id] = nil
      server.shared.withLock { $0.service.disconnect(id, now: now) }
    }

    /// - Returns: whether there was a descriptor for everyone.
    private func accept(_ now: Instant, _ sockets: inout [UInt32: Box]) -> Bool {
      // As many as a storm may bring, and no more before the others had their turn.
      for _ in 0..<64 {
        let accepted: AcceptedConnection
        switch listener.accept() {
        case .connection(let connection): accepted = connection
        case .nobody: return true
        case .exhausted: return false
        }
        let peer = accepted.peer
        guard server.permitted.contains(where: { $0.contains(peer) }) else { continue }
        let id = server.shared.withLock {
          $0.service.connect(peer: peer.description, now: now)
        }
        if let id { sockets[id] = Box(accepted) }
      }
      return true
    }
  }
}

extension MinerLinkKind: Comparable {
  /// From near to far.
  package static func < (left: MinerLinkKind, right: MinerLinkKind) -> Bool {
    func rank(_ kind: MinerLinkKind) -> Int { allCases.firstIndex(of: kind) ?? 0 }
    return rank(left) < rank(right)
  }
}
