import Detection
import Foundation
import Model
import TestSupport
import Testing

/// Machines that people published because some program got them wrong.
struct HuntTests {
  @Test("identifiers do not depend on what is online", arguments: identityCases)
  func identity(machine: HuntCase) throws { try run(machine) }

  @Test("a card's link is the one to the board", arguments: linksCases)
  func links(machine: HuntCase) throws { try run(machine) }

  @Test("nothing is cut, lost or called absent without a look", arguments: completenessCases)
  func completeness(machine: HuntCase) throws { try run(machine) }

  @Test("a purpose is known by numbers only", arguments: purposesCases)
  func purposes(machine: HuntCase) throws { try run(machine) }

  @Test("virtual machine, container and quota are known or not known", arguments: platformsCases)
  func platforms(machine: HuntCase) throws { try run(machine) }

  @Test("kinds of cores and chips", arguments: coresCases)
  func cores(machine: HuntCase) throws { try run(machine) }

  @Test("models and miners", arguments: modelsCases)
  func models(machine: HuntCase) throws { try run(machine) }

  @Test("placement and memory", arguments: placementsCases)
  func placements(machine: HuntCase) throws { try run(machine) }

  @Test("the view is grouped, fits and can be copied", arguments: viewsCases)
  func views(machine: HuntCase) throws { try run(machine) }

  private func run(_ machine: HuntCase) throws {
    guard Captures.folder != nil else {
      NotRun.report("detection of \(machine.capture): the captures are not beside the project")
      return
    }
    let view = try HuntView(machine.capture)
    if let cpu = view.cpu { expectConsistentCounts(cpu) }
    try machine.check(view)
  }

  // MARK: - Identity

  static let identityCases: [HuntCase] = [
    HuntCase("hwloc/llnl-quartz-siblings-offline.xml") {
      #expect($0.cpuID == "cpu/intel-xeon-e5-2695-v4-2x18c")
      #expect($0.cpu?.packages.value == 2)
      #expect($0.cpu?.cores.value == 36)
      #expect($0.cpu?.threads == 72)
    },
    HuntCase("sysroot/6130-nosmt.tar.bz2") {
      #expect($0.cpuID == "cpu/intel-xeon-gold-6130-2x16c")
      #expect($0.cpu?.onlineCPUs.count == 32)
    },
    HuntCase("sysroot/6130-package1-offline.tar.bz2") {
      // The second package hides: nothing is said of it, and why.
      #expect($0.cpuID == "cpu/intel-xeon-gold-6130")
      #expect($0.report.gaps.contains { $0.message.contains("identifier leaves them out") })
      #expect($0.cpu?.tree.map(\.cores) == [16])
    },
    HuntCase("sysroot/ultra9-185h.tar.bz2") {
      #expect($0.cpuID.hasSuffix("-1x16c"))
      #expect($0.cpu?.threads == 22)
    },
    HuntCase("sysroot/ultra9-185h-ht-siblings-offline.tar.bz2") {
      #expect($0.cpuID.hasSuffix("-1x16c"))
      #expect($0.cpu?.onlineCPUs.count == 16)
    },
    HuntCase("sysroot/lxc-8-of-512.tar.bz2") {
      #expect($0.cpuID.hasSuffix("-2x128c"))
      #expect($0.cpu?.allowedCPUs.value?.count == 8)
      #expect($0.report.machine.platform.container.value == .some("lxc"))
    },
  ]

  // MARK: - Links

