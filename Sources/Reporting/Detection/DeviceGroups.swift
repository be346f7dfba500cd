internal import Model
internal import Text

/// Devices of a view, equal ones together: a rig of eight equal cards is one entry.
struct DeviceGroup {
  /// In the order of the report; they differ in where they are alone.
  var devices: [Device]

  var first: Device { devices[0] }

  /// The groups in the order of their first device.
  static func groups(_ devices: [Device]) -> [DeviceGroup] {
    struct Key: Hashable {
      let name: String
      let kind: DeviceKind
      let hardwareID: HardwareID
      let facts: String
      let verdict: String
      let notices: [String]
    }
    var order: [Key] = []
    var members: [Key: [Device]] = [:]
    for device in devices {
      let key = Key(
        name: device.name, kind: device.kind, hardwareID: device.hardwareID,
        facts: DeviceFacts.line(device, withPlace: false), verdict: device.verdict,
        notices: device.notices.map { "\($0.code.rawValue) \(withoutPlace($0.message))" })
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(device)
    }
    return order.compactMap { members[$0].map { DeviceGroup(devices: $0) } }
  }

  /// A sentence without the addresses of functions, which differ between equal cards.
  static func withoutPlace(_ text: String) -> String {
    text.split(separator: " ").filter { word in
      PCIAddress(word.filter { !"(),;".contains($0) }) == nil
    }.joined(separator: " ")
  }

  // MARK: - The first line

  /// How many of what there are, and which are ill: `8 x GeForce RTX 3060 Ti, 1 x Radeon RX 580; 2 at x1`; nil for
  /// less than two devices that compute.
  static func summary(_ devices: [Device]) -> String? {
    let cards = devices.filter {
      [.gpu, .fpga, .accelerator, .usbMiner, .paravirtualGPU].contains($0.kind)
    }
    guard cards.count > 1 else { return nil }
    var order: [String] = []
    var counts: [String: Int] = [:]
    for card in cards {
      let name = shortName(card)
      if counts[name] == nil { order.append(name) }
      counts[name, default: 0] += 1
    }
    var parts = [order.map { "\(counts[$0] ?? 0) x \($0)" }.joined(separator: ", ")]
    let narrow = cards.filter { has($0, .linkDegraded) }
    let single = narrow.count { $0.text(.linkNow)?.hasSuffix(" x1") ?? false }
    if single > 0 { parts.append("\(single) at x1") }
    if narrow.count > single { parts.append("\(narrow.count - single) with a narrow link") }
    let dead = cards.count { has($0, .notAnswering) }
    if dead > 0 { parts.append("\(dead) not answering") }
    let asleep = cards.count { has($0, .poweredOff) }
    if asleep > 0 { parts.append("\(asleep) powered off") }
    return parts.joined(separator: "; ")
  }

  private static func has(_ device: Device, _ code: ReasonCode) -> Bool {
    device.notices.contains { $0.code == code }
  }

  /// The name that a person says: what stands in brackets, where a list gives chip and model.
  private static func shortName(_ device: Device) -> String {
    guard let open = device.name.lastIndex(of: "["), device.name.hasSuffix("]") else {
      return device.name
    }
    let inside = device.name[device.name.index(after: open)...].dropLast()
    return inside.isEmpty ? device.name : String(inside)
  }
}
