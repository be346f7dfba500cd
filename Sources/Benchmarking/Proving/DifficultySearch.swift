internal import Analysis
package import Model
internal import Text

/// Finds the power of two at which miners send as many shares as are wanted, and checks that they send all that they find.
package struct DifficultySearch {
  /// How fast shares are wanted of one miner, and how patiently they are waited for.
  private struct Pace {
    /// Shares a second.
    let wanted: Double
    /// Time for one look, and for the look whether a new difficulty is one at all.
    let look: Double
    let glance: Double
    /// Time until the first share of all, while miners prepare data from the key; 0 where they have nothing to prepare.
    let preparation: Double
    /// Where a search begins: no known machine floods a small host with shares at it.
    let first: Double
    /// Below it every machine that can be asked would have answered.
    let least: Double

    /// About thirty shares a second; where each takes long to hash again, so many that a window has 128.
    init(_ convention: ShareConvention?, window: Seconds) {
      let isSampled = convention?.isSampled ?? false
      wanted = isSampled ? min(8, 128 / max(1, window.value)) : 30
      look = isSampled ? 20 : 10
      glance = isSampled ? 10 : 3
      preparation = isSampled ? 300 : 0
      first = convention?.firstDifficulty ?? 65536
      least = isSampled ? 1 : 0x1p-24
    }
  }

  /// Time in which the fit is judged.
  private static let fitTime = 30.0
  /// Shares that tell enough of the rate at once.
  private static let enough = 64
  private static let fewest = 4

  private let ports: ProvingPorts
  private let pace: Pace
  private let wantedRate: Double
  private let start: ShareDifficulty?

  /// For miners that are there.
  ///
  /// `start` is where to begin: what the user or the miner asks for; `window` is how long one is.
  package init(_ ports: ProvingPorts, miners: Int, start: ShareDifficulty?, window: Seconds) {
    self.ports = ports
    pace = Pace(ShareConvention.named(ports.session.terms.convention), window: window)
    wantedRate = pace.wanted * Double(miners)
    self.start = start
  }

  /// The difficulty; the session has an epoch at it.
  ///
  /// - Throws: `Interrupted`; `Failure` where the miners send no shares, or work for another target.
  package func find() throws -> ShareDifficulty {
    var value = Self.powerOfTwo(start?.value ?? pace.first)
    try awaitFirst(at: value)
    for _ in 0..<64 {
      let seen = try look(at: value, for: pace.look)
      guard seen.count >= Self.fewest else {
        guard value > pace.least else { break }
        value = Self.powerOfTwo(max(pace.least, value / 16))
        continue
      }
      let better = Self.powerOfTwo(value * Double(seen.count) / seen.time / wantedRate)
      if better == value || seen.count < Self.enough && better > value / 2 && better < value * 2 {
        return try fitting(value)
      }
      // A device whose own filter is above our target does not get faster: the fit tells.
      if better < value, Double(seen.count) >= 100 { return try fitting(value) }
      value = max(pace.least, better)
      if try look(at: value, for: pace.glance).count > 0 { return try fitting(value) }
    }
    throw Failure(
      .unavailable, "the miner sends no shares at any difficulty down to \(value)",
      remedy: "check that it hashes \(ports.session.terms.convention), and its log")
  }

  /// The difficulty that was given, once its fit is judged.
  package func judge(_ given: ShareDifficulty) throws -> ShareDifficulty {
    try awaitFirst(at: given.value)
    return try fitting(given.value)
  }

  /// Waits for the first share where miners have data to prepare; what is looked at next says what to do without one.
  private func awaitFirst(at value: Double) throws {
    if pace.preparation > 0 { _ = try look(at: value, for: pace.preparation, enough: 1) }
  }

  /// Raises the difficulty until the device's own filter is below it.
  private func fitting(_ first: Double) throws -> ShareDifficulty {
    var value = first
    var cutOff: (ratio: Double, count: Int)?
    for _ in 0..<8 {
      _ = try look(at: value, for: Self.fitTime, enough: .max)
      let epoch = ports.session.epoch()
      let count = epoch.quotients.count
      let above = epoch.quotientsAbove.filter { $0 >= 1.0001 }
      if above.count > max(10, count / 20) {
        let all = count + above.count
        throw otherTarget((above.max() ?? 1) * Double(all + 1) / Double(all))
      }
      let fit = ShareFit(epoch.quotients)
      // What a filter of the device hides does not come faster when it is not asked for; shares of another convention do.
      if let before = cutOff, 4 * count < before.count { throw otherTarget(before.ratio) }
      guard ShareFitTest.isCutOff(fit, count) else {
        return try Self.difficulty(value)
      }
      let ratio = fit.largest * Double(count + 1) / Double(count)
      // A filter of the device stays where it is when the difficulty rises; another convention moves along.
      if let before = cutOff, abs(before.ratio / ratio - 1) < 0.1 { throw otherTarget(ratio) }
      cutOff = (ratio, count)
      value = Self.powerOfTwo(value / ratio, roundedUp: true)
    }
    throw Failure(
      .unavailable, "the miner keeps back shares at every difficulty up to \(value)",
      remedy: "give --difficulty with what its firmware uses")
  }

  private func otherTarget(_ ratio: Double) -> Failure {
    let dialect = ShareConvention.named(ports.session.terms.convention)?.dialect ?? .stratumV1
    let names = ShareConvention.all.filter { $0.dialect == dialect }.map { convention in
      convention.name + (convention.factor.map { " (\($0))" } ?? "")
    }.joined(separator: ", ")
    let text =
      ratio >= 1
      ? DecimalText.fixed(ratio, decimals: 2) : "1/" + DecimalText.fixed(1 / ratio, decimals: 2)
    return Failure(
      .badInput,
      "the miner's target is \(text) times the one that it was given: it counts difficulty otherwise",
      remedy: "choose its convention with --convention, by the factors: \(names)")
  }

  private static func difficulty(_ value: Double) throws(Failure) -> ShareDifficulty {
    guard let difficulty = ShareDifficulty(value) else {
      throw Failure(.usage, "\(value) is no difficulty", remedy: "give a number above 0")
    }
    return difficulty
  }

  static func powerOfTwo(_ value: Double, roundedUp: Bool = false) -> Double {
    var power = 1.0
    let root = roundedUp ? 1.0 : 2.0.squareRoot()
    while power * root < value { power *= 2 }
    while power / 2 * root >= value, power > 0x1p-64 { power /= 2 }
    return power
  }

  /// New work at a difficulty, and how many shares came in how much time.
  private func look(
    at value: Double, for time: Double, enough: Int = enough
  ) throws -> (count: Int, time: Double) {
    let difficulty = try Self.difficulty(value)
    try ports.session.beginEpoch(difficulty)
    let began = ports.clock.now()
    var passed = 0.0
    while passed < time {
      ports.clock.sleep(
        until: began.advanced(by: Seconds(min(time, passed + 0.5))),
        isCancelled: ports.isInterrupted)
      if ports.isInterrupted() { throw Interrupted() }
      if let lost = ports.session.lost() {
        throw Failure(.unavailable, "\(lost.message) while its difficulty was looked for")
      }
      passed = ports.clock.now().since(began).value
      let count = ports.session.epoch().quotients.count
      ports.report(
        ProvingProgress(
          phase: "difficulty \(difficulty), \(count) shares",
          remaining: Seconds(max(0, time - passed))))
      if count >= enough { return (count, passed) }
    }
    return (ports.session.epoch().quotients.count, passed)
  }
}
