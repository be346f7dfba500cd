internal import LinuxSystem
internal import MachineFacts
internal import Metering
internal import Model
internal import Reporting
internal import StratumBackend

extension Composition: ProvingBench {
  func interfaces() -> [NetworkInterface] { NetworkInterface.all() }

  func listen(_ order: ListeningOrder) throws -> any ProvingSession {
    guard
      let reference = try Self.references.reference(
        of: order.derivation.algorithm, challenge: order.derivation.challenge, epoch: nil)
    else { throw Failure(.unavailable, "\(order.derivation.algorithm) has no reference") }
    let service = try StratumService(
      order.derivation, order.convention, difficulty: order.difficulty, miners: order.miners,
      now: clock.now()
    ) { input in
      guard let hash = reference.value(of: input, payload: []) else {
        preconditionFailure("a reference of a hash function hashes every header")
      }
      return hash
    }
    let facts = NetworkFacts(root: .live)
    let leadsElsewhere =
      facts.hasGateway(order.interface.name) || facts.isForwarding != false
    let own = Set(NetworkInterface.all().map(\.address))
    do {
      return try StratumServer(
        service, order.convention, miners: order.miners, on: order.interface.address,
        port: order.port, permitted: order.permitted, clock: clock,
        unixTime: RawMonotonicClock.unixTime
      ) { peer in
        if own.contains(peer) || peer.isLoopback { return .thisMachine }
        guard order.interface.prefix.contains(peer) else { return .routed }
        return leadsElsewhere ? .sameLink : .direct
      }
    } catch {
      throw Failure(
        .unavailable, error.description,
        remedy: error.errno == .permissionDenied
          ? "choose a port of 1024 or more" : "choose another port: see 'hashwatt doctor'")
    }
  }

  func claims(_ words: [String]) throws -> any ClaimReader {
    try MinerClaims(words, environment: environment, clock: clock)
  }
}

extension Composition {
  /// Where a miner can be waited for: every address of this machine but those that mean something together with an interface
  /// only; none for a tree that stands in for the machine.
  func listeningPlaces() -> [ListeningPlace] {
    guard root.isLive else { return [] }
    let facts = NetworkFacts(root: .live)
    let forwards = facts.isForwarding
    let firewall = facts.firewalls.first
    return NetworkInterface.all().filter { !$0.address.isLinkLocal }.map { interface in
      ListeningPlace(
        interface: interface.name, address: interface.address.description,
        prefix: interface.prefix.description,
        obstacle: TCPListener.obstacle(interface.address, port: ListeningPlace.port)
          .map { "\($0.errno)" },
        isLoopback: interface.address.isLoopback,
        leadsElsewhere: facts.hasGateway(interface.name) ? true : forwards, firewall: firewall)
    }
  }
}
