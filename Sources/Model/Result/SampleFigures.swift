/// The numbers of a sample that follow from its spans and instants.
///
/// A file states them for readers that do not derive; `verify` compares the two.
package struct SampleFigures: Hashable, Sendable {
  /// Units of work: those of the spans, or as proven, rounded.
  package var units: UInt64
  package var duration: Seconds
  /// Work per second; nil for windows without hashing.
  package var throughput: Double?

  package init(units: UInt64, duration: Seconds, throughput: Double?) {
    self.units = units
    self.duration = duration
    self.throughput = throughput
  }
}

extension Sample {
  /// As derived from spans and instants.
  package var figures: SampleFigures {
    SampleFigures(
      units: proven.map { UInt64($0.units.rounded()) } ?? units, duration: duration,
      throughput: kind == .load ? throughput : nil)
  }
}
