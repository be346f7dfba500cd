internal import LinuxSystem
internal import Model

/// What this process took of the CPUs, with the processes that it started: the worker that drives a GPU is no other load.
struct OwnProcess {
  let ticks: Reading<StateValue>
  let involuntarySwitches: Reading<StateValue>

  init(_ reader: FactReader) {
    ticks = Self.ticks(reader)
    involuntarySwitches = Self.switches(reader)
  }

  private static func ticks(_ reader: FactReader) -> Reading<StateValue> {
    switch times(reader, "/proc/self/stat") {
    case .unavailable(let reason): return .unavailable(reason)
    case .value(let own):
      // One that ends in between is no child any more, and its time is in this process's own.
      let children = children(reader).compactMap { times(reader, "/proc/\($0)/stat").value }
      return .value(.integer(own + children.reduce(0, +)))
    }
  }

  /// CPU time of a process and of those of its children that have ended.
  private static func times(_ reader: FactReader, _ path: String) -> Reading<Int64> {
    switch reader.text(path) {
    case .unavailable(let reason): return .unavailable(reason)
    case .value(let text):
      // The name in parentheses may hold anything: count from after the last one. utime, stime, cutime and cstime are fields
      // 14 to 17.
      guard let end = text.lastIndex(of: ")"),
        case let fields = text[text.index(after: end)...].split(separator: " "),
        fields.count > 14, case let times = fields[11...14].compactMap({ Int64($0) }),
        times.count == 4
      else { return .unavailable(Reason(.malformed, "\(path) has no CPU times")) }
      return .value(times.reduce(0, +))
    }
  }

  /// Those that every thread has started and that live; none where the kernel does not list them.
  private static func children(_ reader: FactReader) -> [Int] {
    let folder = "/proc/self/task"
    let threads = (try? reader.root.names(folder)) ?? []
    return threads.flatMap { thread in
      (reader.text("\(folder)/\(thread)/children").value ?? "").split(separator: " ")
        .compactMap { Int($0) }
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
