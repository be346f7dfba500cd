internal import Glibc
package import Model
internal import Statistics
internal import Text

/// What the shares of a window say besides their number: whether they are all that a miner found, and found in time.
///
/// Each test calls an honest window false less than once in a million times, so twenty windows do less than once in ten
/// thousand.
package enum ProofChecks {
  /// Probability that one test calls an honest window false.
  static let level = 1e-6
  /// Time that a miner may take to change to new work before it looks as if it kept shares back.
  private static let switching = 1.0
  /// Shares below which a window says nothing of its fit.
  private static let fewest = 50
  /// Hashed shares below which a sample says nothing of the others.
  private static let fewestHashed = 30
  /// Joules for a hash of the best published machine for SHA-256d (`profiles/asic`).
  package static let bestJoules = 9.4e-12

  /// Every check of one window of proven work, which is the result's sample number `index`.
  static func checks(of sample: Sample, at index: Int) -> [Check] {
    guard let proof = sample.proof else { return [] }
    let counted = Array(proof.counted(from: sample.start.hashes, to: sample.end.hashes))
    let checks =
      [
        fit(proof, proof.hashed ?? counted.count), strict(sample, proof, counted),
        gap(sample, proof, counted),
        burst(sample, proof, counted), late(proof, counted.count),
        duplicates(proof, counted.count), connection(proof),
      ] + [hashed(proof, counted.count)].compactMap(\.self)
    return checks.map { $0.about(sample: index) }
  }

  /// Checks of whole series.
  static func checks(of result: RunResult, _ summaries: [SeriesSummary]) -> [Check] {
    summaries.filter { $0.origin == .proven }.flatMap { summary in
      claims(summary) + efficiency(summary)
        + (result.workers.first { $0.series == summary.series }?.terms.map { [isolation($0)] } ?? [])
    }
  }

  // MARK: One check each

  /// The largest of n uniform values is below x with probability x^n; a filter of 5 % is certain after 300 shares.
  private static func fit(_ proof: ProofWindow, _ count: Int) -> Check {
    func check(_ verdict: CheckVerdict, _ message: String, remedy: String? = nil) -> Check {
      Check(name: .targetFit, verdict: verdict, message: message, remedy: remedy)
    }
    let above = proof.refused.aboveTarget
    if above > max(10, count / 100) {
      return check(
        .fail,
        "\(above) shares were above the target, \(count) below it: the miner works for another one",
        remedy: "see --convention and --difficulty")
    }
    if ShareFitTest.isCutOff(proof.fit, count) {
      return check(
        .fail,
        "of \(count) shares the largest is \(DecimalText.percent(proof.fit.largest, decimals: 2)) of the target: "
          + "the miner keeps back those above",
        remedy: "use a greater --difficulty")
    }
    guard count >= fewest else {
      return check(.unknown, "\(count) shares are too few to tell how they lie below the target")
    }
    if ShareFitTest.isUneven(proof.fit, count) {
      return check(
        .fail,
        "the hashes of \(count) shares are not spread evenly below the target: they were chosen")
    }
    return check(
      .pass,
      "\(count) shares lie evenly below the target, the largest at "
        + DecimalText.percent(proof.fit.largest, decimals: 2))
  }

  /// Shares kept back while the miner settles would raise the window's rate; nobody can beat the rate since the work was
  /// sent.
  private static func strict(
    _ sample: Sample, _ proof: ProofWindow, _ counted: [MinerShare]
  ) -> Check {
    let settle = sample.start.hashes.since(proof.sentAt).value
    let window = sample.duration.value
    let early = proof.shares.count { proof.instant(of: $0) < sample.start.hashes }
    let count = Double(counted.count)
    // What the rate of the window would have brought before it, at the least that chance makes of it.
    let rate = max(0, count - 4.9 * count.squareRoot()) / window
    let expected = rate * max(0, settle - switching)
    let isBelow = Poisson.cumulative(early, mean: expected) < level
    let ratio = count / window / (max(1, count + Double(early)) / (window + settle))
    return Check(
      name: .strictRate, verdict: isBelow ? .fail : .pass,
      message:
        "the window's rate is \(DecimalText.fixed(ratio, decimals: 3)) of the rate since the work was sent"
        + (isBelow
          ? ", more than chance and a second of switching explain: shares were kept back" : ""))
  }

  /// The longest pause, edges included; a fact and no failure.
  private static func gap(
    _ sample: Sample, _ proof: ProofWindow, _ counted: [MinerShare]
  ) -> Check {
    let window = sample.duration.value
    let times =
      [0] + counted.map { max(0, proof.instant(of: $0).since(sample.start.hashes).value) } + [
        window
      ]
    let longest = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? window
    let count = Double(max(1, counted.count))
    // Of count + 1 gaps at this rate, one so long.
    let probability = min(1, (count + 1) * exp(-count / window * longest))
    return Check(
      name: .longestGap, verdict: probability < level ? .unknown : .pass,
      message:
        "the longest pause between shares was \(DecimalText.fixed(longest, decimals: 2)) s"
        + (probability < level
          ? ": the miner stood still, or worked for somebody else" : ", as chance makes them"))
  }

  /// The most shares of one second; a fact and no failure.
  private static func burst(
    _ sample: Sample, _ proof: ProofWindow, _ counted: [MinerShare]
  ) -> Check {
    let window = sample.duration.value
    var seconds: [Int: Int] = [:]
    for share in counted {
      seconds[Int(proof.instant(of: share).since(sample.start.hashes).value), default: 0] += 1
    }
    let most = seconds.values.max() ?? 0
    let mean = Double(counted.count) / window
    let probability = min(1, window * (1 - Poisson.cumulative(most - 1, mean: mean)))
    return Check(
      name: .burst, verdict: most > 0 && probability < level ? .unknown : .pass,
      message:
        "at most \(most) shares came in one second, \(DecimalText.fixed(mean, decimals: 1)) on average"
    )
  }

  private static func late(_ proof: ProofWindow, _ count: Int) -> Check {
    let late = proof.refused.late
    return Check(
      name: .lateShares, verdict: late > max(10, count / 20) ? .unknown : .pass,
      message: "\(late) shares of the work before came late and were not counted")
  }

  private static func duplicates(_ proof: ProofWindow, _ count: Int) -> Check {
    let refused = proof.refused
    let bad = refused.duplicates + refused.unknownJobs + refused.malformed
    let isMany = bad > max(3, count / 100)
    return Check(
      name: .duplicates, verdict: isMany ? .fail : .pass,
      message:
        "\(refused.duplicates) shares came twice, \(refused.unknownJobs) were of no job of this run, "
        + "\(refused.malformed) malformed; none of them was counted")
  }

  /// Where a sample was hashed, what it says of the others; a wrong hash in it says that others are wrong too.
  private static func hashed(_ proof: ProofWindow, _ count: Int) -> Check? {
    guard let hashed = proof.hashed else { return nil }
    let wrong = proof.refused.wrongHashes ?? 0
    let isWhole = hashed >= count
    let text = SampledShares(count, hashed: hashed).text
    guard wrong > 0 else {
      return Check(
        name: .hashedShares, verdict: isWhole || hashed >= fewestHashed ? .pass : .unknown,
        message: text)
    }
    return Check(
      name: .hashedShares, verdict: isWhole ? .unknown : .fail,
      message:
        "\(wrong) shares had another hash than the miner said and were not counted"
        + (isWhole
          ? "; all others were hashed again"
          : "; of those that were not hashed, as large a part is wrong and was counted"),
      remedy:
        "look for an unstable processor or memory; a greater --difficulty lets every share be hashed"
    )
  }

  private static func connection(_ proof: ProofWindow) -> Check {
    let lost = proof.connections.count { $0.lost != nil }
    return Check(
      name: .connection, verdict: lost > 0 ? .fail : .pass,
      message: lost > 0
        ? "\(lost) connections were lost while the miner worked"
        : "every connection held")
  }

  private static func claims(_ summary: SeriesSummary) -> [Check] {
    summary.claims.compactMap { claim in
      guard let ratio = claim.ratio, let lower = claim.lower, let upper = claim.upper else {
        return nil
      }
      // Half a percent for averages that miners make in their own way, and the interval once in a million.
      let tolerance = 2.5 * (upper - lower) / 2 + 0.005
      let isTrue = abs(ratio - 1) <= tolerance
      return Check(
        name: .claim, verdict: isTrue ? .pass : .fail,
        message:
          "proven over claimed (\(claim.source) \(claim.field)) is \(DecimalText.fixed(ratio, decimals: 4)), "
          + "95 % interval \(DecimalText.fixed(lower, decimals: 4)) to \(DecimalText.fixed(upper, decimals: 4))"
      )
    }
  }

  private static func efficiency(_ summary: SeriesSummary) -> [Check] {
    guard summary.series.algorithm == .sha256d else { return [] }
    return (summary.energy.value ?? []).filter { $0.kind.isMeasured && $0.workPerJoule > 0 }.map {
      let joules = 1 / $0.workPerJoule
      let isPlausible = joules >= bestJoules * 0.95
      return Check(
        name: .plausibleEfficiency, verdict: isPlausible ? .pass : .unknown,
        message:
          "\(DecimalText.fixed(joules * 1e12, decimals: 2)) J/TH in \($0.scope)"
          + (isPlausible
            ? ", which the best published machine reaches (9.4 J/TH)"
            : ", better than the best published machine (9.4 J/TH): the hashes may come from elsewhere")
      )
    }
  }

  private static func isolation(_ terms: ProofTerms) -> Check {
    let message =
      switch terms.link {
      case .direct: "the miner was on a cable of its own, from which this machine leads nowhere"
      case .sameLink: "the miner was on the same link, but could reach other machines"
      case .routed: "a router lay between the miner and this machine"
      case .thisMachine: "the miner ran on the machine that measured it"
      }
    return Check(
      name: .isolation, verdict: terms.link == .direct ? .pass : .unknown,
      message: message + "; shares cannot tell where they were made",
      remedy: terms.link == .direct
        ? nil : "connect the miner by a direct cable to an interface without a gateway")
  }

}

/// Whether hashes below a target look like all that were found.
package enum ShareFitTest {
  /// The largest is too small for so many: there is a filter below the target.
  package static func isCutOff(_ fit: ShareFit, _ count: Int) -> Bool {
    count > 0 && pow(fit.largest, Double(count)) < ProofChecks.level
  }

  /// Kolmogorov's distance is too great for so many (Kolmogorov 1933, the first terms of his series).
  package static func isUneven(_ fit: ShareFit, _ count: Int) -> Bool {
    let root = Double(count).squareRoot()
    let lambda = (root + 0.12 + 0.11 / max(1, root)) * fit.distance
    let probability = (1...4).reduce(0.0) { sum, k in
      let term = exp(-2 * Double(k * k) * lambda * lambda)
      return sum + (k.isMultiple(of: 2) ? -2 : 2) * term
    }
    return lambda > 0.5 && probability < ProofChecks.level
  }
}
