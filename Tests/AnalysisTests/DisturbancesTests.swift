import Analysis
import Model
import Testing

struct DisturbancesTests {
  @Test(
    "a share beyond its limit is written with the digits that tell the two apart",
    arguments: [
      (100, CheckVerdict.pass, "gave 0.10 % of"), (101, .fail, "gave 0.101 % of"),
      (150, .fail, "gave 0.15 % of"), (0, .pass, "gave 0.00 % of"),
    ])
  func steal(ticks: Int64, verdict: CheckVerdict, words: String) throws {
    func state(_ stolen: Int64, _ total: Int64) -> MachineState {
      MachineState(
        instant: Instant(nanoseconds: 0), unixTime: 0,
        facts: [
          StateFact.stealTicks: .value(.integer(stolen)),
          StateFact.totalTicks: .value(.integer(total)),
        ])
    }
    let checks = Disturbances.checks(state(0, 0), state(ticks, 100_000))
    let check = try #require(checks.first { $0.name == CheckName.stealTime })
    #expect(check.verdict == verdict)
    #expect(check.message.contains(words))
    #expect(check.message.hasSuffix("(limit 0.10 %)"))
  }
}
