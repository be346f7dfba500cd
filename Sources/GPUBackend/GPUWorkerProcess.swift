internal import CGPUKernels
internal import CGPUShims
internal import Kernels
internal import LinuxSystem
internal import Model

/// The worker process that owns a driver: a driver that crashes, aborts or hangs takes it and nothing else.
///
/// It is this program itself, started with a command that is not in the help. It answers on the descriptor of reports, because
/// drivers print where they like.
package enum GPUWorkerProcess {
  /// The command that it is started with.
  package static let command = "gpu-worker"
  static let list = "list"
  static let serve = "serve"
  /// A worker that nothing is asked of ends, so that a machine which is measured idle has no context open.
  static let patience = Seconds(1)
  /// One with a dataset has the time between two windows: building it takes longer.
  static let patienceWithDataset = Seconds(4)

  /// Lists devices, or serves one of them until nothing is asked any more.
  package static func run(_ arguments: [String]) {
    ChildProcess.endWithParent()
    if arguments.first == list {
      let kinds = arguments.dropFirst().compactMap(GPULibraryKind.init(rawValue:))
      listDevices(kinds.isEmpty ? GPULibraryKind.allCases : kinds)
    } else if arguments.count == 3, arguments[0] == serve,
      let route = GPURoute(rawValue: arguments[1]), let index = Int(arguments[2])
    {
      serveDevice(route, index)
    }
  }

  private static func listDevices(_ kinds: [GPULibraryKind]) {
    for kind in kinds {
      do throws(DriverError) {
        let library = try DriverLibrary(kind)
        for index in 0..<library.count {
          do throws(DriverError) {
            let facts = DeviceFacts(try library.facts(index), kind, index)
            ChildProcess.report(WorkerMessage.line(facts.words))
          } catch {
            WorkerMessage.report(WorkerMessage.missing, kind.rawValue, error.line)
          }
        }
        if library.count == 0 {
          WorkerMessage.report(WorkerMessage.missing, kind.rawValue, "it shows no device")
        }
        if kind == .cuda {
          WorkerMessage.report(
            WorkerMessage.compiler, kind.rawValue, library.compilerProblem?.line ?? "")
        }
      } catch {
        WorkerMessage.report(WorkerMessage.missing, kind.rawValue, error.line)
      }
    }
    WorkerMessage.report(WorkerMessage.done)
  }

  private static func serveDevice(_ route: GPURoute, _ index: Int) {
    let device: DriverDevice
    do throws(DriverError) { device = try DriverDevice(route, index) } catch {
      return fail(error)
    }
    WorkerMessage.report(WorkerMessage.ready)
    var desk = WorkerDesk(device)
    var requests = RequestReader()
    while case .line(let line) = requests.next(
      within: desk.hasDataset ? patienceWithDataset : patience)
    {
      desk.answer(WorkerMessage.words(line), &requests)
    }
  }

  static func fail(_ error: any Error) {
    switch error {
    case let error as DriverError:
      WorkerMessage.report(WorkerMessage.failed, error.line, error.remedy ?? "")
    case let error as any UserFacingError:
      WorkerMessage.report(WorkerMessage.failed, error.message, error.remedy ?? "")
    default: WorkerMessage.report(WorkerMessage.failed, "\(error)", "")
    }
  }
}

/// Answers requests with one device; keeps what was built.
internal struct WorkerDesk {
  private let device: DriverDevice
  private var sessions: [Int: DriverSession] = [:]
  private var plans: [Int: LaunchPlan] = [:]
  private var dataset: DriverDataset?

  init(_ device: DriverDevice) { self.device = device }

  var hasDataset: Bool { dataset != nil }

  mutating func answer(_ words: [String], _ requests: inout RequestReader) {
    do {
      switch words.first {
      case WorkerMessage.prove: try prove(words)
      case WorkerMessage.start: try hash(words, &requests)
      case WorkerMessage.probe: try probe(words)
      case WorkerMessage.measure: try measure(words)
      // A session that has ended by itself is asked to stop as well.
      case WorkerMessage.stop: break
      default: throw Failure(.usage, "the worker does not know '\(words.first ?? "")'")
      }
    } catch let fault as KernelFault {
      WorkerMessage.report(WorkerMessage.faulty, fault.problem)
    } catch {
      GPUWorkerProcess.fail(error)
    }
  }

