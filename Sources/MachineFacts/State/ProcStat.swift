internal import Model

/// The CPU line and the counters of `/proc/stat`.
struct ProcStat {
  let busy: Reading<StateValue>
  let steal: Reading<StateValue>
  let total: Reading<StateValue>
  let contextSwitches: Reading<StateValue>
  let processes: Reading<StateValue>

  init(_ reader: FactReader) {
    let path = "/proc/stat"
    switch reader.text(path) {
    case .unavailable(let reason):
      let none = Reading<StateValue>.unavailable(reason)
      (busy, steal, total) = (none, none, none)
      (contextSwitches, processes) = (none, none)
    case .value(let text):
      let lines = text.split(separator: "\n")
      // user nice system idle iowait irq softirq steal guest guest_nice; guest is within user.
      let ticks =
        lines.first { $0.hasPrefix("cpu ") }?.split(separator: " ").dropFirst().compactMap {
          Int64($0)
        } ?? []
      let missing = Reading<StateValue>.unavailable(
        Reason(.malformed, "\(path) has no line of CPU ticks"))
      func sum(_ places: [Int]) -> Reading<StateValue> {
        guard places.allSatisfy({ ticks.indices.contains($0) }) else { return missing }
        return .value(.integer(places.reduce(0) { $0 + ticks[$1] }))
      }
      busy = sum([0, 1, 2, 5, 6])
      steal = sum([7])
      total = sum([0, 1, 2, 3, 4, 5, 6, 7])
      let counters = FactReader.keyedIntegers(text)
      func counter(_ name: Substring) -> Reading<StateValue> {
        counters[name].map { .value(.integer($0)) }
          ?? .unavailable(Reason(.absent, "\(path) has no \(name)"))
      }
      contextSwitches = counter("ctxt")
      processes = counter("processes")
    }
  }
}
