package import LinuxSystem
internal import Model

/// What detection reads: the present machine, or captures of another.
///
/// As soon as one capture is named, nothing is read from the present machine.
package struct DetectionSources: Hashable, Sendable {
  /// `sys` and `proc`; nil where they were not captured.
  package var root: SystemRoot?
  /// A topology that hwloc exported.
  package var hwlocXML: String?
  /// A dump in the form that `lspci -x` prints.
  package var pciDump: String?
  /// The list of PCI names; nil for libpci's usual one.
  package var pciNames: String?

  /// The present machine.
  package static let live = DetectionSources(root: .live)

  /// The present machine when no capture is named.
  package init(sysroot: String?, hwlocXML: String?, pciDump: String?) {
    let isReplay = sysroot != nil || hwlocXML != nil || pciDump != nil
    root = sysroot.map { SystemRoot(prefix: $0) } ?? (isReplay ? nil : .live)
    self.hwlocXML = hwlocXML
    self.pciDump = pciDump
  }

  private init(root: SystemRoot?) { self.root = root }

  package var isLive: Bool { root?.isLive == true && hwlocXML == nil && pciDump == nil }
}
