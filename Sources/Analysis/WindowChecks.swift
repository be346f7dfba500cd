package import Model
internal import Statistics
internal import Text

/// What may have disturbed a window, each as a named check with the measured facts (power.md 2.4, R12).
package enum WindowChecks {
  /// Shares of the machine's CPU time that others may take before a window counts as disturbed.
  private static let stealLimit = 0.001
  private static let otherLoadLimit = 0.01
  /// Times a second that a worker may be taken off its CPU.
  private static let switchLimit = 10.0
  private static let driftLimit = 0.01
  private static let lagLimit = 0.02

  /// Every check of one load window, which is the result's sample number `index`.
  ///
  /// Of the meters only those that cover the device at work are judged: what another one does is not its window's fault.
  package static func checks(
    of sample: Sample, at index: Int, target: Target?, meters: [MeterDescriptor]
  ) -> [Check] {
    guard sample.kind == .load else { return [] }
    var sample = sample
    if let device = sample.series?.device {
      let others = Set(meters.filter { !$0.covers.covers(device) }.map(\.id))
      sample.energy.removeAll { others.contains($0.meter) }
    }
    let states = sample.stateBefore.flatMap { before in
      sample.stateAfter.map { (before, $0) }
    }
    var checks = [skew(sample), drift(sample)]
    if !sample.energy.isEmpty { checks.append(Self.meters(sample, meters)) }
    checks += dips(sample) + lags(sample)
    if let target, sample.origin == .counted { checks.append(shares(sample, target)) }
    if let (before, after) = states, sample.origin == .proven {
      // This machine does no work: only what delays its time stamps concerns the window.
      checks += [steal(before, after), suspend(before, after)]
    } else if let (before, after) = states {
      checks += [
        throttling(before, after), steal(before, after), otherLoad(before, after),
        switches(before, after, sample), governor(before, after), mains(before, after),
        suspend(before, after),
      ]
      if let device = sample.series?.device, device != .cpu {
        checks += deviceThrottling(device, before, after)
      }
    }
    return checks.map { $0.about(sample: index) }
  }

  /// Windows whose rate stands out among those of their series, kept and flagged with a cause where one is known.
  package static func outliers(in samples: [Sample], checks: [Check]) -> [Check] {
    var series: [SeriesID] = []
    for sample in samples {
      if let one = sample.series, sample.kind == .load, !series.contains(one) { series.append(one) }
    }
    return series.flatMap { one in
      let places = samples.indices.filter { samples[$0].kind == .load && samples[$0].series == one }
      let rates = places.map { samples[$0].throughput }
      let median = Descriptive.median(rates) ?? 0
      let outliers = Descriptive.outliers(rates).filter { place in
        isBeyondNoise(samples[places[place]], rates[place] / median - 1)
      }
      return outliers.map { place in
        let causes = checks.filter { $0.sample == places[place] && $0.verdict == .fail }.map(
          \.name.rawValue)
        return Check(
          name: CheckName.outlier, verdict: .fail,
          message:
            "the rate of repeat \(samples[places[place]].repeatIndex + 1) of \(one) is "
            + "\(DecimalText.percent(rates[place] / median - 1, decimals: 2)) away from the median; cause: "
            + (causes.isEmpty ? "none found" : causes.joined(separator: ", ")),
          sample: places[place])
      }
    }
  }

  /// Whether a rate that differs from the median by so much is more than the noise of the shares that prove it, as it is
  /// once in a million windows.
  private static func isBeyondNoise(_ sample: Sample, _ change: Double) -> Bool {
    guard let shares = sample.proven?.shares else { return true }
    return abs(change) > 4.9 / Double(max(1, shares)).squareRoot()
  }

  // MARK: One check each

  private static func skew(_ sample: Sample) -> Check {
    let skew = max(sample.start.skew.value, sample.end.skew.value)
    let limit = max(0.001, 0.0001 * sample.duration.value)
    return Check(
      name: CheckName.snapshotSkew, verdict: skew <= limit ? .pass : .fail,
      message:
        "meters and hash counters were read within \(DecimalText.fixed(skew * 1e6, decimals: 0)) us "
        + "(limit \(DecimalText.fixed(limit * 1e6, decimals: 0)) us)")
  }

  private static func meters(_ sample: Sample, _ meters: [MeterDescriptor]) -> Check {
    // A counter too coarse for the window is no fault where the power of the same device speaks for it.
    func isStoodInFor(_ energy: ChannelEnergy) -> Bool {
      guard energy.interval.reason?.code == .coarse,
        let meter = meters.first(where: { $0.id == energy.meter })
      else { return false }
      return meters.contains { other in
        other.id != meter.id && other.scope == meter.scope && other.part == meter.part
          && sample.energy.contains { $0.meter == other.id && $0.interval.value != nil }
      }
    }
    let failed = sample.energy.filter { $0.interval.value == nil && !isStoodInFor($0) }
    guard let first = failed.first else {
      let repairs = sample.energy.reduce(0) { $0 + ($1.interval.value?.repairs ?? 0) }
      return Check(
        name: CheckName.meter, verdict: .pass,
        message: "all \(sample.energy.count) meter channels cover the window"
          + (sample.energy.contains(where: isStoodInFor)
            ? ", counters too coarse for it by the power of their device" : "")
          + (repairs > 0 ? ", \(repairs) wraps that the kernel lost put back" : ""))
    }
    return Check(
      name: CheckName.meter, verdict: .fail,
      message: "\(first.meter) has no energy for this window: "
        + (first.interval.reason?.message ?? "unknown"), remedy: first.interval.reason?.remedy)
  }

  /// Powers that fell for one look while the rate did not: a counter that stepped back looks so.
  ///
  /// Below three quarters of the window's median; a device at constant work does not save so much for a second.
  private static func dips(_ sample: Sample) -> [Check] {
    let rates = sample.trace.compactMap(\.rate?.perSecond)
    return sample.energy.compactMap { channel in
      guard channel.interval.value != nil else { return nil }
      let looks = sample.trace.compactMap { point in
        point.power[channel.meter].map {
          (at: point.at, watts: $0.value, rate: point.rate?.perSecond)
        }
      }
      guard looks.count >= 3, let median = Descriptive.median(looks.map(\.watts)), median > 1,
        let usual = Descriptive.median(rates)
      else { return nil }
      let low = looks.filter { look in
        look.watts < 0.75 * median && look.rate.map { $0 > 0.9 * usual } != false
      }
      // Several are a device whose power varies, which other checks judge.
      guard low.count == 1, let dip = low.first else { return nil }
      return Check(
        name: CheckName.meterDip, verdict: .fail,
        message:
          "\(channel.meter) fell to \(DecimalText.fixed(dip.watts, decimals: 1)) W for one look, from "
          + "\(DecimalText.fixed(median, decimals: 1)) W, while the rate did not: its counter may have stepped back"
      )
    }
  }

  /// Half of the time that an answer takes is how far its reading may be from its instant, at either end.
  private static func lags(_ sample: Sample) -> [Check] {
    sample.energy.compactMap { channel in
      guard let interval = channel.interval.value,
        interval.lag.value > lagLimit * sample.duration.value
      else { return nil }
      return Check(
        name: CheckName.meterLag, verdict: .fail,
        message:
          "an answer of \(channel.meter) took \(DecimalText.fixed(2 * interval.lag.value, decimals: 1)) s, so the ends of "
          + "its energy are known within \(DecimalText.percent(interval.lag.value / sample.duration.value, decimals: 2)) of the "
          + "window (limit \(DecimalText.percent(lagLimit, decimals: 2)))",
        remedy: "use longer windows (--window)")
    }
  }

  private static func shares(_ sample: Sample, _ target: Target) -> Check {
    let expected = sample.work * target.probability
    let probability = Poisson.twoSided(sample.shares.count, mean: expected)
    return Check(
      name: CheckName.shareCount, verdict: probability >= 1e-6 ? .pass : .fail,
      message:
        "\(sample.shares.count) shares found where \(DecimalText.fixed(expected, decimals: 1)) are expected"
    )
  }

  /// Change of rate or power over the window by a fitted line; not resolved from the noise is unknown.
  private static func drift(_ sample: Sample) -> Check {
    let name = CheckName.drift
    var worst: (what: String, change: Double, resolved: Bool)?
    func judge(_ what: String, _ points: [(Double, Double)]) {
      guard points.count >= 5, let mean = Descriptive.mean(points.map(\.1)), mean > 0,
        let fit = LinearFit(x: points.map(\.0), y: points.map(\.1)),
        let interval = fit.slopeInterval()
      else { return }
      let change = fit.slope * sample.duration.value / mean
      if abs(change) > abs(worst?.change ?? 0) || worst == nil {
        worst = (what, change, !interval.contains(0))
      }
    }
    // A second has some shares only: the slope of a proven rate would be that of their noise.
    if sample.origin == .counted {
      judge("rate", sample.trace.compactMap { p in p.rate.map { (p.at.value, $0.perSecond) } })
    }
    for meter in sample.energy.map(\.meter) {
      let points = sample.trace.compactMap { p in p.power[meter].map { (p.at.value, $0.value) } }
      judge("power of \(meter)", points)
    }
    guard let worst else {
      return Check(
        name: name, verdict: .unknown, message: "the window has too few readings for a slope")
    }
    let verdict: CheckVerdict =
      abs(worst.change) <= driftLimit ? .pass : worst.resolved ? .fail : .unknown
    return Check(
      name: name, verdict: verdict,
      message:
        "the \(worst.what) changes by \(DecimalText.percent(worst.change, decimals: 2)) over the window"
        + (verdict == .unknown ? ", not resolved from the noise" : "") + " (limit 1 %)")
  }

  private static func throttling(_ before: MachineState, _ after: MachineState) -> Check {
    difference(CheckName.throttling, StateFact.throttleCount, before, after) { count in
      (count == 0, "the CPUs' throttle counts rose by \(count)")
    }
  }

  /// What lowers a device's clock in ordinary work: nothing to do, or the power limit that its owner chose.
  private static let ordinaryReasons: Set<Substring> = ["idle", "power-cap", "application-clocks"]

  /// Nothing of a device that tells no reasons.
  private static func deviceThrottling(
    _ device: DeviceID, _ before: MachineState, _ after: MachineState
  ) -> [Check] {
    let fact = StateFact.throttleReasons.of(device)
    let texts = [before, after].compactMap { $0.text(fact) }
    guard texts.count == 2 else { return [] }
    let reasons = Set(texts.flatMap { $0.split(separator: ",") })
    let bad = reasons.subtracting(ordinaryReasons)
    return [
      Check(
        name: CheckName.deviceThrottling, verdict: bad.isEmpty ? .pass : .fail,
        message: bad.isEmpty
          ? "\(device) tells "
            + (reasons.isEmpty
              ? "no reason for a lower clock" : reasons.sorted().joined(separator: ", "))
          : "\(device) lowered its clock: \(bad.sorted().joined(separator: ", "))")
    ]
  }

  private static func steal(_ before: MachineState, _ after: MachineState) -> Check {
    let check = share(
      CheckName.stealTime, before, after, limit: stealLimit,
      "the hypervisor gave to others", [StateFact.stealTicks], minus: [])
    guard let worst = after.number(StateFact.stealDuring), worst > stealLimit,
      check.verdict != .unknown
    else { return check }
    // A short burst is a fact of the window, even where the window as a whole is within the limit.
    return Check(
      name: check.name, verdict: check.verdict,
      message: check.message
        + "; at worst \(DecimalText.percent(worst, decimals: 2)) within seconds")
  }

  private static func otherLoad(_ before: MachineState, _ after: MachineState) -> Check {
    share(
      CheckName.otherLoad, before, after, limit: otherLoadLimit,
      "other processes took", [StateFact.busyTicks], minus: [StateFact.ownTicks])
  }

  private static func switches(
    _ before: MachineState, _ after: MachineState, _ sample: Sample
  ) -> Check {
    difference(
      CheckName.contextSwitches, StateFact.ownInvoluntarySwitches, before, after
    ) { count in
      let time = after.instant.since(before.instant).value * Double(max(1, sample.spans.count))
      let rate = Double(count) / time
      return (
        rate <= switchLimit,
        "a worker was taken off its CPU \(DecimalText.fixed(rate, decimals: 1)) times a second (limit 10)"
      )
    }
  }

  private static func governor(_ before: MachineState, _ after: MachineState) -> Check {
    guard let first = before.text(StateFact.governor), let second = after.text(StateFact.governor)
    else { return unknown(CheckName.governor, StateFact.governor, after) }
    let during = after.text(StateFact.governorDuring) ?? first
    let message =
      if first != second {
        "the frequency governor changed from \(first) to \(second)"
      } else if during != first {
        "the frequency governor was \(during) inside the window and \(first) at its ends"
      } else {
        "the frequency governor stayed \(first)"
      }
    return Check(
      name: CheckName.governor, verdict: first == second && during == first ? .pass : .fail,
      message: message)
  }

  private static func mains(_ before: MachineState, _ after: MachineState) -> Check {
    guard let first = before.flag(StateFact.mainsOnline),
      let second = after.flag(StateFact.mainsOnline)
    else { return unknown(CheckName.mainsPower, StateFact.mainsOnline, after) }
    let isOn = first && second && after.flag(StateFact.mainsDuring) != false
    return Check(
      name: CheckName.mainsPower, verdict: isOn ? .pass : .fail,
      message: isOn ? "mains power was on" : "the machine ran on its battery",
      remedy: isOn ? nil : "connect the mains supply")
  }

  private static func suspend(_ before: MachineState, _ after: MachineState) -> Check {
    if let first = before.text(StateFact.bootID), let second = after.text(StateFact.bootID),
      first != second
    {
      return Check(
        name: CheckName.suspend, verdict: .fail, message: "the machine was started anew")
    }
    return difference(CheckName.suspend, StateFact.suspendCount, before, after) { count in
      (count == 0, "the machine was suspended \(count) times")
    }
  }

  // MARK: Shapes

  private static func difference(
    _ name: CheckName, _ fact: StateFact, _ before: MachineState, _ after: MachineState,
    _ judge: (Int64) -> (isFine: Bool, message: String)
  ) -> Check {
    guard let first = before.integer(fact), let second = after.integer(fact) else {
      return unknown(name, fact, after)
    }
    let (isFine, message) = judge(second - first)
    return Check(name: name, verdict: isFine ? .pass : .fail, message: message)
  }

  private static func share(
    _ name: CheckName, _ before: MachineState, _ after: MachineState, limit: Double, _ what: String,
    _ plus: [StateFact], minus: [StateFact]
  ) -> Check {
    func sum(_ facts: [StateFact]) -> Int64? {
      var sum: Int64 = 0
      for fact in facts {
        guard let first = before.integer(fact), let second = after.integer(fact) else { return nil }
        sum += second - first
      }
      return sum
    }
    guard let more = sum(plus), let less = sum(minus), let all = sum([StateFact.totalTicks]),
      all > 0
    else { return unknown(name, plus.first ?? .totalTicks, after) }
    // Ticks of the machine and of the process are rounded apart from each other.
    let part = max(0, Double(more - less) / Double(all))
    return Check(
      name: name, verdict: part <= limit ? .pass : .fail,
      message:
        "\(what) \(DecimalText.percent(part, against: limit)) of the CPU time (limit \(DecimalText.percent(limit, decimals: 2)))"
    )
  }

  private static func unknown(_ name: CheckName, _ fact: StateFact, _ state: MachineState) -> Check
  {
    let reason = state.facts[fact]?.reason
    return Check(
      name: name, verdict: .unknown,
      message: reason?.message ?? "\(fact) is not known on this machine", remedy: reason?.remedy)
  }
}
