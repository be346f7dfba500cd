package import Model
internal import Statistics

/// What the budget of one scope is made from: the windows of one series, pooled.
package struct BudgetInput: Hashable, Sendable {
  /// Per window: work, joules of the whole scope, seconds, snapshot skew in seconds (the larger edge).
  package var work: [Double]
  package var joules: [Double]
  package var seconds: [Double]
  package var skews: [Double]
  package var workers: Int
  /// Units of work in flight at either edge: those of one call of the kernel.
  package var batch: Double
  /// How late the workers' own instants may be, where they have some; then nothing is in flight.
  package var poll: Seconds?
  /// How many shares prove the work; nil for work that was counted.
  package var shares: Int?
  /// The channels summed, each with its joules over all windows.
  package var channels: [Channel]

  package struct Channel: Hashable, Sendable {
    package var descriptor: MeterDescriptor
    package var joules: Double
    /// Half of the longest time that an answer took.
    package var lag: Seconds

    package init(descriptor: MeterDescriptor, joules: Double, lag: Seconds = Seconds(0)) {
      self.descriptor = descriptor
      self.joules = joules
      self.lag = lag
    }
  }

  package init(
    work: [Double], joules: [Double], seconds: [Double], skews: [Double], workers: Int,
    batch: Double, poll: Seconds? = nil, shares: Int? = nil, channels: [Channel]
  ) {
    self.work = work
    self.joules = joules
    self.seconds = seconds
    self.skews = skews
    self.workers = workers
    self.batch = batch
    self.poll = poll
    self.shares = shares
    self.channels = channels
  }
}

