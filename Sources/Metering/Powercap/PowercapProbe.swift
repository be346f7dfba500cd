internal import LinuxSystem
internal import MeterCore
internal import Model

/// Tries the zones out before they are trusted: whether they move, how often, by what unit, and which are mirrors.
struct PowercapProbe {
  let environment: MeterEnvironment
  let facts: ProcessorFacts
  let tree: PowercapTree

  struct Member {
    var channel: MeterChannel
    let zone: PowercapZone
    let file: AttributeFile
  }

  func examine(_ members: [Member], _ discovery: MeterDiscovery) -> MeterDiscovery {
    var discovery = discovery
    var members = members
    if environment.probing == .full {
      let probes = CounterProbe.watch(Self.reader(members), environment.clock)
      var kept: [Member] = []
      for (member, probe) in zip(members, probes) {
        var member = member
        if let reason = Self.refusal(
          member.channel.descriptor, probe, isLive: environment.root.isLive)
        {
          discovery.unavailable.append(reason)
          if let twin = movingTwin(of: member) {
            discovery.checks.append(Self.tickCheck(twin.member.channel.descriptor, twin.probe))
            kept.append(twin.member)
          }
          continue
        }
        discovery.checks.append(Self.tickCheck(member.channel.descriptor, probe))
        member.channel = Self.refined(member.channel, probe)
        kept.append(member)
      }
      members = kept
      discovery.checks += compare(&members)
      if let filter = EnergyFilter.check(environment.root, facts), !members.isEmpty {
        discovery.checks.append(filter)
      }
    }
    if !members.isEmpty { discovery.readers = [Self.reader(members)] }
    return discovery
  }

  /// The same hardware through the other control type, where that one moves though this one does not.
  private func movingTwin(of member: Member) -> (member: Member, probe: CounterProbe)? {
    let zone = tree.zones.first {
      $0.isMMIO && !member.zone.isMMIO && $0.path == member.zone.path && $0.energy.value != nil
    }
    guard let zone, let file = zone.energy.value else { return nil }
    let label = "\(zone.path)@\(zone.folder)"
    var twin = Member(
      channel: PowercapSource.channel(zone, label, facts, environment.root), zone: zone, file: file)
    guard let probe = CounterProbe.watch(Self.reader([twin]), environment.clock).first,
      Self.refusal(twin.channel.descriptor, probe, isLive: environment.root.isLive) == nil
    else { return nil }
    twin.channel = Self.refined(twin.channel, probe)
    return (twin, probe)
  }

  private static func reader(_ members: [Member]) -> PowercapReader {
    PowercapReader(members.map { ($0.channel, $0.file) })
  }

  // MARK: Mirrors and twins

  /// Finds zones that show one counter twice, and compares the zones of both control types.
  private func compare(_ members: inout [Member]) -> [Check] {
    let suspects = Self.suspects(members)
    let twins = members.indices.flatMap { index in
      tree.zones.filter { zone in
        zone.isMMIO && !members[index].zone.isMMIO && zone.path == members[index].zone.path
          && zone.energy.value != nil
      }.map { (member: index, zone: $0) }
    }
    guard !suspects.isEmpty || !twins.isEmpty else { return [] }
    let extra = twins.compactMap { twin in
      twin.zone.energy.value.map { file in
        Member(
          channel: PowercapSource.channel(twin.zone, twin.zone.folder, facts, environment.root),
          zone: twin.zone, file: file)
      }
    }
    let load = LoadMaker(cpus: suspects.isEmpty ? [] : firstDie(members, suspects))
    let comparison = CounterComparison.run(
      [Self.reader(members + extra)], environment.clock, windows: 20, each: Seconds(0.05))
    load.stop()
    var checks = suspects.map { judge($0, comparison, &members) }
    for (offset, twin) in twins.enumerated() {
      checks.append(
        Self.twinCheck(
          members[twin.member].channel.descriptor, twin.zone,
          comparison.excess(of: members.count + offset, over: twin.member)))
    }
    return checks
  }

  /// Pairs of channels that claim one domain at one level: the same package, as a whole or by its dies.
  static func suspects(_ members: [Member]) -> [(first: Int, second: Int)] {
    var pairs: [(first: Int, second: Int)] = []
    for second in members.indices {
      let zone = members[second].zone
      guard case .package(let package, _) = zone.name else { continue }
      let first = members.indices.first { index in
        if case .package(package, _) = members[index].zone.name { index < second } else { false }
      }
      if let first { pairs.append((first, second)) }
    }
    return pairs
  }

