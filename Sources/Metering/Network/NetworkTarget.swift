internal import Model

/// The address of a meter as its user wrote it: `HOST`, `HOST/CHANNEL` or with `http://` or `https://` before it.
struct NetworkTarget: Hashable {
  /// What requests begin with; without a user and a password.
  let base: String
  /// The host as written, without what precedes and follows it.
  let name: String
  /// What follows the host, without its slash; for requests only, since it may hold a secret.
  let channel: String?
  /// What the meter is called wherever something is stored or printed (see `Redaction`).
  let shown: String
  /// `user:password` before the host, percent signs decoded.
  let credentials: String?

  init(_ argument: String, scheme: String = "http") {
    var rest = argument
    var used = scheme
    for known in ["http", "https"] where rest.hasPrefix("\(known)://") {
      used = known
      rest = String(rest.dropFirst(known.count + 3))
    }
    while rest.hasSuffix("/") { rest.removeLast() }
    let at = rest[..<(rest.firstIndex(of: "?") ?? rest.endIndex)].lastIndex(of: "@")
    credentials = at.map { Self.decoded(rest[..<$0]) }
    if let at { rest = String(rest[rest.index(after: at)...]) }
    let slash = rest.firstIndex(of: "/")
    let host = slash.map { String(rest[..<$0]) } ?? rest
    base = "\(used)://\(host)"
    name = host
    channel = slash.map { String(rest[rest.index(after: $0)...]) }
    shown = Redaction.address(argument)
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Plugs and management controllers publish no accuracy in their answers; only their user can know it.
  static let unknownAccuracy = MeterAccuracy(
    gainBound: nil, source: "not given by the device; see its datasheet", isAssumed: false)
}
