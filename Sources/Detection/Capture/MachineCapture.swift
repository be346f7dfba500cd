internal import CHwloc
internal import LinuxSystem
internal import MachineFacts
package import Model

/// Writes what detection reads of a machine into a folder, for a bug report and for tests, with nothing personal in it.
///
/// The folder replays with `--sysroot`; `topology.xml` and `pci.lspci` in it are the same machine for `--hwloc-xml` and
/// `--pci-dump`. Only what is on a list is written, so that a file which nobody thought of cannot leave the machine.
package struct MachineCapture {
  private let sources: DetectionSources
  private let folder: String

  package init(_ sources: DetectionSources, to folder: String) {
    self.sources = sources
    self.folder = folder
  }

  /// Writes the capture.
  ///
  /// - Returns: what could not be captured.
  /// - Throws: `Failure` where the folder is not empty or cannot be written.
  package func write() throws -> [Reason] {
    guard let root = sources.root, sources.hwlocXML == nil, sources.pciDump == nil else {
      throw Failure(
        .usage, "--capture writes what --sysroot or this machine has",
        remedy: "leave out --hwloc-xml and --pci-dump")
    }
    do {
      try AtomicFile.createFolder(folder)
      guard try SystemRoot(prefix: folder).names("/").isEmpty else {
        throw Failure(.usage, "\(folder): the folder is not empty", remedy: "name a new folder")
      }
      let tree = CapturedTree(root: root, folder: folder)
      try CaptureList.files(root).forEach(tree.copy)
      try CaptureList.links(root).forEach(tree.copyLink)
      try tree.copyPCI()
      var gaps = try writeTopology(root)
      gaps += try writeDump(root)
      if root.isLive, let signature = HardwareIdentity.hypervisorSignature() {
        try put(signature + "\n", String(Hypervisor.signatureFile.dropFirst()))
      }
      try put(MachineCapture.readme, "README")
      return gaps
    } catch let error as SystemError {
      throw Failure(.unavailable, error.description, remedy: "name a folder that can be written")
    }
  }

  private func put(_ text: String, _ name: String) throws(SystemError) {
    try AtomicFile.write(Array(text.utf8), to: "\(folder)/\(name)")
  }

  private func writeTopology(_ root: SystemRoot) throws -> [Reason] {
    guard root.isLive || root.exists("/sys/devices/system/cpu") else { return [] }
    let topology: HwlocTopology
    do {
      topology = try HwlocTopology.load(root.isLive ? .live : .root(root.prefix))
    } catch {
      return [Reason(.failed, error.line)]
    }
    guard let text = topology.exportedXML() else {
      return [Reason(.failed, "hwloc cannot export the topology")]
    }
    try put(CapturedTopology.withoutPersonalData(text), "topology.xml")
    return []
  }

  private func writeDump(_ root: SystemRoot) throws -> [Reason] {
    guard root.exists("/sys/bus/pci/devices") else { return [] }
    let scan = PCIScanner(names: sources.pciNames).scan(root)
    let text = scan.functions.compactMap { CapturedDump.text(of: $0) }.joined(separator: "\n")
    // A dump without a function is not one.
    if !text.isEmpty { try put(text, "pci.lspci") }
    return scan.gaps(told: [])
  }

  private static let readme = """
    A machine, captured by 'hashwatt detect --capture'. Replay it:

      hashwatt detect --sysroot DIR
      hashwatt detect --hwloc-xml DIR/topology.xml --pci-dump DIR/pci.lspci

    Serial numbers, addresses of network cards, the names of the host and of users, and kernel parameters that have
    nothing to do with speed were left out. Look through it all the same before you give it away.

    """
}

extension HwlocTopology {
  /// The topology as hwloc exports it, in format 2; nil where it cannot.
  borrowing func exportedXML() -> String? {
    var buffer: UnsafeMutablePointer<CChar>?
    var length: CInt = 0
    guard unsafe hwloc_topology_export_xmlbuffer(handle, &buffer, &length, 0) == 0,
      let text = unsafe buffer
    else { return nil }
    defer { unsafe hwloc_free_xmlbuffer(handle, text) }
    return unsafe String(cString: text)
  }
}
