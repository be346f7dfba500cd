internal import LinuxSystem
internal import Model

/// Tries the zones out before they are trusted: whether they move, how often, by what unit, and which are mirrors.
struct PowercapProbe {
  let environment: MeterEnvironment
  let facts: ProcessorFacts
  let tree: PowercapTree

  typealias Member = (channel: MeterChannel, file: AttributeFile)

  func examine(_ members: [Member], _ discovery: MeterDiscovery) -> MeterDiscovery {
    var discovery = discovery
    var members = members
    if environment.probing == .full {
      let probes = CounterProbe.watch(PowercapReader(members), environment.clock)
      var kept: [Member] = []
      for (member, probe) in zip(members, probes) {
        if let reason = Self.refusal(member.channel.descriptor, probe) {
          discovery.unavailable.append(reason)
        } else {
          kept.append((Self.refined(member.channel, probe), member.file))
          discovery.checks.append(Self.tickCheck(member.channel.descriptor, probe))
        }
      }
      members = kept
    }
    if !members.isEmpty { discovery.readers = [PowercapReader(members)] }
    return discovery
  }

  static func refusal(_ descriptor: MeterDescriptor, _ probe: CounterProbe) -> Reason? {
    if let failure = probe.failure { return failure }
    guard !probe.moves else { return nil }
    let time = (probe.duration.value * 10).rounded() / 10
    if probe.last == 0 {
      return Reason(.absent, "\(descriptor.id): the counter reads 0 and stays there, so it is none")
    }
    return Reason(
      .stalled,
      "\(descriptor.id): the counter stood still at \(probe.last ?? 0) for \(time) s")
  }

  static func refined(_ channel: MeterChannel, _ probe: CounterProbe) -> MeterChannel {
    let old = channel.descriptor
    let unit = probe.unit(range: old.wrapRange)
    var rules = channel.rules
    rules.tick = probe.lateTick
    rules.resolution = max(1, UInt64((unit ?? 1).rounded()))
    if let tick = probe.lateTick { rules.stallAfter = Seconds(max(0.05, 10 * tick.value)) }
    return MeterChannel(
      descriptor: MeterDescriptor(
        id: old.id, source: old.source, label: old.label, scope: old.scope, part: old.part,
        kind: old.kind, quantity: old.quantity, rawUnit: old.rawUnit, resolution: unit,
        updatePeriod: probe.medianTick, accuracy: old.accuracy, privilege: old.privilege,
        wrapRange: old.wrapRange, mirrorOf: old.mirrorOf),
      rules: rules)
  }

  static func tickCheck(_ descriptor: MeterDescriptor, _ probe: CounterProbe) -> Check {
    guard let median = probe.medianTick, let late = probe.lateTick else {
      return Check(
        name: "meter-tick:\(descriptor.id)", verdict: .unknown,
        message: "the counter moved once only, so how often it does is not known")
    }
    func milliseconds(_ time: Seconds) -> String { "\((time.value * 1e5).rounded() / 100)" }
    return Check(
      name: "meter-tick:\(descriptor.id)", verdict: .pass,
      message:
        "the counter moves every \(milliseconds(median)) ms (95 %: \(milliseconds(late)) ms)")
  }
}
