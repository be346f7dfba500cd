import Detection
import Model
import TestSupport
import Testing

/// What each kind of PCI function is for us.
struct PCIDeviceTests {
  struct Case: Sendable, CustomStringConvertible {
    let vendor: UInt16
    let device: UInt16
    let classCode: UInt16
    let kind: DeviceKind?
    let words: String
    var description: String {
      "\(String(vendor, radix: 16)):\(String(device, radix: 16)) \(String(classCode, radix: 16))"
    }

    init(
      _ vendor: UInt16, _ device: UInt16, _ classCode: UInt16, _ kind: DeviceKind?,
      _ words: String = ""
    ) {
      self.vendor = vendor
      self.device = device
      self.classCode = classCode
      self.kind = kind
      self.words = words
    }
  }

  static let cases: [Case] = [
    // Compute cards, whatever class they show.
    Case(0x10de, 0x2330, 0x0302, .gpu), Case(0x10de, 0x1eb8, 0x0302, .gpu),
    Case(0x1002, 0x74a1, 0x1200, .gpu), Case(0x1002, 0x74a1, 0x0380, .gpu),
    Case(0x1002, 0x74a1, 0x0300, .gpu), Case(0x8086, 0x56c0, 0x0380, .gpu),
    Case(0x1ed5, 0x0200, 0x0300, .gpu),
    // Mining cards and hash-limited ones.
    Case(0x10de, 0x1b07, 0x0302, .gpu, "made for mining"),
    Case(0x10de, 0x1c09, 0x0300, .gpu, "made for mining"),
    Case(0x10de, 0x20c2, 0x0302, .gpu, "made for mining"),
    Case(0x10de, 0x2216, 0x0300, .gpu, "LHR"), Case(0x10de, 0x2504, 0x0300, .gpu, "LHR"),
    // Displays that are no GPUs.
    Case(0x1a03, 0x2000, 0x0300, .managementDisplay),
    Case(0x102b, 0x0536, 0x0300, .managementDisplay),
    Case(0x1002, 0x515e, 0x0300, .managementDisplay), Case(0x1af4, 0x1050, 0x0380, .virtualDisplay),
    Case(0x1b36, 0x0100, 0x0300, .virtualDisplay), Case(0x15ad, 0x0405, 0x0300, .virtualDisplay),
    Case(0x1414, 0x5353, 0x0300, .virtualDisplay), Case(0x80ee, 0xbeef, 0x0300, .virtualDisplay),
    Case(0x1234, 0x1111, 0x0300, .virtualDisplay),
    // Accelerators.
    Case(0x1da3, 0x1020, 0x1200, .accelerator), Case(0x1e52, 0x401e, 0x1200, .accelerator),
    Case(0x1d0f, 0x7364, 0x0880, .accelerator), Case(0x8086, 0x7d1d, 0x1200, .accelerator),
    // Crypto controllers.
    Case(0x8086, 0x4940, 0x0b40, .cryptoController, "request queues"),
    Case(0x177d, 0x0012, 0x1000, .cryptoController, "request queues"),
    Case(0x1022, 0x1486, 0x1080, .cryptoController, "boot and key processor"),
    Case(0x1af4, 0x1054, 0x1080, .cryptoController), Case(0x5555, 0x0001, 0x1010, nil),
    // FPGA cards by number, not by class.
    Case(0x10ee, 0x5005, 0x1200, .fpga), Case(0x10ee, 0x7038, 0x0580, .fpga, "what it computes"),
    Case(0x10ee, 0x9038, 0x0700, .fpga), Case(0x1e24, 0x021f, 0x1200, .fpga, "sold for mining"),
    Case(0x12ba, 0x0069, 0x1180, .fpga), Case(0x1172, 0x00a7, 0xff00, .fpga),
    // Unknown makers.
    Case(0xf00d, 0xbeef, 0x1200, .unclassified, "purpose not known"),
    Case(0xf00d, 0xbeef, 0xff00, .unclassified, "purpose not known"),
    // What has nothing to do with computing.
    Case(0x10ec, 0x5229, 0xff00, nil), Case(0x1af4, 0x1045, 0xffff, nil),
    Case(0x10de, 0x10f0, 0x0403, nil), Case(0x8086, 0x1533, 0x0200, nil),
    Case(0x8086, 0x0b25, 0x0880, nil), Case(0x8086, 0x0cf8, 0x1201, nil),
    Case(0x10ee, 0x9134, 0x0604, .fpga),
  ]

