import Model

/// A result in which every optional has a value and every list an element, and each number differs.
enum EveryField {
  static let missing = Reason(.permission, "may be read by root only", remedy: "sudo true")
  static let series = SeriesID(
    algorithm: .sha256d, device: .cpu, kernel: KernelID(rawValue: "avx512-2x16"), threads: 2,
    coreKind: "P")
  static let packageMeter = MeterID(rawValue: "powercap:package-0")
  static let dramMeter = MeterID(rawValue: "powercap:dram-0")

  static func result() throws -> RunResult {
    guard let challenge = Challenge(bytes: Array(100..<132)) else { throw missingBytes }
    return RunResult(
      tool: ToolIdentity(
        version: "0.1.0", executableDigest: .value(String(repeating: "5a", count: 32)),
        compiler: "Swift 6.3", configuration: "release"),
      startedAt: 1_790_000_000.25, endedAt: 1_790_000_120.5, isComplete: false,
      endReason: Reason(.failed, "interrupted by the user"), plan: plan, seed: .max,
      challenge: challenge, challengeWasGiven: true, arguments: ["run", "--suite", "quick"],
      machine: machine, devices: [device], workers: [workers], kernelChoices: [choice],
      meters: [packageDescriptor, dramDescriptor],
      unavailableMeters: [UnavailableMeter(source: "nvml", reason: missing)],
      samples: [idle, load],
      checks: [
        Check(
          name: .stealTime, verdict: .fail, message: "12 ticks were stolen",
          remedy: "use a machine of your own", sample: 1, origin: .derived),
        Check(name: .governor, verdict: .unknown, message: "not readable"),
      ], summaries: [summary], grading: grading,
      rawLogDigest: String(repeating: "0f", count: 32),
      trace: [
        TracePoint(
          at: Seconds(1.5), rate: Rate(perSecond: 1.25e8, unit: .hash),
          power: [packageMeter: Watts(99.5)]),
        TracePoint(at: Seconds(2.5), rate: nil, power: [:]),
      ], roofline: roofline, deviceRooflines: [deviceRoofline],
      note: "fan at 100 %, DDR4-3200 CL14", resumedAt: [1])
  }

  static let roofline = CoreRoofline(
    cpu: 3, clock: 3.95e9,
    throughputs: [
      CoreRoofline.Throughput(operation: "add", vectorBits: 512, perCycle: 3.9375),
      CoreRoofline.Throughput(operation: "rotate", vectorBits: 512, perCycle: 1.96875),
    ],
    kernels: [
      CoreRoofline.Kernel(
        algorithm: .sha256d, kernel: series.kernel, unit: .hash, operationsPerUnit: 177.5,
        clock: 3.9e9,
        bound: .value(8.25e7), boundBy: "rotate", measured: 6.1875e7, spread: 0.015625)
    ])

  static let deviceRoofline = DeviceRoofline(
    device: DeviceID(rawValue: "pci:0000:41:00.0"),
    throughputs: [
      DeviceRoofline.Throughput(
        route: "ptx", operation: "logic of three", lanes: 1, perSecond: 1.6625e13)
    ],
    kernels: [
      DeviceRoofline.Kernel(
        algorithm: .keccak256, kernel: KernelID(rawValue: "ptx-pairs"), unit: .hash,
        bound: .value(4.125e9), boundBy: "logic pipe", measured: 2.0625e9, spread: 0.0078125),
      DeviceRoofline.Kernel(
        algorithm: .keccak256, kernel: KernelID(rawValue: "opencl-pairs"), unit: .hash,
        bound: .unavailable(missing), boundBy: nil, measured: 3.0625e9, spread: 0),
    ])

  static let missingBytes = Failure(.badInput, "32 bytes make a challenge")

  static let plan = Plan(
    suite: "standard-1", warmup: Seconds(60), warmupLimit: Seconds(600), warmsToSteadyState: true,
    window: Seconds(61.5), ramp: Seconds(30), minimumRepeats: 5, maximumRepeats: 20,
    stopHalfWidth: 0.005, idle: Seconds(62), idlesAfter: true)

