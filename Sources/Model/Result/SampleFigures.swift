/// The numbers of a sample that follow from its spans and instants.
///
/// A file states them for readers that do not derive; `verify` compares the two.
package struct SampleFigures: Hashable, Sendable {
  package var hashes: UInt64
  package var duration: Seconds
  /// Hashes per second; nil for windows without hashing.
  package var throughput: Double?

  package init(hashes: UInt64, duration: Seconds, throughput: Double?) {
    self.hashes = hashes
    self.duration = duration
    self.throughput = throughput
  }
}

extension Sample {
  /// As derived from spans and instants.
  package var figures: SampleFigures {
    SampleFigures(
      hashes: hashes, duration: duration, throughput: kind == .load ? throughput : nil)
  }
}
