internal import MachineFacts
internal import Text

/// Takes personal texts out of a topology that hwloc exported.
enum CapturedTopology {
  /// The text without every `info` that is not on the list: hwloc adds host names, serial numbers and more there.
  static func withoutPersonalData(_ xml: String) -> String {
    xml.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      let text = line.trimmed
      guard text.hasPrefix("<info ") else { return true }
      guard let mark = text.firstRange(of: "name=\"") else { return false }
      return kept.contains(String(text[mark.upperBound...].prefix { $0 != "\"" }))
    }.joined(separator: "\n")
  }

  private static let kept: Set<String> = [
    "Architecture", "Backend", "CPUFamilyNumber", "CPUModel", "CPUModelNumber", "CPURevision",
    "CPUStepping", "CPUType", "CPUVendor", "CoreType", "DMIBIOSDate", "DMIBIOSVersion",
    "DMIBIOSVendor", "DMIBoardName", "DMIBoardVendor", "DMIProductName", "DMISysVendor",
    "FrequencyBaseMHz", "FrequencyMaxMHz", "HardwareName", "Inclusive", "LinuxCapacity", "OSName",
    "OSRelease", "PlatformModel", "PlatformName", "hwlocVersion",
  ]
}
