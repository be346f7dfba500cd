internal import Glibc
internal import LinuxSystem
internal import MachineFacts
internal import Model

/// Copies files of one root into a folder, without what is personal in them.
struct CapturedTree {
  let root: SystemRoot
  let folder: String

  /// Copies one file; one that is missing or cannot be read is left out, as it is when it is read.
  func copy(_ path: String) throws(SystemError) {
    let bytes: [UInt8]
    do {
      bytes = try root.bytes(path)
    } catch {
      return
    }
    try put(CaptureFilter.filtered(bytes, path: path), path)
  }

  /// Copies the last part of where a link leads, which is all that is read of it.
  func copyLink(_ path: String) throws(SystemError) {
    guard let target = try? root.linkTarget(path), let name = target.split(separator: "/").last
    else { return }
    try createFolder(of: path)
    guard unsafe symlink("captured/\(name)", folder + path) == 0 else {
      throw SystemError(errno: .current, operation: "link", path: folder + path)
    }
  }

  /// Copies the PCI functions, whose configuration space is left alone where it is powered off.
  func copyPCI() throws(SystemError) {
    let reader = FactReader(root: root)
    let devices = "/sys/bus/pci/devices"
    guard root.exists(devices) else { return }
    try AtomicFile.createFolder(folder + devices)
    for address in reader.names(devices) where PCIAddress(address) != nil {
      let path = "\(devices)/\(address)"
      for file in CaptureList.pciFiles { try copy("\(path)/\(file)") }
      guard reader.text("\(path)/power_state").value != "D3cold",
        let bytes = try? root.bytes("\(path)/config", limit: 4096),
        let configuration = PCIConfiguration(bytes)
      else { continue }
      try put(CapturedDump.withoutSerialNumber(configuration), "\(path)/config")
    }
  }

  private func put(_ bytes: [UInt8], _ path: String) throws(SystemError) {
    try createFolder(of: path)
    let file = try FileDescriptor.open(
      folder + path, flags: O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC)
    try file.writeAll(bytes)
  }

  private func createFolder(of path: String) throws(SystemError) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    try AtomicFile.createFolder(folder + path[..<slash])
  }
}
