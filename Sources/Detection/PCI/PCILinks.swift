internal import MachineFacts
internal import Model

/// The link between a card and the board.
///
/// It is the endpoint's, unless the card carries a switch of its own: then the endpoint's link is a hop inside the card, and
/// the card's link is that of the switch's upstream port.
struct PCILinks {
  var functions: [PCIFunction]

  /// A card's link and how it was found.
  struct CardLink {
    var link: PCILink
    /// The upstream port of the card's own switch, where the link is that one's.
    var port: PCIFunction?
    /// The bridges between the card and the processor, nearest first.
    var above: [PCIFunction]
  }

  /// The link, or why it is not known.
  func link(of function: PCIFunction) -> Reading<CardLink> {
    let above = bridges(above: function)
    if let port = upstreamPort(of: function, above) {
      guard let link = shown(port) else {
        return .unavailable(unread(port))
      }
      return .value(CardLink(link: link, port: port, above: Array(above.dropFirst(2))))
    }
    if Self.carriesSwitch(function) {
      return .unavailable(
        .notCaptured(
          "the bridge above the card's own switch",
          "its link to the board is that bridge's: capture all functions with 'sudo lspci -xxxx'"))
    }
    guard let link = shown(function) else { return .unavailable(unread(function)) }
    return .value(CardLink(link: link, port: nil, above: above))
  }

  // MARK: - Where it is

  private func shown(_ function: PCIFunction) -> PCILink? {
    function.configuration.value?.link ?? function.system.link
  }

  private func unread(_ function: PCIFunction) -> Reason {
    if let reason = function.configuration.reason { return reason }
    if function.configuration.value?.showsCapabilities == false {
      return Reason(
        .permission, "only the first 64 bytes of the configuration space could be read",
        remedy: "run it as root, or capture with 'sudo lspci -xxxx'")
    }
    return Reason(.absent, "it is not attached by a PCI Express link")
  }

  /// The bridges above a function, nearest first.
  private func bridges(above function: PCIFunction) -> [PCIFunction] {
    var found: [PCIFunction] = []
    var bus = function.address.bus
    while let bridge = functions.first(where: { candidate in
      candidate.address.domain == function.address.domain
        && candidate.configuration.value?.secondaryBus == bus
        && candidate.address.bus < bus
    }) {
      found.append(bridge)
      bus = bridge.address.bus
    }
    return found
  }

  /// The upstream port of the switch that a card carries; nil where it carries none.
  private func upstreamPort(of function: PCIFunction, _ above: [PCIFunction]) -> PCIFunction? {
    guard above.count >= 2, function.address.bus > 0 else { return nil }
    let (down, up) = (above[0], above[1])
    if Self.switches.contains(where: { $0.up == Self.number(up) && $0.down == Self.number(down) }) {
      return up
    }
    // Unlisted: both ports are the card maker's own, and no other card sits below.
    guard down.vendor == function.vendor, up.vendor == function.vendor,
      up.configuration.value?.portType == 5, down.configuration.value?.portType == 6,
      !Self.isThunderbolt(up), function.classCode >> 8 == 0x03 || function.classCode >> 8 == 0x12,
      isAlone(function, below: up)
    else { return nil }
    return up
  }

  private func isAlone(_ function: PCIFunction, below port: PCIFunction) -> Bool {
    guard let first = port.configuration.value?.secondaryBus else { return false }
    return !functions.contains { other in
      other.address.domain == function.address.domain && other.address.bus >= first
        && bridges(above: other).contains { $0.address == port.address }
        && other.classCode >> 8 != 0x06
        && (other.address.bus, other.address.device) != (
          function.address.bus, function.address.device
        )
    }
  }

  private static func number(_ function: PCIFunction) -> UInt32 {
    UInt32(function.vendor) << 16 | UInt32(function.device)
  }

  /// Switches on cards: AMD's since Vega, Intel's on Arc.
  private static let switches: [(up: UInt32, down: UInt32)] = [
    (0x1002_1478, 0x1002_1479), (0x1022_1470, 0x1022_1471), (0x8086_4fa0, 0x8086_4fa4),
    (0x8086_4fa1, 0x8086_4fa4), (0x8086_4fa0, 0x8086_4fa3), (0x8086_e2ff, 0x8086_e2f0),
    (0x8086_e2ff, 0x8086_e2f1), (0x8086_e2ff, 0x8086_e2f2),
  ]