  private mutating func prove(_ words: [String]) throws {
    guard words.count == 4, let shape = GPUShape.all.first(where: { "\($0.index)" == words[1] })
    else { throw Failure(.usage, "the worker was asked for no shape") }
    let epoch = try EpochWord.epoch(words[3])
    let descriptor = try descriptor(shape)
    let kernel = KernelID(rawValue: words[2])
    plans[shape.index] = try ShapeProof(
      try session(shape, epoch, kernel), descriptor, kernel, key: descriptor.key(epoch)
    ).run()
    WorkerMessage.report(WorkerMessage.proven)
  }

  private func probe(_ words: [String]) throws {
    guard words.count == 2, let width = UInt32(words[1]) else {
      throw Failure(.usage, "the worker was asked for no probes")
    }
    for rate in try device.probes(width: width) {
      WorkerMessage.report(
        WorkerMessage.rate, rate.operation, "\(rate.halves[0])", "\(rate.halves[1])")
    }
    WorkerMessage.report(WorkerMessage.done)
  }

  /// The rate of a shape while a launch runs: the best of the even and of the odd launches, with the scratch memory in use.
  private mutating func measure(_ words: [String]) throws {
    guard words.count == 3, let shape = GPUShape.all.first(where: { "\($0.index)" == words[1] })
    else { throw Failure(.usage, "the worker was asked for no shape") }
    let descriptor = try descriptor(shape)
    let kernel = KernelID(rawValue: words[2])
    let session = try session(shape, nil, kernel)
    // No kernel is timed before it is proven.
    let plan = try plans[shape.index] ?? ShapeProof(session, descriptor, kernel, key: []).run()
    plans[shape.index] = plan
    try LaunchTuning(session).apply(plan)
    defer { session.release() }
    session.setWork(try ReferenceOutcomes.shared(descriptor).input, Target(topWord: 0), capacity: 1)
    var best = [Double.infinity, .infinity]
    // Clocks rise under the first ones.
    for launch in -4..<16 {
      let seconds = try session.time(first: 0, count: plan.launch)
      if launch >= 0 { best[launch % 2] = min(best[launch % 2], seconds) }
    }
    let rates = best.map { "\(Double(plan.launch) / max($0, 1e-9))" }
    let scratch = UInt64(plan.slots) * shape.scratchPerHash * UInt64(DriverSession.queues)
    WorkerMessage.report(WorkerMessage.measured, rates[0], rates[1], "\(scratch)")
  }

  private mutating func hash(_ words: [String], _ requests: inout RequestReader) throws {
    guard let job = WorkerJob(words) else {
      throw Failure(.usage, "the worker was asked for no job")
    }
    let session = try session(job.shape, job.epoch, job.series.kernel)
    let tuning = LaunchTuning(session)
    if let plan = job.plan ?? plans[job.shape.index] {
      try tuning.apply(plan)
      plans[job.shape.index] = plan
    } else {
      plans[job.shape.index] = try tuning.find(job.input(worker: 0, sequence: job.firstSequence))
    }
    defer { session.release() }
    guard let plan = plans[job.shape.index] else { return }
    let descriptor = try descriptor(job.shape)
    let key = descriptor.key(job.epoch)
    var loop = HashLoop(
      job, session, plan, judge: try CandidateJudge(descriptor, key: key),
      proof: try ShapeProof(session, descriptor, job.series.kernel, key: key))
    try loop.run(&requests)
  }

  private func descriptor(_ shape: GPUShape) throws(Failure) -> AlgorithmDescriptor {
    try AlgorithmCatalog.builtIn.descriptor(named: shape.algorithm.rawValue)
  }

  private mutating func session(
    _ shape: GPUShape, _ epoch: Etchash.Epoch?, _ kernel: KernelID
  ) throws -> DriverSession {
    // Before the kernel is built: what does not fit is told at once.
    let dataset = shape.hasDataset ? try built(epoch, shape, kernel) : nil
    let session =
      if let session = sessions[shape.index] {
        session
      } else { try device.session(shape, capacity: ShapeProof.capacity) }
    session.dataset = dataset
    sessions[shape.index] = session
    return session
  }

  // MARK: The dataset

  /// That of an epoch: the present one, or a new one that is built now and looked at.
  private mutating func built(
    _ epoch: Etchash.Epoch?, _ shape: GPUShape, _ kernel: KernelID
  ) throws -> DriverDataset {
    guard let epoch else { throw Failure(.usage, "the worker was asked for no epoch") }
    if let dataset, dataset.epoch == epoch { return dataset }
    // What another epoch's takes is free before room is looked for.
    for session in sessions.values { session.dataset = nil }
    dataset = nil
    try checkRoom(epoch, shape)
    let clock = RawMonotonicClock()
    let start = clock.now()
    let cache = Etchash.kept(epoch)
    let new = try device.dataset(cache, shape)
    let isReady = clock.now()
    try new.build { WorkerMessage.report(WorkerMessage.building, "\($0)") }
    let isBuilt = clock.now()
    if let wrong = try new.wrongItem(cache) {
      throw KernelFault(
        shape.algorithm, kernel, "it built half page \(wrong) of the dataset wrongly")
    }
    new.settle()
    let whole = clock.now().since(start)
    WorkerMessage.report(
      WorkerMessage.prepared, "\(whole.value)", "\(isBuilt.since(isReady).value)")
    dataset = new
    return new
  }

