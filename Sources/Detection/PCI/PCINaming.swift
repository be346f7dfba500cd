internal import Model

/// Names of PCI devices for people, and the part of a hardware identifier that helps people.
enum PCINaming {
  /// The name from the program's own lists, which is the same on every machine; nil where it is not listed.
  static func ownName(_ vendor: UInt16, _ device: UInt16) -> String? {
    GPUNames.name(vendor, device) ?? PCICatalog.entry(vendor, device)?.name
  }

  /// The best name for a person: maker and model, or the numbers where nobody knows it.
  static func name(_ function: PCIFunction, _ kind: DeviceKind) -> String {
    let maker = PCICatalog.vendorNames[function.vendor] ?? function.vendorName
    if let model = function.deviceName ?? ownName(function.vendor, function.device) {
      return joined(maker, model)
    }
    let numbers = "\(function.vendor.hexadecimal(4)):\(function.device.hexadecimal(4))"
    if kind == .fpga { return joined(maker, "FPGA, unknown design (\(numbers))") }
    return joined(maker, "device \(numbers)")
  }

  private static func joined(_ maker: String?, _ model: String) -> String {
    guard let maker, !model.hasPrefix(maker) else { return model }
    return "\(maker) \(model)"
  }
}
