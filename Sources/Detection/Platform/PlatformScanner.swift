internal import LinuxSystem
internal import MachineFacts
internal import Model

/// Finds GPUs that are no PCI devices: parts of a chip, which the device tree, devfreq or the display driver names.
struct PlatformScanner {
  let reader: FactReader

  /// What one place tells of a GPU.
  private struct Sight {
    /// Where its registers are, as the kernel's names begin: `17000000`.
    var address: String?
    /// What the device tree calls it, most exact word first: `nvidia,ga10b`.
    var compatible: [String]
    var driver: String?
  }

  /// The GPUs, each once, in the order of their words.
  func devices() -> [Device] {
    var found: [String: Sight] = [:]
    for sight in treeSights + frequencySights + busSights + displaySights {
      // The most exact word is the same in every place.
      guard let word = sight.compatible.first(where: GPUWords.isGPU) else { continue }
      var known = found[word] ?? Sight(compatible: sight.compatible)
      known.address = known.address ?? sight.address
      known.driver = known.driver ?? sight.driver
      found[word] = known
    }
    return found.sorted { $0.key < $1.key }.map { word, sight in device(word, sight) }
  }

  private func device(_ word: String, _ sight: Sight) -> Device {
    let name = sight.address.map { "\($0).gpu" } ?? "gpu"
    var device = Device(
      id: .platform(name), kind: .gpu,
      hardwareID: HardwareID(rawValue: "gpu/\(HardwareNaming.slug(word))"),
      name: GPUWords.name(word))
    device.attributes = [
      .gpuPlacement: .value(.text("integrated")),
      .platformCompatible: .value(.text(word)),
      .platformDriver: Reading(
        sight.driver.map { .text($0) }, else: Reason(.absent, "no driver is shown")),
      .memory: .unavailable(
        Reason(.absent, "it has no memory of its own and shares the main memory")),
    ]
    return device
  }

  // MARK: - Places

  private static let tree = "/sys/firmware/devicetree/base"

  /// Nodes of the device tree at its root and on its buses.
  private var treeSights: [Sight] {
    let top = reader.names(Self.tree)
    let buses = top.filter { $0 == "soc" || $0.hasPrefix("soc@") || $0.hasPrefix("bus@") }
    return ([""] + buses.map { "/" + $0 }).flatMap { bus in
      (bus.isEmpty ? top : reader.names(Self.tree + bus)).prefix(4096).compactMap { node in
        let parts = node.split(separator: "@", maxSplits: 1)
        guard let kind = parts.first, ["gpu", "v3d", "mali", "g3d"].contains(kind) else {
          return nil
        }
        let folder = "\(Self.tree)\(bus)/\(node)"
        if let status = reader.text(folder + "/status").value, status == "disabled" { return nil }
        return Sight(
          address: parts.count > 1 ? String(parts[1]) : nil, compatible: words(folder), driver: nil)
      }
    }
  }

  private var frequencySights: [Sight] { named(below: "/sys/class/devfreq") { "\($0)/device" } }

  private var busSights: [Sight] { named(below: "/sys/bus/platform/devices") { $0 } }

  /// Entries such as `17000000.ga10b`, whose node the device tree describes.
  private func named(below folder: String, _ device: (String) -> String) -> [Sight] {
    reader.names(folder).prefix(8192).compactMap { entry in
      let parts = entry.split(separator: ".", maxSplits: 1)
      let path = device("\(folder)/\(entry)")
      let compatible = words(path + "/of_node")
      guard compatible.contains(where: GPUWords.isGPU) else { return nil }
      return Sight(
        address: parts.count > 1 ? String(parts[0]) : nil, compatible: compatible,
        driver: reader.linkName(path + "/driver"))
    }
  }

  private var displaySights: [Sight] {
    let folder = "/sys/class/drm"
    return reader.names(folder).filter {
      ($0.hasPrefix("card") || $0.hasPrefix("render")) && !$0.contains("-")
    }
    .compactMap { card in
      guard let text = reader.text("\(folder)/\(card)/device/uevent").value else { return nil }
      var fields: [Substring: String] = [:]
      for line in text.split(separator: "\n") {
        let parts = line.split(separator: "=", maxSplits: 1)
        if parts.count == 2 { fields[parts[0]] = String(parts[1]) }
      }
      // A PCI device is found on its bus.
      guard fields["PCI_ID"] == nil else { return nil }
      let compatible = (0..<16).compactMap { fields[Substring("OF_COMPATIBLE_\($0)")] }
      let address = fields["OF_FULLNAME"]?.split(separator: "@").last.map(String.init)
      return Sight(address: address, compatible: compatible, driver: fields["DRIVER"])
    }
  }

  private func words(_ node: String) -> [String] {
    (reader.text(node + "/compatible").value ?? "").split(separator: "\0").map(String.init)
  }
}

/// What device trees call GPUs.
enum GPUWords {
  /// Whether a word such as `arm,mali-bifrost` is of a GPU, not of a display controller.
  static func isGPU(_ word: String) -> Bool {
    names[word] != nil || marks.contains { word.contains($0) }
  }

  /// `NVIDIA Orin (GA10B)`, or maker and word where the GPU is not listed.
  static func name(_ word: String) -> String {
    if let name = names[word] { return name }
    let parts = word.split(separator: ",", maxSplits: 1)
    guard parts.count == 2 else { return word }
    let maker = makers[String(parts[0])] ?? String(parts[0])
    var model = parts[1].split(separator: "-").map { part in
      part.prefix(1).uppercased() + part.dropFirst()
    }.joined(separator: " ")
    if model.hasSuffix(".") { model.removeLast() }
    return "\(maker) \(model)"
  }

  private static let marks = [
    "mali", "adreno", "kgsl-3d", "v3d", "vc4-gpu", "vivante,gc", "img,powervr", "img,img-",
    "powervr", "apple,agx", "gpu-g", "immortalis",
  ]

  private static let makers = [
    "arm": "ARM", "qcom": "Qualcomm", "brcm": "Broadcom", "vivante": "Vivante",
    "img": "Imagination",
    "nvidia": "NVIDIA", "apple": "Apple", "rockchip": "Rockchip", "amlogic": "Amlogic",
    "allwinner": "Allwinner", "samsung": "Samsung", "mediatek": "MediaTek",
    "hisilicon": "HiSilicon",
  ]

  private static let names = [
    "nvidia,gk20a": "NVIDIA Tegra K1 (GK20A)", "nvidia,gm20b": "NVIDIA Tegra X1 (GM20B)",
    "nvidia,gp10b": "NVIDIA Tegra X2 (GP10B)", "nvidia,gv11b": "NVIDIA Xavier (GV11B)",
    "nvidia,ga10b": "NVIDIA Orin (GA10B)", "nvidia,gb10b": "NVIDIA Thor (GB10B)",
    "brcm,2711-v3d": "Broadcom VideoCore VI", "brcm,2712-v3d": "Broadcom VideoCore VII",
    "brcm,bcm2835-vc4": "Broadcom VideoCore IV", "brcm,bcm2835-v3d": "Broadcom VideoCore IV",
  ]
}
