internal import Kernels
internal import LinuxSystem
internal import MachineFacts
internal import Metering
internal import Model
internal import Reporting
internal import StratumBackend

extension Composition: ProvingBench {
  func interfaces() -> [NetworkInterface] { NetworkInterface.all() }

  func listen(_ order: ListeningOrder) throws -> any ProvingSession {
    let service = try StratumService(
      try offers(order), miners: order.miners, now: clock.now())
    let facts = NetworkFacts(root: .live)
    let leadsElsewhere =
      facts.hasGateway(order.interface.name) || facts.isForwarding != false
    let own = Set(NetworkInterface.all().map(\.address))
    do {
      return try StratumServer(
        service, miners: order.miners, on: order.interface.address,
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

  /// What miners may be given; of several only what can be judged here, as long as something can.
  private func offers(_ order: ListeningOrder) throws -> [WorkOffer] {
    var offers: [WorkOffer] = []
    var failure: (any Error)?
    for convention in order.conventions {
      do {
        offers.append(try offer(convention, order))
      } catch { failure = failure ?? error }
    }
    if offers.isEmpty, let failure { throw failure }
    return offers
  }

  private func offer(_ convention: ShareConvention, _ order: ListeningOrder) throws -> WorkOffer {
    let algorithm = convention.algorithm
    guard let shape = Self.references.shape(of: algorithm),
      let difficulty = order.difficulty ?? ShareDifficulty(convention.firstDifficulty)
    else { throw Failure(.unavailable, "\(algorithm) has no reference") }
    let hash: @Sendable (WorkInput) -> [UInt8]?
    if shape.preparation == .none || order.conventions.count == 1 {
      guard
        let reference = try Self.references.reference(
          of: algorithm, challenge: order.challenge, epoch: nil)
      else { throw Failure(.unavailable, "\(algorithm) has no reference") }
      hash = { reference.value(of: $0, payload: []) }
    } else {
      // A second and 256 MiB, spared as long as no miner wants it; the catalogue keeps what it prepared.
      if let obstacle = RandomXLibrary.obstacle {
        throw Failure(.unavailable, obstacle.message, remedy: obstacle.remedy)
      }
      let challenge = order.challenge
      hash = { input in
        let reference = try? Self.references.reference(
          of: algorithm, challenge: challenge, epoch: nil)
        return reference?.value(of: input, payload: [])
      }
    }
    return WorkOffer(
      convention,
      ProofDerivation(challenge: order.challenge, algorithm: algorithm, device: order.device),
      difficulty: difficulty, key: WorkDerivation.key(shape, challenge: order.challenge),
      hash: hash)
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
