internal import CLinuxShims
package import Model

/// Asks one node that the user named, by HTTP over plain TCP through the system's libcurl.
///
/// Nothing but that address is asked; redirects and proxies are not followed, and what is secret is in no error.
package struct NodeConnection: Sendable {
  /// `user:password`, from a cookie file or the environment.
  private let secret: String?
  private let host: String
  private let path: String
  private static let timeout = 10_000
  /// The largest answer that is read.
  private static let limit = 4 << 20

  /// - Throws: `Failure` for anything but `http://HOST:PORT[/PATH]`.
  package init(url: String, secret: String?) throws(Failure) {
    let prefix = "http://"
    guard url.lowercased().hasPrefix(prefix) else {
      throw Failure(
        .usage, "the address of a node begins with http://",
        remedy: "reach a node elsewhere through 'ssh -L 8332:127.0.0.1:8332 HOST'")
    }
    let rest = url.dropFirst(prefix.count)
    guard !rest.contains("@") else {
      throw Failure(
        .usage, "an address with a password in it would stay in the shell's history",
        remedy: "give --cookie FILE, or HASHWATT_NODE_CREDENTIALS=user:password")
    }
    let place = rest.firstIndex(of: "/") ?? rest.endIndex
    host = String(rest[..<place])
    path = place == rest.endIndex ? "/" : String(rest[place...])
    let isPlain =
      host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
      && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    guard host.contains(":"), isPlain else {
      throw Failure(
        .usage, "'\(host)' names no port", remedy: "write http://127.0.0.1:8332")
    }
    self.secret = secret
  }

  /// The body of the answer to a question.
  ///
  /// - Throws: `Failure`: 3 where nothing answers, 4 where the answer is not one.
  package func ask(_ question: [UInt8]) throws(Failure) -> [UInt8] {
    guard let client = unsafe hw_http_open() else {
      throw Failure(
        .unavailable, "libcurl.so.4 is not installed, and a node is asked through it",
        remedy: "run 'sudo apt-get install libcurl4'")
    }
    defer { unsafe hw_http_close(client) }
    var head = "POST \(path) HTTP/1.0\r\nHost: \(host)\r\nContent-Type: application/json\r\n"
    head += "Content-Length: \(question.count)\r\nConnection: close\r\n"
    if let secret { head += "Authorization: Basic \(Base64.text(Array(secret.utf8)))\r\n" }
    let text = head + "\r\n" + String(decoding: question, as: UTF8.self)
    var bytes = [UInt8](repeating: 0, count: Self.limit)
    var reply = hw_http_reply()
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe hw_http_exchange(
        client, "http://\(host)", text, Self.timeout, start, buffer.count, &reply)
    }
    guard reply.status == 200, reply.length <= bytes.count else {
      throw Failure(
        .unavailable, "\(host) does not answer",
        remedy: "check that the node runs, and that its RPC listens on that port")
    }
    return try body(Array(bytes.prefix(reply.length)))
  }

  private func body(_ answer: [UInt8]) throws(Failure) -> [UInt8] {
    let end = Array("\r\n\r\n".utf8)
    guard let place = answer.firstRange(of: end) else {
      throw Failure(.badInput, "\(host) answered with no HTTP", remedy: "ask the node's RPC port")
    }
    let status = String(decoding: answer.prefix(40), as: UTF8.self).split(separator: " ")
      .dropFirst().first.flatMap { Int($0) }
    switch status {
    case 401, 403:
      throw Failure(
        .unavailable, "\(host) refuses the credentials (\(status ?? 0))",
        remedy: "give --cookie FILE, or HASHWATT_NODE_CREDENTIALS=user:password")
    // bitcoind answers an error of RPC with 500 and says in the body which.
    case 200, 500: return Array(answer[place.upperBound...])
    default:
      throw Failure(
        .badInput, "\(host) answered with status \(status.map { "\($0)" } ?? "none")",
        remedy: "ask the node's RPC port")
    }
  }
}

/// RFC 4648.
enum Base64 {
  static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let value = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - part.count))
      for index in 0..<4 {
        text.append(
          index <= part.count
            ? digits[Int(value >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
