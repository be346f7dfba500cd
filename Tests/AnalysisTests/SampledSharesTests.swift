import Analysis
import Model
import TestSupport
import Testing

struct SampledSharesTests {
  @Test("a sample without a fault bounds the faults of all, by the rule of three")
  func bound() {
    #expect(SampledShares(128, hashed: 128).mostFalse == 0)
    #expect(SampledShares(128, hashed: 0).mostFalse == 1)
    // 3 / n of many.
    #expect(abs(SampledShares(10_000, hashed: 1000).mostFalse * 1000 - 2.9912) < 1e-3)
    #expect(
      SampledShares(400, hashed: 100).text.hasPrefix("100 of 400 (25.0 %) were hashed again"))
    #expect(SampledShares(400, hashed: 400).text == "all 400 were hashed again")
  }

  static func check(oneIn: UInt32, wrong: Int) throws -> Check {
    var run = ProvenMinerRun()
    run.convention = try #require(ShareConvention.usual(of: .randomx))
    run.hashedOneIn = oneIn
    run.attempts = 2220
    var result = run.make()
    for index in result.samples.indices {
      result.samples[index].proof?.refused.wrongHashes = wrong
    }
    return try #require(SampleChecks.checks(of: result).first { $0.name == .hashedShares })
  }

  static let cases: [(UInt32, Int, CheckVerdict, String)] = [
    (1, 0, .pass, "were hashed again"), (1, 3, .unknown, "3 shares had another hash"),
    (2, 0, .pass, "can be false"), (2, 1, .fail, "as large a part is wrong and was counted"),
    (64, 0, .unknown, "can be false"),
  ]

  @Test(
    "the check says which part was hashed, and fails where others that were not are as wrong",
    arguments: cases)
  func verdict(oneIn: UInt32, wrong: Int, verdict: CheckVerdict, text: String) throws {
    let check = try Self.check(oneIn: oneIn, wrong: wrong)
    #expect(check.verdict == verdict, "\(check.message)")
    #expect(check.message.contains(text), "\(check.message)")
  }

  @Test("a miner of Stratum V1, of which every share is hashed, has no such check")
  func stratumV1() {
    let checks = SampleChecks.checks(of: ProvenMinerRun().make())
    #expect(!checks.contains { $0.name == .hashedShares })
  }
}
