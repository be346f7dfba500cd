package import LinuxSystem
package import Model
internal import Text

/// What of `/proc/cpuinfo` decides how far an energy counter may be believed.
package struct ProcessorFacts: Hashable, Sendable {
  package var vendor: String?
  package var family: Int?
  package var model: Int?
  package var flags: Set<String>
  package var microcode: String?

  package init(_ root: SystemRoot) {
    var fields: [String: String] = [:]
    let text = (try? root.text("/proc/cpuinfo")) ?? ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty, !fields.isEmpty { break }
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[String(line[..<colon]).trimmed] = String(line[line.index(after: colon)...]).trimmed
    }
    vendor = fields["vendor_id"]
    family = fields["cpu family"].flatMap { Int($0) }
    model = fields["model"].flatMap { Int($0) }
    microcode = fields["microcode"]
    flags = Set((fields["flags"] ?? "").split(separator: " ").map(String.init))
  }

  package var isVirtual: Bool { flags.contains("hypervisor") }
  package var isAMD: Bool { vendor == "AuthenticAMD" || vendor == "HygonGenuine" }
  package var isIntel: Bool { vendor == "GenuineIntel" }

  /// Sandy Bridge and Ivy Bridge estimate energy from activity; from Haswell on it is measured (power.md 1.12).
  private var isModelledIntel: Bool {
    family == 6 && [0x2a, 0x2d, 0x3a, 0x3e].contains(model)
  }

  /// How RAPL comes by its numbers on this processor.
  package var counterKind: MeterKind {
    if isVirtual { return .attributed }
    return isAMD || isModelledIntel ? .modelled : .measuredCounter
  }

  /// The named conventions of power.md 2.6, for RAPL's accuracy is not published.
  package func accuracy(_ scope: Scope) -> MeterAccuracy {
    switch scope {
    case .dram:
      MeterAccuracy(gainBound: 0.20, source: "convention: DRAM RAPL ±20 %", isAssumed: true)
    case .psys, .unknown:
      MeterAccuracy(
        gainBound: nil, source: "not published, and the scope is the maker's choice",
        isAssumed: true)
    case _ where counterKind == .measuredCounter:
      MeterAccuracy(
        gainBound: 0.05, source: "convention: measured RAPL package ±5 %", isAssumed: true)
    case _ where counterKind == .modelled:
      MeterAccuracy(gainBound: 0.10, source: "convention: modelled RAPL ±10 %", isAssumed: true)
    default:
      MeterAccuracy(
        gainBound: nil, source: "attributed by a hypervisor, accuracy unknown", isAssumed: true)
    }
  }
}
