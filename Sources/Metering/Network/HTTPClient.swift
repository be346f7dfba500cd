internal import CLinuxShims
internal import JSON
internal import LinuxSystem
internal import Model

/// Asks one meter on the network over HTTP, through the system's libcurl.
///
/// Only the address that the user named is asked; proxies are not used, and the one redirect that is followed leads to the
/// same path of the same origin with a slash more or less.
final class HTTPClient: Sendable {
  /// The C handle; used under the lock only.
  @safe struct Handle: ~Copyable, @unchecked Sendable {
    // Sendable, for the handle is reached through the mutex alone and libcurl lets any one thread use it at a time.
    let client: OpaquePointer
    init(_ client: OpaquePointer) { unsafe self.client = client }
    deinit { unsafe hw_http_close(client) }
  }

  /// How a kind of device takes a user and a password.
  enum Authentication: Hashable, Sendable {
    /// It says how it wants them (basic or digest), and then they are sent.
    case whenAsked
    /// With every question, for devices that refuse without saying how they want them.
    case atOnce
    /// As `atOnce`, and once more as fields of the address, as Tasmota wants them.
    case inQuery
  }

  private let handle: Locked<Handle>
  /// `http://192.0.2.7`, as shown in messages; holds no secret.
  let base: String
  private let credentials: String?
  private let authentication: Authentication
  private let authorities: String?
  private let timeout: Seconds

  static let missing = Reason(
    .absent, "libcurl.so.4 is not installed, and network meters need it",
    remedy: "run 'sudo apt-get install libcurl4'")

  /// Nil where the machine has no libcurl.
  init?(
    _ target: NetworkTarget, variables: [String: String], timeout: Seconds = Seconds(3),
    authentication: Authentication = .whenAsked
  ) {
    guard let client = unsafe hw_http_open() else { return nil }
    unsafe handle = Locked(Handle(client))
    base = target.base
    self.timeout = timeout
    self.authentication = authentication
    credentials = target.credentials ?? Self.credentials(target.name, variables)
    authorities = variables["HASHWATT_METER_CA_FILE"]
  }

  /// The variable that ends in the host (`…_192_0_2_7`), else the one for all.
  private static func credentials(_ host: String, _ variables: [String: String]) -> String? {
    let suffix = String(host.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    return variables["HASHWATT_METER_CREDENTIALS_\(suffix)"]
      ?? variables["HASHWATT_METER_CREDENTIALS"]
  }

  /// The JSON that a path answers with, or why there is none, the address named.
  func json(_ path: String) -> Reading<JSONValue> {
    body(path).flatMap { bytes in
      guard let tree = try? JSONParser.parse(bytes) else {
        return .unavailable(
          Reason(.malformed, "\(shown(path)) answered with something that is not JSON"))
      }
      return .value(tree)
    }
  }

  /// The address of a path as it is stored and printed.
  private func shown(_ path: String) -> String { Redaction.address(base + path) }

  private func body(_ path: String) -> Reading<[UInt8]> {
    var path = path
    if authentication == .inQuery, let credentials {
      let parts = credentials.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let user = Self.encoded(parts[0])
      let password = Self.encoded(parts.count > 1 ? parts[1] : "")
      path += (path.contains("?") ? "&" : "?") + "user=\(user)&password=\(password)"
    }
    var (reply, bytes) = fetch(base + path)
    if (300..<400).contains(reply.status), let other = Self.slashed(path),
      Self.text(&reply.location) == base + other
    {
      (reply, bytes) = fetch(base + other)
    }
    return judged(reply, bytes, path)
  }

  private func fetch(_ address: String) -> (hw_http_reply, [UInt8]) {
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    var reply = hw_http_reply()
    handle.withLock { handle in
      unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        unsafe hw_http_get(
          handle.client, address, credentials, authentication == .whenAsked ? 0 : 1, authorities,
          CLong(timeout.value * 1000), start, buffer.count, &reply)
      }
    }
    return (reply, bytes)
  }

  /// The path with a slash more or less at its end; nil for one with a query.
  private static func slashed(_ path: String) -> String? {
    guard !path.contains("?") else { return nil }
    return path.hasSuffix("/") ? String(path.dropLast()) : path + "/"
  }

  private static func encoded(_ text: Substring) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }

  private static func text<Bytes>(_ bytes: inout Bytes) -> String {
    unsafe withUnsafeBytes(of: &bytes) { text in
      unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private func judged(_ reply: hw_http_reply, _ bytes: [UInt8], _ path: String) -> Reading<[UInt8]>
  {
    var reply = reply
    switch reply.status {
    case 200: return .value(Array(bytes.prefix(reply.length)))
    case 0:
      return .unavailable(refusal(reply.error, Self.text(&reply.problem)))
    case 401, 403:
      return .unavailable(unauthorized(reply, path))
    default:
      return .unavailable(
        Reason(.unsupported, "\(shown(path)) answers with HTTP \(reply.status)"))
    }
  }

  /// None given, given and refused, and asked in a way that is not known are three troubles with three remedies.
  private func unauthorized(_ reply: hw_http_reply, _ path: String) -> Reason {
    let code = "(HTTP \(reply.status))"
    guard credentials != nil else {
      return Reason(
        .permission, "\(shown(path)) refuses without a password \(code)",
        remedy: "set HASHWATT_METER_CREDENTIALS=user:password")
    }
    guard authentication != .whenAsked || reply.asked != 0 else {
      return Reason(
        .permission,
        "\(shown(path)) refuses, and asks for a user and a password in a way that is not known here \(code)",
        remedy: "allow basic or digest authentication in the device's settings")
    }
    return Reason(
      .permission, "\(shown(path)) refuses the user and the password that were given \(code)",
      remedy: "correct HASHWATT_METER_CREDENTIALS, or give that user the right to read the power")
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
    case CInt(hw_http_too_much):
      return Reason(
        .malformed, "\(base) answers with more than 256 KiB, which is no answer of a meter")
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
