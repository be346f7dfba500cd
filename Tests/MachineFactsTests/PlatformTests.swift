import LinuxSystem
import MachineFacts
import Model
import TestSupport
import Testing

/// What stands between a process and the hardware, as files tell it.
struct PlatformTests {
  private func reader(_ files: [String: String]) throws -> (FixtureTree, FactReader) {
    let tree = try FixtureTree()
    for (name, text) in files { try tree.write(text + "\n", to: name) }
    return (tree, FactReader(root: SystemRoot(prefix: tree.path)))
  }

  @Test(
    "the quota of CPU time, of the group itself and of those above",
    arguments: [
      (["sys/fs/cgroup/cpu.max": "200000 100000"], 2.0 as Double?),
      (["sys/fs/cgroup/cpu.max": "max 100000"], nil),
      (["sys/fs/cgroup/cpu.max": "150000 100000"], 1.5),
      (
        [
          "proc/self/cgroup": "0::/a.slice/b.scope", "sys/fs/cgroup/cgroup.controllers": "cpu",
          "sys/fs/cgroup/a.slice/cpu.max": "400000 100000",
          "sys/fs/cgroup/a.slice/b.scope/cpu.max": "max 100000",
        ], 4
      ),
      (
        [
          "proc/self/cgroup": "4:cpu,cpuacct:/docker/1",
          "sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us": "50000",
          "sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us": "100000",
        ], 0.5
      ),
      (
        [
          "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
          "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
        ], nil
      ),
    ])
  func quota(files: [String: String], cpus: Double?) throws {
    let (tree, reader) = try reader(files)
    #expect(CPUQuota.cpus(reader).value == .some(cpus))
    withExtendedLifetime(tree) {}
  }

  @Test(
    "how much memory a process may still take",
    arguments: [
      (["proc/meminfo": "MemTotal: 100 kB\nMemAvailable:   64 kB\n"], 64 << 10, "MemAvailable"),
      (
        [
          "proc/meminfo": "MemAvailable: 4000000 kB\n", "proc/self/cgroup": "0::/a",
          "sys/fs/cgroup/a/memory.max": "1000000", "sys/fs/cgroup/a/memory.current": "900000",
          "sys/fs/cgroup/a/memory.stat": "anon 5\ninactive_file 50000",
        ], 150_000, "control group"
      ),
      (
        [
          "proc/meminfo": "MemAvailable: 10 kB\n", "sys/fs/cgroup/memory.max": "max",
          "sys/fs/cgroup/memory.current": "900000",
        ], 10 << 10, "MemAvailable"
      ),
      (
        [
          "proc/self/cgroup": "4:memory:/docker/1",
          "sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes": "500",
          "sys/fs/cgroup/memory/docker/1/memory.usage_in_bytes": "900",
        ], 0, "control group"
      ),
    ])
  func memoryRoom(files: [String: String], bytes: UInt64, limit: String) throws {
    let (tree, reader) = try reader(files)
    let room = try #require(MemoryRoom(reader))
    #expect(room.bytes == bytes && room.limit.rawValue.contains(limit))
    withExtendedLifetime(tree) {}
  }

  @Test("without a control group the quota is not known, which is not none")
  func noGroup() throws {
    let (tree, reader) = try reader(["proc/version": "Linux"])
    #expect(CPUQuota.cpus(reader).reason != nil)
    withExtendedLifetime(tree) {}
  }

  private static let overlay = "1 0 0:50 / / rw,relatime - overlay overlay rw,lowerdir="

  @Test(
    "a container by the overlay that its root is",
    arguments: [
      ("/var/lib/containerd/x/fs", "containerd"), ("/var/lib/docker/overlay2/l/A", "docker"),
      ("/var/lib/containers/storage/overlay/l/B", "podman"),
    ])
  func overlays(layer: String, name: String) throws {
    let (tree, reader) = try reader([
      "proc/1/cgroup": "0::/", "proc/self/cgroup": "0::/",
      "proc/self/mountinfo": Self.overlay + layer,
    ])
    #expect(Containers.name(reader).value == .some(name))
    withExtendedLifetime(tree) {}
  }

  @Test(
    "a group's root alone proves nothing; an init system's group proves that there is no container")
  func noContainer() throws {
    let (bare, unknown) = try reader(["proc/1/cgroup": "0::/", "proc/self/cgroup": "0::/"])
    #expect(Containers.name(unknown).reason != nil)
    let (host, known) = try reader(["proc/1/cgroup": "0::/init.scope", "proc/self/cgroup": "0::/"])
    #expect(Containers.name(known).value == .some(nil))
    withExtendedLifetime((bare, host)) {}
  }

  private func hypervisor(_ files: [String: String]) throws -> Reading<String?> {
    let (tree, reader) = try reader(files)
    let info = reader.text(MachinePath.cpuInfo).value.map { CPUInfo($0) }
    defer { withExtendedLifetime(tree) {} }
    return Hypervisor(
      reader: reader, info: info, dumpedFlag: nil, firmware: FirmwareTexts(reader), isLive: false
    ).name
  }

  private static let arm =
    "processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c"
  private static let x86 = "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu lm"

  @Test("a hypervisor is named, denied with proof, or not known")
  func hypervisors() throws {
    let dmi = "sys/class/dmi/id/"
    // No flag on ARM, and a maker that nobody knows.
    #expect(
      try hypervisor(["proc/cpuinfo": Self.arm, dmi + "sys_vendor": "Some Cloud"]).reason != nil)
    #expect(
      try hypervisor(["proc/cpuinfo": Self.arm, dmi + "sys_vendor": "Ampere(R)"]).value
        == .some(nil))
    #expect(
      try hypervisor([
        "proc/cpuinfo": Self.arm, dmi + "sys_vendor": "Amazon EC2",
        dmi + "product_name": "c6g.metal",
      ]).value == .some(nil))
    #expect(
      try hypervisor([
        "proc/cpuinfo": Self.arm, dmi + "sys_vendor": "Hetzner", dmi + "product_name": "vServer",
      ]).value == .some("kvm"))
    #expect(
      try hypervisor([
        "proc/cpuinfo": Self.arm, "sys/firmware/devicetree/base/compatible": "linux,dummy-virt",
      ]).value == .some("kvm"))
    #expect(
      try hypervisor([
        "proc/cpuinfo": Self.arm, "sys/firmware/devicetree/base/model": "Raspberry Pi 4",
      ]).value == .some(nil))
    // VirtualBox without the flag.
    #expect(
      try hypervisor([
        "proc/cpuinfo": Self.x86, "sys/bus/pci/devices/0000:00:02.0/vendor": "0x80ee",
      ]).value == .some("virtualbox"))
    #expect(try hypervisor(["proc/cpuinfo": Self.x86]).value == .some(nil))
  }
}
