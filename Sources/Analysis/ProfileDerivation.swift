package import Model

/// A result with the name and digest by which a profile cites it.
package struct CitedResult: Hashable, Sendable {
  /// File name without folders.
  package let name: String
  /// SHA-256 of the file's bytes, in hexadecimal.
  package let digest: String
  package let result: RunResult

  package init(name: String, digest: String, result: RunResult) {
    self.name = name
    self.digest = digest
    self.result = result
  }
}

/// From results to the profiles of the hardware that they measured: pure and deterministic, so that anybody can
/// derive the same bytes again.
package enum ProfileDerivation {
  /// One profile for each hardware model that the results measured, in the order of the identifiers.
  ///
  /// The order of the results does not matter; a result given twice counts once. What is pooled are the windows of
  /// one series under one plan, one hypervisor and equal meters: hashes per joule is the sum of hashes over the sum
  /// of joules, and intervals are those of all windows together (power.md 2.5).
  ///
  /// - Throws: `Failure` when two different results have one name, or a hardware identifier cannot be a file name.
  package static func profiles(from cited: [CitedResult]) throws(Failure) -> [Profile] {
    let results = try distinct(cited)
    var hardware: [HardwareID: Device] = [:]
    for cited in results {
      for device in measuredDevices(cited.result) where hardware[device.hardwareID] == nil {
        try check(device.hardwareID, in: cited.name)
        hardware[device.hardwareID] = device
      }
    }
    return hardware.values.sorted { $0.hardwareID.rawValue < $1.hardwareID.rawValue }.map {
      profile(of: $0, results)
    }
  }

  /// The profiles of the hardware that one more result measured, pooled with the results that they rest on already.
  ///
  /// - Parameters:
  ///   - new: the result that is new.
  ///   - existing: the profile that is there already, or nil.
  ///   - cited: a result by the name under which a profile cites it.
  /// - Returns: the profiles that change, in the order of the identifiers.
  /// - Throws: `Failure` when a result that a profile rests on was changed: then it cannot be pooled; and what the
  ///   closures throw.
  package static func profiles(
    adding new: CitedResult, to existing: (HardwareID) throws -> Profile?,
    cited: (String) throws -> CitedResult
  ) throws -> [Profile] {
    let measured = try profiles(from: [new]).map(\.hardwareID)
    var pool = [new]
    for hardware in measured {
      for source in try existing(hardware)?.sources ?? []
      where !pool.contains(where: { $0.name == source.result }) {
        let old = try cited(source.result)
        guard old.digest == source.digest else {
          throw Failure(
            .badInput,
            "\(source.result): not the file that the profile of \(hardware) was derived from",
            remedy: "restore it, or derive the profile anew with 'hashwatt profile'")
        }
        pool.append(old)
      }
    }
    return try profiles(from: pool).filter { measured.contains($0.hardwareID) }
  }

  /// By time, then by name.
  private static func distinct(_ cited: [CitedResult]) throws(Failure) -> [CitedResult] {
    var byName: [String: CitedResult] = [:]
    for one in cited {
      if let other = byName[one.name], other.digest != one.digest {
        throw Failure(
          .badInput, "two different results have the name \(one.name)", remedy: "rename one of them"
        )
      }
      byName[one.name] = one
    }
    return byName.values.sorted {
      ($0.result.startedAt, $0.name) < ($1.result.startedAt, $1.name)
    }
  }

  /// An identifier becomes the path of a file below `profiles/`.
  private static func check(_ id: HardwareID, in name: String) throws(Failure) {
    let parts = id.rawValue.split(separator: "/", omittingEmptySubsequences: false)
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-_+.")
    let isPath =
      parts.count == 2
      && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && $0.allSatisfy(allowed.contains) }
    guard isPath else {
      throw Failure(
        .badInput, "\(name): the hardware identifier \"\(id)\" is not of the form kind/name",
        remedy: "use a result that hashwatt wrote")
    }
  }

  /// Of a device that worked beside others at the same time there is no figure of its own.
  private static func measuredDevices(_ result: RunResult) -> [Device] {
    guard !result.plan.isTogether else { return [] }
    let measured = Set(result.summaries.map(\.series.device))
    return result.devices.filter { measured.contains($0.id) }
  }

  private static func profile(of device: Device, _ all: [CitedResult]) -> Profile {
    let results = all.filter { cited in
      measuredDevices(cited.result).contains { $0.hardwareID == device.hardwareID }
    }
    let pools = pools(results, of: device.hardwareID)
    return Profile(
      hardwareID: device.hardwareID, kind: device.kind, name: device.name,
      sources: results.map(source), unitsAtLeast: Set(results.map(fingerprint)).count,
      measured: pools.compactMap(figure))
  }

  private static func source(_ cited: CitedResult) -> MeasuredSource {
    let result = cited.result
    return MeasuredSource(
      result: cited.name, digest: cited.digest, startedAt: result.startedAt,
      suite: result.plan.suite, isComplete: result.isComplete, grade: result.grading.grade,
      reasonsAgainstBetter: result.grading.reasonsAgainstBetter,
      challengeWasGiven: result.challengeWasGiven, hasRawLog: result.rawLogDigest != nil,
      sharesFound: result.samples.reduce(0) { $0 + $1.shares.count },
      hypervisor: result.machine.platform.hypervisor, toolVersion: result.tool.version)
  }

  /// What tells two machines apart for certain; equal ones may still be two.
  private struct Fingerprint: Hashable {
    let board: Reading<String>
    let product: Reading<String>
    let memory: ByteCount?
  }

  private static func fingerprint(_ cited: CitedResult) -> Fingerprint {
    let machine = cited.result.machine
    return Fingerprint(
      board: machine.platform.boardName, product: machine.platform.productName,
      memory: machine.memory.value?.total)
  }

  // MARK: Pooling

  /// What windows must share to be pooled.
  ///
  /// Which slot a device is in is no part of it: two equal cards are one model.
  private struct PoolKey: Hashable {
    let work: WorkIdentity
    let kernel: KernelID
    let placement: PlacementName
    let suite: String?
    let hypervisor: Reading<String?>
    let meters: [MeterKey]
  }

  private struct MeterKey: Hashable {
    let id: MeterID
    let scope: Scope
    let kind: MeterKind
    let accuracy: MeterAccuracy
    let mirrorOf: MeterID?
  }

  private struct Pool {
    let key: PoolKey
    /// Each with its own name of the series.
    var members: [(cited: CitedResult, series: SeriesID)] = []

    /// Each result once: one may have measured several devices of a model.
    var results: [CitedResult] {
      var results: [CitedResult] = []
      for member in members where results.last != member.cited { results.append(member.cited) }
      return results
    }
  }

  private static func pools(_ results: [CitedResult], of hardware: HardwareID) -> [Pool] {
    var pools: [PoolKey: Pool] = [:]
    for cited in results {
      let result = cited.result
      let meters = result.meters.map {
        MeterKey(
          id: $0.id, scope: $0.scope, kind: $0.kind, accuracy: $0.accuracy, mirrorOf: $0.mirrorOf)
      }
      for workers in result.workers
      where !workers.series.kernel.isOther
        && result.devices.contains(where: {
          $0.id == workers.series.device && $0.hardwareID == hardware
        })
      {
        let key = PoolKey(
          work: workers.work, kernel: workers.series.kernel,
          placement: workers.series.placement, suite: result.plan.suite,
          hypervisor: result.machine.platform.hypervisor, meters: meters)
        pools[key, default: Pool(key: key)].members.append((cited, workers.series))
      }
    }
    return pools.values.sorted { order($0) < order($1) }
  }

  private static func order(_ pool: Pool) -> (String, String, Int, String, String) {
    let key = pool.key
    return (
      "\(key.work) \(key.kernel) \(key.placement.kind)", key.placement.part ?? "",
      key.placement.workers, key.suite ?? "", pool.members.first?.cited.name ?? ""
    )
  }

  private static func figure(_ pool: Pool) -> MeasuredFigure? {
    let results = pool.results.map(\.result)
    let all = pool.members.compactMap { cited, series in
      cited.result.workers.first { $0.series == series }
    }
    guard let first = results.first, var workers = all.first else { return nil }
    let series = workers.series
    // The coarsest batch bounds the error of hashes in flight for all.
    workers.batch = all.map(\.batch).max() ?? workers.batch
    // The windows of every member under one name, and the idles of each result once.
    let samples =
      results.flatMap { $0.samples.filter { $0.kind != .load } }
      + pool.members.flatMap { cited, own in
        cited.result.samples.filter { $0.kind == .load && $0.series == own }.map { sample in
          var sample = sample
          sample.series = series
          return sample
        }
      }
    guard
      var summary = Summarizing.summary(
        of: workers, plan: first.plan, meters: first.meters,
        unavailable: first.unavailableMeters, samples: samples)
    else { return nil }
    if results.count > 1 { summary.stopReason = .pooled }
    let windows = samples.filter { $0.kind == .load && $0.series == series }
    // Each result has its own target; what was expected is the sum over the results.
    summary.sharesExpected = zip(pool.members, all).reduce(0) { sum, member in
      let work = member.0.cited.result.samples
        .filter { $0.kind == .load && $0.series == member.0.series }
        .reduce(0.0) { $0 + $1.work }
      return sum + work * member.1.target.probability
    }
    return MeasuredFigure(
      results: pool.results.map(\.name), suite: pool.key.suite, epoch: pool.key.work.epoch,
      grade: results.map(\.grading.grade).min() ?? .r0,
      units: windows.reduce(0) { $0.adding($1.figures.units) },
      time: windows.reduce(Seconds(0)) { $0 + $1.duration },
      scopeTotals: totals(windows, first.meters, scopes: summary.energy.value ?? []),
      summary: summary)
  }

  private static func totals(
    _ windows: [Sample], _ meters: [MeterDescriptor], scopes: [ScopeSummary]
  ) -> [ScopeTotals] {
    scopes.map { scope in
      let channels = ScopeChannels(
        scope: scope.scope, meters: meters.filter { scope.meters.contains($0.id) })
      var count = 0
      var units: UInt64 = 0
      var sum = 0.0
      for window in windows {
        guard let joules = channels.joules(in: window), joules > 0 else { continue }
        count += 1
        units = units.adding(window.figures.units)
        sum += joules
      }
      return ScopeTotals(scope: scope.scope, windows: count, units: units, joules: sum)
    }
  }
}

extension UInt64 {
  /// The sum, or the greatest number where it would pass that: files of strangers are added up here.
  fileprivate func adding(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

extension Profile {
  /// This profile with the published claims of an older one, which measuring does not change.
  package func keepingClaims(of old: Profile?) -> Profile {
    guard let old else { return self }
    var whole = self
    whole.published = old.published
    whole.vendor = old.vendor
    return whole
  }
}
