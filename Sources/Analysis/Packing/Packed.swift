package import Model

/// A value that this program remembers as bytes.
///
/// The bytes are no format: whoever keeps them keeps beside them which program they are of, and gives them to no other. They are
/// read with every bound checked all the same, for a disk may have changed them.
package protocol Packed {
  func pack(into bytes: inout Packing)
  init(from bytes: inout Unpacking) throws(UnpackingProblem)
}

/// Bytes that are no packed value.
package struct UnpackingProblem: Error, Hashable, Sendable {
  package init() {}
}

/// Bytes that values are being packed into; a text that is among them already is not written again.
package struct Packing {
  fileprivate var bytes: [UInt8] = []
  /// Where in the order of the texts each is, from 1 on; by its bytes, for a string equals others that are written otherwise.
  private var texts: [[UInt8]: UInt64] = [:]

  package init() {}

  fileprivate mutating func append(_ byte: UInt8) { bytes.append(byte) }

  fileprivate mutating func append(_ text: String) {
    let own = Array(text.utf8)
    let known = texts[own]
    (known ?? 0).pack(into: &self)
    guard known == nil else { return }
    texts[own] = UInt64(texts.count + 1)
    UInt64(own.count).pack(into: &self)
    bytes += own
  }
}

/// Packed bytes that are being read.
package struct Unpacking {
  private let bytes: [UInt8]
  private var place = 0
  private var texts: [String] = []

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var isAtEnd: Bool { place == bytes.count }

  fileprivate mutating func byte() throws(UnpackingProblem) -> UInt8 {
    guard place < bytes.count else { throw UnpackingProblem() }
    defer { place += 1 }
    return bytes[place]
  }

  fileprivate mutating func next(_ count: UInt64) throws(UnpackingProblem) -> ArraySlice<UInt8> {
    guard count <= UInt64(bytes.count - place) else { throw UnpackingProblem() }
    defer { place += Int(count) }
    return bytes[place..<(place + Int(count))]
  }

  fileprivate mutating func text() throws(UnpackingProblem) -> String {
    let known = try UInt64(from: &self)
    guard known == 0 else {
      guard known <= UInt64(texts.count) else { throw UnpackingProblem() }
      return texts[Int(known - 1)]
    }
    let count = try UInt64(from: &self)
    let text = String(decoding: try next(count), as: UTF8.self)
    texts.append(text)
    return text
  }

  /// How many elements follow, each of one byte at least.
  fileprivate mutating func count() throws(UnpackingProblem) -> Int {
    let count = try UInt64(from: &self)
    guard count <= UInt64(bytes.count - place) else { throw UnpackingProblem() }
    return Int(count)
  }
}

/// A value whose parts are said once, for packing and for unpacking.
package protocol PackedParts: Packed {
  /// Every part in one order: how it is taken from a value.
  ///
  /// - Returns: the value made of what the parts gave.
  static func parts(_ part: inout some PartList<Self>) throws(UnpackingProblem) -> Self
}

/// What goes through the parts of a value one after the other.
package protocol PartList<Whole> {
  associatedtype Whole
  mutating func callAsFunction<Part: Packed>(
    _ get: (Whole) -> Part
  ) throws(UnpackingProblem) -> Part
}

private struct PartPacker<Whole>: PartList {
  let whole: Whole
  var bytes: Packing

  mutating func callAsFunction<Part: Packed>(_ get: (Whole) -> Part) -> Part {
    let part = get(whole)
    part.pack(into: &bytes)
    return part
  }
}

private struct PartUnpacker<Whole>: PartList {
  var bytes: Unpacking

  mutating func callAsFunction<Part: Packed>(
    _ get: (Whole) -> Part
  ) throws(UnpackingProblem) -> Part { try Part(from: &bytes) }
}

extension PackedParts {
  package func pack(into bytes: inout Packing) {
    var packer = PartPacker(whole: self, bytes: bytes)
    // The one above is the only one then, and grows in place.
    bytes = Packing()
    // What is packed is there, so that nothing can be wrong with it.
    _ = try? Self.parts(&packer)
    bytes = packer.bytes
  }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    var unpacker = PartUnpacker<Self>(bytes: bytes)
    self = try Self.parts(&unpacker)
    bytes = unpacker.bytes
  }
}

extension Packed {
  package var packed: [UInt8] {
    var packing = Packing()
    pack(into: &packing)
    return packing.bytes
  }

