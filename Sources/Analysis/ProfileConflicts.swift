package import Model

/// Where a file lies, and of what hardware it is a profile; nil for a result.
package struct RecordOrigin: Hashable, Sendable {
  package let path: String
  package let profiled: HardwareID?

  package init(path: String, profiled: HardwareID?) {
    self.path = path
    self.profiled = profiled
  }
}

/// Files that cannot both be right.
package enum ProfileConflicts {
  /// One sentence for each further profile of hardware that another file is a profile of.
  ///
  /// Files with the same bytes are not meant: they are one file that was copied.
  package static func sentences(_ origins: [RecordOrigin]) -> [String] {
    var first: [HardwareID: String] = [:]
    return origins.compactMap { origin in
      guard let hardware = origin.profiled else { return nil }
      guard let other = first[hardware] else {
        first[hardware] = origin.path
        return nil
      }
      return "\(other) and \(origin.path) are both profiles of \(hardware) and differ"
    }
  }
}
