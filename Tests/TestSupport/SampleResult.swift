package import Model

/// Results made from numbers that a test chooses, consistent in themselves: windows, sums and intervals agree.
package struct SampleResult {
  /// One series: a rate for each window, and watts for each window and scope.
  package struct Series {
    package var id: SeriesID
    package var unit = WorkUnit.hash
    package var rates: [Double]
    package var watts: [Scope: [Double]]
    /// Of its dataset.
    package var epoch: UInt32?

    package init(
      _ algorithm: AlgorithmID, _ kernel: String, threads: Int = 2, device: DeviceID = .cpu,
      rates: [Double], watts: [Scope: [Double]] = [:]
    ) {
      id = SeriesID(
        algorithm: algorithm, device: device, kernel: KernelID(rawValue: kernel), threads: threads)
      self.rates = rates
      self.watts = watts
    }
  }

  package var toolVersion = "0.0.0-test"
  package var deviceName = "AMD EPYC 9654 96-Core Processor"
  package var hardwareID = "cpu/amd-epyc-9654-2x96c"
  package var boardName = "MZ73-LM0"
  package var hypervisor: String?
  package var suite: String? = "quick-1"
  package var grade = Grade.r1
  package var gradeReasons = [
    Reason(.notMeasured, "R2 demands 5 repeats, found 3", remedy: "use --suite standard")
  ]
  package var energyReason = Reason(
    .permission, "powercap: energy_uj of package-0 may be read by root only",
    remedy: "see hashwatt doctor")
  package var gainBound = 0.05
  package var window = 10.0
  package var challengeWasGiven = false
  package var rawLogDigest: String?
  package var roofline: CoreRoofline?
  package var deviceRooflines: [DeviceRoofline] = []
  package var note: String?
  package var isComplete = true
  /// Windows of all series in turn, forwards and backwards, as an ABBA run orders them; else series by series.
  package var interleaves = false
  package var series: [Series] = [
    Series(
      .sha256d, "avx512-2x16", rates: [120.1e6, 120.4e6, 119.9e6],
      watts: [.cpuPackage: [98.2, 98.4, 98.1]])
  ]

  package init() {}

  /// The result value.
  package func make() -> RunResult {
    let scopes = Set(series.flatMap { $0.watts.keys }).sorted { $0.rawValue < $1.rawValue }
    return RunResult(
      tool: ToolIdentity(
        version: toolVersion, executableDigest: .value(String(repeating: "ab", count: 32)),
        compiler: "swift", configuration: "release"),
      startedAt: 1_790_000_000, endedAt: 1_790_000_120, isComplete: isComplete,
      endReason: isComplete ? nil : Reason(.failed, "interrupted"),
      plan: Plan(
        suite: suite, warmup: Seconds(5), warmupLimit: Seconds(5), warmsToSteadyState: false,
        window: Seconds(window), ramp: Seconds(0), minimumRepeats: 3, maximumRepeats: 3,
        stopHalfWidth: nil, idle: Seconds(5), idlesAfter: false),
      seed: 42, challenge: challenge, challengeWasGiven: challengeWasGiven,
      arguments: ["run", "--suite", "quick"], machine: machine, devices: devices,
      workers: series.map {
        var workers = SeriesWorkers(
          series: $0.id, unit: $0.unit, target: Target(leadingZeroBits: 24),
          placement: .cpus(Array(0..<$0.id.workers), kind: $0.id.placement.part),
          batch: 4096, facts: [.hugePages: .text("not-needed")])
        workers.facts[.epoch] = $0.epoch.map { .integer(Int64($0)) }
        return workers
      },
      kernelChoices: [], meters: scopes.map(descriptor), unavailableMeters: [],
      samples: samples(scopes), checks: [],
      summaries: series.map { summary($0, scopes) },
      grading: Grading(grade: grade, reasonsAgainstBetter: gradeReasons),
      rawLogDigest: rawLogDigest, roofline: roofline, deviceRooflines: deviceRooflines, note: note)
  }

  private var challenge: Challenge {
    guard let challenge = Challenge(bytes: Array(1...32)) else {
      preconditionFailure("32 bytes make a challenge")
    }
    return challenge
  }

  private var devices: [Device] {
    [
      Device(
        id: .cpu, kind: .cpu, hardwareID: HardwareID(rawValue: hardwareID), name: deviceName,
        capabilities: [.sha256d, .scrypt, .keccak256], verdict: "can hash")
    ]
  }

  private var machine: Machine {
    let missing = Reason(.notCaptured, "not part of this sample")
    return Machine(
      origin: .live, cpu: .unavailable(missing), memory: .unavailable(missing),
      platform: PlatformDescription(
        boardVendor: .value("Giga Computing"), boardName: .value(boardName),
        productName: .unavailable(missing), firmwareVersion: .unavailable(missing),
        firmwareDate: .unavailable(missing), hypervisor: .value(hypervisor),
        container: .value(nil)),
      operatingSystem: OperatingSystemDescription(
        name: .value("Debian GNU/Linux 12"), kernelRelease: .value("6.1.0"),
        kernelCommandLine: .unavailable(missing), mitigations: .unavailable(missing)))
  }

  private func meter(_ scope: Scope) -> MeterID { MeterID(rawValue: "sample:\(scope)") }

  private func descriptor(_ scope: Scope) -> MeterDescriptor {
    MeterDescriptor(
      id: meter(scope), source: MeterSourceID("sample", isOnMachine: true), label: scope.rawValue,
      scope: scope, covers: .machine, part: "0", kind: .measuredCounter, quantity: .energyCounter,
      rawUnit: "uJ", resolution: 1,
      updatePeriod: Seconds(0.001),
      accuracy: MeterAccuracy(gainBound: gainBound, source: "convention", isAssumed: true),
      privilege: "root")
  }

  /// Series and repeat of each window, in the order of time.
  private var schedule: [(series: Int, index: Int)] {
    guard interleaves else {
      return series.indices.flatMap { which in
        series[which].rates.indices.map { (series: which, index: $0) }
      }
    }
    let rounds = series.map(\.rates.count).max() ?? 0
    return (0..<rounds).flatMap { round in
      let order = round.isMultiple(of: 2) ? Array(series.indices) : series.indices.reversed()
      return order.filter { round < series[$0].rates.count }.map { (series: $0, index: round) }
    }
  }

  private func samples(_ scopes: [Scope]) -> [Sample] {
    schedule.enumerated().map { order, place in
      let series = series[place.series]
      let start = 1_000_000_000 * UInt64(20 + Double(order) * (window + 1))
      let from = UInt64(place.index) << 36
      let hashes = UInt64((series.rates[place.index] * window).rounded())
      return Sample(
        kind: .load, series: series.id, unit: series.unit, repeatIndex: place.index,
        start: instants(start),
        end: instants(start + UInt64(window * 1e9)),
        spans: [
          WorkerSpan(worker: 0, from: WorkPosition(from), to: WorkPosition(from + hashes))
        ],
        energy: scopes.map { scope in
          let watts = series.watts[scope]
          return ChannelEnergy(
            meter: meter(scope),
            interval: watts.map {
              .value(
                EnergyInterval(
                  energy: Microjoules(UInt64(($0[place.index] * window * 1e6).rounded())),
                  duration: Seconds(window)))
            } ?? .unavailable(energyReason))
        }, shares: [])
    }
  }

  private func instants(_ nanoseconds: UInt64) -> SnapshotInstants {
    let instant = Model.Instant(nanoseconds: nanoseconds)
    return SnapshotInstants(first: instant, second: instant, third: instant)
  }

  private func summary(_ series: Series, _ scopes: [Scope]) -> SeriesSummary {
    let hashes = series.rates.reduce(0) { $0 + $1 * window }
    let energies = scopes.compactMap { scope in
      series.watts[scope].map { scopeSummary(scope, series.rates, $0) }
    }
    return SeriesSummary(
      series: series.id, unit: series.unit, throughput: Self.estimate(series.rates),
      energy: energies.isEmpty ? .unavailable(energyReason) : .value(energies),
      stopReason: .count, sharesFound: Int(hashes / 16_777_216),
      sharesExpected: hashes / 16_777_216)
  }

  private func scopeSummary(_ scope: Scope, _ rates: [Double], _ watts: [Double]) -> ScopeSummary {
    let efficiencies = zip(rates, watts).map { $0 / $1 }
    let estimate = Self.estimate(efficiencies)
    let spread = (estimate.standardDeviation ?? 0) / Double(rates.count).squareRoot()
    let repeatRelative = spread / estimate.mean
    let gain = gainBound / 3.0.squareRoot()
    let degrees = Double(max(1, rates.count - 1))
    let total = (repeatRelative * repeatRelative + gain * gain).squareRoot()
    return ScopeSummary(
      scope: scope, meters: [meter(scope)], kind: .measuredCounter, power: Self.estimate(watts),
      workPerJoule: rates.reduce(0, +) / watts.reduce(0, +),
      terms: [
        UncertaintyTerm(name: .repeats, relative: repeatRelative, degreesOfFreedom: degrees),
        UncertaintyTerm(name: .gain, relative: gain, degreesOfFreedom: nil),
      ],
      repeatability: rates.count < 2
        ? nil
        : ExpandedUncertainty(
          relative: Self.factor(rates.count) * repeatRelative, standard: repeatRelative,
          coverageFactor: Self.factor(rates.count), degreesOfFreedom: degrees),
      total: ExpandedUncertainty(
        relative: 1.96 * total, standard: total, coverageFactor: 1.96, degreesOfFreedom: nil))
  }

  /// The mean with Student's interval.
  package static func estimate(_ values: [Double]) -> Estimate {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let sorted = values.sorted()
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = values.count < 2 ? nil : (squares / (count - 1)).squareRoot()
    let half = deviation.map { factor(values.count) * $0 / count.squareRoot() }
    return Estimate(
      count: values.count, mean: mean, median: sorted[sorted.count / 2],
      minimum: sorted.first ?? mean, maximum: sorted.last ?? mean, standardDeviation: deviation,
      lower: half.map { mean - $0 }, upper: half.map { mean + $0 }, method: "student-t")
  }

  /// The 0.975 quantile of Student's t for n - 1 degrees of freedom (printed tables, three decimals).
  private static func factor(_ count: Int) -> Double {
    let table = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]
    return count < 2 ? 0 : count - 2 < table.count ? table[count - 2] : 2.2
  }
}
