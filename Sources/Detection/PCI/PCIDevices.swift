internal import MachineFacts
internal import Model

/// Turns PCI functions into the devices that a person thinks of: one card is one device.
struct PCIDevices {
  var functions: [PCIFunction]

  /// The devices in the order of their addresses.
  func devices() -> [Device] {
    let kinds = functions.map { PCIClassifier.kind(of: $0) }
    var devices: [Device] = []
    for (index, function) in functions.enumerated() {
      guard let kind = kinds[index], !isPartOfAnother(function, kind) else { continue }
      devices.append(device(function, kind))
    }
    return devices
  }

  // MARK: - What belongs together

  private func isPartOfAnother(_ function: PCIFunction, _ kind: DeviceKind) -> Bool {
    isSecondDisplay(function, kind) || physicalFunction(of: function) != nil
  }

  /// Some GPUs show a second display function, class 0380, beside the first of class 0300.
  private func isSecondDisplay(_ function: PCIFunction, _ kind: DeviceKind) -> Bool {
    guard kind == .gpu, function.address.function > 0, function.classCode == 0x0380,
      !PCIClassifier.isVirtualFunction(function)
    else { return false }
    var first = function.address
    first.function = 0
    return functions.contains {
      $0.address == first && $0.vendor == function.vendor && $0.classCode == 0x0300
        && $0.configuration.value?.extendedCapability(0x10) == nil
    }
  }

  /// The physical function that is listed in the place of a virtual one; nil for physical functions and for virtual
  /// ones that stand alone, as in a virtual machine.
  private func physicalFunction(of function: PCIFunction) -> PCIFunction? {
    guard PCIClassifier.isVirtualFunction(function) else { return nil }
    if let address = function.system.physicalFunction {
      return functions.first { $0.address == address }
    }
    guard let entry = PCICatalog.entry(function.vendor, function.device) else { return nil }
    let name = entry.name.replacingPart(" virtual function")
    return functions.first { other in
      other.vendor == function.vendor && PCICatalog.entry(other.vendor, other.device)?.name == name
    }
  }

  // MARK: - One device

  private func device(_ function: PCIFunction, _ kind: DeviceKind) -> Device {
    let entry = PCICatalog.entry(function.vendor, function.device)
    var device = Device(
      id: .pci(function.address), kind: kind,
      hardwareID: hardwareID(function, kind),
      name: PCINaming.name(function, kind))
    if let verdict = entry?.verdict { device.verdict = verdict }
    device.attributes = PCIAttributes.of(function, kind)
    let others = functions.filter { other in
      other.address.isBeside(function.address) && isSecondDisplay(other, kind)
    }
    if let other = others.first {
      device.attributes[.pciSecondDisplay] = .value(.text(other.address.description))
    }
    let virtual = functions.count {
      $0.system.physicalFunction == function.address
        || physicalFunction(of: $0)?.address == function.address
    }
    if virtual > 0 {
      device.attributes[.pciVirtualFunctions] = .value(.integer(Int64(virtual)))
    }
    if let remark = entry?.remark {
      device.notices.append(Reason(ReasonCode(rawValue: "model"), remark))
    }
    device.notices += linkNotices(function, kind)
    if function.system.powerState == "D3cold" {
      device.notices.append(
        Reason(
          ReasonCode(rawValue: "powered-off"),
          "powered off (D3cold); it was not woken, so its link and memory are not known",
          remedy: "start a program that uses it, then detect again"))
    } else if case .unavailable(let reason) = function.configuration,
      reason.code != .notCaptured
    {
      device.notices.append(reason)
    }
    return device
  }

  private func hardwareID(_ function: PCIFunction, _ kind: DeviceKind) -> HardwareID {
    // AMD sells several models under one device number and tells them apart by revision.
    let revision = function.vendor == 0x1002 && kind == .gpu ? function.identity.revision : nil
    // Whether a maker is known may depend on the machine's list of names; the identifier must not.
    return HardwareNaming.pci(
      kind == .unclassified ? .accelerator : kind, vendor: function.vendor, device: function.device,
      revision: revision,
      name: PCINaming.ownName(function.vendor, function.device))
  }

  // MARK: - Links

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

  private func linkNotices(_ function: PCIFunction, _ kind: DeviceKind) -> [Reason] {
    guard DeviceClass.of(kind).isLinkTold,
      function.system.powerState != "D3cold",
      let link = function.configuration.value?.link ?? function.system.link
    else { return [] }
    let above = bridges(above: function)
    let port = above.first?.configuration.value?.link
    var notices = notice(link, of: "link", port: port)
    // Some cards carry a switch: then the link to the slot is the switch's.
    for bridge in above where bridge.vendor == function.vendor {
      guard let configuration = bridge.configuration.value, configuration.portType == 5,
        let link = configuration.link
      else { continue }
      notices += notice(link, of: "link of the card's switch (\(bridge.address))", port: nil)
    }
    return notices
  }

  private func notice(_ link: PCILink, of what: String, port: PCILink?) -> [Reason] {
    // A link without lanes is down or is not shown, as under most hypervisors.
    guard link.now.width > 0, link.now.speed > 0 else { return [] }
    let limit = port.map { "; the port above can do \($0.best.text)" } ?? ""
    if link.now.width < link.best.width {
      return [
        Reason(
          ReasonCode(rawValue: "link-degraded"),
          "\(what) runs at \(link.now.text), the card can do \(link.best.text)\(limit)",
          remedy: link.now.width == 1
            ? "a x1 riser or slot; hashing needs little bandwidth, other work suffers"
            : "use a wider slot, or reseat the card if the slot is wide enough")
      ]
    }
    if link.now.speed < link.best.speed {
      return [
        Reason(
          ReasonCode(rawValue: "link-slow"),
          "\(what) runs at \(link.now.text), the card can do \(link.best.text)\(limit)",
          remedy: "cards lower the speed when idle: detect again under load")
      ]
    }
    return []
  }
}
