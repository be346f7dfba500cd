internal import CLinuxShims
internal import Glibc

/// A listening TCP socket on one address of this machine.
package struct TCPListener: ~Copyable, Sendable {
  private let socket: FileDescriptor
  /// The port that it listens on: the one that was asked for, or a free one where that was 0.
  package let port: UInt16

  /// The number that `poll` knows it by; valid while this value lives.
  package var number: CInt { socket.number }

  /// Port 0 stands for a free one.
  package init(_ address: NetworkAddress, port: UInt16) throws(SystemError) {
    let opened = FileDescriptor.adopting(
      Glibc.socket(
        address.bytes.count == 4 ? AF_INET : AF_INET6,
        CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0),
      name: "\(address) port \(port)")
    self.port = try Self.listen(opened.number, address, port)
    socket = opened
  }

  /// Why an address and port could not be listened on now; nil where they could.
  ///
  /// Nothing is opened: the port is bound for a moment, and not listened on.
  package static func obstacle(_ address: NetworkAddress, port: UInt16) -> SystemError? {
    let probe = FileDescriptor.adopting(
      Glibc.socket(
        address.bytes.count == 4 ? AF_INET : AF_INET6,
        CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0), name: "\(address)")
    guard probe.number >= 0,
      unsafe withAddress(address, port, { unsafe bind(probe.number, $0, $1) }) == 0
    else {
      return SystemError(errno: .current, operation: "listen on", path: "\(address) port \(port)")
    }
    return nil
  }

  /// - Returns: the port.
  private static func listen(
    _ number: CInt, _ address: NetworkAddress, _ port: UInt16
  ) throws(SystemError) -> UInt16 {
    func failed() -> SystemError {
      SystemError(errno: .current, operation: "listen on", path: "\(address) port \(port)")
    }
    guard number >= 0 else { throw failed() }
    var yes: CInt = 1
    // A port that a run before this one used is free at once.
    _ = unsafe setsockopt(
      number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
    guard unsafe withAddress(address, port, { unsafe bind(number, $0, $1) }) == 0,
      Glibc.listen(number, 64) == 0
    else { throw failed() }
    var bound = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = unsafe withUnsafeMutablePointer(to: &bound) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(number, $0, &length)
      }
    }
    guard status == 0 else { throw failed() }
    return Self.port(of: &bound)
  }

  /// What looking for the next connection came to.
  package enum Accepted: ~Copyable {
    case connection(AcceptedConnection)
    /// Nobody waits, or who did is gone.
    case nobody
    /// Somebody may wait, but no descriptor is left: `poll` goes on to say that somebody does.
    case exhausted
  }

  /// The next connection that waits; it does not block, and neither does this.
  package borrowing func accept() -> Accepted {
    var peer = sockaddr_storage()
    var length = CUnsignedInt(MemoryLayout<sockaddr_storage>.size)
    let number = unsafe hw_linux_accept(socket.number, &peer, &length)
    guard number >= 0 else {
      return [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) ? .exhausted : .nobody
    }
    let adopted = FileDescriptor.adopting(number, name: "a miner")
    var yes: CInt = 1
    // A share's answer of some bytes must not wait for more.
    _ = unsafe setsockopt(
      number, CInt(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<CInt>.size))
    return .connection(AcceptedConnection(socket: adopted, peer: Self.address(of: &peer)))
  }

  private static func withAddress(
    _ address: NetworkAddress, _ port: UInt16,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
  ) -> CInt {
    if address.bytes.count == 4 {
      var inner = sockaddr_in()
      inner.sin_family = sa_family_t(AF_INET)
      inner.sin_port = port.bigEndian
      unsafe withUnsafeMutableBytes(of: &inner.sin_addr) {
        unsafe $0.copyBytes(from: address.bytes)
      }
      return unsafe withUnsafePointer(to: &inner) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    var inner = sockaddr_in6()
    inner.sin6_family = sa_family_t(AF_INET6)
    inner.sin6_port = port.bigEndian
    unsafe withUnsafeMutableBytes(of: &inner.sin6_addr) { unsafe $0.copyBytes(from: address.bytes) }
    return unsafe withUnsafePointer(to: &inner) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
      }
    }
  }

  private static func port(of storage: inout sockaddr_storage) -> UInt16 {
    // Both forms of address have their port at the same place.
    unsafe withUnsafeBytes(of: &storage) { unsafe UInt16($0[2]) << 8 | UInt16($0[3]) }
  }

  private static func address(of storage: inout sockaddr_storage) -> NetworkAddress {
    let isFour = CInt(storage.ss_family) == AF_INET
    return unsafe withUnsafeBytes(of: &storage) { bytes in
      NetworkAddress(bytes: unsafe Array(isFour ? bytes[4..<8] : bytes[8..<24]))
    }
  }
}

