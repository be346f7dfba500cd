/// The configuration space of a PCI function, as far as it could be read.
struct PCIConfiguration: Hashable {
  /// 64 to 4096 bytes.
  let bytes: [UInt8]

  /// Nil for less than the 64 bytes of a header, or for one that only answers with ones.
  ///
  /// A virtual function shows ones as its vendor and device, and the rest as it is.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 64, bytes[0..<64].contains(where: { $0 != 0xff }) else { return nil }
    self.bytes = bytes
  }

  /// Whether the header is that of an ordinary device, not of a bridge.
  var isOrdinary: Bool { bytes[0x0e] & 0x7f == 0 }

  /// The bus below a bridge; nil for other devices.
  var secondaryBus: UInt8? { bytes[0x0e] & 0x7f == 1 ? bytes[0x19] : nil }

  /// The kind of a PCI Express port: 4 root port, 5 upstream and 6 downstream port of a switch.
  var portType: Int? { capability(0x10).flatMap { word($0 + 2) }.map { Int($0 >> 4 & 0xf) } }

  func word(_ offset: Int) -> UInt16? {
    guard offset >= 0, offset + 2 <= bytes.count else { return nil }
    return UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }

  func long(_ offset: Int) -> UInt32? {
    guard let low = word(offset), let high = word(offset + 2) else { return nil }
    return UInt32(low) | UInt32(high) << 16
  }

  /// The place of a capability; nil where there is none or it cannot be seen.
  func capability(_ id: UInt8) -> Int? {
    guard let status = word(0x06), status & 0x10 != 0 else { return nil }
    var position = Int(bytes[0x34] & 0xfc)
    // A broken list may run in a circle: there is room for 48 capabilities.
    for _ in 0..<48 where position >= 0x40 && position + 2 <= min(bytes.count, 256) {
      if bytes[position] == id { return position }
      position = Int(bytes[position + 1] & 0xfc)
    }
    return nil
  }

  /// The place of an extended capability; nil where there is none or it cannot be seen.
  func extendedCapability(_ id: UInt16) -> Int? {
    var position = 0x100
    for _ in 0..<960 {
      guard position >= 0x100, let header = long(position), header != 0, header != .max else {
        return nil
      }
      if UInt16(truncatingIfNeeded: header) == id { return position }
      position = Int(header >> 20 & 0xffc)
    }
    return nil
  }

  /// Whether the capabilities could be read at all: everybody may read only the first 64 bytes.
  var showsCapabilities: Bool { bytes.count > 64 }

  /// The PCI Express link.
  var link: PCILink? {
    guard let express = capability(0x10), let flags = word(express + 2),
      let capabilities = long(express + 0x0c), let status = word(express + 0x12)
    else { return nil }
    // Devices inside a root complex have no link; their registers hold zeros.
    let type = UInt8(flags >> 4 & 0xf)
    guard type != 9, type != 10 else { return nil }
    return PCILink(
      best: PCILink.State(
        speed: Int(capabilities & 0xf), width: Int(capabilities >> 4 & 0x3f)),
      now: PCILink.State(speed: Int(status & 0xf), width: Int(status >> 4 & 0x3f)))
  }

  /// How many virtual functions are switched on, and how far their numbers lie from this one's and from one another.
  var virtualFunctions: (count: Int, offset: Int, stride: Int)? {
    guard let start = extendedCapability(0x10), let control = word(start + 0x08), control & 1 == 1,
      let count = word(start + 0x10), let offset = word(start + 0x14),
      let stride = word(start + 0x16)
    else { return nil }
    return (Int(count), Int(offset), Int(stride))
  }

  /// Bytes that each resizable region has now, by region; empty where none is resizable or it cannot be seen.
  var resizableRegions: [Int: ResizableRegion] {
    guard let start = extendedCapability(0x15), let first = long(start + 8) else { return [:] }
    var regions: [Int: ResizableRegion] = [:]
    for index in 0..<max(1, min(6, Int(first >> 5 & 7))) {
      guard let sizes = long(start + 4 + 8 * index), let control = long(start + 8 + 8 * index)
      else { break }
      let exponent = Int(control >> 8 & 0x3f)
      let possible = sizes >> 4
      guard exponent < 44, control & 7 < 6 else { continue }
      let largest = (0..<28).last { possible >> UInt32($0) & 1 == 1 }
      regions[Int(control & 7)] = ResizableRegion(
        now: 1 << (20 + UInt64(exponent)), best: largest.map { 1 << (20 + UInt64($0)) })
    }
    return regions
  }
}

/// A region whose size the firmware may choose.
struct ResizableRegion: Hashable {
  var now: UInt64
  var best: UInt64?
}

/// Speed and width of a PCI Express link, now and at best.
struct PCILink: Hashable {
  struct State: Hashable {
    /// 1 for 2.5 GT/s, 2 for 5 GT/s, 3 for 8 GT/s, ...
    var speed: Int
    /// Number of lanes; 0 for a link that is down.
    var width: Int

    /// `16GT/s x16`.
    var text: String { "\(PCILink.speedNames[speed] ?? "unknown speed") x\(width)" }
  }

  var best: State
  var now: State

  static let speedNames: [Int: String] = [
    1: "2.5GT/s", 2: "5GT/s", 3: "8GT/s", 4: "16GT/s", 5: "32GT/s", 6: "64GT/s",
  ]
}
