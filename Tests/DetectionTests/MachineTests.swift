import Detection
import Model
import TestSupport
import Testing

/// Facts of machines that a test makes up.
struct MachineTests {
  /// Model name, vendor, family, model, stepping, and the identifier that comes of them.
  static let names: [(String, String, String)] = [
    ("AMD EPYC 9654 96-Core Processor", "AuthenticAMD", "cpu/amd-epyc-9654-1x2c"),
    ("AMD Ryzen 9 7950X 16-Core Processor", "AuthenticAMD", "cpu/amd-ryzen-9-7950x-1x2c"),
    ("AMD Ryzen 7 5700G with Radeon Graphics", "AuthenticAMD", "cpu/amd-ryzen-7-5700g-1x2c"),
    (
      "AMD Ryzen Threadripper PRO 5955WX 16-Cores", "AuthenticAMD",
      "cpu/amd-ryzen-threadripper-pro-5955wx-1x2c"
    ),
    ("Intel(R) Xeon(R) Platinum 8480+", "GenuineIntel", "cpu/intel-xeon-platinum-8480plus-1x2c"),
    ("Intel(R) Xeon(R) Platinum 8480C", "GenuineIntel", "cpu/intel-xeon-platinum-8480c-1x2c"),
    (
      "13th Gen Intel(R) Core(TM) i9-13900K", "GenuineIntel",
      "cpu/intel-13th-gen-core-i9-13900k-1x2c"
    ),
    (
      "Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz", "GenuineIntel",
      "cpu/intel-core-2-duo-e8400-1x2c"
    ),
    ("Intel(R) Xeon(R) Processor", "GenuineIntel", "cpu/intel-xeon-f6m85s7-1x2c"),
    (
      "Intel Xeon Processor (Skylake, IBRS)", "GenuineIntel",
      "cpu/intel-xeon-skylake-ibrs-f6m85s7-1x2c"
    ),
    (
      "QEMU Virtual CPU version 2.5+", "GenuineIntel",
      "cpu/intel-qemu-virtual-version-2-5plus-f6m85s7-1x2c"
    ),
    ("Genuine Intel(R) CPU 0000 @ 2.40GHz", "GenuineIntel", "cpu/intel-genuine-0000-f6m85s7-1x2c"),
    ("Hygon C86 7285 32-core Processor", "HygonGenuine", "cpu/hygon-c86-7285-1x2c"),
    ("", "GenuineIntel", "cpu/intel-f6m85s7-1x2c"),
  ]