  /// Whether a model is known to carry a switch, so that the endpoint's own link says nothing.
  private static func carriesSwitch(_ function: PCIFunction) -> Bool {
    guard function.classCode >> 8 == 0x03 || function.classCode >> 8 == 0x12,
      !PCIClassifier.isIntegrated(function), !PCIClassifier.isVirtualFunction(function)
    else { return false }
    switch function.vendor {
    case 0x1002:
      return [0x6860...0x687f, 0x66a0...0x66af, 0x69a0...0x69af, 0x7310...0x737f, 0x73a0...0x73ff]
        .contains { ($0 as ClosedRange<UInt16>).contains(function.device) }
        || (0x7420...0x748f).contains(function.device)
        || (0x7550...0x75ff).contains(function.device)
    case 0x8086:
      return [0x5690...0x56ff, 0xe200...0xe2ff].contains {
        ($0 as ClosedRange<UInt16>).contains(function.device)
      }
    default: return false
    }
  }

  // MARK: - What its owner should know

  func notices(_ function: PCIFunction, _ kind: DeviceKind) -> [Reason] {
    guard DeviceClass.of(kind).isLinkTold, function.system.powerState != "D3cold",
      let card = link(of: function).value
    else { return [] }
    let (link, slot) = (card.link, card.above.first)
    // A link without lanes is down or is not shown, as under most hypervisors.
    guard link.now.width > 0, link.now.speed > 0 else { return [] }
    let port = slot.flatMap(shown)
    let what = card.port.map { "link of the card's switch (\($0.address))" } ?? "link"
    let limit = port.map { "; the port above can do \($0.best.text)" } ?? ""
    let runs = "\(what) runs at \(link.now.text), the card can do \(link.best.text)\(limit)"
    if card.above.contains(where: Self.isThunderbolt) {
      return link.now == link.best
        ? []
        : [Reason(.linkTunnelled, "\(runs); it goes over Thunderbolt, which is narrow by nature")]
    }
    if link.now.width < link.best.width {
      // Where the port has no more lanes than are used, a better seat helps nothing.
      let isFull = port.map { $0.best.width > 0 && $0.best.width <= link.now.width } ?? false
      return [
        Reason(
          .linkDegraded, runs,
          remedy: link.now.width == 1
            ? "a x1 riser or slot; hashing needs little bandwidth, other work suffers"
            : isFull
              ? "the port has no more lanes: another slot of the board may have"
              : "use a wider slot, or reseat the card if the slot is wide enough")
      ]
    }
    if link.now.speed < link.best.speed {
      let isSlot = port.map { $0.best.speed > 0 && $0.best.speed <= link.now.speed } ?? false
      return [
        Reason(
          .linkSlow, runs,
          remedy: isSlot
            ? "the port can do no more"
            : kind == .gpu
              ? "cards lower the speed when idle: detect again under load"
              : "reseat the card, and look for the slot's speed in the firmware's setup")
      ]
    }
    return []
  }

  /// Thunderbolt and USB4 bridges, by their numbers or by what the list calls them.
  private static func isThunderbolt(_ bridge: PCIFunction) -> Bool {
    if let name = bridge.deviceName?.lowercased(),
      name.contains("thunderbolt") || name.contains("usb4")
    {
      return true
    }
    switch bridge.vendor {
    case 0x8086: return thunderbolt.contains { $0.contains(bridge.device) }
    case 0x1022: return [0x14ef, 0x14cd, 0x150a].contains(bridge.device)
    default: return false
    }
  }

  private static let thunderbolt: [ClosedRange<UInt16>] = [
    0x1513...0x1513, 0x151a...0x151b, 0x1547...0x1549, 0x1566...0x156d, 0x1575...0x1578,
    0x157d...0x157d, 0x15bf...0x15c1, 0x15d2...0x15db, 0x15de...0x15df, 0x15e7...0x15f0,
    0x1133...0x1138, 0x0b26...0x0b27, 0x9a23...0x9a2f, 0x8a1d...0x8a25, 0x466e...0x467f,
    0x5780...0x5787,
  ]
}
