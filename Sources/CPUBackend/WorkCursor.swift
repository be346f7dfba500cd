package import Model

/// Where a worker is in its endless range: sequence numbers of headers, as many nonces each as a word numbers.
package struct WorkCursor: Hashable, Sendable {
  /// The work of one call of the kernel.
  package struct Part: Hashable, Sendable {
    package let sequence: UInt32
    package let firstNonce: UInt32
    package let count: UInt64
  }

  /// The next nonce to scan; nil when all 2^64 positions are used up.
  package private(set) var position: WorkPosition?

  package init(sequence: UInt32) { position = WorkPosition(sequence: sequence, nonce: 0) }

  /// The part of at most `batch` nonces that comes next, all of one header.
  package func next(_ batch: UInt64) -> Part? {
    guard let position else { return nil }
    let left = WorkShape.attemptsPerSequence - UInt64(position.nonce)
    return Part(
      sequence: position.sequence, firstNonce: position.nonce, count: min(max(1, batch), left))
  }

  /// Goes behind a part that has been scanned.
  ///
  /// Of a call that was stopped only the attempts that were done count.
  package mutating func advance(over part: Part, attempts: UInt64? = nil) {
    let start = WorkPosition(sequence: part.sequence, nonce: part.firstNonce)
    let (value, overflow) = start.value.addingReportingOverflow(attempts ?? part.count)
    position = overflow ? nil : WorkPosition(value)
  }
}
