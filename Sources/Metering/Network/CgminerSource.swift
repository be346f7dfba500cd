internal import JSON
internal import Model
internal import Text

/// ASIC miners that speak cgminer's API: one JSON question over TCP, one answer that ends with a NUL.
///
/// Most firmwares do not measure their power; what each gives is told apart by the field's name (power.md 3.6, after
/// UpstreamData/pyasic).
package struct CgminerSource: MeterSource {
  package init() {}

  package var name: String { "cgminer" }
  package var summary: String { "ASIC miner's own power over cgminer's API (HOST or HOST:PORT)" }
  package var argumentName: String? { "HOST" }

  private static let port = 4028

  /// A command whose answer may hold the power.
  private struct Report {
    let command: String
    let list: String
    let key: String
    let kind: MeterKind
    let nature: String
  }

  private static let reports = [
    Report(
      command: "summary", list: "SUMMARY", key: "Power", kind: .measuredSampled,
      nature: "the power supply's own reading; its accuracy is not published"),
    Report(
      command: "psu", list: "PSU", key: "PowerIn", kind: .measuredSampled,
      nature: "the power supply's own reading; its accuracy is not published"),
    Report(
      command: "tunerstatus", list: "TUNERSTATUS", key: "ApproximateMinerPowerConsumption",
      kind: .estimated, nature: "an estimate of the firmware, by its name"),
    Report(
      command: "power", list: "POWER", key: "Watts", kind: .estimated,
      nature: "measured or estimated, by the model of the power supply"),
    Report(
      command: "stats", list: "STATS", key: "total_power", kind: .estimated,
      nature: "a sum over the chains that the firmware estimates"),
  ]

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let address = Self.withPort(NetworkTarget(request.argument).name)
    guard
      let client = HTTPClient(
        base: "http://\(address)", variables: request.environment.variables)
    else { return .none(HTTPClient.missing) }
    for report in Self.reports {
      switch Self.ask(client, report) {
      case .unavailable(let reason): return .none(reason)
      case .value(nil): continue
      case .value(let power?):
        return MeterDiscovery(readers: [
          PlugReader(
            source: name, name: request.argument, label: "\(report.command) \(report.key)",
            first: PlugAnswer(power: power), counter: nil,
            accuracy: MeterAccuracy(gainBound: nil, source: report.nature, isAssumed: false),
            scope: .minerInput, kind: report.kind, updates: .unknown
          ) {
            Self.ask(client, report).map { PlugAnswer(power: $0) }
          }
        ])
      }
    }
    return .none(
      Reason(
        .unsupported, "\(address): this miner's firmware tells no power",
        remedy: "meter it at the wall"))
  }

  /// `HOST`, `HOST:PORT` or `[IPV6]:PORT`, the usual port where none is named.
  private static func withPort(_ name: String) -> String {
    let host = name.hasPrefix("[") ? name.drop { $0 != "]" } : Substring(name)
    return host.contains(":") ? name : "\(name):\(port)"
  }

  /// The watts of one report; nil where the firmware does not know the command or the field.
  private static func ask(_ client: HTTPClient, _ report: Report) -> Reading<Double?> {
    client.exchange("{\"command\":\"\(report.command)\"}").flatMap { bytes in
      guard let tree = try? JSONParser.parse(mended(bytes)) else {
        return .unavailable(
          Reason(
            .malformed,
            "\(client.base) answered '\(report.command)' with something that is not JSON"))
      }
      guard let value = tree[report.list]?.elements.lazy.compactMap({ $0[report.key] }).first else {
        return .value(nil)
      }
      guard let watts = watts(value) else {
        return .unavailable(
          Reason(.malformed, "\(client.base): \(report.key) of '\(report.command)' is no power"))
      }
      // Whatsminer says -1 for what it does not know.
      guard watts != -1 else {
        return .unavailable(
          Reason(
            .notMeasured, "\(client.base) says that it does not know its power (\(report.key) -1)",
            remedy: "meter it at the wall"))
      }
      return .value(watts)
    }
  }

  /// A number, or a text such as `58.94W`.
  private static func watts(_ value: JSONValue) -> Double? {
    if let number = value.double { return number }
    guard let text = value.text, text.hasSuffix("W") else { return nil }
    return Double(text.dropLast().trimmed)
  }

  /// Some firmwares leave out the comma between two objects of a list.
  private static func mended(_ bytes: [UInt8]) -> [UInt8] {
    let pair = Array("}{".utf8)
    var mended: [UInt8] = []
    mended.reserveCapacity(bytes.count + 8)
    var isInText = false
    var isEscaped = false
    for byte in bytes {
      if !isInText, byte == pair[1], mended.last == pair[0] { mended.append(UInt8(ascii: ",")) }
      if byte == UInt8(ascii: "\""), !isEscaped { isInText.toggle() }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
      mended.append(byte)
    }
    return mended
  }
}