  static let workers = SeriesWorkers(
    series: series, unit: .hash, unitsPerAttempt: 1.875, target: Target(leadingZeroBits: 22),
    placement: Placement(series.placement, places: [0, 2], facts: [.group: .integer(256)]),
    batch: 65536, poll: Seconds(0.0002), facts: [.hugePages: .text("not-needed")],
    preparations: [preparation], terms: terms)

  static let preparation = MeteredPreparation(
    start: snapshot(0.25), end: snapshot(0.75),
    energy: [
      ChannelEnergy(
        meter: MeterID(rawValue: "powercap:package-0"),
        interval: .value(
          EnergyInterval(energy: Microjoules(35_000_000), duration: Seconds(0.5)))),
      ChannelEnergy(meter: MeterID(rawValue: "shelly:10.0.0.7"), interval: .unavailable(missing)),
    ])

  static let choice = KernelChoice(
    algorithm: .sha256d, unit: .hash, device: .cpu, requested: "best", chosen: [series.kernel],
    candidates: [
      KernelCandidate(kernel: series.kernel, briefThroughput: .value(6.25e7)),
      KernelCandidate(
        kernel: KernelID(rawValue: "shani-2"), briefThroughput: .unavailable(missing)),
    ])

  static let device = Device(
    id: .cpu, kind: .cpu, hardwareID: HardwareID(rawValue: "cpu/amd-epyc-9654-2x96c"),
    name: "AMD EPYC 9654 \"Genoa\" \u{7f}\n\t\\ µ 漢字", capabilities: [.sha256d, .scrypt],
    verdict: "runs our kernels",
    attributes: [
      .pciAddress: .value(.text("0000:01:00.0")), .memory: .value(.integer(1 << 40)),
      DeviceFact(rawValue: "clock_ghz"): .value(.number(3)),
      DeviceFact(rawValue: "resizable_bar"): .value(.flag(true)),
      DeviceFact(rawValue: "serial"): .unavailable(missing),
    ], notices: [missing])

  static let packageDescriptor = MeterDescriptor(
    id: packageMeter, source: MeterSourceID("powercap", isOnMachine: true), label: "package-0",
    scope: .cpuPackage, covers: .package(0), part: "0",
    kind: .measuredCounter, quantity: .energyCounter, rawUnit: "uJ", resolution: 15.3,
    updatePeriod: Seconds(0.001), averagingWindow: Seconds(0.5),
    accuracy: MeterAccuracy(
      gainBound: 0.05, offsetBound: Watts(1.5), source: "assumed 5 %", isAssumed: true),
    privilege: "group", wrapRange: .max)

  static let dramDescriptor = MeterDescriptor(
    id: dramMeter, source: MeterSourceID("powercap", isOnMachine: true), label: "dram",
    scope: .dram,
    covers: .package(0), part: "0", kind: .modelled,
    quantity: .averagePower, rawUnit: "2^-32 J", resolution: nil, updatePeriod: nil,
    accuracy: MeterAccuracy(gainBound: nil, source: "none", isAssumed: false), privilege: "none",
    mirrorOf: packageMeter)

  /// The clock has run for longer than 2^53 ns.
  static let boot: UInt64 = 9_007_199_254_740_993

  static func snapshot(_ seconds: Double) -> SnapshotInstants {
    let start = boot + UInt64(seconds * 1e9)
    return SnapshotInstants(
      first: Instant(nanoseconds: start), second: Instant(nanoseconds: start + 20_001),
      third: Instant(nanoseconds: start + 30_003))
  }

  static func state(_ seconds: Double) -> MachineState {
    MachineState(
      instant: Instant(nanoseconds: boot + UInt64(seconds * 1e9)), unixTime: 1_790_000_001.125,
      facts: [
        .governor: .value(.text("performance")), .stealTicks: .value(.integer(12)),
        .loadAverage: .value(.number(0.25)),
        StateFact(rawValue: "on_battery"): .value(.flag(false)),
        .temperature: .unavailable(missing),
      ])
  }

