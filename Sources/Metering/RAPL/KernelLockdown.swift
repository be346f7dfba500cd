package import LinuxSystem

/// How far the kernel keeps even root from its own registers, as Secure Boot makes distributions do.
package enum KernelLockdown: String, Sendable {
  case off = "none"
  /// Nothing may change the running kernel.
  case integrity
  /// Nothing may look into it either.
  case confidentiality

  static let path = "/sys/kernel/security/lockdown"

  /// Nil where the kernel has no lockdown or does not show it.
  package init?(_ root: SystemRoot) {
    // `none [integrity] confidentiality`
    guard let text = try? root.text(Self.path), let open = text.firstIndex(of: "["),
      let close = text[open...].firstIndex(of: "]")
    else { return nil }
    self.init(rawValue: String(text[text.index(after: open)..<close]))
  }
}
