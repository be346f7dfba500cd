package import JSON
package import MeterCore
package import Model
package import Records
internal import Text

/// What `doctor` found, as text and as JSON.
package struct DoctorReport: Sendable {
  package let sources: [SourceDiagnosis]
  package let disturbances: [Check]
  /// The ways to devices behind drivers; empty where they cannot be asked.
  package let deviceRoutes: [DeviceRoute]
  /// What RandomX finds here; empty where it was not asked for.
  package let randomX: [Check]
  /// Where wrap times are stated; nil for each zone's own limit.
  package let power: Watts?
  /// Where a miner can be waited for; empty for a tree that stands in for the machine.
  package let listening: [ListeningPlace]

  package init(
    sources: [SourceDiagnosis], disturbances: [Check], deviceRoutes: [DeviceRoute] = [],
    randomX: [Check] = [], power: Watts? = nil, listening: [ListeningPlace] = []
  ) {
    self.randomX = randomX
    self.sources = sources
    self.disturbances = disturbances
    self.deviceRoutes = deviceRoutes
    self.power = power
    self.listening = listening
  }

  // MARK: Text

  /// Lines of at most 100 columns; a command that does not fit goes on after a backslash, so that it can be copied.
  package var text: String {
    var lines = ["Meters"]
    for source in sources { lines += Self.lines(source, power) }
    let meters = sources.flatMap(\.channels)
    lines.append("")
    lines += FilledText.lines(
      meters.isEmpty
        ? "No meter works here by itself: a run gives throughput, and energy as unavailable with these reasons."
        : "A run measures with \(CountText.text(meters.count, "channel")).")
    if !deviceRoutes.isEmpty { lines += ["", "GPU routes"] + deviceRoutes.flatMap(Self.lines) }
    if !randomX.isEmpty {
      lines += ["", "RandomX"] + randomX.flatMap { Self.lines($0, after: "") }
    }
    lines += ["", "Disturbances"]
    lines += disturbances.flatMap { Self.lines($0, after: "") }
    if !listening.isEmpty {
      lines += ["", "Addresses for 'hashwatt prove'"]
      lines += listening.flatMap { place in
        Self.entry(place.message, place.remedy, after: "  \(place.address): ")
      }
    }
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

  private static func lines(_ route: DeviceRoute) -> [String] {
    let name = "  \(pad(route.name, 13)) "
    return route.found.flatMap { FilledText.lines($0, after: name + "usable      ") }
      + route.missing.flatMap { entry($0.message, $0.remedy, after: name + "unavailable ") }
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
}

extension DoctorReport: PrintedRecord {
  package static var recordName: String { "doctor" }
  package static var recordMeaning: String { "What `hashwatt doctor --format json` prints." }

  package static func fields(_ field: inout some PrintedList<DoctorReport>) throws(JSONProblem) {
    try field.constant("format", "hashwatt-doctor", "What this document is.")
    try field.constant("version", 1, "Version of the format.")
    try field(
      "meters",
      { report in report.sources.map { PrintedSource(source: $0, power: report.power) } },
      "Every kind of meter, whether or not it works here.")
    try field(
      "gpu_routes", \.deviceRoutes, "The ways to GPUs; empty where drivers cannot be asked.")
    try field(
      "randomx", \.randomX,
      "What RandomX finds here: its library, huge pages, registers; nothing of it is changed.")
    try field("disturbances", \.disturbances, "What would disturb a measurement now.")
    try field(
      "listening", \.listening,
      "Addresses that `hashwatt prove` can listen on; empty for a tree that stands in for the machine."
    )
  }
}

/// One kind of meter.
struct PrintedSource: PrintedRecord {
  static var recordName: String { "meter_source" }
  static var recordMeaning: String { "One kind of meter." }

  let source: SourceDiagnosis
  /// Where wrap times are stated.
  let power: Watts?

  static func fields(_ field: inout some PrintedList<PrintedSource>) throws(JSONProblem) {
    try field("source", \.source.source, "Its name.")
    try field("summary", \.source.summary, "What it is.")
    try field.optional(
      "argument", \.source.argumentName,
      "What must be named after it; absent where it is looked for.")
    try field("state", { $0.state }, "`usable`, `unavailable`, or `on-request`: it must be named.")
    try field(
      "channels",
      { source in source.source.channels.map { PrintedChannel(channel: $0, power: source.power) } },
      "The channels that answer.")
    try field("unavailable", \.source.unavailable, "Why there are no more.")
    try field("checks", \.source.checks, "What was found while trying.")
  }

  private var state: String {
    if source.argumentName != nil { return "on-request" }
    return source.channels.isEmpty ? "unavailable" : "usable"
  }
}

/// One channel of a meter that answers.
struct PrintedChannel: PrintedRecord {
  static var recordName: String { "meter_channel" }
  static var recordMeaning: String { "One channel of a meter." }

  let channel: MeterChannel
  let power: Watts?

  private var meter: MeterDescriptor { channel.descriptor }
  private var stated: Watts { power ?? Watts(250) }
  private var wrapTime: Seconds? { channel.wrapTime(at: stated) }

  private func resolution(_ isCounter: Bool) -> Double? {
    (meter.quantity == .energyCounter) == isCounter ? meter.resolution : nil
  }

  static func fields(_ field: inout some PrintedList<PrintedChannel>) throws(JSONProblem) {
    try field("id", \.meter.id, "The channel.")
    try field("label", \.meter.label, "What the source itself calls it.")
    try field("scope", \.meter.scope, "What kind of part the number covers.")
    try field("covers", \.meter.covers.text, "Which part of which machine that is.")
    try field("part", \.meter.part, "Which part of the machine within the scope.")
    try field("kind", \.meter.kind, "How the meter comes by its numbers.")
    try field("quantity", \.meter.quantity, "What the source natively gives.")
    try field("privilege", \.meter.privilege, "What reading it took.")
    try field("accuracy_source", \.meter.accuracy.source, "Who says how wrong it may be.")
    try field(
      "accuracy_assumed", \.meter.accuracy.isAssumed,
      "True: our convention and not the maker's document.")
    try field.optional(
      "accuracy_gain_bound", \.meter.accuracy.gainBound, "Bound of the gain error as a fraction.")
    try field.optional(
      "update_period_s", \.meter.updatePeriod, "Between two updates of the sensor.")
    try field.optional("resolution_uj", { $0.resolution(true) }, "Smallest step of a counter.")
    try field.optional("resolution_uw", { $0.resolution(false) }, "Smallest step of a power in uW.")
    try field.optional("wrap_time_s", \.wrapTime, "From 0 to the counter's end.")
    try field.optional(
      "wrap_time_at_w", { channel in channel.wrapTime.map { _ in channel.stated } },
      "The power at which it takes so long.")
    try field.optional(
      "mirror_of", \.meter.mirrorOf, "The channel that this one repeats; never added.")
  }
}

extension DeviceRoute: PrintedRecord {
  package static var recordName: String { "gpu_route" }
  package static var recordMeaning: String { "One way to GPUs." }

  package static func fields(_ field: inout some PrintedList<DeviceRoute>) throws(JSONProblem) {
    try field("name", \.name, "A library, NVRTC, or kernels that this build carries.")
    try field("found", \.found, "What it gives.")
    try field("missing", \.missing, "Why it gives nothing, or not all.")
  }
}
