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
    isSecondDisplay(function, kind) || isSecondFunction(function, kind)
      || physicalFunction(of: function) != nil
  }

  /// An FPGA card shows one function for each part of its design.
  private func isSecondFunction(_ function: PCIFunction, _ kind: DeviceKind) -> Bool {
    guard kind == .fpga else { return false }
    return functions.contains { other in
      other.address.isBeside(function.address)
        && other.address.function < function.address.function
        && PCIClassifier.kind(of: other) == .fpga
    }
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
    let links = PCILinks(functions: functions)
    device.attributes = PCIAttributes.of(function, kind, links)
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
      device.notices.append(Reason(.model, remark))
    }
    device.notices += links.notices(function, kind)
    if function.system.powerState == "D3cold" {
      device.notices.append(
        Reason(
          .poweredOff,
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
      name: PCINaming.ownName(function))
  }
}
