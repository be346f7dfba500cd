import Detection
import Foundation
import Model
import TestSupport
import Testing

/// A capture holds nothing personal, and replays as what was captured.
struct PrivacyTests {
  static let secrets = [
    "SECRET-SERIAL", "SECRET-UUID", "SECRET-ASSET", "secret-host", "jane", "0123456789abcdef0123",
    "SECRETMODULE", "52:54:00:aa:bb:cc", "SECRET-USB", "10.0.0.7",
  ]

  /// A machine with a secret in every place that such machines have one.
  private func machine() throws -> FixtureTree {
    let tree = try FixtureTree()
    try tree.write(
      "processor\t: 0\nBogoMIPS\t: 100.00\nFeatures\t: fp asimd sha2\nCPU implementer\t: 0x41\n"
        + "CPU part\t: 0xd08\n\nHardware\t: BCM2835\nSerial\t\t: SECRET-SERIAL\nModel\t\t: Board\n",
      to: "proc/cpuinfo")
    try tree.write("MemTotal: 1000000 kB\n", to: "proc/meminfo")
    try tree.write("root=UUID=SECRET-UUID mitigations=off ip=10.0.0.7\n", to: "proc/cmdline")
    try tree.write("secret-host\n", to: "proc/sys/kernel/hostname")
    try tree.write("6.1.0\n", to: "proc/sys/kernel/osrelease")
    try tree.write(
      "0::/user.slice/user-jane.slice/docker/0123456789abcdef0123\n", to: "proc/1/cgroup")
    try tree.write("name=\"jane\"\n", to: "run/.containerenv")
    for name in ["product_serial", "board_serial", "chassis_serial", "product_uuid"] {
      try tree.write("SECRET-SERIAL\n", to: "sys/class/dmi/id/\(name)")
    }
    try tree.write("SECRET-ASSET\n", to: "sys/class/dmi/id/chassis_asset_tag")
    try tree.write("Board 1\n", to: "sys/class/dmi/id/board_name")
    var module = [UInt8](repeating: 0, count: 0x28)
    module.replaceSubrange(0..<2, with: [17, 0x28])
    module[0x0d] = 0x20
    module[0x12] = 0x1a
    module[0x15] = 0x80
    module[0x16] = 0x0c
    module[0x18] = 1
    try tree.write(
      [1, 27, 0, 0] + [UInt8](repeating: 1, count: 23) + Array("SECRET-SERIAL".utf8) + [0, 0]
        + module
        + Array("SECRETMODULE".utf8) + [0, 0, 127, 4, 0, 0, 0, 0], to: "sys/firmware/dmi/tables/DMI"
    )
    var card = PCIFixture()
    card.link = ((3, 16), (3, 16))
    card.resizable = (now: 8, best: 12)
    card.serialNumber = [0xcc, 0xbb, 0xaa, 0xff, 0xfe, 0x00, 0x54, 0x52]
    try card.write(to: tree)
    let folder = "sys/bus/pci/devices/\(card.address)"
    try tree.write("52:54:00:aa:bb:cc\n", to: "\(folder)/net/eth0/address")
    try tree.write("SECRET-SERIAL\n", to: "\(folder)/vpd")
    try tree.link("\(folder)/driver", to: "../../../bus/pci/drivers/nvidia")
    try tree.write("10c4\n", to: "sys/bus/usb/devices/1-1/idVendor")
    try tree.write("ea60\n", to: "sys/bus/usb/devices/1-1/idProduct")
    try tree.write("SECRET-USB\n", to: "sys/bus/usb/devices/1-1/serial")
    let cpu = "sys/devices/system/cpu"
    for name in ["online", "possible", "present"] { try tree.write("0\n", to: "\(cpu)/\(name)") }
    try tree.write("0\n", to: "\(cpu)/cpu0/topology/core_id")
    try tree.write("0\n", to: "\(cpu)/cpu0/topology/physical_package_id")
    try tree.write("1\n", to: "\(cpu)/cpu0/topology/thread_siblings")
    try tree.write("1\n", to: "\(cpu)/cpu0/topology/core_siblings")
    try tree.write("performance\n", to: "\(cpu)/cpufreq/policy0/scaling_governor")
    return tree
  }

