internal import Model

/// How much memory this process may still take.
package struct MemoryRoom: Hashable, Sendable {
  /// What limits it.
  package enum Limit: String, Hashable, Sendable {
    /// What the kernel reckons that programs can take without swapping (`MemAvailable`).
    case machine = "MemAvailable in /proc/meminfo"
    case controlGroup = "the control group's limit"
  }

  package let bytes: UInt64
  package let limit: Limit

  /// Nil where nothing is said of memory.
  package init?(_ reader: FactReader) {
    var rooms: [(bytes: UInt64, limit: Limit)] = []
    let kilobytes = reader.keyedIntegers(MachinePath.memoryInfo).value?["MemAvailable"]
    if let kilobytes, kilobytes >= 0 { rooms.append((UInt64(kilobytes) << 10, .machine)) }
    for folder in ControlGroups.folders(reader, "memory") {
      // Version 2, then version 1, whose "no limit" is a number beyond all memory.
      let limit =
        reader.integer(folder + "/memory.max").value
        ?? reader.integer(folder + "/memory.limit_in_bytes").value
      let used =
        reader.integer(folder + "/memory.current").value
        ?? reader.integer(folder + "/memory.usage_in_bytes").value
      if let limit, let used, limit > 0, limit < 1 << 60 {
        // Pages of files count as used and are given back when others are wanted.
        let files =
          reader.keyedIntegers(folder + "/memory.stat").value.flatMap {
            $0["inactive_file"] ?? $0["total_inactive_file"]
          } ?? 0
        rooms.append((UInt64(max(0, limit - used + max(0, files))), .controlGroup))
      }
    }
    guard let least = rooms.min(by: { $0.bytes < $1.bytes }) else { return nil }
    (bytes, limit) = least
  }
}

/// Free pages of the pool of huge pages that an administrator reserved.
package enum HugePagePool {
  /// Bytes of its free pages of 2 MiB; 0 where there is none.
  package static func freeBytes(_ reader: FactReader) -> UInt64 {
    let folder = "/sys/kernel/mm/hugepages/hugepages-2048kB"
    return UInt64(max(0, reader.integer(folder + "/free_hugepages").value ?? 0)) << 21
  }
}
