internal import Analysis
internal import Arguments
internal import Benchmarking
internal import CPUBackend
internal import Detection
internal import Economics
internal import GPUBackend
internal import Kernels
internal import LinuxSystem
internal import MachineFacts
internal import MeterCore
internal import Metering
internal import Model
internal import Synchronization

/// Joins ports and adapters: the only place that knows every adapter.
struct Composition: Workbench {
  let root: SystemRoot
  let environment: [String: String]
  let clock: any MonotonicClock = RawMonotonicClock()

  /// The built-in kernels, and those of plug-ins.
  let kernels: KernelCatalog
  /// How long a kernel is waited for.
  private let patience: Patience
  /// Ends what takes long before the first window.
  private let isCancelled: @Sendable () -> Bool
  /// The devices that drivers show, asked once; nil inside of another program, which has no worker to ask.
  private let drivers: DriverDevices?

  init(
    root: SystemRoot, environment: [String: String], kernels: KernelCatalog = .builtIn,
    executable: String? = nil, gpuLimits: GPULimits = GPULimits(),
    epoch: Etchash.Epoch = .usual,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.isCancelled = isCancelled
    drivers = executable.map { DriverDevices($0, gpuLimits, epoch) }
    self.kernels = kernels
    patience = TimeLimits.patience(environment)
    self.root = root
    self.environment = environment
  }

  /// The machine that the options name, with the kernels of their plug-ins.
  static func of(_ arguments: ParsedArguments, _ context: CommandContext) throws -> Composition {
    Composition(
      root: try SysrootOption.root(arguments), environment: context.environment,
      kernels: try PluginKernels.catalog(arguments, context), executable: context.executable,
      gpuLimits: try TimeLimits.gpu(context.environment),
      epoch: try epoch(EpochOption.read(arguments)), isCancelled: context.isInterrupted)
  }

  func backends() -> [any ComputeBackend] {
    [CPUBackend(catalog: kernels, patience: patience, isCancelled: isCancelled)]
      + (gpus()?.backends ?? [])
  }

  /// The devices that drivers show; nil where they cannot be asked.
  private func gpus() -> GPUDevices? { drivers?.devices }

  /// The ways to devices behind drivers; empty where they cannot be asked.
  func deviceRoutes() -> [DeviceRoute] { root.isLive ? gpus()?.routes ?? [] : [] }

  /// What RandomX finds on this machine, or on the tree that stands in for it.
  func randomXReadiness() -> [Check] { RandomXReadiness.checks(root) }

  /// Every algorithm, in the order that people are shown.
  static var algorithms: [AlgorithmID] { AlgorithmCatalog.builtIn.all.map(\.id) }

  /// By what the headers of chains are checked: the readable references.
  static let headerHashes = HeaderHashes(isSolved: { bytes in
    SolvedHeader(bytes).map { Equihash.zcash.isSolution($0.solution, of: $0.input) }
  }) { check, bytes in
    switch check {
    case .sha256d, .sha256dWithSolution: return SHA256.hash(SHA256.hash(bytes))
    case .scrypt, .keccak256:
      let algorithm: AlgorithmID = check == .scrypt ? .scrypt : .keccak256
      guard let descriptor = AlgorithmCatalog.builtIn.descriptor(of: algorithm),
        let input = WorkInput(bytes: bytes, descriptor.shape)
      else { return nil }
      return try? descriptor.reference().value(of: input, payload: [])
    case .none: return nil
    }
  }

  /// The last epoch of Etchash that is computed.
  static let lastEpoch = Etchash.Epoch.last
  /// The epoch of that number; the usual one where none is given.
  static func epoch(_ number: UInt32?) throws(Failure) -> Etchash.Epoch {
    try number.map { number throws(Failure) in try Etchash.Epoch(number) } ?? .usual
  }

  /// What is taken where none is named.
  static let usualEpoch = Etchash.Epoch.usual.number

  /// The readable reference, the judge of every share.
  static var references: any ReferenceProvider { CatalogReferences() }

  /// Throws where this build cannot say what a core can do at most.
  static func checkRoofline() throws(Failure) { try Roofline.checkBuild() }

  /// What the CPU can do, as far as kernels ask.
  static var cpuFeatures: [String] { CPUFeatures.current.names }

  func probe() -> any StateProbe {
    GPUStateProbe(
      SystemStateProbe(root: root, clock: clock), root: root, variables: environment)
  }

  func detection() throws -> DetectionReport { try detection(.live) }

  /// A machine, with what this program's kernels can compute on its devices.
  func detection(_ sources: DetectionSources) throws -> DetectionReport {
    let report = try MachineDetector(sources).detect()
    // Loading a driver takes time, and wakes a card up that sleeps.
    let isAsked = sources.isLive && report.devices.contains { $0.kind == .gpu }
    return DeviceCapabilities(
      algorithms: Self.algorithms,
      onlyOnDevices: Set(AlgorithmCatalog.builtIn.all.filter(\.isOnlyOnDevices).map(\.id)),
      gpus: isAsked ? gpus() : nil, isLive: sources.isLive
    ).joined(with: report)
  }

  /// The models of hardware in this machine; none where it cannot be looked at.
  static func hardwareHere() -> Set<HardwareID> {
    guard let report = try? MachineDetector(.live).detect() else { return [] }
    let cpu = report.machine.cpu.value.map { [$0.hardwareID] } ?? []
    return Set(cpu + report.devices.map(\.hardwareID))
  }

  func machineIdentifier() -> String? { MachineIdentifier.read(.live) }

  func diagnoses() -> [SourceDiagnosis] { MeterCatalog.diagnose(meterEnvironment) }

  private var meterEnvironment: MeterEnvironment {
    MeterEnvironment(root: root, clock: clock, variables: environment)
  }

  func meters(
    _ selection: [String], workerCPUs: [Int], rawLog: String?, accuracies: [StatedAccuracy]
  ) throws -> (session: any MeterSession, unavailable: [UnavailableMeter]) {
    let opened = try MeterCatalog.open(
      selection: selection, environment: meterEnvironment,
      options: MeterOptions(workerCPUs: workerCPUs, rawLog: rawLog, accuracies: accuracies))
    return (opened.session, opened.unavailable)
  }
}

/// What drivers show, asked for when somebody wants to know and kept.
private final class DriverDevices: Sendable {
  private let executable: String
  private let limits: GPULimits
  private let epoch: Etchash.Epoch
  private let known = Mutex<GPUDevices?>(nil)

  init(_ executable: String, _ limits: GPULimits, _ epoch: Etchash.Epoch) {
    self.epoch = epoch
    self.executable = executable
    self.limits = limits
  }

  var devices: GPUDevices {
    known.withLock { known in
      let devices = known ?? GPUDevices(executable: executable, limits: limits, epoch: epoch)
      known = devices
      return devices
    }
  }
}