  @Test("nothing personal is captured, and the capture shows the same machine")
  func capture() throws {
    let tree = try machine()
    let target = try FixtureTree()
    let folder = "\(target.path)/capture"
    let sources = DetectionSources(sysroot: tree.path, hwlocXML: nil, pciDump: nil)
    _ = try MachineCapture(sources, to: folder).write()
    let files = try contents(of: folder)
    #expect(files.count > 20)
    for (file, bytes) in files {
      let text = String(decoding: bytes, as: UTF8.self)
      for secret in Self.secrets { #expect(!text.contains(secret), "\(file) holds \(secret)") }
      #expect(!bytes.contains([0xcc, 0xbb, 0xaa]), "\(file) holds the card's serial number")
      #expect(!text.contains("cc bb aa"), "\(file) holds the card's serial number")
      #expect(!text.contains(tree.path), "\(file) holds a path of the machine")
    }
    let original = try MachineDetector(sources).detect()
    let replayed = try MachineDetector(
      DetectionSources(sysroot: folder, hwlocXML: nil, pciDump: nil)
    ).detect()
    #expect(replayed == original)
    #expect(original.machine.memory.value?.type.value == "DDR4")
    #expect(original.machine.platform.container.value == .some("podman"))
    #expect(original.devices.map(\.kind) == [.cpu, .gpu, .serialBridge])
    // The two files show the same devices.
    let other = try MachineDetector(
      DetectionSources(
        sysroot: nil, hwlocXML: "\(folder)/topology.xml", pciDump: "\(folder)/pci.lspci")
    ).detect()
    #expect(other.devices.map(\.id.rawValue) == ["cpu", "pci:0000:01:00.0"])
    #expect(other.devices.last?.text(.linkNow) == "8GT/s x16")
    #expect(other.devices.last?.integer(.memory) == 4 << 30)
  }

  @Test("a capture of this machine holds nothing of its owner")
  func live() throws {
    let target = try FixtureTree()
    let folder = "\(target.path)/capture"
    _ = try MachineCapture(.live, to: folder).write()
    let files = try contents(of: folder)
    let secrets = Self.personalTexts()
    #expect(!secrets.isEmpty)
    for (file, bytes) in files {
      let text = String(decoding: bytes, as: UTF8.self)
      for secret in secrets { #expect(!text.contains(secret), "\(file) holds \(secret)") }
    }
    let here = try MachineDetector(.live).detect()
    let there = try MachineDetector(
      DetectionSources(sysroot: folder, hwlocXML: nil, pciDump: nil)
    ).detect()
    #expect(there.machine.cpu.value?.hardwareID == here.machine.cpu.value?.hardwareID)
    #expect(there.machine.cpu.value?.tree == here.machine.cpu.value?.tree)
    #expect(there.machine.cpu.value?.caches == here.machine.cpu.value?.caches)
    #expect(there.machine.platform.hypervisor.value == here.machine.platform.hypervisor.value)
    #expect(there.devices.map(\.id) == here.devices.map(\.id))
    #expect(there.pciFunctions == here.pciFunctions)
  }

  @Test("a folder that holds something is left alone")
  func occupied() throws {
    let target = try FixtureTree()
    try target.write("mine\n", to: "notes.txt")
    let error = #expect(throws: Failure.self) {
      _ = try MachineCapture(.live, to: target.path).write()
    }
    #expect(error?.message.contains("not empty") == true)
    #expect(try contents(of: target.path).count == 1)
  }

  /// What identifies this machine or its people, as far as it is long enough to be told from other words.
  private static func personalTexts() -> [String] {
    func lines(_ path: String) -> [String] {
      ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
        .split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let manager = FileManager.default
    var texts = lines("/proc/sys/kernel/hostname") + lines("/etc/machine-id")
    texts += lines("/proc/sys/kernel/random/boot_id")
    for card in (try? manager.contentsOfDirectory(atPath: "/sys/class/net")) ?? [] {
      texts += lines("/sys/class/net/\(card)/address").filter { $0 != "00:00:00:00:00:00" }
    }
    for name in ["product_serial", "board_serial", "chassis_serial", "product_uuid"] {
      texts += lines("/sys/class/dmi/id/\(name)")
    }
    for line in lines("/etc/passwd") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      if fields.count > 2, let number = Int(fields[2]), number >= 1000, number < 65000 {
        texts.append(String(fields[0]))
      }
    }
    let words: Set = ["localhost", "default", "debian", "ubuntu", "vscode", "runner", "builder"]
    return texts.filter { $0.count >= 5 && !words.contains($0) }
  }

  private func contents(of folder: String) throws -> [(String, [UInt8])] {
    let manager = FileManager.default
    let names = try manager.subpathsOfDirectory(atPath: folder)
    return names.compactMap { name in
      let path = "\(folder)/\(name)"
      if let target = try? manager.destinationOfSymbolicLink(atPath: path) {
        return (name, Array(target.utf8))
      }
      guard let data = manager.contents(atPath: path) else { return nil }
      return (name, Array(data))
    }
  }
}
