import Detection
import Foundation
import Model
import TestSupport
import Testing

/// Nothing takes the tool down, and what is lost is named.
struct RobustnessTests {
  // MARK: - PCI

  @Test("a machine without a PCI bus has none, and a bus that cannot be listed is a gap")
  func noBus() throws {
    let empty = try FixtureTree()
    try empty.write("processor\t: 0\n", to: "proc/cpuinfo")
    let none = try empty.detect()
    #expect(none.pciFunctions.reason?.code == .notCaptured)
    // libpci calls its error hook here, which by default ends the process.
    try empty.write("not a folder\n", to: "sys/bus/pci/devices")
    let broken = try empty.detect()
    #expect(broken.pciFunctions.reason?.code == .failed)
    #expect(broken.gaps.contains { $0.message.contains("/sys/bus/pci/devices") })
    let bare = try FixtureTree()
    try bare.folder("sys/bus/pci/devices")
    #expect(try bare.detect().pciFunctions.value == 0)
  }

  @Test("a function whose configuration space cannot be read is listed all the same")
  func unreadableConfiguration() throws {
    let tree = try FixtureTree()
    try PCIFixture().write(to: tree, config: false)
    try tree.link("sys/bus/pci/devices/0000:01:00.0/config", to: "/proc/self/mem")
    let report = try tree.detect()
    #expect(report.devices.first?.text(.pciDeviceID) == "1b06")
    #expect(report.devices.first?.attributes[.linkNow]?.value == nil)
    // Told once, with the device.
    let notices = report.devices.first?.notices ?? []
    #expect(notices.contains { $0.message.contains("configuration space cannot be read") })
    #expect(!report.gaps.contains { $0.message.contains("configuration space cannot") })
    var dead = PCIFixture()
    dead.address = "0000:02:00.0"
    try dead.write(to: tree, config: false)
    try tree.write(
      [UInt8](repeating: 0xff, count: 256), to: "sys/bus/pci/devices/0000:02:00.0/config")
    let fallen = try tree.detect().devices.flatMap { $0.notices }.filter {
      $0.code == .notAnswering
    }
    #expect(fallen.count == 1)
    #expect(fallen.first?.remedy?.contains("reseat") == true)
  }

