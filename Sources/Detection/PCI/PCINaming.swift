internal import Model

/// Names of PCI devices for people, and the part of a hardware identifier that helps people.
enum PCINaming {
  /// The name from the program's own lists, which is the same on every machine; nil where it is not listed.
  static func ownName(_ function: PCIFunction) -> String? {
    GPUModels.name(function.vendor, function.device, revision: function.identity.revision)
      ?? GPUNames.name(function.vendor, function.device)
      ?? PCICatalog.entry(function.vendor, function.device)?.name
  }

  /// The best name for a person: maker and model, or the numbers where nobody knows it.
  static func name(_ function: PCIFunction, _ kind: DeviceKind) -> String {
    let maker = PCICatalog.vendorNames[function.vendor] ?? function.vendorName
    if kind == .paravirtualGPU { return "GPU of the Windows host" }
    if let model = model(function) { return joined(maker, model) }
    let numbers = "\(function.vendor.hexadecimal(4)):\(function.device.hexadecimal(4))"
    if kind == .fpga { return joined(maker, "FPGA, unknown design (\(numbers))") }
    return joined(maker, "device \(numbers)")
  }

  private static func model(_ function: PCIFunction) -> String? {
    if let model = GPUModels.name(
      function.vendor, function.device, revision: function.identity.revision)
    {
      return model
    }
    let listed = function.deviceName ?? ownName(function)
    // "Quadro RTX 6000/8000": the board's own name decides, where it is one of them.
    if let name = listed, name.contains("/"), let board = function.subsystemName,
      isAlternative(board, of: name)
    {
      return board
    }
    // "AD103M / GN21-X11 [GeForce RTX 4090 Laptop GPU]": the part before the bracket is of no use to a buyer.
    if let name = listed, let open = name.firstIndex(of: "["), name.hasSuffix("]"),
      name[..<open].contains("GN2"), name.index(after: open) < name.index(before: name.endIndex)
    {
      return String(name[name.index(after: open)..<name.index(before: name.endIndex)])
    }
    return listed
  }

  /// Whether a board's name holds a number that the list gives as one of several.
  private static func isAlternative(_ board: String, of name: String) -> Bool {
    func numbers(_ text: String) -> Set<Substring> {
      Set(
        text.split { !($0.isLetter || $0.isNumber) }.filter { word in
          word.count >= 3 && word.contains(where: \.isNumber)
        })
    }
    return !numbers(board).isDisjoint(with: numbers(name))
  }

  private static func joined(_ maker: String?, _ model: String) -> String {
    guard let maker, !model.hasPrefix(maker) else { return model }
    return "\(maker) \(model)"
  }
}
