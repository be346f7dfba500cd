import Analysis
import Model
import Testing

/// Why a card's clock was lowered is judged in the windows of that card and of no other.
struct DeviceThrottlingTests {
  private let card = DeviceID(rawValue: "pci:0000:65:00.0")

  private func check(
    _ before: String?, _ after: String?, of subject: DeviceID? = nil, series device: DeviceID? = nil
  ) -> Check? {
    func state(_ reasons: String?) -> MachineState {
      var facts: [StateFact: Reading<StateValue>] = [:]
      facts[StateFact.throttleReasons.of(subject ?? card)] = reasons.map { .value(.text($0)) }
      return MachineState(instant: Instant(nanoseconds: 1), unixTime: 0, facts: facts)
    }
    func instants(_ second: UInt64) -> SnapshotInstants {
      let instant = Instant(nanoseconds: second * 1_000_000_000)
      return SnapshotInstants(first: instant, second: instant, third: instant)
    }
    var sample = Sample(
      kind: .load,
      series: SeriesID(
        algorithm: .sha256d, device: device ?? card, kernel: KernelID(rawValue: "ptx-late"),
        placement: PlacementName(.queue, workers: 2)), unit: .hash, repeatIndex: 0,
      start: instants(1), end: instants(11), spans: [], energy: [], shares: [], trace: [])
    sample.stateBefore = state(before)
    sample.stateAfter = state(after)
    return WindowChecks.checks(of: sample, at: 0, target: nil, meters: []).first {
      $0.name == .deviceThrottling
    }
  }

  @Test("nothing to do, and the limits that its owner set, are ordinary")
  func ordinary() {
    #expect(check("", "")?.verdict == .pass)
    #expect(check("idle", "power-cap,application-clocks")?.verdict == .pass)
  }

  @Test(
    "heat or the board's own protection fails, if only at one end",
    arguments: ["thermal", "power-brake", "other"])
  func bad(reason: String) {
    #expect(check("idle", "power-cap,\(reason)")?.verdict == .fail)
    #expect(check(reason, "")?.message.contains(reason) == true)
  }

  @Test("no check without the facts, of another card, or of the CPU's windows")
  func absent() {
    #expect(check(nil, "thermal") == nil)
    #expect(check("thermal", "thermal", of: DeviceID(rawValue: "pci:0000:66:00.0")) == nil)
    #expect(check("thermal", "thermal", series: .cpu) == nil)
  }
}