/// The uncertainty of work per joule by term (power.md 2.6), after the GUM (JCGM 100:2008).
package struct UncertaintyBudget: Hashable, Sendable {
  /// Relative standard uncertainties, in the order of power.md 2.6.
  ///
  /// A term that is not known is absent, and then there is no `total`.
  package let terms: [UncertaintyTerm]
  /// All but gain and offset: for comparing runs on the same sensor; nil for one window.
  package let repeatability: ExpandedUncertainty?
  /// All terms: for comparing machines; nil when a term is not known.
  package let total: ExpandedUncertainty?

  /// Names of the terms that a stated accuracy brings, which repetition never removes.
  package static let systematicTerms: Set<UncertaintyTerm.Name> = [.gain, .offset]

  /// The budget of pooled windows.
  ///
  /// The random terms of one window shrink with the root of the number of windows; gain and offset do not.
  package init(_ input: BudgetInput) {
    let windows = Double(input.work.count)
    let work = input.work.reduce(0, +)
    let joules = input.joules.reduce(0, +)
    let seconds = input.seconds.reduce(0, +)
    let ratio = RatioEstimate(numerators: input.work, denominators: input.joules)
    var terms: [UncertaintyTerm] = []
    func add(_ name: UncertaintyTerm.Name, _ relative: Double?, degreesOfFreedom: Double? = nil) {
      guard let relative, relative.isFinite else { return }
      terms.append(
        UncertaintyTerm(name: name, relative: relative, degreesOfFreedom: degreesOfFreedom))
    }
    add(
      .repeats, ratio.flatMap { ratio in ratio.standardError.map { $0 / abs(ratio.value) } },
      degreesOfFreedom: windows - 1)
    // With instants of their own the workers' progress is exact but for how late it was looked at.
    add(
      .inFlight,
      input.poll == nil
        ? input.batch * (Double(input.workers) * windows / 6).squareRoot() / work : 0)
    add(.poll, input.poll.map { $0.value * (windows / 6).squareRoot() / seconds })
    add(.shareCount, input.shares.map { 1 / Double(max(1, $0)).squareRoot() })
    let skew = (input.skews.reduce(0) { $0 + $1 * $1 }).squareRoot()
    add(.skew, skew / (3.0.squareRoot() * seconds))
    add(.resolution, Self.resolution(input.channels, joules, seconds, windows))
    add(.tick, Self.tick(input.channels, seconds, windows))
    add(.gain, Self.gain(input.channels, joules))
    add(.offset, Self.offset(input.channels, joules, seconds))
    self.terms = terms
    let known = Set(terms.map(\.name))
    repeatability =
      known.contains(.repeats)
      ? Self.expand(terms.filter { !Self.systematicTerms.contains($0.name) }) : nil
    let needed: Set<UncertaintyTerm.Name> = [
      .repeats, .inFlight, .skew, .resolution, .tick, .gain,
    ]
    total = known.isSuperset(of: needed) ? Self.expand(terms) : nil
  }

  /// Terms combined in squares and expanded to 95 % by Welch and Satterthwaite's degrees of freedom.
  ///
  /// The spread of repeats holds the counting noise of shares already: of the two only the greater one counts.
  package static func expand(_ terms: [UncertaintyTerm]) -> ExpandedUncertainty {
    let repeats = terms.first { $0.name == .repeats }?.relative ?? 0
    let counting = terms.first { $0.name == .shareCount }?.relative ?? 0
    let less: UncertaintyTerm.Name = counting > repeats ? .repeats : .shareCount
    let combined = CombinedUncertainty(
      terms.filter { $0.name != less }.map { ($0.relative, $0.degreesOfFreedom) })
    let factor = combined.coverageFactor()
    return ExpandedUncertainty(
      relative: factor * combined.standard, standard: combined.standard, coverageFactor: factor,
      degreesOfFreedom: combined.degreesOfFreedom)
  }

  /// Both edges of a counter are rounded to a step q: `q / (sqrt(6) E)`; power readings to a step of watts:
  /// `q / (sqrt(12) P)`, which averaging is not trusted to remove.
  private static func resolution(
    _ channels: [BudgetInput.Channel], _ joules: Double, _ seconds: Double, _ windows: Double
  ) -> Double? {
    var square = 0.0
    for channel in channels {
      guard let step = channel.descriptor.resolution else { return nil }
      let stepJoules = step * 1e-6
      let error =
        channel.descriptor.quantity == .energyCounter
        ? stepJoules * (windows / 6).squareRoot() : stepJoules * seconds / 12.0.squareRoot()
      square += error * error
    }
    return square.squareRoot() / joules
  }

  /// A value is up to one update period old at either edge, or as far from its instant as half of its answer took:
  /// `T_u / (sqrt(6) T)`.
  private static func tick(
    _ channels: [BudgetInput.Channel], _ seconds: Double, _ windows: Double
  ) -> Double? {
    var longest = 0.0
    for channel in channels {
      guard let period = channel.descriptor.updatePeriod else { return nil }
      let averaging = channel.descriptor.averagingWindow?.value ?? 0
      longest = max(longest, period.value, averaging, 2 * channel.lag.value)
    }
    return longest * (windows / 6).squareRoot() / seconds
  }

  /// The stated bound read as a rectangular distribution, `a / sqrt(3)`.
  ///
  /// Channels of one make err together, so their bounds add with their share of the energy.
  private static func gain(_ channels: [BudgetInput.Channel], _ joules: Double) -> Double? {
    var bound = 0.0
    for channel in channels {
      guard let gain = channel.descriptor.accuracy.gainBound else { return nil }
      bound += gain * channel.joules
    }
    return bound / joules / 3.0.squareRoot()
  }

  /// A constant error in watts, `w / (sqrt(3) P)`; absent when no channel states one.
  private static func offset(
    _ channels: [BudgetInput.Channel], _ joules: Double, _ seconds: Double
  ) -> Double? {
    let bounds = channels.compactMap { $0.descriptor.accuracy.offsetBound?.value }
    guard !bounds.isEmpty else { return nil }
    return bounds.reduce(0, +) * seconds / joules / 3.0.squareRoot()
  }
}