  private func checkRoom(_ epoch: Etchash.Epoch, _ shape: GPUShape) throws(Failure) {
    func mebibytes(_ bytes: UInt64) -> String { "\(bytes >> 20) MiB" }
    let size = epoch.datasetSize.value
    let what = "the dataset of epoch \(epoch.number) takes \(mebibytes(size))"
    let largest = device.facts.largest_buffer
    guard largest == 0 || size <= largest else {
      throw Failure(
        .unavailable,
        "\(what) in one buffer, and this driver gives \(mebibytes(largest)) at most",
        remedy:
          "choose an earlier one with --epoch, or on NVIDIA's cards a kernel of CUDA (ptx, nvrtc)")
    }
    let free = device.freeMemory
    // The cache beside it while it is built, and some for results.
    let wanted = size + epoch.cacheSize.value + 8 << 20
    guard wanted <= free else {
      throw Failure(
        .unavailable,
        "\(what), \(mebibytes(wanted)) with its cache, and \(mebibytes(free)) are free",
        remedy: "choose an earlier one with --epoch, or end what else uses the card's memory")
    }
  }
}

/// A job as it crosses the pipe.
internal struct WorkerJob: Hashable, Sendable {
  let shape: GPUShape
  let series: SeriesID
  let challenge: Challenge
  let target: Target
  let firstSequence: UInt32
  /// What was found before; nil for the first session of a kernel.
  let plan: LaunchPlan?
  /// Of the dataset that is worked on; nil where there is none.
  let epoch: Etchash.Epoch?
  private let work: WorkShape

  init(_ shape: GPUShape, _ job: ComputeJob, _ epoch: Etchash.Epoch?, plan: LaunchPlan?)
    throws(Failure)
  {
    self.epoch = epoch
    work = try AlgorithmCatalog.builtIn.descriptor(named: shape.algorithm.rawValue).shape
    self.shape = shape
    series = job.series
    challenge = job.challenge
    target = job.target
    firstSequence = job.firstSequence
    self.plan = plan
  }

  var line: String {
    WorkerMessage.line([
      WorkerMessage.start, "\(shape.index)", series.device.rawValue, series.kernel.rawValue,
      Hexadecimal.encode(challenge.bytes), Hexadecimal.encode(target.bytes), "\(firstSequence)",
      plan.map { "\($0.group) \($0.slots) \($0.launch)" } ?? "", EpochWord.text(epoch),
    ])
  }

  init?(_ words: [String]) {
    guard words.count == 9, words[0] == WorkerMessage.start, let index = Int(words[1]),
      GPUShape.all.indices.contains(index),
      let challenge = Hexadecimal.decode(words[4]).flatMap({ Challenge(bytes: $0) }),
      let target = Hexadecimal.decode(words[5]).flatMap({ Target(littleEndian: $0) }),
      let sequence = UInt32(words[6]),
      let descriptor = AlgorithmCatalog.builtIn.descriptor(of: GPUShape.all[index].algorithm)
    else { return nil }
    // No epoch is none, and a word that is none is no job.
    do throws(Failure) { epoch = try EpochWord.epoch(words[8]) } catch { return nil }
    work = descriptor.shape
    shape = GPUShape.all[index]
    series = SeriesID(
      algorithm: shape.algorithm, device: DeviceID(rawValue: words[2]),
      kernel: KernelID(rawValue: words[3]), placement: GPUBackend.placementName)
    self.challenge = challenge
    self.target = target
    firstSequence = sequence
    plan = LaunchPlan(words[7])
  }

  func input(worker: Int, sequence: UInt32) -> WorkInput {
    WorkDerivation.input(
      work, challenge: challenge, series: series, worker: worker, sequence: sequence)
  }
}

extension LaunchPlan {
  /// Nil for a text that is no plan.
  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 3, let group = UInt32(words[0]), let slots = UInt32(words[1]),
      let launch = UInt64(words[2]), group > 0, launch > 0
    else { return nil }
    self.init(group: group, slots: slots, launch: launch)
  }

  var text: String { "\(group) \(slots) \(launch)" }
}
