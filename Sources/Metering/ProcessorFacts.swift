package import LinuxSystem
internal import MachineFacts
package import Model
internal import Text

/// What of `/proc/cpuinfo` decides how far an energy counter may be believed.
package struct ProcessorFacts: Hashable, Sendable {
  package var vendor: String?
  package var family: Int?
  package var model: Int?
  package var flags: Set<String>
  package var microcode: String?
  /// Whether the CPU says that it is a hypervisor's.
  package var isVirtual: Bool

  package init(_ root: SystemRoot) {
    let info = CPUInfo((try? root.text(MachinePath.cpuInfo)) ?? "")
    vendor = info.first("vendor_id")
    family = info.first("cpu family").flatMap { Int($0) }
    model = info.first("model").flatMap { Int($0) }
    microcode = info.first("microcode")
    flags = info.featureWords ?? []
    isVirtual = info.isVirtual ?? false
  }

  package var isAMD: Bool { vendor == "AuthenticAMD" || vendor == "HygonGenuine" }
  package var isIntel: Bool { vendor == "GenuineIntel" }

  /// Whether the processor has the registers: Intel from Sandy Bridge and Silvermont on, AMD and Hygon from family 17h
  /// on, Zhaoxin not (Linux, arch/x86/events/rapl.c and drivers/powercap/intel_rapl_msr.c).
  package var mayHaveRAPL: Bool {
    if isAMD { return (family ?? 0x17) >= 0x17 }
    guard isIntel else { return false }
    // Families after 6 are newer than all that lack them but the Pentium 4's.
    guard family == 6 else { return family.map { $0 != 15 && $0 > 6 } ?? true }
    let withoutThem: Set<Int> = [
      0x01, 0x03, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0d, 0x0e, 0x0f, 0x15, 0x16, 0x17,
      0x1a, 0x1c, 0x1d, 0x1e, 0x1f, 0x25, 0x26, 0x27, 0x2c, 0x2e, 0x2f, 0x35, 0x36,
    ]
    return model.map { !withoutThem.contains($0) } ?? true
  }

  /// Said instead of any command that loads a module: none brings what the hardware lacks.
  package var noRAPL: Reason {
    let name = [vendor, family.map { "family \($0)" }, model.map { "model \($0)" }]
      .compactMap(\.self).joined(separator: " ")
    return Reason(
      .unsupported,
      "this processor\(name.isEmpty ? "" : " (\(name))") has no energy counter (RAPL)",
      remedy: "meter the machine from outside, see --meter")
  }

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
