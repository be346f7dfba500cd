internal import Glibc
internal import LinuxSystem
package import Model

/// Miners whose truth a test knows: shares come as they do from hashing, at the instants of a fake clock.
package final class SimulatedMiner: ProvingSession {
  /// What it is and how it cheats; times are seconds of an epoch where nothing else is said.
  package struct Behaviour: Sendable {
    /// Hashes a second.
    package var rate: Double
    /// Rate of an epoch as a part of the true one.
    package var factor: @Sendable (_ epoch: UInt32) -> Double = { _ in 1 }
    /// Until its first share on new work.
    package var latency = 0.05
    /// Seconds since the start in which it prepares data and finds nothing.
    package var preparation = 0.0
    /// Its own target over the one that it was given.
    package var filter = 1.0
    /// The device's own filter, as a difficulty: what is easier does not get out of it.
    package var hardwareDifficulty = 0.0
    /// Keeps the shares of so many seconds back, and sends them at this time.
    package var hoard: (until: Double, sentAt: Double)?
    /// Works for somebody else: so long of every so many seconds.
    package var pause: (length: Double, every: Double)?
    /// Sends this part of its shares only: those with the smallest hashes.
    package var picks = 1.0
    /// Sends each share twice.
    package var repeats = false
    /// Seconds since the start at which it is lost, each for ten seconds.
    package var losses: [Double] = []
    package var suggestedDifficulty: Double?

    package init(rate: Double) { self.rate = rate }
  }

  private struct State: Sendable {
    var random: SeededGenerator
    var epoch: UInt32 = 0
    var difficulty: Double
    var target: Target
    var sentAt: Instant
    /// Until when arrivals are made, seconds of the epoch.
    var made = 0.0
    var next = 0.0
    var result: ProvenEpoch
    var kept: [Double] = []
  }

  private let behaviour: Behaviour
  private let clock: FakeClock
  private let origin: Instant
  private let convention: ShareConvention
  private let state: Locked<State>

  package init(
    clock: FakeClock, seed: UInt64, convention: ShareConvention = ShareConvention.all[0],
    _ behaviour: Behaviour
  ) {
    self.clock = clock
    self.behaviour = behaviour
    self.convention = convention
    origin = clock.present
    state = Locked(
      State(
        random: SeededGenerator(seed: seed), difficulty: 1, target: Target(leadingZeroBits: 32),
        sentAt: clock.present, result: Self.empty(0, clock.present)))
  }

  private static func empty(_ epoch: UInt32, _ instant: Instant) -> ProvenEpoch {
    ProvenEpoch(
      window: ProofWindow(
        epoch: epoch, sentAt: instant, jobTimes: [1_790_000_000], shares: [],
        connections: [MinerLink(connection: 1, miner: 0)]), quotients: [], quotientsAbove: [])
  }

  package var terms: ProofTerms {
    ProofTerms(
      convention: convention.name, difficulty: state.withLock { $0.difficulty }, link: .direct,
      miners: [
        MinerIdentity(
          agent: "simulated/1.0", suggestedDifficulty: behaviour.suggestedDifficulty, versionMask: 0
        )
      ])
  }
  package var target: Target { state.withLock { $0.target } }
  package var readyMiners: Int { isLost ? 0 : 1 }
  package var sightings: [String] { [] }

  private var isLost: Bool {
    let now = clock.present.since(origin).value
    return behaviour.losses.contains { $0 <= now && now < $0 + 10 }
  }

  package func lost() -> Reason? {
    isLost ? Reason(.lost, "the miner's connection was lost") : nil
  }

  package func beginEpoch(_ difficulty: ShareDifficulty) throws(Failure) {
    guard let target = convention.target(of: difficulty) else {
      throw Failure(.usage, "no target")
    }
    state.withLock { state in
      state.epoch += 1
      state.difficulty = difficulty.value
      state.target = target
      state.sentAt = clock.present
      state.made = 0
      state.next = behaviour.latency
      state.kept = []
      state.result = Self.empty(state.epoch, clock.present)
      advance(&state)
    }
  }

  package func epoch() -> ProvenEpoch {
    state.withLock { state in
      make(&state)
      return state.result
    }
  }

  package func progress() -> [WorkerProgress] {
    state.withLock { state in
      make(&state)
      let work = Double(state.result.quotients.count) / state.target.probability
      return [WorkerProgress(position: WorkPosition(0), units: UInt64(work))]
    }
  }

  package func finish() {}

  /// Its own target over the one that it was given, the device's filter included.
  private func ownTarget(_ state: State) -> Double {
    guard behaviour.hardwareDifficulty > 0 else { return behaviour.filter }
    return min(behaviour.filter, state.difficulty / behaviour.hardwareDifficulty)
  }

  private func unit(_ state: inout State) -> Double { Double(state.random.next() >> 11) * 0x1p-53 }

  /// Draws the time of the next share.
  private func advance(_ state: inout State) {
    let rate =
      behaviour.rate * behaviour.factor(state.epoch) * state.target.probability * ownTarget(state)
    state.next += -log(1 - unit(&state)) / max(rate, 1e-12)
  }

  private func make(_ state: inout State) {
    let now = clock.present.since(state.sentAt).value
    if let hoard = behaviour.hoard, now >= hoard.sentAt, !state.kept.isEmpty {
      let kept = state.kept
      state.kept = []
      for quotient in kept { add(quotient, at: hoard.sentAt, &state) }
    }
    while state.next <= now {
      let time = state.next
      let quotient = unit(&state) * ownTarget(state)
      advance(&state)
      if let pause = behaviour.pause,
        (clock.present.since(origin).value - now + time).truncatingRemainder(
          dividingBy: pause.every) < pause.length
      {
        continue
      }
      if clock.present.since(origin).value - now + time < behaviour.preparation { continue }
      if behaviour.picks < 1, quotient > behaviour.picks { continue }
      if let hoard = behaviour.hoard, time < hoard.until {
        state.kept.append(quotient)
        continue
      }
      add(quotient, at: time, &state)
    }
  }

  private func add(_ quotient: Double, at time: Double, _ state: inout State) {
    guard quotient <= 1 else {
      state.result.window.refused.aboveTarget += 1
      if state.result.quotientsAbove.count < 1000 { state.result.quotientsAbove.append(quotient) }
      return
    }
    state.result.quotients.append(quotient)
    if behaviour.repeats { state.result.window.refused.duplicates += 1 }
    state.result.window.shares.append(
      MinerShare(
        job: 0, connection: 1, extranonce: 0, timeOffset: 0, versionBits: 0,
        nonce: UInt32(state.result.quotients.count), arrival: UInt32(time * 1000)))
  }
}
