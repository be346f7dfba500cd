internal import CLinuxShims
internal import JSON
internal import Model
internal import Synchronization

/// Asks one meter on the network over HTTP, through the system's libcurl.
///
/// Only the address that the user named is asked; redirects and proxies are not followed.
final class HTTPClient: Sendable {
  /// The C handle; used under the lock only.
  @safe private struct Handle: ~Copyable, @unchecked Sendable {
    // Sendable, for the handle is reached through the mutex alone and libcurl lets any one thread use it at a time.
    let client: OpaquePointer
    init(_ client: OpaquePointer) { unsafe self.client = client }
    deinit { unsafe hw_http_close(client) }
  }

  private let handle: Mutex<Handle>
  /// `http://192.0.2.7`, as shown in messages.
  let base: String
  private let credentials: String?
  private let authorities: String?
  private let timeout: Seconds

  static let missing = Reason(
    .absent, "libcurl.so.4 is not installed, and network meters need it",
    remedy: "run 'sudo apt-get install libcurl4'")

  /// Nil where the machine has no libcurl.
  init?(base: String, variables: [String: String], timeout: Seconds = Seconds(3)) {
    guard let client = unsafe hw_http_open() else { return nil }
    unsafe handle = Mutex(Handle(client))
    self.base = base
    self.timeout = timeout
    credentials = Self.credentials(base, variables)
    authorities = variables["HASHWATT_METER_CA_FILE"]
  }

  /// The variable that ends in the host (`…_192_0_2_7`), else the one for all.
  private static func credentials(_ base: String, _ variables: [String: String]) -> String? {
    let host = base.split(separator: "/").last ?? ""
    let suffix = String(host.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    return variables["HASHWATT_METER_CREDENTIALS_\(suffix)"]
      ?? variables["HASHWATT_METER_CREDENTIALS"]
  }

  /// The JSON that a path answers with, or why there is none, the address named.
  func json(_ path: String) -> Reading<JSONValue> {
    body(path).flatMap { bytes in
      guard let tree = try? JSONParser.parse(bytes) else {
        return .unavailable(
          Reason(.malformed, "\(base)\(path) answered with something that is not JSON"))
      }
      return .value(tree)
    }
  }

  /// What the other side answers over plain TCP, up to its end or a NUL.
  func exchange(_ question: String) -> Reading<[UInt8]> {
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    var reply = hw_http_reply()
    handle.withLock { handle in
      unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        unsafe hw_http_exchange(
          handle.client, base, question, CLong(timeout.value * 1000), start, buffer.count, &reply)
      }
    }
    return judged(reply, bytes, "")
  }

  private func body(_ path: String) -> Reading<[UInt8]> {
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    var reply = hw_http_reply()
    handle.withLock { handle in
      unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        unsafe hw_http_get(
          handle.client, base + path, credentials, authorities,
          CLong(timeout.value * 1000), start, buffer.count, &reply)
      }
    }
    return judged(reply, bytes, path)
  }

  private func judged(_ reply: hw_http_reply, _ bytes: [UInt8], _ path: String) -> Reading<[UInt8]>
  {
    var reply = reply
    switch reply.status {
    case 200: return .value(Array(bytes.prefix(reply.length)))
    case 0:
      let problem = unsafe withUnsafeBytes(of: &reply.problem) { text in
        unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
      }
      return .unavailable(refusal(reply.error, problem))
    case 401, 403:
      return .unavailable(
        Reason(
          .permission, "\(base)\(path) refuses without a password (HTTP \(reply.status))",
          remedy: "set HASHWATT_METER_CREDENTIALS=user:password"))
    default:
      return .unavailable(
        Reason(.unsupported, "\(base)\(path) answers with HTTP \(reply.status)"))
    }
  }
}

extension HTTPClient {
  /// Why there was no answer; a certificate that nobody vouches for has a remedy.
  private func refusal(_ error: CInt, _ problem: String) -> Reason {
    let host = base.split(separator: "/").last.map(String.init) ?? base
    switch error {
    case CInt(hw_http_untrusted):
      let address = host.contains(":") ? host : "\(host):443"
      return Reason(
        .permission, "the certificate of \(base) is not trusted: \(problem)",
        remedy:
          "run 'openssl s_client -connect \(address) </dev/null | openssl x509 >meter.pem', compare "
          + "'openssl x509 -in meter.pem -noout -fingerprint' with what the controller itself shows, and set "
          + "HASHWATT_METER_CA_FILE=meter.pem (cost: whoever has that certificate's key can pose as the controller)"
      )
    case CInt(hw_http_no_authorities):
      return Reason(
        .failed, "the file of certificates cannot be used: \(problem)",
        remedy: "name a PEM file with HASHWATT_METER_CA_FILE")
    default:
      return Reason(.failed, "\(base) does not answer: \(problem)")
    }
  }
}

extension Reading {
  /// The reading of something that may itself be unavailable.
  func flatMap<Other>(_ transform: (Value) -> Reading<Other>) -> Reading<Other> {
    switch self {
    case .value(let value): transform(value)
    case .unavailable(let reason): .unavailable(reason)
    }
  }
}
