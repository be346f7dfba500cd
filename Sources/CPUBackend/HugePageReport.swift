internal import LinuxSystem

/// Finds out what the system made of a request for huge pages.
package enum HugePageReport {
  /// The word for all workers together: that of the worst placed one.
  ///
  /// `not-needed`, `granted` (from the reserved pool), `transparent` (all of it on transparent huge pages), or
  /// `refused` (at least a part of some worker's scratch lies on ordinary pages).
  static func text(_ placements: [ScratchPlacement], root: SystemRoot) -> String {
    let mappings = placements.contains(where: \.isAdvised) ? readMappings(root) : []
    let ranks = placements.map { placement in
      switch placement {
      case .notNeeded: 0
      case .granted: 1
      case .advised(let addresses): isHuge(addresses, mappings) ? 2 : 3
      case .refused: 3
      }
    }
    return ["not-needed", "granted", "transparent", "refused"][ranks.max() ?? 0]
  }

  /// How many bytes at some addresses lie on huge pages; nil where the system does not tell.
  static func hugeBytes(_ addresses: [Range<UInt>], root: SystemRoot) -> UInt64? {
    let mappings = readMappings(root)
    guard !mappings.isEmpty else { return nil }
    return addresses.reduce(0) { sum, range in
      let own = mappings.filter { $0.addresses.overlaps(range) }.reduce(0) { $0 + $1.hugeBytes }
      return sum + UInt64(min(own, UInt(range.count)))
    }
  }

  /// One mapping of `/proc/self/smaps`.
  package struct Mapping: Hashable, Sendable {
    package let addresses: Range<UInt>
    /// Bytes of it on transparent huge pages.
    package var hugeBytes: UInt
  }

  /// The mappings in the text of an `smaps` file.
  package static func mappings(in text: String) -> [Mapping] {
    var mappings: [Mapping] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("AnonHugePages:") {
        let number = line.split(separator: " ").dropFirst().first.flatMap { UInt($0) }
        if !mappings.isEmpty { mappings[mappings.count - 1].hugeBytes = (number ?? 0) * 1024 }
        continue
      }
      let bounds = line.prefix { $0 != " " }.split(separator: "-")
      if bounds.count == 2, let low = UInt(bounds[0], radix: 16),
        let high = UInt(bounds[1], radix: 16), low < high
      {
        mappings.append(Mapping(addresses: low..<high, hugeBytes: 0))
      }
    }
    return mappings
  }

  /// Whether every byte of a range lies on huge pages.
  ///
  /// Neighbouring ranges of several workers may be one mapping; then all of it must be huge.
  package static func isHuge(_ addresses: Range<UInt>, _ mappings: [Mapping]) -> Bool {
    let parts = mappings.filter { $0.addresses.overlaps(addresses) }
    return !parts.isEmpty && parts.allSatisfy { $0.hugeBytes >= UInt($0.addresses.count) }
  }

  private static func readMappings(_ root: SystemRoot) -> [Mapping] {
    // Without the file nothing shows that the request was followed.
    guard let text = try? root.text("/proc/self/smaps", limit: 64 << 20) else { return [] }
    return mappings(in: text)
  }
}

extension ScratchPlacement {
  fileprivate var isAdvised: Bool { if case .advised = self { true } else { false } }
}
