internal import JSON
internal import Model

/// Version 1 of "hashwatt-result", key by key.
struct ResultV1: Codable {
  var format: String
  var version: Int
  var tool: ToolV1
  var startedAt: Double
  var endedAt: Double
  var isComplete: Bool
  var endReason: ReasonV1?
  var plan: PlanV1
  var seed: DecimalV1
  var challenge: Hex32V1
  var challengeWasGiven: Bool
  var arguments: [String]
  var machine: MachineV1
  var devices: [DeviceV1]
  var workers: [WorkersV1]
  var kernelChoices: [KernelChoiceV1]
  var meters: [MeterV1]
  var unavailableMeters: [UnavailableMeterV1]
  var clockOrigin: DecimalV1
  var samples: [SampleV1]
  var checks: [CheckV1]
  var summaries: [SummaryV1]
  var grading: GradingV1
  var rawLogDigest: Hex32V1?
  var trace: [TracePointV1]
  var roofline: RooflineV1?

  private enum CodingKeys: String, CodingKey {
    case format, version, tool, plan, seed, challenge, arguments, machine, devices, workers
    case meters, samples, checks, summaries, grading, trace, roofline
    case startedAt = "started_unix_s"
    case endedAt = "ended_unix_s"
    case isComplete = "complete"
    case endReason = "end_reason"
    case challengeWasGiven = "challenge_was_given"
    case kernelChoices = "kernel_choices"
    case unavailableMeters = "unavailable_meters"
    case clockOrigin = "clock_origin_ns"
    case rawLogDigest = "raw_log_sha256"
  }

  init(_ result: RunResult) throws {
    let clock = ClockOrigin.earliest(in: result)
    format = ResultFile.format
    version = 1
    tool = ToolV1(result.tool)
    startedAt = result.startedAt
    endedAt = result.endedAt
    isComplete = result.isComplete
    endReason = result.endReason.map(ReasonV1.init)
    plan = PlanV1(result.plan)
    seed = DecimalV1(result.seed)
    challenge = Hex32V1(result.challenge.bytes)
    challengeWasGiven = result.challengeWasGiven
    arguments = result.arguments
    machine = MachineV1(result.machine)
    devices = result.devices.map(DeviceV1.init)
    workers = result.workers.map(WorkersV1.init)
    kernelChoices = result.kernelChoices.map(KernelChoiceV1.init)
    meters = result.meters.map(MeterV1.init)
    unavailableMeters = result.unavailableMeters.map(UnavailableMeterV1.init)
    clockOrigin = DecimalV1(clock.instant.nanoseconds)
    samples = result.samples.map { SampleV1($0, clock) }
    checks = result.checks.map(CheckV1.init)
    summaries = result.summaries.map(SummaryV1.init)
    grading = GradingV1(result.grading)
    if let digest = result.rawLogDigest {
      guard let bytes = Hexadecimal.decode(digest), bytes.count == 32 else {
        throw JSONProblem(place: "raw_log_sha256", message: "not a SHA-256 digest: \(digest)")
      }
      rawLogDigest = Hex32V1(bytes)
    }
    trace = result.trace.map(TracePointV1.init)
    roofline = result.roofline.map(RooflineV1.init)
  }

  func domain() throws -> RunResult {
    guard let challenge = Challenge(bytes: challenge.bytes) else {
      throw JSONProblem(place: "challenge", message: "not 32 bytes")
    }
    let clock = ClockOrigin(instant: Instant(nanoseconds: clockOrigin.domain))
    return RunResult(
      tool: tool.domain, startedAt: startedAt, endedAt: endedAt, isComplete: isComplete,
      endReason: endReason?.domain, plan: plan.domain, seed: seed.domain, challenge: challenge,
      challengeWasGiven: challengeWasGiven, arguments: arguments, machine: machine.domain,
      devices: devices.map(\.domain), workers: try workers.map { try $0.domain() },
      kernelChoices: kernelChoices.map(\.domain), meters: meters.map(\.domain),
      unavailableMeters: unavailableMeters.map(\.domain),
      samples: try samples.enumerated().map { index, sample in
        try sample.domain(clock, place: "samples[\(index)]")
      }, checks: checks.map(\.domain),
      summaries: summaries.map(\.domain), grading: grading.domain,
      rawLogDigest: rawLogDigest.map { Hexadecimal.encode($0.bytes) },
      trace: trace.map(\.domain), roofline: try roofline?.domain())
  }
}

struct ToolV1: Codable {
  var version: String
  var executableDigest: ReadingV1<String>
  var compiler: String
  var configuration: String

  private enum CodingKeys: String, CodingKey {
    case version, compiler, configuration
    case executableDigest = "executable_sha256"
  }

  init(_ tool: ToolIdentity) {
    version = tool.version
    executableDigest = ReadingV1(tool.executableDigest)
    compiler = tool.compiler
    configuration = tool.configuration
  }

  var domain: ToolIdentity {
    ToolIdentity(
      version: version, executableDigest: executableDigest.domain, compiler: compiler,
      configuration: configuration)
  }
}
