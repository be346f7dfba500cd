internal import LinuxSystem
internal import MachineFacts
internal import Model

/// Finds USB miners by what the kernel already knows of them; nothing is opened.
///
/// Opening a serial port toggles its control lines, which resets other people's hardware.
struct USBScanner {
  let reader: FactReader

  private static let folder = "/sys/bus/usb/devices"

  /// The miners and the bridges that could be one, in the order of their ports.
  func devices() -> [Device] {
    // Names with a colon are interfaces of the devices.
    reader.names(USBScanner.folder).filter { !$0.contains(":") }
      .sorted { USBScanner.numbers($0).lexicographicallyPrecedes(USBScanner.numbers($1)) }
      .compactMap(device)
  }

  /// The numbers of a port, so that 1-2 comes before 1-10.
  private static func numbers(_ port: String) -> [Int] {
    port.split { !$0.isNumber }.compactMap { Int($0) }
  }

  private func device(_ port: String) -> Device? {
    let folder = "\(USBScanner.folder)/\(port)"
    guard let vendor = number("\(folder)/idVendor"), let product = number("\(folder)/idProduct")
    else { return nil }
    let maker = reader.text("\(folder)/manufacturer")
    let name = reader.text("\(folder)/product")
    guard
      let match = USBMinerCatalog.match(
        vendor: vendor, product: product, maker: maker.value ?? "", name: name.value ?? "")
    else { return nil }
    let numbers = "\(vendor.hexadecimal(4))-\(product.hexadecimal(4))"
    let id = DeviceID.usb(port)
    var device: Device
    switch match {
    case .miner(let entry):
      let proof = entry.isExact ? "" : " (by its numbers only: its strings were not compared)"
      device = Device(
        id: id, kind: .usbMiner,
        hardwareID: HardwareID(
          rawValue: "usb-miner/\(numbers)-\(HardwareNaming.slug(entry.name))"),
        name: entry.name)
      device.verdict =
        "detected only\(proof): the driver '\(entry.driver)' of cgminer or bfgminer works with it, "
        + "hashwatt has none"
    case .bridge(let chip, let candidates):
      device = Device(
        id: id, kind: .serialBridge,
        hardwareID: HardwareID(rawValue: "serial-bridge/\(numbers)"), name: "\(chip) serial bridge")
      device.verdict =
        "could be \(candidates.joined(separator: ", ")), or anything else with such a "
        + "bridge: it was not opened"
    }
    device.attributes = [
      .usbVendorID: .value(.text(vendor.hexadecimal(4))),
      .usbProductID: .value(.text(product.hexadecimal(4))),
      .usbManufacturer: maker.map { .text($0) },
      .usbProduct: name.map { .text($0) },
      .usbPort: .value(.text(port)),
    ]
    return device
  }

  private func number(_ path: String) -> UInt16? {
    reader.text(path).value?.hexadecimalValue.flatMap { UInt16(exactly: $0) }
  }
}
