internal import CGPUKernels
internal import Kernels
internal import LinuxSystem
package import Model
internal import Synchronization

/// Runs kernels on one device behind a driver, through a worker process.
package final class GPUBackend: ComputeBackend {
  package let device: DeviceID
  package let alias: String?
  /// What one library after the other says of it.
  let facts: [DeviceFacts]
  private let compilerProblem: String
  private let program: WorkerProgram
  let limits: GPULimits
  /// Of Ethereum Classic's dataset.
  private let epoch: Etchash.Epoch
  private let worker = Mutex(Worker())

  /// The worker process of the route that was used last; one at a time, so that no two hold the device's memory.
  private struct Worker {
    var route: GPURoute?
    var process: TalkingProcess?
    var plans: [KernelID: LaunchPlan] = [:]
    /// Seconds that preparing a dataset took when it was built last (its cache, the kernels that build it, itself, the look at it), and
    /// those in which the device built it.
    var preparation: (whole: Double, dataset: Double)?
    var watch: (any PreparationWatch)?
    /// What ends the metering of a preparation that is going on, and what the last one took.
    var ends: (@Sendable () -> MeteredPreparation)?
    var metered: MeteredPreparation?
  }

  /// Two queues, whatever the card: the tail of one launch is covered by the other queue's.
  static let placementName = PlacementName(.queue, workers: 2)
  init(
    device: DeviceID, alias: String?, facts: [DeviceFacts], compilerProblem: String,
    program: WorkerProgram, limits: GPULimits, epoch: Etchash.Epoch
  ) {
    self.epoch = epoch
    self.device = device
    self.alias = alias
    self.facts = facts
    self.compilerProblem = compilerProblem
    self.program = program
    self.limits = limits
  }

  // MARK: What it is

  package var isProcessor: Bool { facts.allSatisfy(\.isProcessor) }
  /// A processor is measured by its own kernels; behind OpenCL only where it is asked for.
  package var isOnlyByName: Bool { isProcessor }
  package var briefWarmup: Seconds { Seconds(isProcessor ? 0.2 : 0.5) }

  package var name: String { facts.first?.name ?? device.rawValue }

  /// How it is reached, as `detect` says it: "CUDA 13.0 (driver 580.1), OpenCL 3.0".
  package var routes: String {
    facts.map { facts in
      let version = facts.version.isEmpty ? facts.library.rawValue : facts.version
      return facts.driver.isEmpty ? version : "\(version) (driver \(facts.driver))"
    }.joined(separator: ", ")
  }

  package var undetected: Device? {
    guard device.pciAddress == nil, let first = facts.first else { return nil }
    let slug = first.name.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
      .joined(separator: "-")
    return Device(
      id: device, kind: isProcessor ? .cpu : .gpu,
      hardwareID: HardwareID(
        rawValue:
          "\(isProcessor ? "cpu" : "gpu")/\(device.rawValue.split(separator: ":").joined(separator: "-"))-\(slug)"
      ),
      name: "\(first.name) (\(first.platform))",
      capabilities: Array(Set(GPUShape.all.map(\.algorithm))).sorted { $0.rawValue < $1.rawValue },
      verdict: "hashes: \(routes)")
  }

  // MARK: Kernels

  /// The ways to this device, the first of which `best` chooses from.
  private var ways: [(route: GPURoute, facts: DeviceFacts)] {
    facts.flatMap { facts -> [(GPURoute, DeviceFacts)] in
      switch facts.library {
      case .cuda: [(.ptx, facts), (.nvrtc, facts)]
      case .openCL: [(.opencl, facts)]
      case .openCLVendor: [(.vendor, facts)]
      }
    }
  }

  private func problem(_ route: GPURoute, _ shape: GPUShape) -> Reason? {
    switch route {
    case .ptx where unsafe hw_gpu_image(shape.entry) == nil:
      Reason(
        .unsupported, "this build carries no PTX of it",
        remedy: "build with the packages clang-16 and libclc-16")
    case .nvrtc where !compilerProblem.isEmpty:
      Reason(
        .unsupported, "NVRTC is not usable: \(compilerProblem)",
        remedy: "install CUDA's libnvrtc, or name it with HASHWATT_NVRTC_LIBRARY")
    default: nil
    }
  }

  private func suits(_ shape: GPUShape) -> Bool {
    isProcessor ? shape.suitsProcessors : shape.suitsCards
  }

  package func kernels() -> [KernelDescription] {
    var best: [AlgorithmID: GPURoute] = [:]
    return ways.flatMap { way in
      GPUShape.all.filter(suits).compactMap { shape in
        guard let work = AlgorithmCatalog.builtIn.descriptor(of: shape.algorithm)?.shape else {
          return nil
        }
        let problem = problem(way.route, shape)
        let isBest = problem == nil && (best[shape.algorithm] ?? way.route) == way.route
        if isBest { best[shape.algorithm] = way.route }
        return KernelDescription(
          algorithm: shape.algorithm, kernel: way.route.kernel(shape), shape: work,
          lanes: shape.hashesPerItem, scratch: ByteCount(shape.scratchPerHash),
          unsupported: problem, isCandidate: isBest,
          // A dataset of gigabytes is built for it.
          isProvenInRuns: work.preparation == .epoch,
          epoch: work.preparation == .epoch ? epoch.number : nil)
      }
    }
  }

  func find(
    _ algorithm: AlgorithmID, _ kernel: KernelID
  ) throws(Failure) -> (route: GPURoute, index: Int, shape: GPUShape) {
    for way in ways {
      for shape in GPUShape.all
      where shape.algorithm == algorithm && way.route.kernel(shape) == kernel {
        if let problem = problem(way.route, shape) {
          throw Failure(
            .unavailable, "kernel '\(kernel)' of \(algorithm) cannot run: \(problem.message)",
            remedy: problem.remedy)
        }
        return (way.route, way.facts.index, shape)
      }
    }
    throw Failure(
      .usage, "\(device) has no kernel '\(kernel)' of \(algorithm)",
      remedy: "see 'hashwatt kernels --device \(device)'")
  }

  package func placements(_ wish: PlacementWish) throws -> [Placement] {
    guard !wish.isAboutCPUs else {
      throw Failure(
        .usage, "--threads and --cpus are about CPUs, and \(device) has queues",
        remedy: "leave them out, or choose --device cpu")
    }
    return [Placement(Self.placementName)]
  }

  /// The epoch of the dataset that a shape works on; nil where it has none.
  private func epoch(of shape: GPUShape) -> Etchash.Epoch? {
    guard shape.hasDataset else { return nil }
    return shape.algorithm == .etchash ? epoch : .test
  }

  // MARK: The worker

  /// The process that drives the device by this route: the present one, or a new one that has opened the device.
  private func process(_ route: GPURoute, _ index: Int) throws -> TalkingProcess {
    try worker.withLock { worker in
      if let process = worker.process, worker.route == route, process.isRunning { return process }
      worker.process?.end()
      worker.process = nil
      worker.ends = nil
      let process: TalkingProcess
      do throws(SystemError) {
        process = try TalkingProcess(
          program.executable,
          [GPUWorkerProcess.command, GPUWorkerProcess.serve, route.rawValue, "\(index)"],
          environment: program.environment)
      } catch { throw Failure(.unavailable, "the worker of \(device): \(error)") }
      switch process.next(within: limits.open) {
      case .line(let line) where WorkerMessage.words(line).first == WorkerMessage.ready: break
      case .line(let line): throw failure(WorkerMessage.words(line))
      case .silence:
        process.end()
        throw Failure(
          .unavailable,
          "\(device): its driver did not answer within \(Int(limits.open.value)) s")
      case .ended(let ending):
        throw Failure(.unavailable, "\(device): opening it, the worker \(ending.words)")
      }
      (worker.route, worker.process) = (route, process)
      return process
    }
  }

  func forget(_ process: TalkingProcess) {
    process.end()
    worker.withLock { if $0.process === process { $0.process = nil } }
  }

  func failure(_ words: [String]) -> Failure {
    let text = words.count > 1 ? words[1] : "it said '\(words.first ?? "")'"
    let remedy = words.count > 2 && !words[2].isEmpty ? words[2] : nil
    return Failure(.unavailable, "\(device): \(text)", remedy: remedy)
  }

  /// Asks, and waits for the first answer.
  ///
  /// A worker that nothing was asked of for a while ends by itself; what is asked at that moment is asked again. With
  /// `mayPrepare` a dataset that it builds for the answer is metered.
  func ask(
    _ line: String, _ route: GPURoute, _ index: Int, mayPrepare: Bool = false
  ) throws -> (process: TalkingProcess, answer: TalkingProcess.Answer) {
    for attempt in 0..<2 {
      let process = try process(route, index)
      // Before anything is asked, so that it holds all of it; nothing comes of it where the dataset is there already.
      let ends = mayPrepare ? worker.withLock { $0.watch }?.began() : nil
      worker.withLock { $0.ends = ends }
      guard process.send(line) else {
        forget(process)
        continue
      }
      let answer = process.next(within: limits.start)
      if answer == .ended(.exited(0)), attempt == 0 {
        forget(process)
        continue
      }
      return (process, answer)
    }
    throw Failure(.unavailable, "\(device): its worker cannot be reached")
  }

  package func meterPreparations(_ watch: any PreparationWatch) {
    worker.withLock { $0.watch = watch }
  }

  package func selfTest(_ algorithm: AlgorithmID, _ kernel: KernelID) throws {
    let (route, index, shape) = try find(algorithm, kernel)
    var (process, answer) = try ask(
      WorkerMessage.line([
        WorkerMessage.prove, "\(shape.index)", kernel.rawValue, EpochWord.text(epoch(of: shape)),
      ]), route, index, mayPrepare: shape.hasDataset)
    while case .line(let line) = answer, takePreparation(WorkerMessage.words(line)) {
      answer = process.next(within: limits.start)
    }
    switch answer {
    case .line(let line):
      let words = WorkerMessage.words(line)
      if words.first == WorkerMessage.proven { return }
      guard words.first == WorkerMessage.faulty, words.count == 2 else {
        // Of a driver that failed nothing more is to be expected.
        forget(process)
        throw failure(words)
      }
      throw KernelFault(algorithm, kernel, words[1])
    case .silence:
      forget(process)
      throw KernelFault(
        algorithm, kernel, "its self-test did not end within \(Int(limits.start.value)) s")
    case .ended(let ending):
      forget(process)
      throw KernelFault(algorithm, kernel, "during its self-test the driver \(ending.words)")
    }
  }

  /// Takes in what a worker says while it builds a dataset; false for a line that says something else.
  private func takePreparation(_ words: [String]) -> Bool {
    if words.first == WorkerMessage.building { return true }
    guard words.first == WorkerMessage.prepared, words.count == 3, let whole = Double(words[1]),
      let dataset = Double(words[2])
    else { return false }
    let metered = worker.withLock { $0.ends }?()
    worker.withLock {
      $0.preparation = (whole, dataset)
      $0.metered = metered
      $0.ends = nil
    }
    return true
  }

  package func start(_ job: ComputeJob) throws -> any ComputeSession {
    guard job.mode == .hash else {
      throw Failure(.usage, "\(device) has no loop without hashing")
    }
    let (route, index, shape) = try find(job.series.algorithm, job.series.kernel)
    let key = KernelID(rawValue: "\(job.series.algorithm)/\(job.series.kernel)")
    let plan = worker.withLock { $0.plans[key] }
    let workerJob = try WorkerJob(shape, job, epoch(of: shape), plan: plan)
    let (process, first) = try ask(
      workerJob.line, route, index, mayPrepare: shape.hasDataset)
    var progress = GPUProgress(firstSequence: job.firstSequence)
    var answer = first
    while true {
      switch answer {
      case .line(let line):
        let words = WorkerMessage.words(line)
        if words.first == WorkerMessage.started, words.count == 2,
          let plan = LaunchPlan(words[1])
        {
          worker.withLock { $0.plans[key] = plan }
          return GPUSession(
            job.series, process, progress, plan: plan,
            facts: sessionFacts(route, index, shape, plan),
            preparations: shape.hasDataset
              ? worker.withLock { $0.metered.map { [$0] } ?? [] } : [], limits: limits,
            forget: { [weak self] in self?.forget(process) })
        }
        guard takePreparation(words) || progress.take(words) else {
          forget(process)
          if words.first == WorkerMessage.faulty, words.count == 2 {
            throw KernelFault(job.series.algorithm, job.series.kernel, words[1])
          }
          throw failure(words)
        }
        answer = process.next(within: limits.start)
      case .silence:
        forget(process)
        throw StuckKernel(job.series, .silent(limits.start), isContained: true)
      case .ended(let ending):
        forget(process)
        throw StuckKernel(job.series, .crashed(ending.signal), isContained: true)
      }
    }
  }

  private func sessionFacts(
    _ route: GPURoute, _ index: Int, _ shape: GPUShape, _ plan: LaunchPlan
  ) -> [WorkerFact: StateValue] {
    let facts = facts.first { $0.library == route.library && $0.index == index }
    var all: [WorkerFact: StateValue] = [
      .group: .integer(Int64(plan.group)), .launch: .integer(Int64(plan.launch)),
      .route: .text(route.rawValue), .sourceDigest: .text(shape.sourceDigest),
    ]
    if let facts {
      all[.api] = .text(facts.version)
      if !facts.driver.isEmpty { all[.driver] = .text(facts.driver) }
      all[.deviceName] = .text(facts.name)
    }
    if let epoch = epoch(of: shape) {
      // The test epoch has no number: it is an algorithm of its own.
      if epoch != .test { all[.epoch] = .integer(Int64(epoch.number)) }
      all[.datasetBytes] = .integer(Int64(epoch.datasetSize.value))
      if let (whole, dataset) = worker.withLock({ $0.preparation }) {
        all[.preparation] = .number(whole)
        all[.datasetTime] = .number(dataset)
      }
    }
    if plan.slots > 0 {
      all[.scratchBytes] = .integer(
        Int64(plan.slots) * Int64(shape.scratchPerHash) * Int64(Self.placementName.workers))
    }
    return all
  }
}

extension ChildProcess.Ending {
  /// The name of the signal, or how else it went.
  var signal: String {
    switch self {
    case .killed(let name): name
    case .exited: "exit"
    case .timedOut: "silence"
    case .cancelled: "interruption"
    }
  }
}
