/// An instant on the monotonic clock that no time service slews (`CLOCK_MONOTONIC_RAW`), in nanoseconds.
package struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since an unspecified start, the same for one boot.
  package let nanoseconds: UInt64

  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  package static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The time from `earlier` to this instant; negative when `earlier` is later.
  package func since(_ earlier: Instant) -> Seconds {
    Seconds(Double(Int64(bitPattern: nanoseconds &- earlier.nanoseconds)) * 1e-9)
  }

  /// This instant moved by a non-negative duration.
  package func advanced(by duration: Seconds) -> Instant {
    Instant(nanoseconds: nanoseconds &+ UInt64((Swift.max(0, duration.value) * 1e9).rounded()))
  }

  /// The instant half way between two.
  package static func midpoint(_ first: Instant, _ second: Instant) -> Instant {
    let low = Swift.min(first.nanoseconds, second.nanoseconds)
    return Instant(nanoseconds: low + (Swift.max(first.nanoseconds, second.nanoseconds) - low) / 2)
  }
}

/// A duration in seconds.
package struct Seconds: Hashable, Comparable, Sendable {
  package let value: Double
  package init(_ value: Double) { self.value = value }
  package static func < (left: Seconds, right: Seconds) -> Bool { left.value < right.value }
  package static func + (left: Seconds, right: Seconds) -> Seconds {
    Seconds(left.value + right.value)
  }
  package static func - (left: Seconds, right: Seconds) -> Seconds {
    Seconds(left.value - right.value)
  }
  package static func * (left: Seconds, right: Double) -> Seconds { Seconds(left.value * right) }
}

/// Energy as the integer that counters give: microjoules.
package struct Microjoules: Hashable, Comparable, Sendable {
  package let value: UInt64
  package init(_ value: UInt64) { self.value = value }
  /// The same energy in joules.
  package var joules: Double { Double(value) * 1e-6 }
  package static func < (left: Microjoules, right: Microjoules) -> Bool {
    left.value < right.value
  }
  /// Mean power over a duration longer than zero.
  package static func / (energy: Microjoules, time: Seconds) -> Watts {
    Watts(energy.joules / time.value)
  }
}

/// Power in watts.
package struct Watts: Hashable, Comparable, Sendable {
  package let value: Double
  package init(_ value: Double) { self.value = value }
  package static func < (left: Watts, right: Watts) -> Bool { left.value < right.value }
}

/// A number of bytes.
package struct ByteCount: Hashable, Comparable, Sendable {
  package let value: UInt64
  package init(_ value: UInt64) { self.value = value }
  package static func < (left: ByteCount, right: ByteCount) -> Bool { left.value < right.value }
}
