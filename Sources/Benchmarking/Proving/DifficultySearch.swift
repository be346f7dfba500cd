internal import Analysis
package import Model
internal import Text

/// Finds the power of two at which miners send about thirty shares a second, and checks that they send all that they find.
package struct DifficultySearch {
  /// Shares a second of one miner that are wanted.
  static let wanted = 30.0
  /// Time for one look.
  private static let look = 10.0
  /// Time in which the fit is judged.
  private static let fitTime = 30.0
  /// Shares that tell enough of the rate at once.
  private static let enough = 64
  private static let fewest = 4
  /// Where a search begins: no known machine floods a small host with shares at it.
  private static let first = 65536.0
  /// Below it every machine that can be asked would have answered.
  private static let least = 0x1p-24

  private let ports: ProvingPorts
  private let wantedRate: Double
  private let start: ShareDifficulty?

  /// `start` is where to begin: what the user or the miner asks for.
  package init(_ ports: ProvingPorts, miners: Int, start: ShareDifficulty?) {
    self.ports = ports
    wantedRate = Self.wanted * Double(miners)
    self.start = start
  }

  /// The difficulty; the session has an epoch at it.
  ///
  /// - Throws: `Interrupted`; `Failure` where the miners send no shares, or work for another target.
  package func find() throws -> ShareDifficulty {
    var value = Self.powerOfTwo(start?.value ?? Self.first)
    for _ in 0..<64 {
      let seen = try look(at: value, for: Self.look)
      guard seen.count >= Self.fewest else {
        guard value > Self.least else { break }
        value = Self.powerOfTwo(max(Self.least, value / 16))
        continue
      }
      let better = Self.powerOfTwo(value * Double(seen.count) / seen.time / wantedRate)
      if better == value || seen.count < Self.enough && better > value / 2 && better < value * 2 {
        return try fitting(value)
      }
      // A device whose own filter is above our target does not get faster: the fit tells.
      if better < value, Double(seen.count) >= 100 { return try fitting(value) }
      value = max(Self.least, better)
      if try look(at: value, for: 3).count > 0 { return try fitting(value) }
    }
    throw Failure(
      .unavailable, "the miner sends no shares at any difficulty down to \(value)",
      remedy: "check that it hashes \(ports.session.terms.convention), and its log")
  }

  /// The difficulty that was given, once its fit is judged.
  package func judge(_ given: ShareDifficulty) throws -> ShareDifficulty {
    try fitting(given.value)
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
        throw Self.otherTarget((above.max() ?? 1) * Double(all + 1) / Double(all))
      }
      let fit = ShareFit(epoch.quotients)
      // What a filter of the device hides does not come faster when it is not asked for; shares of another convention do.
      if let before = cutOff, 4 * count < before.count { throw Self.otherTarget(before.ratio) }
      guard ShareFitTest.isCutOff(fit, count) else {
        return try Self.difficulty(value)
      }
      let ratio = fit.largest * Double(count + 1) / Double(count)
      // A filter of the device stays where it is when the difficulty rises; another convention moves along.
      if let before = cutOff, abs(before.ratio / ratio - 1) < 0.1 { throw Self.otherTarget(ratio) }
      cutOff = (ratio, count)
      value = Self.powerOfTwo(value / ratio, roundedUp: true)
    }
    throw Failure(
      .unavailable, "the miner keeps back shares at every difficulty up to \(value)",
      remedy: "give --difficulty with what its firmware uses")
  }

  private static func otherTarget(_ ratio: Double) -> Failure {
    let names = ShareConvention.all.map { "\($0.name) (\($0.factor))" }.joined(separator: ", ")
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
