package import LinuxSystem
package import Model

/// Whether the processor adds noise to the energy that it reports (INTEL-SA-00389, R16).
package enum EnergyFilter {
  /// IA32_MISC_PACKAGE_CTLS; bit 0 filters energy.
  private static let register = 0xbc

  /// Unknown is an answer too; on a processor of another maker there is no such filter.
  package static func check(_ root: SystemRoot, _ facts: ProcessorFacts) -> Check? {
    guard facts.isIntel else { return nil }
    let name = CheckName.energyFilter
    let microcode = "microcode \(facts.microcode ?? "unknown")"
    if let value = packageControls(root) {
      return value & 1 == 0
        ? Check(
          name: name, verdict: .pass,
          message: "off: MSR 0xbc bit 0 is clear (\(microcode))")
        : Check(
          name: name, verdict: .fail,
          message: "on: MSR 0xbc bit 0 is set, so short windows carry added noise (\(microcode))",
          remedy: "use windows of 10 s or more")
    }
    if facts.flags.contains("sgx") {
      return Check(
        name: name, verdict: .fail,
        message: "on: SGX is enabled, which filters reported energy (\(microcode))",
        remedy: "use windows of 10 s or more, or disable SGX in the firmware")
    }
    let lockdown = KernelLockdown(root)
    guard let lockdown, lockdown != .off else {
      return Check(
        name: name, verdict: .unknown,
        message: "SGX is off, but MSR 0xbc cannot be read (\(microcode))")
    }
    return Check(
      name: name, verdict: .unknown,
      message: "SGX is off, but MSR 0xbc cannot be read: the kernel is locked down "
        + "(\(lockdown.rawValue)) and may refuse it even to root (\(microcode))",
      remedy: Remedies.lockdown)
  }

  private static func packageControls(_ root: SystemRoot) -> UInt64? {
    var buffer = [UInt8](repeating: 0, count: 8)
    guard let file = try? FileDescriptor.openForReading(root.resolve("/dev/cpu/0/msr")),
      (try? file.read(into: &buffer, at: register)) == 8
    else { return nil }
    return buffer.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