  static let idle = Sample(
    kind: .idleBefore, series: nil, repeatIndex: 0, start: snapshot(1), end: snapshot(6),
    spans: [],
    energy: [
      ChannelEnergy(
        meter: packageMeter,
        interval: .value(
          EnergyInterval(energy: Microjoules(210_000_017), duration: Seconds(5))))
    ], shares: [], stateBefore: state(0), stateAfter: state(6.5))

  static let load = Sample(
    kind: .load, series: series, unit: .solution, repeatIndex: 3, start: snapshot(10),
    end: snapshot(71.5),
    spans: [
      WorkerSpan(
        worker: 0, from: WorkPosition(sequence: 4, nonce: 4_294_967_295),
        to: WorkPosition(sequence: 5, nonce: 1000)),
      WorkerSpan(
        worker: 1, from: WorkPosition(sequence: 4, nonce: 0),
        to: WorkPosition(sequence: 4, nonce: 2_000_000_000), units: 7,
        fromInstant: snapshot(10.1).first, toInstant: snapshot(71.4).first),
    ],
    energy: [
      ChannelEnergy(
        meter: packageMeter,
        interval: .value(
          EnergyInterval(
            energy: Microjoules(6_119_000_000), duration: Seconds(61.500002), repairs: 2))),
      ChannelEnergy(meter: dramMeter, interval: .unavailable(missing)),
    ], proven: ProvenWork(shares: 3, unitsPerShare: 4_194_304.5), proof: proof,
    shares: [
      Proof(worker: 0, position: WorkPosition(sequence: 5, nonce: 7), payload: [0xab, 1]),
      Proof(worker: 1, position: WorkPosition(sequence: 4, nonce: 274_148_111)),
    ], stateBefore: state(9.5), stateAfter: state(72), flags: [missing],
    trace: [
      TracePoint(
        at: Seconds(11), rate: Rate(perSecond: 1.2e8, unit: .solution),
        power: [packageMeter: Watts(99)])
    ]
  )

  static let proof = ProofWindow(
    epoch: 7, sentAt: snapshot(5).first, jobTimes: [1_790_000_001, 1_790_000_031],
    shares: [
      MinerShare(
        job: 0, connection: 1, extranonce: 2, timeOffset: 3, versionBits: 0x2000, nonce: .max,
        arrival: 4001),
      MinerShare(
        job: 1, connection: 2, extranonce: 5, timeOffset: 0, versionBits: 0, nonce: 6,
        arrival: 35_002),
    ],
    refused: RefusedShares(
      late: 1, duplicates: 2, rounded: 3, aboveTarget: 4, unknownJobs: 5, malformed: 6,
      wrongHashes: 7),
    connections: [
      MinerLink(connection: 1, miner: 0), MinerLink(connection: 2, miner: 1, lost: 40_000),
    ], fit: ShareFit(largest: 0.996, distance: 0.0125),
    hashedOneIn: 4, hashed: 1,
    claims: [
      Claim(source: "cgminer", field: "GHS 5s", value: 9.5e13, instant: snapshot(20).first)
    ])

  static let terms = ProofTerms(
    convention: "sha256d", difficulty: 1024, link: .sameLink,
    miners: [
      MinerIdentity(agent: "cgminer/4.12.1", suggestedDifficulty: 512, versionMask: 0x1fff_e000),
      MinerIdentity(agent: nil, suggestedDifficulty: nil, versionMask: 0),
    ])

  static let estimate = Estimate(
    count: 4, mean: 1.25e8, median: 1.2512e8, minimum: 1.24e8, maximum: 1.26e8,
    standardDeviation: 654321.5, lower: 1.2396e8, upper: 1.2604e8, method: "student-t")

