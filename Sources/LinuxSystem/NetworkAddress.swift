internal import Glibc

/// An address of the Internet Protocol, version 4 or 6.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
  /// 4 or 16, in network order.
  package let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Nil for what is no numeric address.
  package init?(_ text: String) {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      let status = unsafe bytes.withUnsafeMutableBytes {
        unsafe inet_pton(family, text, $0.baseAddress)
      }
      if status == 1 {
        self.bytes = bytes
        return
      }
    }
    return nil
  }

  package var description: String {
    var text = [CChar](repeating: 0, count: 64)
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    let end = text.count
    let isWritten = unsafe text.withUnsafeMutableBufferPointer { buffer in
      unsafe bytes.withUnsafeBytes {
        unsafe inet_ntop(family, $0.baseAddress, buffer.baseAddress, socklen_t(end)) != nil
      }
    }
    guard isWritten else { return "?" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// `0.0.0.0` or `::`, which stand for every interface.
  package var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }
  /// `fe80::/10`, which means something together with an interface only.
  package var isLinkLocal: Bool { bytes.count == 16 && bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80 }
  package var isLoopback: Bool {
    bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
  }
}

/// Addresses that begin alike: `192.0.2.0/24`.
package struct NetworkPrefix: Hashable, Sendable, CustomStringConvertible {
  package let address: NetworkAddress
  /// Bits that are alike.
  package let length: Int

  init(address: NetworkAddress, length: Int) {
    self.address = address
    self.length = length
  }

  /// Nil for what is no `ADDRESS/BITS`.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = NetworkAddress(String(parts[0])),
      let length = Int(parts[1]), (0...8 * address.bytes.count).contains(length)
    else { return nil }
    self.init(address: address, length: length)
  }

  package var description: String { "\(address)/\(length)" }

  package func contains(_ other: NetworkAddress) -> Bool {
    guard other.bytes.count == address.bytes.count else { return false }
    for (index, pair) in zip(address.bytes, other.bytes).enumerated() {
      let bits = min(8, max(0, length - 8 * index))
      let mask = UInt8(truncatingIfNeeded: 0xff << (8 - bits))
      if pair.0 & mask != pair.1 & mask { return false }
    }
    return true
  }
}

/// An address of this machine that can be listened on, with the link that it is on.
package struct NetworkInterface: Hashable, Sendable {
  package let name: String
  package let address: NetworkAddress
  package let prefix: NetworkPrefix

  /// Every interface that is up, one entry for each address, in the system's order.
  package static func all() -> [NetworkInterface] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard unsafe getifaddrs(&list) == 0 else { return [] }
    defer { unsafe freeifaddrs(list) }
    var found: [NetworkInterface] = []
    var next = unsafe list
    while let entry = unsafe next {
      let interface = unsafe entry.pointee
      unsafe next = interface.ifa_next
      guard unsafe interface.ifa_flags & UInt32(IFF_UP) != 0,
        let address = unsafe interface.ifa_addr.flatMap({ unsafe bytes(of: $0) }),
        let mask = unsafe interface.ifa_netmask.flatMap({ unsafe bytes(of: $0) }),
        address.count == mask.count
      else { continue }
      let own = NetworkAddress(bytes: address)
      found.append(
        NetworkInterface(
          name: unsafe String(cString: interface.ifa_name), address: own,
          prefix: NetworkPrefix(
            address: own, length: mask.reduce(0) { $0 + $1.nonzeroBitCount })))
    }
    return found
  }

  private static func bytes(of address: UnsafeMutablePointer<sockaddr>) -> [UInt8]? {
    switch unsafe CInt(address.pointee.sa_family) {
    case AF_INET:
      unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { inner in
        unsafe withUnsafeBytes(of: inner.pointee.sin_addr) { unsafe Array($0) }
      }
    case AF_INET6:
      unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { inner in
        unsafe withUnsafeBytes(of: inner.pointee.sin6_addr) { unsafe Array($0) }
      }
    default: nil
    }
  }
}
