package import Model

/// A proof as a kernel reports it.
package struct FoundProof: Hashable, Sendable {
  package let nonce: UInt32
  /// As many bytes as the algorithm's shape says.
  package let payload: [UInt8]

  package init(nonce: UInt32, payload: [UInt8] = []) {
    self.nonce = nonce
    self.payload = payload
  }
}

/// What one call of a kernel did.
package struct ScanCounts: Hashable, Sendable {
  /// Proofs that meet the target; when they exceed the room, only the first ones were stored.
  package var found: UInt64
  /// Attempts from the first nonce on: all of the work's, or fewer when the call was stopped.
  package var attempts: UInt64
  /// Units of work in those attempts.
  package var units: UInt64

  package init(found: UInt64, attempts: UInt64, units: UInt64) {
    self.found = found
    self.attempts = attempts
    self.units = units
  }
}

/// Room for the records that a kernel writes: a nonce and a payload each, one behind the other.
package struct ProofRoom: Sendable {
  /// Words, because records begin at a multiple of 8.
  private var words: [UInt64]
  package let recordSize: Int
  /// How many records fit.
  package let capacity: Int

  /// Room for so many records of an algorithm of that shape.
  package init(capacity: Int, _ shape: WorkShape) {
    recordSize = shape.recordSize
    self.capacity = capacity
    words = [UInt64](repeating: 0, count: (capacity * recordSize + 7) / 8)
  }

  /// One record.
  package subscript(index: Int) -> FoundProof {
    precondition(index < capacity, "the record exists")
    return unsafe words.withUnsafeBytes { bytes in
      let start = index * recordSize
      var nonce: UInt32 = 0
      for place in (0..<WorkShape.nonceSize).reversed() {
        nonce = unsafe nonce << 8 | UInt32(bytes[start + place])
      }
      let payload = unsafe Array(bytes[start + WorkShape.nonceSize..<start + recordSize])
      return FoundProof(nonce: nonce, payload: payload)
    }
  }

  /// The first records, as many as were found and have room.
  package func proofs(_ found: UInt64) -> [FoundProof] {
    (0..<min(capacity, Int(clamping: found))).map { self[$0] }
  }

  package mutating func store(_ proof: FoundProof, at index: Int) {
    precondition(index < capacity, "the record exists")
    precondition(
      proof.payload.count == recordSize - WorkShape.nonceSize, "the payload has its size")
    var record: [UInt8] = []
    for place in 0..<WorkShape.nonceSize {
      record.append(UInt8(truncatingIfNeeded: proof.nonce >> (8 * place)))
    }
    record += proof.payload
    let start = index * recordSize
    unsafe words.withUnsafeMutableBytes { (bytes: UnsafeMutableRawBufferPointer) in
      for (place, byte) in record.enumerated() { unsafe bytes[start + place] = byte }
    }
  }

  /// Every byte becomes this one.
  package mutating func fill(_ byte: UInt8) {
    let word = UInt64(byte) &* 0x0101_0101_0101_0101
    for index in words.indices { words[index] = word }
  }

  /// Whether every byte of these records is this one.
  package func holds(_ byte: UInt8, in records: Range<Int>) -> Bool {
    let range = records.lowerBound * recordSize..<records.upperBound * recordSize
    return unsafe words.withUnsafeBytes { bytes in
      for place in range where unsafe bytes[place] != byte { return false }
      return true
    }
  }

  internal mutating func withUnsafeRecords<Result>(
    _ body: (UnsafeMutableRawPointer?) -> Result
  ) -> Result {
    unsafe words.withUnsafeMutableBytes { unsafe body($0.baseAddress) }
  }
}