  static let summary = SeriesSummary(
    series: series, unit: .hash, origin: .proven, throughput: estimate,
    energy: .value([
      ScopeSummary(
        scope: .cpuPackage, meters: [packageMeter], kind: .measuredCounter,
        power: Estimate(
          count: 1, mean: 99.5, median: 99.5, minimum: 99.5, maximum: 99.5,
          standardDeviation: nil, lower: nil, upper: nil, method: "student-t"),
        workPerJoule: 1_256_281.25,
        terms: [
          UncertaintyTerm(name: .repeats, relative: 0.0025, degreesOfFreedom: 3),
          UncertaintyTerm(name: .gain, relative: 0.0289, degreesOfFreedom: nil),
        ],
        repeatability: ExpandedUncertainty(
          relative: 0.008, standard: 0.0025, coverageFactor: 3.182, degreesOfFreedom: 3),
        total: ExpandedUncertainty(
          relative: 0.057, standard: 0.029, coverageFactor: 1.96, degreesOfFreedom: nil),
        dynamicWorkPerJoule: 2_200_000.5,
        dynamicTotal: ExpandedUncertainty(
          relative: 0.1, standard: 0.05, coverageFactor: 2, degreesOfFreedom: 30))
    ]), stopReason: .interrupted, sharesFound: 2, sharesExpected: 2.0625, sharesHashed: 1,
    claims: [
      ClaimSummary(
        source: "axeos", field: "hashRate", count: 12, rate: 1.25e12, ratio: 0.975, lower: 0.95,
        upper: 1.0)
    ])

  static let grading = Grading(
    grade: .r0, reasonsAgainstBetter: [Reason(.notMeasured, "R1 demands a complete run")],
    aspects: [
      StandardAspect(name: "mlperf-60-readings", status: .met, reason: "61 readings"),
      StandardAspect(name: "eehpc-1a-l3", status: .unmet, reason: "short window"),
      StandardAspect(name: "spec-crest-factor", status: .unknown, reason: "not read"),
    ])

  static let machine = Machine(
    origin: .captured, cpu: .value(cpu),
    memory: .value(
      MemoryDescription(
        total: ByteCount(1 << 39), type: .value("DDR5"), speedMTps: .value(4800))),
    platform: PlatformDescription(
      boardVendor: .value("Giga Computing"), boardName: .value("MZ73-LM0"),
      productName: .unavailable(missing), firmwareVersion: .value("R21"),
      firmwareDate: .value("04/01/2026"), hypervisor: .value("kvm"), container: .value(nil)),
    operatingSystem: OperatingSystemDescription(
      name: .value("Debian GNU/Linux 12"), kernelRelease: .value("6.1.0"),
      kernelCommandLine: .value("mitigations=off"),
      mitigations: .value(["meltdown": "Not affected"])))

  static let cpu = CPUDescription(
    hardwareID: HardwareID(rawValue: "cpu/amd-epyc-9654-2x96c"), vendor: .value("AuthenticAMD"),
    modelName: .value("AMD EPYC 9654"), architecture: .value("x86_64"), family: .value(25),
    model: .value(17), stepping: .value(1), microcode: .value("0xa101144"), packages: .value(1),
    dies: .unavailable(missing), cores: .value(2), threads: 4, onlineCPUs: [0, 1, 2],
    offlineCPUs: .value([3]), allowedCPUs: .value([0, 2]),
    coreKinds: .value([
      CoreKind(
        name: "P", coreType: "IntelCore", cpus: [0, 1], cores: 1,
        maximumFrequencyHz: 3_700_000_000)
    ]),
    caches: .value([
      CacheDescription(name: "L3", size: ByteCount(33_554_432), count: 1, sharedBy: 4)
    ]),
    numaNodes: .value([NUMANode(index: 0, memory: .value(ByteCount(1 << 38)), cpus: [0, 1, 2])]),
    tree: [
      PackageDescription(
        index: 0, modelName: .value("AMD EPYC 9654"), cores: 2, cpus: [0, 1, 2],
        groups: [
          CacheGroup(cache: "L3", size: ByteCount(33_554_432), cores: 2, cpus: [0, 1, 2])
        ])
    ], features: .value(["avx2", "avx512f", "sha_ni"]), minimumFrequencyHz: .value(1_500_000_000),
    maximumFrequencyHz: .value(3_700_000_000), simultaneousMultithreading: .value(true),
    settings: [.governor: .value(.text("performance")), .turbo: .unavailable(missing)])
}
