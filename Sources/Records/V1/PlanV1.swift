internal import JSON
internal import Model

/// A plan as files spell it.
struct PlanV1: Codable {
  var suite: String?
  var warmup: Double
  var warmupLimit: Double
  var warmsToSteadyState: Bool
  var window: Double
  var ramp: Double
  var minimumRepeats: Int
  var maximumRepeats: Int
  var stopHalfWidth: Double?
  var idle: Double
  var idlesAfter: Bool

  private enum CodingKeys: String, CodingKey {
    case suite
    case warmup = "warmup_s"
    case warmupLimit = "warmup_limit_s"
    case warmsToSteadyState = "warms_to_steady_state"
    case window = "window_s"
    case ramp = "ramp_s"
    case minimumRepeats = "minimum_repeats"
    case maximumRepeats = "maximum_repeats"
    case stopHalfWidth = "stop_half_width_relative"
    case idle = "idle_s"
    case idlesAfter = "idles_after"
  }

  init(_ plan: Plan) {
    suite = plan.suite
    warmup = plan.warmup.value
    warmupLimit = plan.warmupLimit.value
    warmsToSteadyState = plan.warmsToSteadyState
    window = plan.window.value
    ramp = plan.ramp.value
    minimumRepeats = plan.minimumRepeats
    maximumRepeats = plan.maximumRepeats
    stopHalfWidth = plan.stopHalfWidth
    idle = plan.idle.value
    idlesAfter = plan.idlesAfter
  }

  var domain: Plan {
    Plan(
      suite: suite, warmup: Seconds(warmup), warmupLimit: Seconds(warmupLimit),
      warmsToSteadyState: warmsToSteadyState, window: Seconds(window), ramp: Seconds(ramp),
      minimumRepeats: minimumRepeats, maximumRepeats: maximumRepeats,
      stopHalfWidth: stopHalfWidth, idle: Seconds(idle), idlesAfter: idlesAfter)
  }
}

/// What was measured together, as files spell it.
struct SeriesV1: Codable {
  var algorithm: String
  var device: String
  var kernel: String
  var threads: Int
  var coreKind: String?

  private enum CodingKeys: String, CodingKey {
    case algorithm, device, kernel, threads
    case coreKind = "core_kind"
  }

  init(_ series: SeriesID) {
    algorithm = series.algorithm.rawValue
    device = series.device.rawValue
    kernel = series.kernel.rawValue
    threads = series.threads
    coreKind = series.coreKind
  }

  var domain: SeriesID {
    SeriesID(
      algorithm: AlgorithmID(rawValue: algorithm), device: DeviceID(rawValue: device),
      kernel: KernelID(rawValue: kernel), threads: threads, coreKind: coreKind)
  }
}

/// The workers of one series.
struct WorkersV1: Codable {
  var series: SeriesV1
  var unit: WordV1<WorkUnit>
  /// Most significant digit first, as people write targets.
  var target: Hex32V1
  var cpus: [Int]
  var batch: UInt64
  var hugePages: String

  private enum CodingKeys: String, CodingKey {
    case series, target, cpus
    case unit = "work_unit"
    case batch = "batch_hashes"
    case hugePages = "huge_pages"
  }

  init(_ workers: SeriesWorkers) {
    series = SeriesV1(workers.series)
    unit = WordV1(workers.unit)
    target = Hex32V1(workers.target.bytes.reversed())
    cpus = workers.cpus
    batch = workers.batch
    hugePages = workers.hugePages
  }

  func domain() throws -> SeriesWorkers {
    guard let target = Target(littleEndian: target.bytes.reversed()) else {
      throw JSONProblem(place: "workers", message: "a target that is not 32 bytes")
    }
    return SeriesWorkers(
      series: series.domain, unit: unit.domain, target: target, cpus: cpus, batch: batch,
      hugePages: hugePages)
  }
}

/// How the kernel of an algorithm was chosen.
struct KernelChoiceV1: Codable {
  struct Candidate: Codable {
    var kernel: String
    var briefThroughput: ReadingV1<Double>

    private enum CodingKeys: String, CodingKey {
      case kernel
      case briefThroughput = "brief_rate_per_s"
    }
  }

  var algorithm: String
  var unit: WordV1<WorkUnit>
  var device: String
  var requested: String
  var chosen: [String]
  var candidates: [Candidate]

  private enum CodingKeys: String, CodingKey {
    case algorithm, device, requested, chosen, candidates
    case unit = "work_unit"
  }

  init(_ choice: KernelChoice) {
    algorithm = choice.algorithm.rawValue
    unit = WordV1(choice.unit)
    device = choice.device.rawValue
    requested = choice.requested
    chosen = choice.chosen.map(\.rawValue)
    candidates = choice.candidates.map {
      Candidate(
        kernel: $0.kernel.rawValue, briefThroughput: ReadingV1($0.briefThroughput))
    }
  }

  var domain: KernelChoice {
    KernelChoice(
      algorithm: AlgorithmID(rawValue: algorithm), unit: unit.domain,
      device: DeviceID(rawValue: device), requested: requested, chosen: chosen.map(KernelID.init),
      candidates: candidates.map {
        KernelCandidate(
          kernel: KernelID(rawValue: $0.kernel), briefThroughput: $0.briefThroughput.domain)
      })
  }
}
