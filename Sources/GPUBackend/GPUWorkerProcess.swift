internal import CGPUKernels
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
    while case .line(let line) = requests.next(within: patience) {
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

  init(_ device: DriverDevice) { self.device = device }

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
    guard words.count == 3, let shape = GPUShape.all.first(where: { "\($0.index)" == words[1] })
    else { throw Failure(.usage, "the worker was asked for no shape") }
    plans[shape.index] = try ShapeProof(
      try session(shape), try descriptor(shape), KernelID(rawValue: words[2])
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
    let session = try session(shape)
    let kernel = KernelID(rawValue: words[2])
    // No kernel is timed before it is proven.
    let plan = try plans[shape.index] ?? ShapeProof(session, descriptor, kernel).run()
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
    let session = try session(job.shape)
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
    var loop = HashLoop(
      job, session, plan, judge: try CandidateJudge(descriptor),
      proof: try ShapeProof(session, descriptor, job.series.kernel))
    try loop.run(&requests)
  }

  private func descriptor(_ shape: GPUShape) throws(Failure) -> AlgorithmDescriptor {
    try AlgorithmCatalog.builtIn.descriptor(named: shape.algorithm.rawValue)
  }

  private mutating func session(_ shape: GPUShape) throws(DriverError) -> DriverSession {
    if let session = sessions[shape.index] { return session }
    let session = try device.session(shape, capacity: ShapeProof.capacity)
    sessions[shape.index] = session
    return session
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

  init(_ shape: GPUShape, _ job: ComputeJob, plan: LaunchPlan?) {
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
      plan.map { "\($0.group) \($0.slots) \($0.launch)" } ?? "",
    ])
  }

  init?(_ words: [String]) {
    guard words.count == 8, words[0] == WorkerMessage.start, let index = Int(words[1]),
      GPUShape.all.indices.contains(index),
      let challenge = Hexadecimal.decode(words[4]).flatMap({ Challenge(bytes: $0) }),
      let target = Hexadecimal.decode(words[5]).flatMap({ Target(littleEndian: $0) }),
      let sequence = UInt32(words[6])
    else { return nil }
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
      .blockHeader, challenge: challenge, series: series, worker: worker, sequence: sequence)
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
