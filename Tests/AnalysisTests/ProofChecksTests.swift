import Analysis
import Model
import Statistics
import TestSupport
import Testing

/// What is said of honest miners and of others; the cheats over time are scripted in `ProvingTests`.
struct ProofChecksTests {
  /// Made once: every share of it is found by hashing.
  private static let template = ProvenMinerRun().make()

  /// One window of so many uniform shares a second.
  private func result(
    _ seed: UInt64, perSecond: Double = 20, change: (inout Sample) -> Void = { _ in }
  ) -> RunResult {
    var random = SplitMix64(seed: seed)
    var result = Self.template
    var sample = result.samples[0]
    var shares: [MinerShare] = []
    var quotients: [Double] = []
    var time = 0.0
    // Exponential pauses, from the table of uniform numbers.
    while true {
      time += Self.exponential(random.unit()) / perSecond
      guard time < 64.9 else { break }
      shares.append(
        MinerShare(
          job: 0, connection: 1, extranonce: 0, timeOffset: 0, versionBits: 0,
          nonce: UInt32(shares.count), arrival: UInt32(time * 1000)))
      quotients.append(random.unit())
    }
    sample.proof?.shares = shares
    let counted = sample.proof?.counted(from: sample.start.hashes, to: sample.end.hashes)
    sample.proof?.fit = ShareFit(Array(quotients[counted?.indices ?? 0..<0]))
    sample.proven = ProvenWork(
      shares: counted?.count ?? 0, unitsPerShare: sample.proven?.unitsPerShare ?? 1)
    change(&sample)
    result.samples = [sample]
    return result
  }

  /// -ln(1 - u) by its series; u below 1.
  private static func exponential(_ u: Double) -> Double {
    // ln is not in the standard library: halve the argument until the series is quick.
    var rest = 1 - u
    var doublings = 0.0
    while rest < 0.7 {
      rest *= 2
      doublings += 1
    }
    let y = (rest - 1) / (rest + 1)
    var sum = 0.0
    var power = y
    for k in stride(from: 1, to: 30, by: 2) {
      sum += power / Double(k)
      power *= y * y
    }
    return doublings * 0.693_147_180_559_945_3 - 2 * sum
  }

  @Test("1,000 honest windows at the least rate give no alarm")
  func noFalseAlarm() {
    var alarms: [String] = []
    for seed in 0..<1000 {
      let checks = SampleChecks.checks(of: result(UInt64(seed), perSecond: 8))
      let names: Set<CheckName> = [
        .targetFit, .strictRate, .longestGap, .burst, .lateShares, .duplicates, .connection,
      ]
      alarms += checks.filter { names.contains($0.name) && $0.verdict != .pass }.map {
        "\(seed) \($0)"
      }
    }
    #expect(alarms.isEmpty, "\(alarms)")
  }

  private func verdict(_ name: CheckName, _ result: RunResult) -> CheckVerdict? {
    SampleChecks.checks(of: result).first { $0.name == name }?.verdict
  }

  @Test("a lost connection, many duplicates and late shares are told, each by its check")
  func counts() {
    let lost = result(1) {
      $0.proof?.connections = [MinerLink(connection: 1, miner: 0, lost: 100)]
    }
    #expect(verdict(.connection, lost) == .fail)
    let twice = result(1) { $0.proof?.refused.duplicates = 100 }
    #expect(verdict(.duplicates, twice) == .fail)
    let unknown = result(1) { $0.proof?.refused.unknownJobs = 100 }
    #expect(verdict(.duplicates, unknown) == .fail)
    let late = result(1) { $0.proof?.refused.late = 100 }
    #expect(verdict(.lateShares, late) == .unknown)
    let rounded = result(1) { $0.proof?.refused.rounded = 5 }
    #expect(verdict(.targetFit, rounded) == .pass)
  }

  @Test("few shares leave the fit open")
  func few() { #expect(verdict(.targetFit, result(1, perSecond: 0.5)) == .unknown) }

  @Test(
    "only a direct cable isolates a miner, and nothing that a check finds is called proof of a fraud"
  )
  func isolation() {
    for link in MinerLinkKind.allCases {
      var run = ProvenMinerRun()
      run.link = link
      #expect(verdict(.isolation, run.make()) == (link == .direct ? .pass : .unknown))
    }
  }

  @Test("grades of proven work ask for shares, time and link, and not for a real machine")
  func grades() {
    func reasons(_ run: ProvenMinerRun) -> [String] {
      var result = run.make()
      result.checks = SampleChecks.checks(of: result)
      result.summaries = Summarizing.summaries(of: result)
      return Grader.grade(result).reasonsAgainstBetter.map(\.message)
    }
    let few = reasons(ProvenMinerRun())
    #expect(few.contains { $0.contains("400 shares in each window") })
    var many = ProvenMinerRun()
    many.attempts = 8000
    many.windows = 5
    many.link = .routed
    let routed = reasons(many)
    #expect(routed.contains { $0.contains("R2 demands a miner on the same link") })
    #expect(routed.contains { $0.contains("a steady state") })
    #expect(!routed.contains { $0.contains("real machine") || $0.contains("idle") })
  }

  @Test("a claim stands beside the proven figure with their ratio, per miner there is a row")
  func claims() throws {
    var run = ProvenMinerRun()
    run.claim = 1.1
    let result = run.make()
    let summary = try #require(Summarizing.summaries(of: result).first)
    let claim = try #require(summary.claims.first)
    #expect(abs(try #require(claim.ratio) - 1 / 1.1) < 1e-9)
    #expect(claim.count == 3)
    let rates = result.minerRates
    #expect(rates.map(\.miner) == [0, 1])
    #expect(rates.reduce(0) { $0 + $1.shares } == summary.sharesFound)
    #expect(rates.allSatisfy { $0.lower < $0.rate.perSecond && $0.rate.perSecond < $0.upper })
    let sum = rates.reduce(0) { $0 + $1.rate.perSecond }
    #expect(abs(sum / summary.throughput.mean - 1) < 1e-9)
  }
}