  @Test("identifiers of CPUs", arguments: names)
  func identifiers(name: String, vendor: String, identifier: String) throws {
    #expect(try cpu(name, vendor).hardwareID.rawValue == identifier)
    // The clock that the name states at its end and blanks in it are not part of the model.
    if !name.contains("@"), !name.isEmpty {
      #expect(try cpu("  \(name)   @ 3.10GHz ", vendor).hardwareID.rawValue == identifier)
    }
    // The same under a hypervisor is another thing to measure.
    #expect(
      try cpu(name, vendor, flags: "fpu hypervisor").hardwareID.rawValue == identifier + "-vm")
  }

  private func cpu(_ name: String, _ vendor: String, flags: String = "fpu lm") throws
    -> CPUDescription
  {
    let tree = try FixtureTree()
    let records = (0..<2).map { number in
      """
      processor\t: \(number)
      vendor_id\t: \(vendor)
      cpu family\t: 6
      model\t\t: 85
      model name\t: \(name)
      stepping\t: 7
      physical id\t: 0
      core id\t\t: \(number)
      flags\t\t: \(flags)
      """
    }
    try tree.write(records.joined(separator: "\n\n") + "\n\n", to: "proc/cpuinfo")
    return try #require(try tree.detect().machine.cpu.value)
  }

  @Test("hypervisors and containers by what the machine calls itself")
  func virtual() throws {
    func hypervisor(_ vendor: String, _ product: String, _ flags: String) throws -> String?? {
      let tree = try FixtureTree()
      try tree.write("processor\t: 0\nvendor_id\t: X\nflags\t: \(flags)\n", to: "proc/cpuinfo")
      try tree.write(vendor + "\n", to: "sys/class/dmi/id/sys_vendor")
      try tree.write(product + "\n", to: "sys/class/dmi/id/product_name")
      return try tree.detect().machine.platform.hypervisor.value
    }
    #expect(try hypervisor("QEMU", "Standard PC", "fpu hypervisor") == .some(.some("kvm")))
    #expect(try hypervisor("VMware, Inc.", "VMware7,1", "fpu hypervisor") == .some(.some("vmware")))
    #expect(
      try hypervisor("Microsoft Corporation", "Virtual Machine", "fpu hypervisor")
        == .some(.some("microsoft")))
    #expect(try hypervisor("Microsoft Corporation", "Surface Pro", "fpu") == .some(.none))
    #expect(try hypervisor("Amazon EC2", "c7i.metal-24xl", "fpu") == .some(.none))
    #expect(try hypervisor("Acme", "Rocket", "fpu hypervisor") == .some(.some("unknown")))
    #expect(try hypervisor("Dell Inc.", "R760", "fpu") == .some(.none))

    func container(_ cgroup: String) throws -> String?? {
      let tree = try FixtureTree()
      try tree.write(cgroup + "\n", to: "proc/1/cgroup")
      return try tree.detect().machine.platform.container.value
    }
    #expect(try container("0::/kubepods.slice/pod1") == .some(.some("kubernetes")))
    #expect(try container("12:cpu:/docker/0123") == .some(.some("docker")))
    #expect(try container("0::/init.scope") == .some(.none))
  }

  @Test("clock, governor, driver, preference, turbo and threads a core")
  func frequency() throws {
    let tree = try FixtureTree()
    let folder = "sys/devices/system/cpu"
    try tree.write("processor\t: 0\n\nprocessor\t: 1\n", to: "proc/cpuinfo")
    for (number, maximum, governor) in [(0, "5200000", "powersave"), (1, "4100000", "performance")]
    {
      let policy = "\(folder)/cpufreq/policy\(number)"
      try tree.write("\(number)\n", to: "\(policy)/related_cpus")
      try tree.write("800000\n", to: "\(policy)/cpuinfo_min_freq")
      try tree.write(maximum + "\n", to: "\(policy)/cpuinfo_max_freq")
      try tree.write(governor + "\n", to: "\(policy)/scaling_governor")
      try tree.write("intel_pstate\n", to: "\(policy)/scaling_driver")
      try tree.write("balance_performance\n", to: "\(policy)/energy_performance_preference")
      try tree.write("2400000\n", to: "\(policy)/base_frequency")
    }
    try tree.write("1\n", to: "\(folder)/intel_pstate/no_turbo")
    try tree.write("0\n", to: "\(folder)/smt/active")
    try tree.write("off\n", to: "\(folder)/smt/control")
    try tree.write("Mitigation: PTI\n", to: "\(folder)/vulnerabilities/meltdown")
    for cpu in 0..<2 {
      try tree.write("\(cpu)\n", to: "\(folder)/cpu\(cpu)/topology/core_id")
      try tree.write("0\n", to: "\(folder)/cpu\(cpu)/topology/physical_package_id")
    }
    let report = try tree.detect()
    let cpu = try #require(report.machine.cpu.value)
    #expect(cpu.minimumFrequencyHz.value == 800_000_000)
    #expect(cpu.maximumFrequencyHz.value == 5_200_000_000)
    #expect(cpu.settings[.governor]?.value == .text("performance,powersave"))
    #expect(cpu.settings[.driver]?.value == .text("intel_pstate"))
    #expect(cpu.settings[.energyPreference]?.value == .text("balance_performance"))
    #expect(cpu.settings[.baseFrequency]?.value == .integer(2_400_000_000))
    #expect(cpu.settings[.turbo]?.value == .flag(false))
    #expect(cpu.settings[.multithreadingControl]?.value == .text("off"))
    #expect(cpu.simultaneousMultithreading.value == false)
    #expect(report.machine.operatingSystem.mitigations.value == ["meltdown": "Mitigation: PTI"])
  }

  @Test("memory type and speed from the firmware's table")
  func memoryModules() throws {
    /// A memory device as SMBIOS 3 describes it.
    func module(megabytes: Int, type: UInt8, speed: Int, configured: Int) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: 0x28)
      bytes[0] = 17
      bytes[1] = 0x28
      bytes[0x0c] = UInt8(megabytes & 0xff)
      bytes[0x0d] = UInt8(megabytes >> 8)
      bytes[0x12] = type
      (bytes[0x15], bytes[0x16]) = (UInt8(speed & 0xff), UInt8(speed >> 8))
      (bytes[0x20], bytes[0x21]) = (UInt8(configured & 0xff), UInt8(configured >> 8))
      (bytes[0x17], bytes[0x18]) = (1, 2)
      return bytes + Array("Maker".utf8) + [0] + Array("SERIAL123".utf8) + [0, 0]
    }
    let tree = try FixtureTree()
    try tree.write("MemTotal:       16000000 kB\n", to: "proc/meminfo")
    let table =
      [1, 4, 0, 0, 0, 0] + module(megabytes: 0, type: 2, speed: 0, configured: 0)
      + module(megabytes: 8192, type: 0x22, speed: 5600, configured: 4800)
      + module(megabytes: 8192, type: 0x22, speed: 5600, configured: 4400)
    try tree.write(table + [127, 4, 0, 0, 0, 0], to: "sys/firmware/dmi/tables/DMI")
    let memory = try #require(try tree.detect().machine.memory.value)
    #expect(memory.total.value == 16_000_000 * 1024)
    #expect(memory.type.value == "DDR5")
    #expect(memory.speedMTps.value == 4400)
    // A table that ends in the middle of a structure.
    for length in 0..<table.count {
      try tree.write(Array(table.prefix(length)), to: "sys/firmware/dmi/tables/DMI")
      #expect(try tree.detect().machine.memory.value != nil)
    }
  }

  @Test("only kernel parameters that change speed leave the machine")
  func kernelParameters() throws {
    let tree = try FixtureTree()
    try tree.write(
      "BOOT_IMAGE=/vmlinuz root=UUID=1234-abcd ro mitigations=off ip=10.0.0.7 isolcpus=2,3 user=jane\n",
      to: "proc/cmdline")
    let parameters = try tree.detect().machine.operatingSystem.kernelCommandLine.value
    #expect(parameters == "mitigations=off isolcpus=2,3")
  }

  @Test("big and little cores are kinds of their own")
  func armKinds() throws {
    let tree = try FixtureTree()
    let parts = ["0xd05", "0xd05", "0xd41", "0xd41"]
    let records = parts.enumerated().map {
      "processor\t: \($0)\nFeatures\t: fp asimd aes sha2\nCPU implementer\t: 0x41\nCPU part\t: \($1)\n"
    }
    try tree.write(records.joined(separator: "\n"), to: "proc/cpuinfo")
    let cpu = try #require(try tree.detect().machine.cpu.value)
    #expect(cpu.coreKinds.value?.map(\.coreType) == ["Cortex-A55", "Cortex-A78"])
    #expect(cpu.coreKinds.value?.map(\.cpus) == [[0, 1], [2, 3]])
    #expect(cpu.architecture.value == "aarch64")
    #expect(cpu.features.value == ["aes", "asimd", "sha2"])
  }
}
