package import Model

/// One line of a raw log: every reading of every meter in the order in which it was taken in (R30).
///
/// The lines are JSON objects with flat values, written and read here alone, so that `run` and `verify` cannot differ.
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
      var text =
        #"{"event":"meter","channel":\#(channel),"id":\#(Self.quoted(id.rawValue)),"#
        + #""unit":\#(Self.quoted(rules.unit.symbol)),"resolution":\#(rules.resolution)"#
      if let modulus = rules.modulus { text += #","modulus":\#(modulus)"# }
      if let wrap = rules.lostWrap { text += #","lost_wrap":\#(wrap)"# }
      for (key, value) in [
        ("maximum_power_mw", rules.maximumPower.map { $0.value * 1e3 }),
        ("tick_ns", rules.tick.map { $0.value * 1e9 }),
        ("stall_after_ns", rules.stallAfter.map { $0.value * 1e9 }),
        ("gap_limit_ns", rules.gapLimit.map { $0.value * 1e9 }),
      ] {
        if let value { text += #","\#(key)":\#(Self.whole(value))"# }
      }
      return text + "}"
    case .read(let channel, let instant, let raw):
      return
        #"{"event":"read","channel":\#(channel),"t_ns":\#(instant.nanoseconds),"raw":\#(raw)}"#
    case .miss(let channel, let instant, let reason):
      return Self.fault("miss", channel, instant, reason)
    case .void(let channel, let instant, let reason):
      return Self.fault("void", channel, instant, reason)
    case .snapshot(let number, let began, let ended):
      return
        #"{"event":"snapshot","number":\#(number),"began_ns":\#(began.nanoseconds),"ended_ns":\#(ended.nanoseconds)}"#
    case .judged(let began):
      return #"{"event":"judged","began_ns":\#(began.nanoseconds)}"#
    }
  }

  /// Reads one line; nil for anything that is not exactly such a line.
  package init?(_ line: some StringProtocol) {
    guard let fields = Self.fields(Array(line.utf8)) else { return nil }
    func number(_ key: String) -> UInt64? {
      if case .number(let value) = fields[key] { value } else { nil }
    }
    func word(_ key: String) -> String? {
      if case .text(let value) = fields[key] { value } else { nil }
    }
    func scaled(_ key: String, _ factor: Double) -> Double? {
      number(key).map { Double($0) * factor }
    }
    let channel = number("channel").flatMap(Int.init(exactly:))
    let instant = number("t_ns").map(Instant.init(nanoseconds:))
    switch word("event") {
    case "meter":
      guard let channel, let id = word("id"), let symbol = word("unit"),
        let unit = RawUnit(symbol: symbol), let resolution = number("resolution")
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
      guard let channel, let instant, let raw = number("raw") else { return nil }
      self = .read(channel, instant, raw)
    case "miss", "void":
      guard let channel, let instant, let code = word("code"), let message = word("message") else {
        return nil
      }
      let reason = Reason(ReasonCode(rawValue: code), message)
      self =
        word("event") == "miss"
        ? .miss(channel, instant, reason) : .void(channel, instant, reason)
    case "snapshot":
      guard let order = number("number").flatMap(Int.init(exactly:)),
        let began = number("began_ns"),
        let ended = number("ended_ns")
      else { return nil }
      self = .snapshot(
        order, began: Instant(nanoseconds: began), ended: Instant(nanoseconds: ended))
    case "judged":
      guard let began = number("began_ns") else { return nil }
      self = .judged(Instant(nanoseconds: began))
    default: return nil
    }
  }

  private static func fault(
    _ event: String, _ channel: Int, _ instant: Instant, _ reason: Reason
  ) -> String {
    #"{"event":"\#(event)","channel":\#(channel),"t_ns":\#(instant.nanoseconds),"#
      + #""code":\#(quoted(reason.code.rawValue)),"message":\#(quoted(reason.message))}"#
  }

  private static func whole(_ value: Double) -> UInt64 {
    UInt64(exactly: value.rounded()) ?? .max
  }
}

// MARK: - The small part of JSON that the lines use

extension RawLogLine {
  private enum Field {
    case text(String)
    case number(UInt64)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// The members of an object whose values are texts and whole numbers, or nil.
  private static func fields(_ bytes: [UInt8]) -> [String: Field]? {
    var rest = bytes[...]
    guard take(UInt8(ascii: "{"), &rest) else { return nil }
    var fields: [String: Field] = [:]
    repeat {
      guard let key = string(&rest), take(UInt8(ascii: ":"), &rest), fields[key] == nil else {
        return nil
      }
      if rest.first == UInt8(ascii: "\"") {
        guard let value = string(&rest) else { return nil }
        fields[key] = .text(value)
      } else {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard let value = UInt64(String(decoding: digits, as: UTF8.self)) else { return nil }
        rest = rest.dropFirst(digits.count)
        fields[key] = .number(value)
      }
    } while take(UInt8(ascii: ","), &rest)
    return take(UInt8(ascii: "}"), &rest) && rest.isEmpty ? fields : nil
  }

  private static func take(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == byte else { return false }
    rest = rest.dropFirst()
    return true
  }

  private static func string(_ rest: inout ArraySlice<UInt8>) -> String? {
    guard take(UInt8(ascii: "\""), &rest) else { return nil }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        switch rest.popFirst() {
        case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "u"):
          guard let code = UInt8(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16),
            code < 0x80
          else { return nil }
          bytes.append(code)
          rest = rest.dropFirst(4)
        default: return nil
        }
      default: bytes.append(byte)
      }
    }
    return nil
  }
}
