internal import Glibc

/// A client over TCP on the loopback interface that speaks lines.
package final class LoopbackClient {
  private let socket: CInt
  private var pending: [UInt8] = []
  private var isClosed = false

  package init(port: UInt16) throws {
    socket = Glibc.socket(
      AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    address.sin_port = port.bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw TestSupportError("connect to port \(port): errno \(errno)") }
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close() }

  package func send(_ lines: [String]) throws { try send(lines.map { $0 + "\n" }.joined()) }

  package func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          socket, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw TestSupportError("send: errno \(errno)") }
      sent += count
    }
  }

  /// The next so many lines; throws when the other side closes first or is silent for half a minute.
  package func lines(_ count: Int) throws -> [String] {
    var lines: [String] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while lines.count < count {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        lines.append(String(decoding: pending[..<end], as: UTF8.self))
        pending.removeFirst(end + 1)
        continue
      }
      let got = recv(socket, &chunk, chunk.count, 0)
      guard got > 0 else { throw TestSupportError("the server closed after \(lines.count) lines") }
      pending += chunk.prefix(got)
    }
    return lines
  }

  /// The lines that have arrived; throws once the other side has closed.
  package func available() throws -> [String] {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let got = recv(socket, &chunk, chunk.count, Int32(MSG_DONTWAIT))
    if got == 0 || got < 0 && errno != EAGAIN { throw TestSupportError("the server closed") }
    pending += chunk.prefix(max(0, got))
    var lines: [String] = []
    while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(String(decoding: pending[..<end], as: UTF8.self))
      pending.removeFirst(end + 1)
    }
    return lines
  }

  /// Sends no more, and still reads.
  package func closeHalf() { shutdown(socket, Int32(SHUT_WR)) }

  /// Ends the connection without the usual good-bye.
  package func reset() {
    var hard = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  package func close() {
    guard !isClosed else { return }
    isClosed = true
    Glibc.close(socket)
  }
}