  /// The value of these bytes, all of them; nil where they are none.
  package static func unpacked(_ bytes: [UInt8]) -> Self? {
    var unpacking = Unpacking(bytes)
    guard let value = try? Self(from: &unpacking), unpacking.isAtEnd else { return nil }
    return value
  }
}

// MARK: - What everything is made of

extension UInt64: Packed {
  /// Seven bits a byte, the lowest first; all but the last have the eighth.
  package func pack(into bytes: inout Packing) {
    var rest = self
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    var value: UInt64 = 0
    for shift: UInt64 in stride(from: 0, to: 70, by: 7) {
      let byte = try bytes.byte()
      guard shift < 63 || byte <= 1 else { throw UnpackingProblem() }
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 {
        self = value
        return
      }
    }
    throw UnpackingProblem()
  }
}

extension UInt32: Packed {
  package func pack(into bytes: inout Packing) { UInt64(self).pack(into: &bytes) }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    guard let value = UInt32(exactly: try UInt64(from: &bytes)) else { throw UnpackingProblem() }
    self = value
  }
}

extension Int: Packed {
  package func pack(into bytes: inout Packing) {
    UInt64(bitPattern: Int64((self << 1) ^ (self >> (bitWidth - 1)))).pack(into: &bytes)
  }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    let value = try UInt64(from: &bytes)
    self = Int(Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1))
  }
}

extension Bool: Packed {
  package func pack(into bytes: inout Packing) { bytes.append(self ? 1 : 0) }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    let byte = try bytes.byte()
    guard byte <= 1 else { throw UnpackingProblem() }
    self = byte == 1
  }
}

extension Double: Packed {
  package func pack(into bytes: inout Packing) {
    for shift: UInt64 in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: bitPattern >> shift))
    }
  }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    var pattern: UInt64 = 0
    var shift: UInt64 = 0
    for byte in try bytes.next(8) {
      pattern |= UInt64(byte) << shift
      shift += 8
    }
    self.init(bitPattern: pattern)
  }
}

extension String: Packed {
  package func pack(into bytes: inout Packing) {
    bytes.append(self)
  }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) { self = try bytes.text() }
}

extension Optional: Packed where Wrapped: Packed {
  package func pack(into bytes: inout Packing) {
    (self != nil).pack(into: &bytes)
    self?.pack(into: &bytes)
  }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    self = try Bool(from: &bytes) ? Wrapped(from: &bytes) : nil
  }
}

extension Array: Packed where Element: Packed {
  package func pack(into bytes: inout Packing) {
    UInt64(count).pack(into: &bytes)
    for element in self { element.pack(into: &bytes) }
  }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    let count = try bytes.count()
    self = []
    reserveCapacity(count)
    for _ in 0..<count { append(try Element(from: &bytes)) }
  }
}

extension UInt8: Packed {
  package func pack(into bytes: inout Packing) { bytes.append(self) }
  package init(from bytes: inout Unpacking) throws(UnpackingProblem) { self = try bytes.byte() }
}

/// Equal values give equal bytes: the keys are in order.
extension Dictionary: Packed where Key: Packed & Comparable, Value: Packed {
  package func pack(into bytes: inout Packing) {
    UInt64(count).pack(into: &bytes)
    for (key, value) in sorted(by: { $0.key < $1.key }) {
      key.pack(into: &bytes)
      value.pack(into: &bytes)
    }
  }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    let count = try bytes.count()
    self.init(minimumCapacity: count)
    for _ in 0..<count {
      let key = try Key(from: &bytes)
      self[key] = try Value(from: &bytes)
    }
  }
}

/// Names: identifiers that files may carry others of, and enumerations.
extension Packed where Self: RawRepresentable, RawValue: Packed {
  package func pack(into bytes: inout Packing) { rawValue.pack(into: &bytes) }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    guard let value = Self(rawValue: try RawValue(from: &bytes)) else { throw UnpackingProblem() }
    self = value
  }
}

extension Reading: Packed where Value: Packed {
  package func pack(into bytes: inout Packing) {
    value.pack(into: &bytes)
    reason.pack(into: &bytes)
  }

  package init(from bytes: inout Unpacking) throws(UnpackingProblem) {
    let value = try Value?(from: &bytes)
    let reason = try Reason?(from: &bytes)
    switch (value, reason) {
    case (let value?, nil): self = .value(value)
    case (nil, let reason?): self = .unavailable(reason)
    default: throw UnpackingProblem()
    }
  }
}
