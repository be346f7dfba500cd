internal import LinuxSystem
internal import Model

/// The least that a result needs to say of the machine.
enum LiveMachine {
  static func describe() -> DetectionReport {
    let none = Reason(.notMeasured, "not looked for")
    let info = (try? SystemRoot.live.text("/proc/cpuinfo")) ?? ""
    func field(_ name: String) -> Reading<String> {
      for line in info.split(separator: "\n") where line.hasPrefix(name) {
        if let colon = line.firstIndex(of: ":") {
          return .value(String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
      }
      return .unavailable(none)
    }
    let isVirtual = info.contains(" hypervisor")
    let online =
      CPUList.parse(
        (try? SystemRoot.live.text("/sys/devices/system/cpu/online")) ?? "") ?? []
    let model = field("model name")
    let cpu = CPUDescription(
      hardwareID: HardwareID(rawValue: "cpu/unknown"), vendor: field("vendor_id"),
      modelName: model, architecture: .unavailable(none), family: .unavailable(none),
      model: .unavailable(none), stepping: .unavailable(none), microcode: field("microcode"),
      packages: .unavailable(none), dies: .unavailable(none), cores: .unavailable(none),
      threads: online.count, onlineCPUs: online, offlineCPUs: .unavailable(none),
      allowedCPUs: .unavailable(none), coreKinds: .unavailable(none), caches: .unavailable(none),
      numaNodes: .unavailable(none), features: .unavailable(none),
      minimumFrequencyHz: .unavailable(none), maximumFrequencyHz: .unavailable(none),
      simultaneousMultithreading: .unavailable(none))
    let machine = Machine(
      origin: .live, cpu: .value(cpu), memory: .unavailable(none),
      platform: PlatformDescription(
        boardVendor: .unavailable(none), boardName: .unavailable(none),
        productName: .unavailable(none), firmwareVersion: .unavailable(none),
        firmwareDate: .unavailable(none),
        hypervisor: info.isEmpty ? .unavailable(none) : .value(isVirtual ? "unknown" : nil),
        container: .unavailable(none)),
      operatingSystem: OperatingSystemDescription(
        name: .unavailable(none), kernelRelease: .unavailable(none),
        kernelCommandLine: .unavailable(none), mitigations: .unavailable(none)))
    let device = Device(
      id: .cpu, kind: .cpu, hardwareID: cpu.hardwareID, name: model.value ?? "CPU",
      capabilities: [], verdict: "hashes on its cores")
    return DetectionReport(machine: machine, devices: [device], gaps: [])
  }
}
