internal import JSON
internal import MeterCore
package import Model
internal import Text

extension MeterSourceID {
  static let cgminer = MeterSourceID("cgminer", isOnMachine: false)
}

/// ASIC miners that speak cgminer's API: one JSON question over TCP, one answer that ends with a NUL.
///
/// Most firmwares do not measure their power; what each gives is told apart by the field's name (power.md 3.6, after
/// UpstreamData/pyasic).
package struct CgminerSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .cgminer }
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

    /// The power of one member: a field, or for Avalon one of the `KEY[value]` words of its text.
    func value(_ member: JSONValue) -> JSONValue? {
      if let value = member[key] { return value }
      guard command == "estats" else { return nil }
      for text in member.members.values.compactMap(\.text) {
        guard let place = text.firstRange(of: "\(key)["),
          let end = text[place.upperBound...].firstIndex(of: "]")
        else { continue }
        return .string(String(text[place.upperBound..<end]) + "W")
      }
      return nil
    }
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
    Report(
      command: "estats", list: "STATS", key: "WALLPOWER", kind: .measuredSampled,
      nature: "the power supply's own reading; its accuracy is not published"),
  ]

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let target = NetworkTarget(request.argument)
    guard let connection = MinerConnection(Self.withPort(target.name)) else {
      return .none(HTTPClient.missing)
    }
    var refusals: [String] = []
    var hasAnswered = false
    for report in Self.reports {
      switch Self.ask(connection, report, nil) {
      case .unavailable(let reason): return .none(reason)
      case .value(.refused(let words)):
        if !refusals.contains(words) { refusals.append(words) }
      case .value(.without): hasAnswered = true
      case .value(.power(let watts, let members)):
        return MeterDiscovery(readers: [
          AnswerReader(
            source: id, name: target.shown, label: "\(report.command) \(report.key)",
            first: DeviceAnswer(power: watts), counter: nil,
            accuracy: MeterAccuracy(gainBound: nil, source: report.nature, isAssumed: false),
            scope: .minerInput, covers: .device(.miner(Self.host(connection.address))),
            kind: report.kind, updates: .unknown
          ) {
            Self.ask(connection, report, members).flatMap { answer in
              switch answer {
              case .power(let watts, _): .value(DeviceAnswer(power: watts))
              case .refused(let words):
                .unavailable(
                  Reason(.lost, "\(connection.address) refuses '\(report.command)': \(words)"))
              case .without:
                .unavailable(
                  Reason(
                    .lost,
                    "\(connection.address): \(report.key) of '\(report.command)' is missing now"))
              }
            }
          }
        ])
      }
    }
    guard hasAnswered else {
      return .none(
        Reason(
          .unsupported,
          "\(connection.address) refuses every question about its power: \(refusals.joined(separator: "; "))",
          remedy: refusals.contains { $0.lowercased().contains("denied") }
            ? "allow reading over the API in the miner's settings, or meter it at the wall"
            : "meter it at the wall"))
    }
    return .none(
      Reason(
        .unsupported, "\(connection.address): this miner's firmware tells no power",
        remedy: "meter it at the wall"))
  }

  /// `HOST`, `HOST:PORT` or `[IPV6]:PORT`, the usual port where none is named.
  private static func withPort(_ name: String) -> String {
    let host = name.hasPrefix("[") ? name.drop { $0 != "]" } : Substring(name)
    return host.contains(":") ? name : "\(name):\(port)"
  }

  /// The address without its port.
  private static func host(_ address: String) -> String {
    address.lastIndex(of: ":").map { String(address[..<$0]) } ?? address
  }

  /// What a miner says to one question.
  private enum Answer {
    /// The sum of the members of the list that show it, and which those are.
    case power(Double, [Int])
    /// A good answer without a power.
    case without
    /// The miner's own code and words.
    case refused(String)
  }

  /// Asks for one report; `wanted` are the members of its list that showed a power when it was first asked.
  private static func ask(
    _ connection: MinerConnection, _ report: Report, _ wanted: [Int]?
  ) -> Reading<Answer> {
    let base = connection.address
    return connection.exchange("{\"command\":\"\(report.command)\"}").flatMap { bytes in
      guard let tree = LenientJSON.parse(mended(bytes)) else {
        return .unavailable(
          Reason(
            .malformed, "\(base) answered '\(report.command)' with something that is not JSON"))
      }
      if let words = refusal(tree) { return .value(.refused(words)) }
      let list = tree[report.list]?.elements ?? []
      let members = wanted ?? list.indices.filter { report.value(list[$0]) != nil }
      guard !members.isEmpty else { return .value(.without) }
      var sum = 0.0
      for index in members {
        guard list.indices.contains(index), let value = report.value(list[index]) else {
          return .value(.without)
        }
        guard let watts = watts(value) else {
          return .unavailable(
            Reason(.malformed, "\(base): \(report.key) of '\(report.command)' is no power"))
        }
        // Whatsminer says -1 for what it does not know.
        guard watts != -1 else {
          return .unavailable(
            Reason(
              .notMeasured, "\(base) says that it does not know its power (\(report.key) -1)",
              remedy: "meter it at the wall"))
        }
        sum += watts
      }
      return .value(.power(sum, members))
    }
  }

  /// The code and the words of an answer with STATUS E (error) or F (fatal); some firmwares leave the list out.
  private static func refusal(_ tree: JSONValue) -> String? {
    let status = tree["STATUS"]?.elements.first ?? tree
    guard let word = status["STATUS"]?.text, ["E", "F"].contains(word) else { return nil }
    let code = status["Code"]?.double.flatMap { Int(exactly: $0) }.map { "code \($0), " } ?? ""
    let text = status["Msg"]?.text ?? status["Description"]?.text ?? "no words"
    return code + String(text.prefix(80)).filter { !$0.isNewline }
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
