internal import Analysis
internal import Benchmarking
internal import CPUBackend
internal import Detection
internal import Kernels
internal import LinuxSystem
internal import Metering
internal import Model

/// Joins ports and adapters: the only place that knows every adapter.
struct Composition {
  /// Where meters and state are read: the live machine, or a tree that stands in for it.
  let root: SystemRoot
  let environment: [String: String]
  let clock: any MonotonicClock = RawMonotonicClock()

  /// The built-in kernels, and those of plug-ins.
  let kernels: KernelCatalog

  init(
    sysroot: String?, environment: [String: String], kernels: KernelCatalog = .builtIn
  ) throws {
    self.kernels = kernels
    root = sysroot.map { SystemRoot(prefix: $0) } ?? .live
    self.environment = environment
    if let sysroot, !root.exists("/sys"), !root.exists("/proc") {
      throw Failure(
        .badInput, "\(sysroot) holds neither sys nor proc",
        remedy: "give --sysroot the folder above them")
    }
  }

  /// Every backend that can hash on this machine.
  func backends() -> [any ComputeBackend] { [CPUBackend(catalog: kernels)] }

  /// Every algorithm, in the order that people are shown.
  static var algorithms: [AlgorithmID] { AlgorithmCatalog.all.map(\.id) }

  func probe() -> any StateProbe { SystemStateProbe(root: root, clock: clock) }

  /// The machine that hashes, always the live one.
  func detection() throws -> DetectionReport {
    try MachineDetector(.live).detect()
  }

  func meters(
    _ selection: [String], workerCPUs: [Int], rawLog: String?
  ) throws -> (session: any MeterSession, unavailable: [UnavailableMeter]) {
    let opened = try MeterCatalog.open(
      selection: selection,
      environment: MeterEnvironment(root: root, clock: clock, variables: environment),
      options: MeterOptions(workerCPUs: workerCPUs, rawLog: rawLog))
    return (opened.session, opened.unavailable)
  }

  /// CPUs that this process may use, one hardware thread of each core first.
  func hashingCPUs() throws -> [Int] {
    let allowed = try Affinity.allowedCPUs()
    // A CPU's place among the threads of its core; the live machine's, for only that one can hash.
    func place(_ cpu: Int) -> Int {
      let path = "/sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list"
      guard let text = try? SystemRoot.live.text(path), let siblings = CPUList.parse(text) else {
        return 0
      }
      return siblings.firstIndex(of: cpu) ?? 0
    }
    return allowed.map { (place($0), $0) }.sorted { $0 < $1 }.map(\.1)
  }
}
