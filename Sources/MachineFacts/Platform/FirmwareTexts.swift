internal import LinuxSystem
package import Model

/// What the firmware says of the machine, board and itself.
package struct FirmwareTexts: Sendable {
  /// Nil where no `sys` and `proc` are read.
  private let reader: FactReader?
  /// Texts that an exported topology carries, by its names.
  private let exported: [String: String]

  package init(_ reader: FactReader?, exported: [String: String] = [:]) {
    self.reader = reader
    self.exported = exported
  }

  /// One text, by the kernel's name of it.
  package enum Field: String, Sendable, CaseIterable {
    case boardVendor = "board_vendor"
    case boardName = "board_name"
    case productName = "product_name"
    case systemVendor = "sys_vendor"
    case version = "bios_version"
    case date = "bios_date"
    case firmwareVendor = "bios_vendor"

    /// hwloc's name of it.
    fileprivate var exportedName: String {
      switch self {
      case .boardVendor: "DMIBoardVendor"
      case .boardName: "DMIBoardName"
      case .productName: "DMIProductName"
      case .systemVendor: "DMISysVendor"
      case .version: "DMIBIOSVersion"
      case .date: "DMIBIOSDate"
      case .firmwareVendor: "DMIBIOSVendor"
      }
    }

    package var path: String { "\(MachinePath.firmware)/\(rawValue)" }
  }

  /// Texts that mean that a maker filled in nothing.
  private static let blanks: Set<String> = [
    "to be filled by o.e.m.", "default string", "not specified", "none", "n/a", "unknown",
    "system product name", "system manufacturer", "0123456789", "not applicable", "oem",
    "type2 - board product name1", "base board product name", "xxxx",
  ]

  package func text(_ field: Field) -> Reading<String> {
    let found = reader?.text(field.path)
    if let text = found?.value ?? exported[field.exportedName] {
      return FirmwareTexts.blanks.contains(text.lowercased())
        ? .unavailable(Reason(.absent, "the firmware says '\(text)'")) : .value(text)
    }
    if let reason = found?.reason { return .unavailable(reason) }
    return .unavailable(.notCaptured("the firmware's \(field.rawValue)"))
  }
}
