internal import Model

/// The address of a meter as its user wrote it: `HOST`, `HOST/CHANNEL` or with `http://` or `https://` before it.
struct NetworkTarget: Hashable {
  /// What requests begin with.
  let base: String
  /// As written, without the channel.
  let name: String
  /// What follows the host, without its slash.
  let channel: String?

  init(_ argument: String, scheme: String = "http") {
    var rest = argument
    var used = scheme
    for known in ["http", "https"] where rest.hasPrefix("\(known)://") {
      used = known
      rest = String(rest.dropFirst(known.count + 3))
    }
    while rest.hasSuffix("/") { rest.removeLast() }
    let slash = rest.firstIndex(of: "/")
    let host = slash.map { String(rest[..<$0]) } ?? rest
    base = "\(used)://\(host)"
    name = host
    channel = slash.map { String(rest[rest.index(after: $0)...]) }
  }

  /// Plugs and management controllers publish no accuracy in their answers; only their user can know it.
  static let unknownAccuracy = MeterAccuracy(
    gainBound: nil, source: "not given by the device; see its datasheet", isAssumed: false)
}