  /// The list of names must not decide: the numbers do.
  @Test("kinds follow the numbers", arguments: cases, [nil, "/nonexistent/pci.ids"])
  func kind(example: Case, names: String?) throws {
    var fixture = PCIFixture()
    fixture.vendor = example.vendor
    fixture.device = example.device
    fixture.classCode = example.classCode
    let report = try report(ofDump: fixture.dump(length: 64), pciNames: names)
    #expect(report.pciFunctions.value == 1)
    #expect(report.devices.first?.kind == example.kind)
    guard let device = report.devices.first else { return }
    #expect(device.capabilities.isEmpty)
    let texts = [device.verdict] + device.notices.map(\.message)
    #expect(texts.contains { $0.contains(example.words) || example.words.isEmpty })
  }

  @Test("identifiers name the hardware and nothing else")
  func identifiers() throws {
    func identifier(_ change: (inout PCIFixture) -> Void, names: String? = nil) throws -> String? {
      var fixture = PCIFixture()
      change(&fixture)
      return try report(ofDump: fixture.dump(length: 256), pciNames: names).devices.first?
        .hardwareID.rawValue
    }
    let h100 = try identifier {
      $0.device = 0x2330
      $0.classCode = 0x0302
    }
    #expect(h100 == "gpu/10de-2330-h100-sxm5-80gb")
    // The slot, the link and the list of names on the machine do not change it.
    let other = try identifier(
      {
        $0.device = 0x2330
        $0.classCode = 0x0302
        $0.address = "0002:81:00.0"
        $0.link = ((5, 16), (1, 1))
      }, names: "/nonexistent/pci.ids")
    #expect(other == h100)
    // One number, two models: AMD tells them apart by revision.
    let models = try [UInt8(0xe7), 0xef].map { revision in
      try identifier {
        $0.vendor = 0x1002
        $0.device = 0x67df
        $0.revision = revision
      }
    }
    #expect(models == ["gpu/1002-67df-re7-radeon-rx-580", "gpu/1002-67df-ref-radeon-rx-570"])
  }

  @Test("a card on a x1 riser is called out, and a slow idle link is not the same")
  func links() throws {
    func device(_ best: (Int, Int), _ now: (Int, Int)) throws -> Device {
      var fixture = PCIFixture()
      fixture.link = (best, now)
      return try #require(try report(ofDump: fixture.dump()).devices.first)
    }
    let riser = try device((3, 16), (1, 1))
    #expect(riser.text(.linkBest) == "8GT/s x16")
    #expect(riser.text(.linkNow) == "2.5GT/s x1")
    #expect(riser.notes("link-degraded").first?.remedy?.contains("riser") == true)
    #expect(riser.notes("link-slow").isEmpty)
    let idle = try device((4, 16), (1, 16))
    #expect(idle.notes("link-degraded").isEmpty)
    #expect(idle.notes("link-slow").count == 1)
    #expect(try device((4, 16), (4, 16)).notices.isEmpty)
    // A link without lanes is down, which is not x0.
    let down = try device((4, 16), (1, 0))
    #expect(down.attributes[.linkNow]?.value == nil)
    #expect(down.notices.isEmpty)
  }

