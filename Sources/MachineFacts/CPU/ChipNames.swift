internal import Model

/// Which chip the cores of an ARM or RISC-V machine sit in, where a core's name fits many.
package enum ChipNames {
  /// What a machine tells of its chip, beside its cores.
  package struct Sources: Sendable {
    package var reader: FactReader?
    package var info: CPUInfo?
    package var firmware: FirmwareTexts
    /// Texts that an exported topology carries, by its names.
    package var exported: [String: String]

    package init(
      reader: FactReader?, info: CPUInfo?, firmware: FirmwareTexts, exported: [String: String]
    ) {
      self.reader = reader
      self.info = info
      self.firmware = firmware
      self.exported = exported
    }
  }

  /// The chip's name, such as `bcm2711`; nil where nothing tells it.
  package static func name(_ sources: Sources, core: String?) -> String? {
    // A device tree names the chip last and most exactly.
    let tree = ["/sys/firmware/devicetree/base", "/proc/device-tree"].lazy.compactMap {
      sources.reader?.text($0 + "/compatible").value?.split(separator: "\0").last
        .flatMap { $0.split(separator: ",").last }
    }.first.map(String.init)
    if let tree { return tree }
    if let cloud = cloudChip(sources, core: core) { return cloud }
    if let chip = sources.reader.flatMap(systemOnChip) { return chip }
    // Older kernels of 32-bit boards and phones name it in a line of its own.
    for key in ["hardware", "chip type", "soc"] {
      guard let line = sources.info?.globals[key] ?? sources.info?.first(key),
        !generic.contains(line.lowercased())
      else { continue }
      return line
    }
    let exported = sources.exported["HardwareName"] ?? sources.exported["SoC0ID"]
    return exported.flatMap { generic.contains($0.lowercased()) ? nil : $0 }
  }

  /// Words of the `Hardware` line that stand for no chip.
  private static let generic: Set<String> = [
    "generic dt based system", "qualcomm technologies, inc", "none", "unknown",
    "dummy virtual machine",
  ]

  /// The kernel's own list of the chips it runs on: `/sys/devices/soc0`.
  private static func systemOnChip(_ reader: FactReader) -> String? {
    let folder = "/sys/bus/soc/devices/soc0"
    for base in ["/sys/devices/soc0", folder] {
      if let machine = reader.text(base + "/machine").value, !machine.contains(" ") {
        return machine
      }
      if let id = reader.text(base + "/soc_id").value {
        return reader.text(base + "/family").value.map { "\($0) \(id)" } ?? id
      }
    }
    return nil
  }

  /// Clouds have one chip of each kind of core; the instance's name or the cloud's documents say which.
  private static func cloudChip(_ sources: Sources, core: String?) -> String? {
    guard let core, let vendor = sources.firmware.text(.systemVendor).value?.lowercased() else {
      return nil
    }
    return clouds.first { vendor.hasPrefix($0.vendor) && core == $0.core }?.chip
  }

  private static let clouds: [(vendor: String, core: String, chip: String)] = [
    ("amazon", "Cortex-A72", "graviton"), ("amazon", "Neoverse-N1", "graviton2"),
    ("amazon", "Neoverse-V1", "graviton3"), ("amazon", "Neoverse-V2", "graviton4"),
    ("microsoft", "Neoverse-N1", "altra"), ("microsoft", "Azure-Cobalt-100", "cobalt-100"),
    ("google", "Neoverse-N1", "altra"), ("google", "Neoverse-V2", "axion"),
    ("hetzner", "Neoverse-N1", "altra"), ("alibaba", "Neoverse-N2", "yitian-710"),
  ]
}