  private func judge(
    _ pair: (first: Int, second: Int), _ comparison: CounterComparison, _ members: inout [Member]
  ) -> Check {
    let (one, other) = (members[pair.first], members[pair.second])
    // The usual tick, not a late one: a busy machine would make everything look alike.
    let ticks = [one, other].compactMap(\.channel.descriptor.updatePeriod)
    let tick = ticks.max() ?? Seconds(0.001)
    let same = comparison.isMirror(pair.first, pair.second, tick: tick)
    // Two entries of one name are one domain; dies of AMD parts are shown twice by some kernels (R6).
    let isPresumed = facts.isAMD || one.zone.nameText == other.zone.nameText
    let name = CheckName.meterMirror(other.channel.descriptor.id)
    let first = one.channel.descriptor.id
    if same ?? isPresumed {
      members[pair.second].channel.descriptor = other.channel.descriptor.mirroring(first)
      return Check(
        name: name, verdict: .fail,
        message: same == nil
          ? "presumed to mirror \(first), for neither moved enough to tell; not added to it"
          : "shows the same counter as \(first) in 95 % of 20 windows; not added to it")
    }
    return Check(
      name: name, verdict: same == nil ? .unknown : .pass,
      message: same == nil
        ? "could not be told apart from \(first) by experiment; counted as a real share"
        : "differs from \(first), so it is a real share of its own")
  }

  static func twinCheck(
    _ descriptor: MeterDescriptor, _ zone: PowercapZone, _ excess: Double?
  ) -> Check {
    let name = CheckName.meterTwin(descriptor.id)
    guard let excess else {
      return Check(
        name: name, verdict: .unknown, message: "\(zone.folder) could not be compared with it")
    }
    let percent = (excess * 1e4).rounded() / 100
    return Check(
      name: name, verdict: abs(excess) <= 0.02 ? .pass : .fail,
      message:
        "\(zone.folder) shows the same hardware and differs by \(percent) % (limit 2 %); it is a check only"
    )
  }

  /// CPUs of the first suspect's die, so that real dies diverge under load; none on a captured machine.
  private func firstDie(_ members: [Member], _ suspects: [(first: Int, second: Int)]) -> [Int] {
    guard environment.root.isLive, let pair = suspects.first else { return [] }
    let zone = members[pair.first].zone
    let allowed = (try? Affinity.allowedCPUs()) ?? []
    return allowed.filter { cpu in
      let folder = "/sys/devices/system/cpu/cpu\(cpu)/topology"
      let package = (try? environment.root.integer("\(folder)/physical_package_id")).flatMap { $0 }
      let die = (try? environment.root.integer("\(folder)/die_id")).flatMap { $0 }
      return package.map(Int.init) == zone.package
        && (zone.die == nil || die.map(Int.init) == zone.die)
    }
  }

  // MARK: One counter

  static func refusal(
    _ descriptor: MeterDescriptor, _ probe: CounterProbe, isLive: Bool = true
  ) -> Reason? {
    if let failure = probe.failure { return failure }
    guard !probe.moves else { return nil }
    let time = (probe.duration.value * 10).rounded() / 10
    if probe.last == 0 {
      return Reason(
        .absent, "\(descriptor.id): the counter reads 0 and stays there, so it is none")
    }
    return Reason(
      .stalled,
      "\(descriptor.id): the counter stood still at \(probe.last ?? 0) for \(time) s"
        + (isLive ? "" : ", as in a capture"))
  }

  static func refined(_ channel: MeterChannel, _ probe: CounterProbe) -> MeterChannel {
    let unit = probe.unit(range: channel.descriptor.wrapRange)
    let microjoules = unit.map {
      $0 * Double(channel.rules.unit.numerator) / Double(channel.rules.unit.denominator)
    }
    var rules = channel.rules
    rules.tick = probe.lateTick
    rules.resolution = max(1, UInt64((unit ?? 1).rounded()))
    if let tick = probe.lateTick { rules.stallAfter = Seconds(max(0.05, 10 * tick.value)) }
    return MeterChannel(
      descriptor: channel.descriptor.probed(resolution: microjoules, period: probe.medianTick),
      rules: rules)
  }

  static func tickCheck(_ descriptor: MeterDescriptor, _ probe: CounterProbe) -> Check {
    guard let median = probe.medianTick, let late = probe.lateTick else {
      return Check(
        name: CheckName.meterTick(descriptor.id), verdict: .unknown,
        message: "the counter moved once only, so how often it does is not known")
    }
    func milliseconds(_ time: Seconds) -> String { "\((time.value * 1e5).rounded() / 100)" }
    return Check(
      name: CheckName.meterTick(descriptor.id), verdict: .pass,
      message:
        "the counter moves every \(milliseconds(median)) ms (95 %: \(milliseconds(late)) ms)")
  }
}

extension MeterDescriptor {
  /// The same channel with what a probe measured.
  func probed(resolution: Double?, period: Seconds?) -> MeterDescriptor {
    copy(resolution: resolution, period: period, mirrorOf: mirrorOf)
  }

  /// The same channel, found to mirror another.
  func mirroring(_ other: MeterID) -> MeterDescriptor {
    copy(resolution: resolution, period: updatePeriod, mirrorOf: other)
  }

  private func copy(resolution: Double?, period: Seconds?, mirrorOf: MeterID?) -> MeterDescriptor {
    MeterDescriptor(
      id: id, source: source, label: label, scope: scope, covers: covers, part: part, kind: kind,
      quantity: quantity, rawUnit: rawUnit, resolution: resolution, updatePeriod: period,
      averagingWindow: averagingWindow, accuracy: accuracy, privilege: privilege,
      wrapRange: wrapRange, mirrorOf: mirrorOf)
  }
}
