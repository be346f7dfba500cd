internal import JSON
internal import MeterCore
internal import Metering
internal import Model
internal import Records
internal import Text

/// What `doctor` found, as text and as JSON.
struct DoctorReport {
  let sources: [SourceDiagnosis]
  let disturbances: [Check]
  /// Where wrap times are stated; nil for each zone's own limit.
  let power: Watts?

  // MARK: Text

  /// Lines of at most 100 columns; a command that does not fit goes on after a backslash, so that it can be copied.
  var text: String {
    var lines = ["Meters"]
    for source in sources { lines += Self.lines(source, power) }
    let meters = sources.flatMap(\.channels)
    lines.append("")
    lines += FilledText.lines(
      meters.isEmpty
        ? "No meter works here by itself: a run gives throughput, and energy as unavailable with these reasons."
        : "A run measures with \(CountText.text(meters.count, "channel")).")
    lines += ["", "Disturbances"]
    lines += disturbances.flatMap { Self.lines($0, after: "") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ source: SourceDiagnosis, _ power: Watts?) -> [String] {
    let name = "  \(pad(source.source)) "
    if let argument = source.argumentName {
      return FilledText.lines(
        "--meter \(source.source):\(argument): \(source.summary)", after: name + "on request  ")
    }
    var lines = source.channels.flatMap { channel in
      FilledText.lines(description(channel, power), after: name + "usable      ")
    }
    lines += source.unavailable.flatMap { reason in
      entry(reason.message, reason.remedy, after: name + "unavailable ")
    }
    if lines.isEmpty {
      lines = FilledText.lines("\(source.summary): none found", after: name + "unavailable ")
    }
    lines += source.checks.flatMap { Self.lines($0, after: "  \(pad("")) ") }
    return lines
  }

  private static func lines(_ check: Check, after margin: String) -> [String] {
    entry(
      "\(check.name): \(check.message)", check.remedy,
      after: "\(margin)  \(pad(check.verdict.rawValue, 7)) ")
  }

  private static func entry(_ message: String, _ remedy: String?, after start: String) -> [String] {
    let margin = String(repeating: " ", count: start.count)
    return FilledText.lines(message, after: start)
      + (remedy.map { FilledText.lines($0, after: margin + "fix: ") } ?? [])
  }

  private static func description(_ channel: MeterChannel, _ power: Watts?) -> String {
    let meter = channel.descriptor
    let label = meter.id.rawValue.contains(meter.label) ? "" : " (\(meter.label))"
    var parts = ["\(meter.id)\(label): \(meter.scope), \(meter.kind.rawValue)"]
    if let period = meter.updatePeriod {
      parts.append("moves every \(DecimalText.rounded(period.value * 1e3, decimals: 2)) ms")
    }
    if let resolution = meter.resolution {
      let unit = meter.quantity == .energyCounter ? "uJ" : "uW"
      parts.append("in steps of \(DecimalText.rounded(resolution, decimals: 3)) \(unit)")
    }
    let stated =
      power ?? channel.rules.maximumPower.flatMap { $0.value <= 1000 ? nil : $0 } ?? Watts(250)
    if let wrap = channel.wrapTime(at: stated) {
      parts.append(
        "wraps after \(DecimalText.rounded(wrap.value / 60, decimals: 1)) min at \(DecimalText.rounded(stated.value, decimals: 0)) W"
      )
    }
    if let bound = meter.accuracy.gainBound {
      parts.append(
        "\(meter.accuracy.isAssumed ? "assumed " : "")±\(DecimalText.rounded(bound * 100, decimals: 1)) %"
      )
    }
    if let mirror = meter.mirrorOf { parts.append("mirror of \(mirror), not added") }
    return parts.joined(separator: ", ")
  }

  private static func pad(_ text: String, _ width: Int = 9) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  // MARK: JSON

  var json: JSONValue {
    .object([
      "format": .string("hashwatt-doctor"),
      "version": .number("1"),
      "meters": .array(sources.map { Self.json($0, power) }),
      "disturbances": .array(disturbances.map(Self.json)),
    ])
  }

  private static func json(_ source: SourceDiagnosis, _ power: Watts?) -> JSONValue {
    var members: [String: JSONValue] = [
      "source": .string(source.source),
      "summary": .string(source.summary),
      "state": .string(
        source.argumentName != nil
          ? "on-request" : source.channels.isEmpty ? "unavailable" : "usable"),
      "channels": .array(source.channels.map { json($0, power) }),
      "unavailable": .array(source.unavailable.map(json)),
      "checks": .array(source.checks.map(json)),
    ]
    if let argument = source.argumentName { members["argument"] = .string(argument) }
    return .object(members)
  }

  private static func json(_ channel: MeterChannel, _ power: Watts?) -> JSONValue {
    let meter = channel.descriptor
    var members: [String: JSONValue] = [
      "id": .string(meter.id.rawValue),
      "label": .string(meter.label),
      "scope": .string(meter.scope.rawValue),
      "covers": .string(meter.covers.text),
      "part": .string(meter.part),
      "kind": .string(meter.kind.rawValue),
      "quantity": .string(meter.quantity.rawValue),
      "privilege": .string(meter.privilege),
      "accuracy_source": .string(meter.accuracy.source),
      "accuracy_assumed": .bool(meter.accuracy.isAssumed),
    ]
    func number(_ key: String, _ value: Double?) {
      if let value, value.isFinite { members[key] = .number("\(value)") }
    }
    number("accuracy_gain_bound", meter.accuracy.gainBound)
    number("update_period_s", meter.updatePeriod?.value)
    number(meter.quantity == .energyCounter ? "resolution_uj" : "resolution_uw", meter.resolution)
    let stated = power ?? Watts(250)
    if let wrap = channel.wrapTime(at: stated) {
      number("wrap_time_s", wrap.value)
      number("wrap_time_at_w", stated.value)
    }
    if let mirror = meter.mirrorOf { members["mirror_of"] = .string(mirror.rawValue) }
    return .object(members)
  }

  private static func json(_ reason: Reason) -> JSONValue {
    var members: [String: JSONValue] = [
      "code": .string(reason.code.rawValue), "message": .string(reason.message),
    ]
    if let remedy = reason.remedy { members["remedy"] = .string(remedy) }
    return .object(members)
  }

  private static func json(_ check: Check) -> JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(check.name.rawValue), "verdict": .string(check.verdict.rawValue),
      "message": .string(check.message),
    ]
    if let remedy = check.remedy { members["remedy"] = .string(remedy) }
    return .object(members)
  }
}
