internal import JSON
package import Model

/// One line of a raw log: every reading of every meter in the order in which it was taken in (R30).
///
/// The lines are JSON objects with flat values, spelled in one way, so that `run` and `verify` cannot differ.
package enum RawLogLine: Hashable, Sendable {
  /// A channel and what its readings must obey; these lines come first.
  case meter(Int, MeterID, ChannelRules)
  case read(Int, Instant, UInt64)
  case miss(Int, Instant, Reason)
  /// A disturbance such as a suspend, after which the channel starts anew.
  case void(Int, Instant, Reason)
  /// All channels as they stood when one snapshot was taken.
  case snapshot(Int, began: Instant, ended: Instant)
  /// Every counter was given time to move on from the snapshot with this beginning; the readings before this line tell
  /// which did not.
  case judged(Instant)

  /// The line without its newline.
  package var text: String {
    switch self {
    case .meter(let channel, let id, let rules):
      Self.line("meter", [("channel", channel), ("id", id.rawValue)] + Self.members(rules))
    case .read(let channel, let instant, let raw):
      Self.line("read", [("channel", channel), ("t_ns", instant.nanoseconds), ("raw", raw)])
    case .miss(let channel, let instant, let reason):
      Self.fault("miss", channel, instant, reason)
    case .void(let channel, let instant, let reason):
      Self.fault("void", channel, instant, reason)
    case .snapshot(let number, let began, let ended):
      Self.line(
        "snapshot",
        [("number", number), ("began_ns", began.nanoseconds), ("ended_ns", ended.nanoseconds)])
    case .judged(let began): Self.line("judged", [("began_ns", began.nanoseconds)])
    }
  }

  /// Reads one line; nil for anything that is not exactly such a line.
  package init?(_ line: [UInt8]) {
    guard let fields = try? JSONParser.parse(line), let read = Self(fields),
      Array(read.text.utf8) == line
    else { return nil }
    self = read
  }

  private init?(_ fields: JSONValue) {
    func number(_ key: String) -> UInt64? { fields[key]?.wholeNumber }
    func scaled(_ key: String, _ factor: Double) -> Double? {
      number(key).map { Double($0) * factor }
    }
    func instant(_ key: String) -> Instant? { number(key).map(Instant.init(nanoseconds:)) }
    let channel = number("channel").flatMap(Int.init(exactly:))
    let event = fields["event"]?.text
    switch event {
    case "meter":
      guard let channel, let id = fields["id"]?.text,
        let unit = fields["unit"]?.text.flatMap({ RawUnit(symbol: $0) }),
        let resolution = number("resolution")
      else { return nil }
      self = .meter(
        channel, MeterID(rawValue: id),
        ChannelRules(
          unit: unit, modulus: number("modulus"),
          maximumPower: scaled("maximum_power_mw", 1e-3).map { Watts($0) },
          tick: scaled("tick_ns", 1e-9).map { Seconds($0) }, resolution: resolution,
          stallAfter: scaled("stall_after_ns", 1e-9).map { Seconds($0) },
          gapLimit: scaled("gap_limit_ns", 1e-9).map { Seconds($0) },
          lostWrap: number("lost_wrap")))
    case "read":
      guard let channel, let instant = instant("t_ns"), let raw = number("raw") else { return nil }
      self = .read(channel, instant, raw)
    case "miss", "void":
      guard let channel, let instant = instant("t_ns"), let code = fields["code"]?.text,
        let message = fields["message"]?.text
      else { return nil }
      let reason = Reason(ReasonCode(rawValue: code), message)
      self = event == "miss" ? .miss(channel, instant, reason) : .void(channel, instant, reason)
    case "snapshot":
      guard let order = number("number").flatMap(Int.init(exactly:)),
        let began = instant("began_ns"), let ended = instant("ended_ns")
      else { return nil }
      self = .snapshot(order, began: began, ended: ended)
    case "judged":
      guard let began = instant("began_ns") else { return nil }
      self = .judged(began)
    default: return nil
    }
  }

  private static func members(_ rules: ChannelRules) -> [(String, (any JSONScalar)?)] {
    func whole(_ value: Double?) -> UInt64? {
      value.map { UInt64(exactly: $0.rounded()) ?? .max }
    }
    return [
      ("unit", rules.unit.symbol), ("resolution", rules.resolution), ("modulus", rules.modulus),
      ("lost_wrap", rules.lostWrap),
      ("maximum_power_mw", whole(rules.maximumPower.map { $0.value * 1e3 })),
      ("tick_ns", whole(rules.tick.map { $0.value * 1e9 })),
      ("stall_after_ns", whole(rules.stallAfter.map { $0.value * 1e9 })),
      ("gap_limit_ns", whole(rules.gapLimit.map { $0.value * 1e9 })),
    ]
  }

  private static func fault(
    _ event: String, _ channel: Int, _ instant: Instant, _ reason: Reason
  ) -> String {
    line(
      event,
      [
        ("channel", channel), ("t_ns", instant.nanoseconds), ("code", reason.code.rawValue),
        ("message", reason.message),
      ])
  }

  /// What is not known is left out.
  private static func line(_ event: String, _ members: [(String, (any JSONScalar)?)]) -> String {
    JSONWriter.line(
      [("event", .string(event))]
        + members.compactMap { key, value in value?.json.map { (key: key, value: $0) } })
  }
}