/// A connection with the address that it came from.
package struct AcceptedConnection: ~Copyable {
  package let socket: FileDescriptor
  package let peer: NetworkAddress
}

/// What to wait for on one descriptor, and what came.
package struct PollEntry: Sendable {
  package let number: CInt
  package var wantsRead: Bool
  package var wantsWrite: Bool
  package var canRead = false
  package var canWrite = false
  /// The other side is gone, or the descriptor is none.
  package var isBroken = false

  package init(_ number: CInt, read: Bool, write: Bool) {
    self.number = number
    wantsRead = read
    wantsWrite = write
  }

  /// Waits until one of the entries has something, for at most `milliseconds`.
  package static func wait(_ entries: inout [PollEntry], milliseconds: Int) {
    var list = entries.map { entry in
      pollfd(
        fd: entry.number,
        events: Int16((entry.wantsRead ? POLLIN : 0) | (entry.wantsWrite ? POLLOUT : 0)), revents: 0
      )
    }
    let count = unsafe list.withUnsafeMutableBufferPointer {
      unsafe poll($0.baseAddress, nfds_t($0.count), CInt(milliseconds))
    }
    guard count > 0 else { return }
    for index in entries.indices {
      let events = CInt(list[index].revents)
      entries[index].canRead = events & POLLIN != 0
      entries[index].canWrite = events & POLLOUT != 0
      // What arrived before the other side went is read first.
      entries[index].isBroken = events & (POLLERR | POLLHUP | POLLNVAL) != 0 && events & POLLIN == 0
    }
  }
}

extension FileDescriptor {
  /// What reading without waiting came to.
  package enum Received: Equatable {
    case bytes([UInt8])
    case nothing
    case end
  }

  /// Reads what has arrived, at most `limit` bytes, without waiting.
  package borrowing func receive(limit: Int) -> Received {
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe recv(number, $0.baseAddress, $0.count, CInt(MSG_DONTWAIT))
    }
    if count > 0 { return .bytes(Array(bytes.prefix(count))) }
    if count < 0, [EAGAIN, EWOULDBLOCK, EINTR].contains(errno) { return .nothing }
    return .end
  }

  /// Sends as much as fits without waiting; how much, or nil once the other side is gone.
  package borrowing func send(_ bytes: [UInt8]) -> Int? {
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(
        number, $0.baseAddress, $0.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
    }
    if count >= 0 { return count }
    return [EAGAIN, EWOULDBLOCK, EINTR].contains(errno) ? 0 : nil
  }
}

/// A descriptor that other threads make readable, so that a `poll` returns.
package struct WakeUp: ~Copyable, Sendable {
  private let descriptor: FileDescriptor
  package var number: CInt { descriptor.number }

  package init() throws(SystemError) {
    let number = hw_linux_eventfd()
    guard number >= 0 else { throw SystemError(errno: .current, operation: "make an eventfd") }
    descriptor = FileDescriptor.adopting(number, name: "eventfd")
  }

  package borrowing func signal() { hw_linux_signal(number) }

  /// Takes the signal, so that the next `poll` waits again.
  package borrowing func clear() { hw_linux_clear(number) }
}
