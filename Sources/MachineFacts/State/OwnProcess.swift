internal import LinuxSystem
internal import Model

/// What this process itself took of the CPUs.
struct OwnProcess {
  let ticks: Reading<StateValue>
  let involuntarySwitches: Reading<StateValue>

  init(_ reader: FactReader) {
    ticks = Self.ticks(reader)
    involuntarySwitches = Self.switches(reader)
  }

  private static func ticks(_ reader: FactReader) -> Reading<StateValue> {
    let path = "/proc/self/stat"
    return switch reader.text(path) {
    case .unavailable(let reason): .unavailable(reason)
    case .value(let text):
      // The name in parentheses may hold anything: count from after the last one. utime and stime are fields 14, 15.
      if let end = text.lastIndex(of: ")"),
        case let fields = text[text.index(after: end)...].split(separator: " "),
        fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12])
      {
        .value(.integer(user + system))
      } else {
        .unavailable(Reason(.malformed, "\(path) has no CPU times"))
      }
    }
  }

  /// Over the threads that live now; those of a finished session are gone, and their switches with them.
  private static func switches(_ reader: FactReader) -> Reading<StateValue> {
    let folder = "/proc/self/task"
    guard let threads = try? reader.root.names(folder), !threads.isEmpty else {
      return .unavailable(Reason(.absent, "there is no \(folder)"))
    }
    let counts = threads.compactMap { thread -> Int64? in
      reader.keyedIntegers("\(folder)/\(thread)/status").value?["nonvoluntary_ctxt_switches"]
    }
    guard !counts.isEmpty else {
      return .unavailable(Reason(.absent, "no thread tells its involuntary switches"))
    }
    return .value(.integer(counts.reduce(0, +)))
  }
}
