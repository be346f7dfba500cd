internal import CLinuxShims
internal import LinuxSystem
internal import Model

/// Asks an ASIC miner over plain TCP: one question, one answer up to its end or a NUL.
final class MinerConnection: Sendable {
  private let handle: Locked<HTTPClient.Handle>
  /// `HOST:PORT`, as shown in messages.
  let address: String
  private let timeout: Seconds

  /// Nil where the machine has no libcurl, which connects.
  init?(_ address: String, timeout: Seconds = Seconds(3)) {
    guard let client = unsafe hw_http_open() else { return nil }
    unsafe handle = Locked(HTTPClient.Handle(client))
    self.address = address
    self.timeout = timeout
  }

  func exchange(_ question: String) -> Reading<[UInt8]> {
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    var reply = hw_http_reply()
    handle.withLock { handle in
      unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        unsafe hw_http_exchange(
          handle.client, "http://\(address)", question, CLong(timeout.value * 1000), start,
          buffer.count, &reply)
      }
    }
    guard reply.status != 200 else { return .value(Array(bytes.prefix(reply.length))) }
    if reply.error == CInt(hw_http_too_much) {
      return .unavailable(
        Reason(
          .malformed, "\(address) answers with more than 256 KiB, which is no answer of a miner"))
    }
    let problem = unsafe withUnsafeBytes(of: &reply.problem) { text in
      unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
    return .unavailable(Reason(.failed, "\(address) does not answer: \(problem)"))
  }
}
