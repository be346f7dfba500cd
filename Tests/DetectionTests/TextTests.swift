#if !SANITIZED
  import Detection
  import Model
  import Reporting
  import TestSupport
  import Testing

  /// What a person sees.
  struct DetectionTextTests {
    @Test("the view of a rig")
    func rig() throws {
      let tree = try FixtureTree()
      let folder = "sys/devices/system/cpu"
      for name in ["online", "possible", "present"] {
        try tree.write("0-3\n", to: "\(folder)/\(name)")
      }
      for cpu in 0..<4 {
        let topology = "\(folder)/cpu\(cpu)/topology"
        try tree.write("\(cpu / 2)\n", to: "\(topology)/core_id")
        try tree.write("0\n", to: "\(topology)/physical_package_id")
        try tree.write(cpu < 2 ? "3\n" : "c\n", to: "\(topology)/thread_siblings")
        try tree.write("f\n", to: "\(topology)/core_siblings")
        for (index, level, type, size, map) in [
          (0, "1", "Data", "32K", cpu < 2 ? "3" : "c"),
          (1, "2", "Unified", "512K", cpu < 2 ? "3" : "c"),
          (2, "3", "Unified", "16384K", "f"),
        ] {
          let cache = "\(folder)/cpu\(cpu)/cache/index\(index)"
          try tree.write(level + "\n", to: "\(cache)/level")
          try tree.write(type + "\n", to: "\(cache)/type")
          try tree.write(size + "\n", to: "\(cache)/size")
          try tree.write(map + "\n", to: "\(cache)/shared_cpu_map")
        }
      }
      let record = """
        vendor_id\t: AuthenticAMD
        cpu family\t: 23
        model\t\t: 113
        model name\t: AMD Ryzen 3 3100 4-Core Processor
        stepping\t: 0
        flags\t\t: fpu lm sse2 ssse3 avx avx2 sha_ni

        """
      try tree.write(
        (0..<4).map { "processor\t: \($0)\n\(record)" }.joined(separator: "\n"), to: "proc/cpuinfo")
      try tree.write("MemTotal:       8000000 kB\n", to: "proc/meminfo")
      try tree.write("Linux\n", to: "proc/sys/kernel/ostype")
      try tree.write("6.1.0\n", to: "proc/sys/kernel/osrelease")
      try tree.write("B450 Rig\n", to: "sys/class/dmi/id/board_name")
      var card = PCIFixture()
      card.link = ((3, 16), (1, 1))
      card.resizable = (now: 8, best: 13)
      try card.write(to: tree)
      try tree.link(
        "sys/bus/pci/devices/\(card.address)/driver", to: "../../bus/pci/drivers/nvidia")
      card.device = 0x1c07
      card.classCode = 0x0302
      card.address = "0000:02:00.0"
      try card.write(to: tree)
      let report = try tree.detect(pciNames: "/nonexistent/pci.ids")
      let text = DetectionText(report, width: 80).text()
      assertSnapshot(text, named: "rig.txt")
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
  }
#endif
