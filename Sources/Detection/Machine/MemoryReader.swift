internal import LinuxSystem
internal import MachineFacts
internal import Model

/// Size, type and speed of main memory.
enum MemoryReader {
  static func read(_ reader: FactReader?, facts: TopologyFacts?) -> Reading<MemoryDescription> {
    // The kernel counts the memory of coherent GPUs with its own.
    let foreign = facts?.gpuMemoryNodes.compactMap { $0.memory.value?.value }.reduce(0, +) ?? 0
    guard
      let all = total(reader) ?? facts.flatMap({ $0.totalMemory > 0 ? $0.totalMemory : nil }),
      case let total = all > foreign ? all - foreign : all
    else {
      return .unavailable(
        reader?.text("/proc/meminfo").reason ?? .notCaptured("the size of main memory"))
    }
    let modules = reader.map { MemoryModules.read($0) }
    let absent = Reason.notCaptured("the memory modules' description")
    return .value(
      MemoryDescription(
        total: ByteCount(total), type: modules?.type ?? .unavailable(absent),
        speedMTps: modules?.speed ?? .unavailable(absent)))
  }

  /// `MemTotal`: what the kernel has, a little less than what is installed.
  private static func total(_ reader: FactReader?) -> UInt64? {
    guard let text = reader?.text("/proc/meminfo").value else { return nil }
    for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("MemTotal:") {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.count >= 2, let kibibytes = UInt64(words[1]), kibibytes > 0, kibibytes < 1 << 50 {
        return kibibytes * 1024
      }
    }
    return nil
  }
}
