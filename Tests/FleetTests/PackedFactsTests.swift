import Analysis
import Fleet
import Model
import TestSupport
import Testing

/// What an index remembers for a fleet is all that a fleet asks of a result.
struct PackedFactsTests {
  @Test("facts and identity of a node come back with every property")
  func roundTrip() {
    var result = SampleResult().make()
    result.machine.operatingSystem.kernelRelease = .value("6.1.0")
    for index in result.samples.indices {
      result.samples[index].stateBefore = MachineState(
        instant: Instant(nanoseconds: 1), unixTime: 1,
        facts: [.bootID: .value(.text("b")), .governor: .value(.text("performance"))])
      result.samples[index].stateAfter = MachineState(
        instant: Instant(nanoseconds: 2), unixTime: 2,
        facts: [.temperature: .value(.integer(71_500)), .frequency: .value(.integer(3_000_000))])
    }
    result.checks.append(Check(name: .throttling, verdict: .fail, message: "it did"))
    let facts = NodeFacts(result)
    #expect(facts.bootID == "b" && facts.temperature == 71.5 && facts.clock == 3e9)
    #expect(!facts.failedChecks.isEmpty && facts.texts.count > 3)
    #expect(NodeFacts.unpacked(facts.packed) == facts)
    let identity = SisterIdentity(result)
    #expect(SisterIdentity.unpacked(identity.packed) == identity)
    for length in facts.packed.indices {
      #expect(NodeFacts.unpacked(Array(facts.packed[..<length])) == nil)
    }
  }
}
