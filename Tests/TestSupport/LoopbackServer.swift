internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// A web server on the loopback interface for one test: each answer is made by a closure.
package final class LoopbackServer: Sendable {
  /// What is sent back.
  package struct Answer: Sendable {
    package var status = 200
    package var body = ""
    /// Seconds before the answer begins.
    package var delay = 0.0
    /// Sent in place of a proper HTTP answer.
    package var raw: String?
    /// Bytes of the body after which the connection breaks off.
    package var cutAfter: Int?
    package var headers = ""

    package init(
      _ body: String = "", status: Int = 200, delay: Double = 0, raw: String? = nil,
      cutAfter: Int? = nil, headers: String = ""
    ) {
      self.body = body
      self.status = status
      self.delay = delay
      self.raw = raw
      self.cutAfter = cutAfter
      self.headers = headers
    }
  }

  /// `127.0.0.1:PORT`.
  package let address: String
  private let listener: CInt
  private let isStopped = Atomic<Bool>(false)
  private let thread = Locked<pthread_t?>(nil)
  private let answer: @Sendable (_ path: String, _ head: String) -> Answer
  private let endOfRequest: String

  /// The closure is given the path and the whole head of a request, which ends as HTTP's does unless told otherwise.
  package init(
    endOfRequest: String = "\r\n\r\n",
    _ answer: @escaping @Sendable (_ path: String, _ head: String) -> Answer
  ) throws {
    self.answer = answer
    self.endOfRequest = endOfRequest
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { socket in
        let bound = bind(listener, socket, length)
        return bound == 0 && listen(listener, 16) == 0
          && getsockname(listener, socket, &length) == 0
      }
    }
    guard status else { throw TestSupportError("listen on loopback: errno \(errno)") }
    self.address = "127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    start()
  }

  deinit { stop() }

  private func start() {
    let body = Unmanaged.passUnretained(self)
    var handle = pthread_t()
    let status = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<LoopbackServer>.fromOpaque(argument).takeUnretainedValue().run()
        return nil
      }, body.toOpaque())
    if status == 0 { thread.withLock { $0 = handle } }
  }

  package func stop() {
    guard !isStopped.exchange(true, ordering: .relaxed) else { return }
    shutdown(listener, Int32(SHUT_RDWR))
    let running = thread.withLock { handle in
      defer { handle = nil }
      return handle
    }
    if let running { pthread_join(running, nil) }
    close(listener)
  }

  private func run() {
    while !isStopped.load(ordering: .relaxed) {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { return }
      serve(connection)
      close(connection)
    }
  }

  private func serve(_ connection: CInt) {
    var limit = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(
      connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var head: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while !String(decoding: head, as: UTF8.self).contains(endOfRequest) {
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return }
      head += chunk.prefix(count)
    }
    let text = String(decoding: head, as: UTF8.self)
    let words = text.split(separator: " ")
    let reply = answer(words.count > 1 ? String(words[1]) : "", text)
    if reply.delay > 0 { usleep(useconds_t(reply.delay * 1e6)) }
    var bytes = Array(
      (reply.raw
        ?? "HTTP/1.1 \(reply.status) X\r\nContent-Type: application/json\r\nConnection: close\r\n"
        + "\(reply.headers)Content-Length: \(reply.body.utf8.count)\r\n\r\n\(reply.body)").utf8)
    if let cut = reply.cutAfter { bytes.removeLast(max(0, reply.body.utf8.count - cut)) }
    _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }
}