  @Test("the port above a narrow link is named, and a card's own switch counts")
  func ports() throws {
    var root = PCIFixture()
    root.address = "0000:00:01.0"
    root.vendor = 0x8086
    root.device = 0x1901
    root.classCode = 0x0604
    root.link = ((3, 4), (3, 4))
    root.portType = 4
    root.secondaryBus = 1
    var upstream = PCIFixture()
    upstream.vendor = 0x1002
    upstream.device = 0x1478
    upstream.classCode = 0x0604
    upstream.link = ((4, 16), (3, 4))
    upstream.portType = 5
    upstream.secondaryBus = 2
    var downstream = PCIFixture()
    downstream.address = "0000:02:00.0"
    downstream.vendor = 0x1002
    downstream.device = 0x1479
    downstream.classCode = 0x0604
    downstream.link = ((4, 16), (4, 16))
    downstream.portType = 6
    downstream.secondaryBus = 3
    var card = PCIFixture()
    card.address = "0000:03:00.0"
    card.vendor = 0x1002
    card.device = 0x73bf
    card.link = ((4, 16), (4, 16))
    let dump = [root, upstream, downstream, card].map { $0.dump() }.joined(separator: "\n")
    let devices = try report(ofDump: dump).devices
    #expect(devices.map(\.id.rawValue) == ["pci:0000:03:00.0"])
    #expect(devices.first?.text(.linkNow) == "8GT/s x4")
    // Without its bridges nothing is said of the link.
    let bare = try #require(try report(ofDump: card.dump()).devices.first)
    #expect(bare.attributes[.linkNow]?.reason?.code == .notCaptured)
    #expect(bare.notices.isEmpty)
    let notes = try #require(devices.first).notes("link-degraded")
    #expect(notes.count == 1)
    #expect(notes.first?.message.contains("switch (0000:01:00.0) runs at 8GT/s x4") == true)

    var plain = card
    plain.address = "0000:01:00.0"
    (plain.vendor, plain.device) = (0x10de, 0x1b06)
    plain.link = ((3, 16), (3, 4))
    let narrow = try report(ofDump: root.dump() + "\n" + plain.dump()).devices
    #expect(
      narrow.first?.notes("link-degraded").first?.message
        .contains("the port above can do 8GT/s x4") == true)
  }

  @Test("memory comes from the regions, and a window is not taken for it")
  func memory() throws {
    var fixture = PCIFixture()
    fixture.resizable = (now: 8, best: 14)
    let card = try #require(try report(ofDump: fixture.dump()).devices.first)
    #expect(card.integer(.memory) == 16 << 30)
    #expect(card.integer(.pciRegionNow(1)) == 256 << 20)
    fixture.resizable = nil
    let unknown = try #require(try report(ofDump: fixture.dump()).devices.first)
    #expect(unknown.attributes[.memory]?.value == nil)
    #expect(unknown.attributes[.memory]?.reason?.remedy != nil)
    // Region 1 of 256 MiB, as sysfs tells it.
    let tree = try FixtureTree()
    try fixture.write(to: tree)
    let none = "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
    let region = "0x0000006000000000 0x000000600fffffff 0x000000000014220c\n"
    let file = "sys/bus/pci/devices/\(fixture.address)/resource"
    try tree.write(none + region + String(repeating: none, count: 11), to: file)
    let window = try #require(try tree.detect().devices.first)
    #expect(window.attributes[.memory]?.reason?.message.contains("256 MiB") == true)
    let whole = "0x0000006000000000 0x00000063ffffffff 0x000000000014220c\n"
    try tree.write(none + whole + String(repeating: none, count: 11), to: file)
    #expect(try tree.detect().devices.first?.integer(.memory) == 16 << 30)
    try tree.write(
      "12884901888\n", to: "sys/bus/pci/devices/\(fixture.address)/mem_info_vram_total")
    let exact = try #require(try tree.detect().devices.first)
    #expect(exact.integer(.memory) == 12 << 30)
    #expect(exact.text(.memorySource) == "driver")
  }

  @Test("integrated and discrete GPUs are told apart")
  func placement() throws {
    func placement(_ vendor: UInt16, _ device: UInt16, _ address: String) throws -> String? {
      var fixture = PCIFixture()
      (fixture.vendor, fixture.device, fixture.address) = (vendor, device, address)
      return try report(ofDump: fixture.dump(length: 64)).devices.first?.text(.gpuPlacement)
    }
    #expect(try placement(0x8086, 0x0166, "0000:00:02.0") == "integrated")
    #expect(try placement(0x8086, 0x56a0, "0000:03:00.0") == "discrete")
    #expect(try placement(0x1002, 0x1636, "0000:05:00.0") == "integrated")
    #expect(try placement(0x1002, 0x73bf, "0000:0b:00.0") == "discrete")
    #expect(try placement(0x10de, 0x1b06, "0000:00:05.0") == "discrete")
  }

  @Test("a card that is powered off is listed and left asleep")
  func poweredOff() throws {
    let tree = try FixtureTree()
    var fixture = PCIFixture()
    fixture.link = ((3, 16), (1, 1))
    try fixture.write(to: tree)
    try tree.write("D3cold\n", to: "sys/bus/pci/devices/\(fixture.address)/power_state")
    // Reading the configuration space would now block for ever.
    let config = "\(tree.path)/sys/bus/pci/devices/\(fixture.address)/config"
    #expect(try ChildProcess.run("/bin/rm", [config]).status == 0)
    #expect(try ChildProcess.run("/usr/bin/mkfifo", [config]).status == 0)
    let report = try tree.detect()
    let device = try #require(report.devices.first)
    #expect(device.kind == .gpu)
    #expect(device.text(.pciRevision) == "a1")
    #expect(device.text(.pciSubsystem) == "1462:1234")
    #expect(device.text(.pciPowerState) == "D3cold")
    #expect(device.attributes[.linkNow]?.value == nil)
    #expect(device.notes("powered-off").count == 1)
    #expect(device.notes("link-degraded").isEmpty)
  }

  @Test("virtual functions belong to their physical function")
  func virtualFunctions() throws {
    let tree = try FixtureTree()
    var physical = PCIFixture()
    (physical.vendor, physical.device, physical.classCode) = (0x8086, 0x4940, 0x0b40)
    physical.address = "0000:6b:00.0"
    try physical.write(to: tree)
    try tree.link("sys/bus/pci/devices/0000:6b:00.0/driver", to: "../../../bus/pci/drivers/4xxx")
    try tree.link(
      "sys/bus/pci/devices/0000:6b:00.0/iommu_group", to: "../../../kernel/iommu_groups/17")
    try tree.write("1\n", to: "sys/bus/pci/devices/0000:6b:00.0/numa_node")
    for function in 1...3 {
      var virtual = physical
      virtual.device = 0x4941
      virtual.address = "0000:6b:00.\(function)"
      try virtual.write(to: tree)
      try tree.link("sys/bus/pci/devices/\(virtual.address)/physfn", to: "../0000:6b:00.0")
    }
    let devices = try tree.detect().devices
    #expect(devices.map(\.id.rawValue) == ["pci:0000:6b:00.0"])
    let device = try #require(devices.first)
    #expect(device.integer(.pciVirtualFunctions) == 3)
    #expect(device.text(.pciDriver) == "4xxx")
    #expect(device.integer(.pciIOMMUGroup) == 17)
    #expect(device.integer(.pciNUMANode) == 1)
    // In a dump they show no numbers of their own; the registers of the physical function tell them.
    physical.virtualFunctions = (3, 1, 1)
    var dump = physical.dump()
    for function in 1...3 {
      var virtual = PCIFixture()
      (virtual.vendor, virtual.device, virtual.classCode) = (0xffff, 0xffff, 0x0b40)
      virtual.address = "0000:6b:00.\(function)"
      dump += "\n" + virtual.dump(length: 64)
    }
    let dumped = try report(ofDump: dump).devices
    #expect(dumped.map(\.id.rawValue) == ["pci:0000:6b:00.0"])
    #expect(dumped.first?.integer(.pciVirtualFunctions) == 3)
    physical.virtualFunctions = nil
    // One that was handed to a virtual machine stands alone there.
    var alone = physical
    alone.device = 0x4941
    let lone = try report(ofDump: alone.dump(length: 64)).devices
    #expect(lone.first?.text(.pciFunction) == "virtual")
  }
}