  static let linksCases: [HuntCase] = [
    HuntCase("sysroot/rx9060xt-x1-user.tar.bz2") {
      let card = try $0.device("pci:0000:03:00.0")
      #expect(card.text(.linkNow) == "2.5GT/s x1")
      #expect(card.text(.linkBest) == "32GT/s x16")
      #expect(card.notices.contains { $0.code == .linkDegraded })
    },
    HuntCase("pci/pi-rx9060xt.lspci") {
      let card = try $0.device("pci:0001:03:00.0")
      #expect(card.text(.linkNow) == "2.5GT/s x1")
      #expect(card.text(.linkBest) == "32GT/s x16")
      #expect(card.text(.linkPort) == "0001:01:00.0")
    },
    HuntCase("pci/real-arc-a770-alone.lspci") {
      let card = try $0.device("pci:0000:03:00.0")
      #expect(card.attributes[.linkNow]?.value == nil)
      #expect(card.attributes[.linkBest]?.reason?.code == .notCaptured)
      $0.shown { text in #expect(!text.contains("2.5GT/s")) }
    },
    HuntCase("pci/egpu-5700xt-tb3.lspci") {
      let card = try $0.device("pci:0000:66:00.0")
      for notice in card.notices where notice.message.contains("link") {
        #expect(notice.remedy == nil, "no wider slot helps: \(notice)")
      }
    },
    HuntCase("pci/p106-at-x1.lspci") {
      #expect($0.found("pci:0000:01:00.0")?.notices.contains { $0.code == .linkDegraded } == true)
    },
    HuntCase("pci/tt-blackhole-x8.lspci") {
      #expect($0.found("pci:0000:01:00.0")?.notices.contains { $0.code == .linkDegraded } == true)
    },
  ]

  // MARK: - Completeness

  static let completenessCases: [HuntCase] = [
    HuntCase("cpuinfo/epyc-9965-2p-constructed.cpuinfo") {
      #expect($0.cpu?.threads == 768)
      #expect($0.cpu?.packages.value == 2)
      #expect($0.cpu?.cores.value == 384)
      #expect($0.cpuID.hasSuffix("-2x192c"))
      $0.shown { text in
        #expect(!text.contains("none besides the CPU"))
        #expect(text.contains("Devices: not looked for"))
      }
    },
    HuntCase("sysroot/jetson-orin-nx.tar.bz2") {
      let gpus = $0.devices(.gpu)
      #expect(gpus.map(\.id.rawValue) == ["platform:17000000.gpu"])
      #expect(gpus.first?.name == "NVIDIA Orin (GA10B)")
      #expect(gpus.first?.text(.platformDriver) == "nvgpu")
    },
    HuntCase("sysroot/no-resource-but-config.tar.bz2") {
      let card = try $0.device("pci:0000:01:00.0")
      #expect(card.kind == .gpu)
      #expect(card.text(.pciDeviceID) == "2684")
      #expect(card.text(.pciSubsystem) == "1458:40bf")
      #expect(card.attributes[.memory]?.value == nil)
      #expect($0.report.pciFunctions.value == 1)
    },
    HuntCase("pci/azure-nd-a100-nvswitch.lspci") { #expect($0.devices(.gpu).count == 4) },
  ]

  // MARK: - Purposes

  static let purposesCases: [HuntCase] = [
    HuntCase("pci/up-squared-hailo8.lspci") {
      let card = try $0.device("pci:0000:02:00.0")
      #expect(card.kind == .accelerator)
      #expect(!card.verdict.contains("buffers"))
    },
    HuntCase("pci/intel-fpga-cards.lspci") {
      #expect($0.devices(.fpga).count == 4)
      #expect($0.devices(.fpga).allSatisfy { !$0.verdict.contains("machine learning") })
    },
    HuntCase("pci/real-rme-two-cards.lspci") { #expect($0.report.devices.isEmpty) },
    HuntCase("pci/vck5000-two-functions.lspci") { #expect($0.devices(.fpga).count == 1) },
    HuntCase("pci/alveo-v80.lspci") { #expect($0.devices(.fpga).count == 1) },
    HuntCase("pci/wsl2-two-gpus.lspci") {
      let gpus = $0.devices(.paravirtualGPU)
      #expect(gpus.count == 2)
      #expect(gpus.allSatisfy { !$0.verdict.contains("not a GPU") && $0.verdict.contains("dxg") })
    },
    HuntCase("pci/ghw383-table.lspci") {
      #expect($0.devices(.gpu).count == 3)
      #expect($0.devices(.accelerator).count == 2)
      #expect($0.devices(.managementDisplay).count == 1)
    },
    HuntCase("hwloc/deep-esb01.xml") {
      #expect($0.devices(.gpu).count == 1)
      #expect($0.cpu?.packages.value == 1)
    },
  ]

  // MARK: - Platforms

  static let platformsCases: [HuntCase] = [
    HuntCase("sysroot/hetzner-cax.tar.bz2") {
      #expect($0.hypervisor.value == .some("kvm"))
      #expect($0.cpuID.hasSuffix("-vm"))
    },
    HuntCase("sysroot/alibaba-ecs-arm.tar.bz2") {
      #expect($0.hypervisor.value == .some("kvm"))
      #expect($0.cpuID.hasSuffix("-vm"))
    },
    HuntCase("sysroot/k8s-containerd-cgroup2.tar.bz2") {
      #expect($0.report.machine.platform.container.value == .some("containerd"))
      #expect($0.cpu?.settings[.quota]?.value == .number(2))
      $0.shown { text in #expect(text.contains("CPU time of 2 CPUs")) }
    },
    HuntCase("pci/akash31-vmware-p40.lspci") {
      #expect($0.devices(.gpu).count == 1)
      #expect($0.devices(.virtualDisplay).count == 1)
    },
  ]

  // MARK: - Cores

  static let coresCases: [HuntCase] = [
    HuntCase("sysroot/tr-7975wx.tar.bz2") { #expect($0.kinds.isEmpty) },
    HuntCase("sysroot/ultra9-185h.tar.bz2") {
      let counts = Dictionary(uniqueKeysWithValues: $0.kinds.map { ($0.name, $0.cores) })
      #expect(counts == ["P": 6, "E": 8, "LP-E": 2])
      #expect($0.kinds.first { $0.name == "P" }?.cpus.count == 12)
    },
    HuntCase("hwloc/ultra5-225u-lpe-own-kind.xml") {
      let counts = Dictionary(uniqueKeysWithValues: $0.kinds.map { ($0.name, $0.cores) })
      #expect(counts == ["P": 2, "E": 8, "LP-E": 2])
    },
    HuntCase("hwloc/nvidia-gb10-nomidr.xml") {
      #expect($0.kinds.map(\.cores) == [10, 10])
      #expect($0.kinds.first?.cpus == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14])
      #expect(!$0.cpuID.contains("cpu/unknown"))
      #expect($0.cpu?.vendor.value == "ARM")
    },
    HuntCase("cpuinfo/nvidia-gb10.cpuinfo") {
      #expect(
        $0.cpu?.modelName.value == "10 x Cortex-A725 + 10 x Cortex-X925"
          || $0.cpu?.modelName.value == "10 x Cortex-X925 + 10 x Cortex-A725")
    },
    HuntCase("cpuinfo/snapdragon-x2-elite.cpuinfo") {
      #expect($0.kinds.map(\.cpus.count).sorted() == [6, 12])
      #expect(!$0.cpuID.contains("implementer"))
    },
    HuntCase("cpuinfo/snapdragon-8cx-gen3.cpuinfo") {
      #expect($0.kinds.map(\.cpus.count) == [4, 4])
      #expect(Set($0.kinds.compactMap(\.coreType)) == ["Cortex-A78C", "Cortex-X1C"])
    },
    HuntCase("cpuinfo/phytium-e2000q.cpuinfo") {
      #expect(Set($0.kinds.compactMap(\.coreType)) == ["FTC310", "FTC664"])
      #expect(!$0.cpuID.contains("implementer"))
    },
    HuntCase("cpuinfo/rv-spacemit-x60-milk-v-jupiter.cpuinfo") {
      #expect($0.cpu?.threads == 8)
      #expect($0.cpuID.contains("x60"))
    },
    HuntCase("sysroot/altra-azure-64.tar.bz2") {
      #expect($0.cpuID.contains("neoverse-n1"))
      #expect($0.cpuID != "cpu/arm-neoverse-n1-graviton2-64t-vm")
      #expect($0.cpuID.contains("altra") || $0.cpuID.contains("unknown-chip"))
    },
    HuntCase("sysroot/graviton2-64.tar.bz2") { #expect($0.cpuID.contains("graviton2")) },
    HuntCase("sysroot/rv64-linux.tar.bz2") {
      let cpu = try #require($0.cpu)
      if let cores = cpu.cores.value {
        #expect(cpu.simultaneousMultithreading.value == (cpu.threads > cores))
      }
      $0.shown { text in #expect(!text.contains(" 0 B")) }
    },
    HuntCase("hwloc/llnl-butte-power9-hwloc1.xml") {
      #expect($0.cpuID.hasPrefix("cpu/ibm-power9-2x"))
      #expect(!$0.cpuID.contains("altivec"))
      #expect($0.devices(.gpu).allSatisfy { !$0.name.contains("device 10de") })
    },
  ]

  // MARK: - Models

  static let modelsCases: [HuntCase] = [
    HuntCase("pci/rx580-neofetch1985.lspci") {
      let card = try $0.device("pci:0000:0b:00.0")
      #expect(card.name == "AMD Radeon RX 580")
      #expect(card.hardwareID.rawValue == "gpu/1002-67df-re7-radeon-rx-580")
    },
    HuntCase("pci/rx9070-gput7.lspci") {
      #expect($0.found("pci:0000:03:00.0")?.name == "AMD Radeon RX 9070")
    },
    HuntCase("pci/mi60-akash41.lspci") {
      let card = try $0.device("pci:0000:84:00.0")
      #expect(card.name.contains("MI50") && card.name.contains("MI60"))
      #expect(!card.hardwareID.rawValue.hasSuffix("vega-20"))
    },
    HuntCase("pci/new-datacenter.lspci") {
      for device in $0.devices(.gpu) {
        #expect(!device.name.contains(" device "), "\(device.name)")
      }
      #expect($0.devices(.gpu).count == 6)
    },
    HuntCase("pci/akash68-rtx5080.lspci") {
      #expect($0.devices(.gpu).first?.name.contains("GeForce RTX 5080") == true)
    },
    HuntCase("pci/lhr-four.lspci") {
      #expect($0.devices(.gpu).count == 5)
      #expect($0.devices(.gpu).allSatisfy { $0.notices.contains { $0.message.contains("LHR") } })
    },
    HuntCase("pci/cloudstack-mi325x.lspci") {
      #expect($0.devices(.gpu).count == 8)
      $0.shown { text in
        #expect(text.hasPrefix("8 x "))
        #expect(text.contains("  8 x AMD "))
      }
    },
    HuntCase("sysroot/usb-miners-a.tar.bz2") {
      let names = Dictionary(
        uniqueKeysWithValues: $0.report.devices.map { ($0.id.rawValue, $0.name) })
      #expect(names["usb:1-1"] == "Rockminer R-BOX")
      #expect(names["usb:1-3"] == "Block Erupter Emerald")
      #expect(names["usb:1-5"] == "LittleFury")
      #expect(names["usb:1-7"] == "HashBuster Micro")
      #expect(names["usb:2-1"] == "Butterfly Labs SC")
      #expect(names["usb:9-1"] == "NanoFury")
      #expect($0.found("usb:1-9")?.verdict.contains("DualMiner") == true)
      #expect($0.found("usb:6-23")?.kind == .serialBridge)
      let ports = $0.report.devices.filter { $0.id.place == .usb }.map(\.id.rawValue)
      #expect(ports.prefix(5) == ["usb:1-1", "usb:1-3", "usb:1-5", "usb:1-7", "usb:1-9"])
    },
  ]

  // MARK: - Placement

  static let placementsCases: [HuntCase] = [
    HuntCase("pci/vm-uhd630-at-18.lspci") {
      #expect($0.found("pci:0000:00:18.0")?.text(.gpuPlacement) == "integrated")
    },
    HuntCase("pci/azure-v620-mxgpu.lspci") {
      #expect($0.found("pci:0002:00:00.0")?.text(.pciFunction) == "virtual")
    },
    HuntCase("hwloc/llnl-butte-power9-hwloc1.xml") {
      let memory = try #require($0.report.machine.memory.value)
      let gibibytes = Double(memory.total.value) / Double(1 << 30)
      #expect(abs(gibibytes - 255.4) < 0.5, "\(gibibytes)")
      #expect($0.cpu?.settings[.gpuMemoryNodes]?.value == .text("252-255"))
    },
  ]

  // MARK: - Views

  static let viewsCases: [HuntCase] = [
    HuntCase("sysroot/rig-14x-bcu1525-fallen.tar.bz2") {
      #expect($0.devices(.fpga).count == 14)
      $0.shown { text in
        #expect(text.hasPrefix("14 x "))
        #expect(text.split(separator: "\n").first?.hasSuffix("14 not answering") == true)
        #expect(text.components(separatedBy: "does not answer").count == 2, "told once")
      }
    },
    HuntCase("sysroot/loongarch-kvm-3c6000.tar.bz2") {
      $0.shown { text in
        #expect(text.contains("32 x package"))
        #expect(text.split(separator: "\n").count < 40)
      }
    },
    HuntCase("sysroot/lxc-8-of-512.tar.bz2") { view in
      view.shown { text in
        for line in text.split(separator: "\n") where !line.contains("cpu/") {
          #expect(line.count <= 80, "\(line)")
        }
        #expect(text.contains(view.cpuID))
      }
    },
  ]
}
