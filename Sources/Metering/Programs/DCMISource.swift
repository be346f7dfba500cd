internal import LinuxSystem
package import Model
internal import Text

extension MeterSourceID {
  static let dcmi = MeterSourceID("dcmi", isOnMachine: true)
}

/// A server's own power meter over IPMI DCMI, through the `ipmitool` program.
package struct DCMISource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .dcmi }
  package var summary: String { "the server's own power meter (IPMI DCMI through ipmitool)" }
  package var argumentName: String? { nil }

  static let devices = ["/dev/ipmi0", "/dev/ipmi/0", "/dev/ipmidev/0"]

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let root = request.environment.root
    let variables = request.environment.variables
    guard let device = Self.devices.first(where: { root.exists($0) }) else {
      return .none(
        Reason(
          .absent,
          "there is no \(Self.devices[0]): no management controller, or its driver is not loaded",
          remedy: "on a server run 'sudo modprobe -a ipmi_si ipmi_devintf' (cost: none, root only)")
      )
    }
    guard let program = ChildProcess.find("ipmitool", path: variables["PATH"] ?? "") else {
      return .none(
        Reason(
          .absent, "ipmitool is not installed", remedy: "run 'sudo apt-get install ipmitool'"))
    }
    switch Self.ask(program, variables, device) {
    case .unavailable(let reason): return .none(reason)
    case .value(let first):
      return MeterDiscovery(readers: [
        AnswerReader(
          source: id, name: "chassis", label: "IPMI DCMI",
          first: DeviceAnswer(power: first.watts), counter: nil,
          accuracy: MeterAccuracy(
            gainBound: nil, offsetBound: Watts(0.5),
            source: "not published by the controller; whole watts", isAssumed: false),
          period: Seconds(max(1, min(60, first.period ?? 1))),
          averaging: first.period.map { Seconds($0) }
        ) {
          Self.ask(program, variables, device).map { DeviceAnswer(power: $0.watts) }
        }
      ])
    }
  }

  /// What `ipmitool dcmi power reading` says.
  struct Answer: Hashable {
    let watts: Double
    /// Seconds between two readings of the controller.
    let period: Double?
  }

  private static func ask(
    _ program: String, _ variables: [String: String], _ device: String
  ) -> Reading<Answer> {
    let outcome: ChildProcess.Outcome
    do throws(SystemError) {
      // Its words on standard error say what is wrong.
      outcome = try ChildProcess.run(
        "/bin/sh", ["-c", "exec \"$0\" \"$@\" 2>&1", program, "dcmi", "power", "reading"],
        environment: variables, limit: Seconds(5))
    } catch {
      return .unavailable(Reason(.failed, "\(error)"))
    }
    switch outcome.ending {
    case .exited(0): return parse(outcome.output)
    case .timedOut:
      return .unavailable(Reason(.failed, "ipmitool gave no answer within 5 s and was ended"))
    default: return .unavailable(refusal(outcome, device))
    }
  }

  /// Why ipmitool failed, in its own words, and what mends that; rights to the device mend nothing else.
  private static func refusal(_ outcome: ChildProcess.Outcome, _ device: String) -> Reason {
    let words =
      outcome.output.split(whereSeparator: \.isNewline).lazy.map { String($0).trimmed }
      .first { !$0.isEmpty }.map { String($0.prefix(160)) }
    let said = words.map { "it says '\($0)'" } ?? "it \(outcome.ending.words)"
    let message = "ipmitool cannot ask \(device): \(said)"
    let text = (words ?? "").lowercased()
    func has(_ signs: String...) -> Bool { signs.contains { text.contains($0) } }
    if words == nil || has("permission denied", "operation not permitted") {
      return Reason(
        .permission, message,
        remedy: Remedies.isRoot
          ? "this is root already: measure outside of the container, or start it with '--device \(device)' (cost: the container controls the server's power and firmware)"
          : "let a group open it: 'sudo groupadd -f power && sudo chgrp power \(device) && sudo chmod 0660 \(device)' (cost: its members control the server's power and firmware)"
      )
    }
    if has("busy", "(c0)", "0xc0") {
      return Reason(.failed, message, remedy: "try again: the controller is busy")
    }
    if has("invalid command", "(c1)", "0xc1", "not dcmi", "dcmi not", "not supported") {
      return Reason(
        .unsupported, message,
        remedy: "use another meter: this controller has no power reading over DCMI")
    }
    if has("no such file", "no such device", "could not open device") {
      return Reason(
        .absent, message,
        remedy: "see whether the controller's driver is loaded: 'lsmod | grep ipmi'")
    }
    return Reason(.failed, message)
  }

  static func parse(_ output: String) -> Reading<Answer> {
    var fields: [String: String] = [:]
    for line in output.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[String(line[..<colon]).trimmed] = String(line[line.index(after: colon)...]).trimmed
    }
    if let state = fields["Power reading state is"], state != "activated" {
      return .unavailable(
        Reason(
          .notMeasured, "the controller's power reading is \(state)",
          remedy: "run 'sudo ipmitool dcmi power activate' (cost: none known)"))
    }
    guard let text = fields["Instantaneous power reading"] else {
      return .unavailable(
        Reason(.unsupported, "this controller answers without a power reading"))
    }
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 2, words[1].hasPrefix("Watt"), let watts = Double(words[0]) else {
      return .unavailable(Reason(.malformed, "ipmitool shows '\(text)', not whole watts"))
    }
    // Controllers answer 0 where they have no sensor; a running server draws more.
    guard watts > 0 else {
      return .unavailable(Reason(.implausible, "the controller shows \(words[0]) W"))
    }
    let period = fields["Sampling period"].flatMap {
      Double($0.prefix { $0 != " " })
    }
    // Longer than a day is the time since the record began, of which the reading is no mean.
    return .value(
      Answer(watts: watts, period: period.flatMap { $0 > 0 && $0 <= 86_400 ? $0 : nil }))
  }
}