  @Test("a file that fails with EIO loses one function, not the bus")
  func inputOutputErrors() throws {
    let tree = try FixtureTree()
    try PCIFixture().write(to: tree)
    var broken = PCIFixture()
    broken.address = "0000:02:00.0"
    try broken.write(to: tree)
    for file in ["vendor", "device", "class", "resource"] {
      let path = "\(tree.path)/sys/bus/pci/devices/0000:02:00.0/\(file)"
      try FileManager.default.removeItem(atPath: path)
      // Address 0 of a process is never there: reading it gives EIO.
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: "/proc/self/mem")
    }
    // The configuration space still tells what it is.
    let half = try tree.detect()
    #expect(half.devices.map(\.id.rawValue) == ["pci:0000:01:00.0", "pci:0000:02:00.0"])
    #expect(half.devices.last?.text(.pciDeviceID) == "1b06")
    let config = "\(tree.path)/sys/bus/pci/devices/0000:02:00.0/config"
    try FileManager.default.removeItem(atPath: config)
    let report = try tree.detect()
    #expect(report.devices.map(\.id.rawValue) == ["pci:0000:01:00.0"])
    let gap = report.gaps.first { $0.message.contains("0000:02:00.0") }
    #expect(gap?.message.contains("not readable") == true)
  }

  @Test("a dump that was cut anywhere names its file and line, or is whole")
  func truncatedDumps() throws {
    var second = PCIFixture()
    second.address = "0000:02:00.0"
    let text = PCIFixture().dump(length: 128) + "\n" + second.dump(length: 128)
    let bytes = Array(text.utf8)
    for length in stride(from: 0, to: bytes.count, by: 7) {
      let part = String(decoding: bytes.prefix(length), as: UTF8.self)
      do {
        let report = try report(ofDump: part)
        // Only an end between two lines, after whole headers, goes unseen.
        #expect(part.hasSuffix("\n"))
        #expect((1...2).contains(report.pciFunctions.value ?? 0))
      } catch let error as Failure {
        #expect(error.exitCode == .badInput)
        #expect(error.message.contains("/dump"))
        let line = part.filter { $0 == "\n" }.count + 1
        let isOfLastFunction = error.message.contains("configuration space")
        #expect(isOfLastFunction || length == 0 || error.message.contains("line \(line):"))
      }
    }
  }

  static let malformed: [(String, Int?, String)] = [
    ("", nil, "empty"), ("hello\n", nil, "no PCI function"),
    ("00:00.0 x\n00: 86 80\n", 1, "at least 64"),
    (PCIFixture().dump(length: 64) + "40: 86 80 zz\n", 6, "hexadecimal"),
    (PCIFixture().dump(length: 64) + "40: 86 8\n", 6, "hexadecimal"),
    (PCIFixture().dump(length: 64) + "80: 86 80\n", 6, "missing"),
    (PCIFixture().dump() + "fff: 00 00\n", 258, "more than 4096"),
    (
      PCIFixture().dump(length: 64) + String(repeating: "x", count: 300) + "\n", 6, "300 characters"
    ),
    (PCIFixture().dump(length: 64) + "text\0text\n", 6, "zero byte"),
    ("00:00.0 x\n\n00:01.0 y\n", 1, "at least 64"),
  ]

  @Test("a malformed dump names what is wrong", arguments: malformed)
  func malformedDumps(text: String, line: Int?, word: String) throws {
    let error = #expect(throws: Failure.self) { _ = try report(ofDump: text) }
    #expect(error?.exitCode == .badInput)
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
    if let line { #expect(error?.message.contains("/dump, line \(line):") == true) }
    #expect(error?.line.contains("\n") == false)
  }

  @Test("a missing file is one line")
  func missingFiles() {
    for sources in [
      DetectionSources(sysroot: nil, hwlocXML: nil, pciDump: "/nonexistent/dump"),
      DetectionSources(sysroot: nil, hwlocXML: "/nonexistent/xml", pciDump: nil),
      DetectionSources(sysroot: "/nonexistent", hwlocXML: nil, pciDump: nil),
    ] {
      let error = #expect(throws: Failure.self) { _ = try MachineDetector(sources).detect() }
      #expect(error?.exitCode == .badInput)
      #expect(error?.message.contains("/nonexistent") == true)
    }
  }

  @Test("without pci.ids the numbers remain")
  func missingNames() throws {
    var fixture = PCIFixture()
    fixture.device = 0xfffe
    let report = try report(ofDump: fixture.dump(length: 64), pciNames: "/nonexistent/pci.ids")
    let device = try #require(report.devices.first)
    #expect(device.name == "NVIDIA device 10de:fffe")
    #expect(device.attributes[.pciDeviceName]?.value == nil)
    #expect(device.hardwareID.rawValue == "gpu/10de-fffe")
    // A list that is not one.
    let tree = try FixtureTree()
    try tree.write("\tnonsense\n10de\n", to: "pci.ids")
    let broken = try DetectionTests.report(
      ofDump: fixture.dump(length: 64), pciNames: "\(tree.path)/pci.ids")
    #expect(broken.devices.first?.name == "NVIDIA device 10de:fffe")
  }

  @Test("domains of 32 bits, from a dump and from sysfs")
  func wideDomains() throws {
    var fixture = PCIFixture()
    fixture.address = "10000:e1:00.0"
    let dumped = try report(ofDump: fixture.dump(length: 64))
    #expect(dumped.devices.first?.id.rawValue == "pci:10000:e1:00.0")
    let tree = try FixtureTree()
    try fixture.write(to: tree)
    #expect(try tree.detect().devices.first?.id.rawValue == "pci:10000:e1:00.0")
  }

  @Test("a thousand functions, and more")
  func manyFunctions() throws {
    var text = ""
    for number in 0..<1024 {
      var fixture = PCIFixture()
      let bus = String(0x100 + number / 32, radix: 16).suffix(2)
      let device = String(0x100 + number % 32, radix: 16).suffix(2)
      fixture.address = "0000:\(bus):\(device).0"
      text += fixture.dump(length: 64) + "\n"
    }
    let report = try report(ofDump: text)
    #expect(report.pciFunctions.value == 1024)
    #expect(report.devices.count == 1024)
    #expect(Set(report.devices.map(\.id)).count == 1024)
    let tree = try FixtureTree()
    for number in 0..<1000 {
      var fixture = PCIFixture()
      fixture.classCode = 0x0200
      let bus = String(0x100 + number / 32, radix: 16).suffix(2)
      let device = String(0x100 + number % 32, radix: 16).suffix(2)
      fixture.address = "0000:\(bus):\(device).0"
      try fixture.write(to: tree, config: false)
    }
    #expect(try tree.detect().pciFunctions.value == 1000)
  }

  @Test("a dump and a tree join only where they show the same hardware")
  func combinations() throws {
    let tree = try FixtureTree()
    var card = PCIFixture()
    try card.write(to: tree)
    try tree.link("sys/bus/pci/devices/0000:01:00.0/driver", to: "../../bus/pci/drivers/nvidia")
    try tree.write(
      "processor\t: 0\nmodel name\t: Testium 4000\nvendor_id\t: X\n", to: "proc/cpuinfo")
    func driver(_ dump: PCIFixture) throws -> String? {
      try tree.write(dump.dump(length: 64), to: "dump")
      let sources = DetectionSources(
        sysroot: tree.path, hwlocXML: nil, pciDump: "\(tree.path)/dump")
      let report = try MachineDetector(sources).detect()
      #expect(report.machine.cpu.value?.modelName.value == "Testium 4000")
      return report.devices.last?.text(.pciDriver)
    }
    #expect(try driver(card) == "nvidia")
    card.device = 0x1b80
    #expect(try driver(card) == nil)
    // A topology of another machine is refused.
    guard let captures = Captures.folder else {
      return NotRun.report("topology and tree of different machines: the captures are not there")
    }
    let error = #expect(throws: Failure.self) {
      _ = try MachineDetector(
        DetectionSources(
          sysroot: tree.path,
          hwlocXML: captures.appendingPathComponent("hwloc/amd-epyc-7763-2p.xml").path, pciDump: nil
        )
      ).detect()
    }
    #expect(error?.message.contains("Testium 4000") == true)
  }

  // MARK: - Topologies

  static let topologies: [(String, String)] = [
    ("", "not a topology"), ("<html></html>", "not a topology"),
    (
      #"<?xml version="1.0"?><topology version="3.0"><object type="Machine"/></topology>"#,
      "format 3.0"
    ),
    (#"<?xml version="1.0"?><topology version="12"></topology>"#, "format 12"),
    (#"<?xml version="1.0"?><topology version="2.0"></topology>"#, "hwloc"),
    (#"<?xml version="1.0"?><topology version="2.0"><object type="Mach"#, "hwloc"),
  ]

  @Test("a topology that hwloc cannot read is one line", arguments: topologies)
  func badTopologies(text: String, word: String) throws {
    let tree = try FixtureTree()
    try tree.write(text, to: "topology.xml")
    let file = "\(tree.path)/topology.xml"
    let sources = DetectionSources(sysroot: nil, hwlocXML: file, pciDump: nil)
    let error = #expect(throws: Failure.self) { _ = try MachineDetector(sources).detect() }
    #expect(error?.exitCode == .badInput)
    #expect(error?.message.contains(file) == true)
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
    #expect(error?.line.contains("\n") == false)
  }

  @Test("CPUs that are offline are counted and named")
  func offlineCPUs() throws {
    let tree = try FixtureTree()
    let folder = "sys/devices/system/cpu"
    for (file, text) in [
      ("possible", "0-3"), ("present", "0-3"), ("online", "0,2"), ("offline", "1,3"),
    ] {
      try tree.write(text + "\n", to: "\(folder)/\(file)")
    }
    for cpu in 0..<4 {
      let isOnline = cpu.isMultiple(of: 2)
      try tree.write(isOnline ? "1\n" : "0\n", to: "\(folder)/cpu\(cpu)/online")
      guard isOnline else { continue }
      try tree.write("\(cpu)\n", to: "\(folder)/cpu\(cpu)/topology/core_id")
      try tree.write("0\n", to: "\(folder)/cpu\(cpu)/topology/physical_package_id")
      try tree.write("\(1 << cpu)\n", to: "\(folder)/cpu\(cpu)/topology/thread_siblings")
      try tree.write("5\n", to: "\(folder)/cpu\(cpu)/topology/core_siblings")
    }
    try tree.write("processor\t: 0\n\nprocessor\t: 2\n", to: "proc/cpuinfo")
    let cpu = try #require(try tree.detect().machine.cpu.value)
    #expect(cpu.threads == 4)
    #expect(cpu.onlineCPUs == [0, 2])
    #expect(cpu.offlineCPUs.value == [1, 3])
    #expect(cpu.cores.value == 2)
    // Nothing tells whether the CPUs that are off are cores of their own: the name counts none, rather than those on.
    #expect(cpu.hardwareID.rawValue == "cpu/unknown")
  }

  // MARK: - Texts

  @Test("empty fields of cpuinfo are unknown, not empty")
  func emptyFields() throws {
    let tree = try FixtureTree()
    try tree.write(
      "processor\t: 0\nvendor_id\t:\nmodel name\t: \ncpu family\t:\nflags\t\t:\nnonsense\n:\n\n",
      to: "proc/cpuinfo")
    let cpu = try #require(try tree.detect().machine.cpu.value)
    #expect(cpu.threads == 1)
    #expect(cpu.vendor.value == nil)
    #expect(cpu.modelName.value == nil)
    #expect(cpu.family.value == nil)
    #expect(cpu.features.value == nil)
    #expect(cpu.packages.value == nil)
    #expect(cpu.hardwareID.rawValue == "cpu/unknown-1t")
    try tree.write("", to: "proc/cpuinfo")
    #expect(try tree.detect().machine.cpu.value == nil)
  }

  @Test("bytes that are not UTF-8 are replaced, and control characters reach no terminal")
  func strangeBytes() throws {
    let tree = try FixtureTree()
    try tree.write("processor\t: 0\n", to: "proc/cpuinfo")
    try tree.write(
      [0x41, 0xff, 0xfe, 0x1b, 0x5b, 0x33, 0x42, 0x0a], to: "sys/class/dmi/id/board_name")
    try tree.write("To Be Filled By O.E.M.\n", to: "sys/class/dmi/id/product_name")
    let report = try tree.detect()
    #expect(report.machine.platform.boardName.value == "A\u{fffd}\u{fffd}\u{1b}[3B")
    #expect(report.machine.platform.productName.value == nil)
  }

  @Test("files that fail are unknown with their reason")
  func failingFiles() throws {
    let tree = try FixtureTree()
    try tree.write("processor\t: 0\n", to: "proc/cpuinfo")
    for name in ["board_name", "board_vendor", "bios_version", "sys_vendor"] {
      try tree.link("sys/class/dmi/id/\(name)", to: "/proc/self/mem")
    }
    try tree.link("proc/meminfo", to: "/proc/self/mem")
    let report = try tree.detect()
    let reason = report.machine.platform.boardName.reason
    #expect(reason?.code == .failed)
    #expect(reason?.message.contains("Input/output error") == true)
    #expect(report.machine.memory.reason?.code == .failed)
    #expect(report.gaps.contains { $0.message.hasPrefix("board:") })
  }
}
