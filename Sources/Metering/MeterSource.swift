package import LinuxSystem
package import MeterCore
package import Model

/// One member of the catalogue: a kind of meter that a machine may have.
package protocol MeterSource: Sendable {
  /// What its channels are opened by; its raw value is the word that selects it: `powercap`, `shelly`.
  var id: MeterSourceID { get }
  /// One line for help and documents.
  var summary: String { get }
  /// What must follow the name (`HOST`, `FILE`), when only the user can name the meter; nil for sources that are
  /// looked for on the machine.
  var argumentName: String? { get }
  /// Looks for the meter and opens what it finds.
  ///
  /// Never throws: absence is an answer.
  func discover(_ request: MeterRequest) -> MeterDiscovery
}

extension MeterSource {
  /// The word that selects it.
  package var name: String { id.rawValue }
}

/// What a source may touch of the world.
package struct MeterEnvironment: Sendable {
  package var root: SystemRoot
  package var clock: any MonotonicClock
  /// Environment variables: `PATH`, and those that hold credentials.
  package var variables: [String: String]
  /// How much is tried out while opening.
  package var probing: Probing

  /// How much of a meter is tried out before it is trusted.
  package enum Probing: Hashable, Sendable {
    /// Ticks, mirrors and cross-checks: up to some seconds.
    case full
    /// Whether it can be read, and no more.
    case none
  }

  package init(
    root: SystemRoot, clock: any MonotonicClock, variables: [String: String] = [:],
    probing: Probing = .full
  ) {
    self.root = root
    self.clock = clock
    self.variables = variables
    self.probing = probing
  }
}

/// One question to a source.
package struct MeterRequest: Sendable {
  package let environment: MeterEnvironment
  /// What the user wrote after `name:`, when the source takes an argument.
  package let argument: String
  /// The one channel that the user named; nil for all that the source gives by itself.
  package let channel: String?

  package init(environment: MeterEnvironment, argument: String = "", channel: String? = nil) {
    self.environment = environment
    self.argument = argument
    self.channel = channel
  }
}

/// What a source found.
package struct MeterDiscovery: Sendable {
  package var readers: [any MeterReader]
  /// Why it, or a part of it, cannot be used.
  package var unavailable: [Reason]
  package var checks: [Check]

  package init(
    readers: [any MeterReader] = [], unavailable: [Reason] = [], checks: [Check] = []
  ) {
    self.readers = readers
    self.unavailable = unavailable
    self.checks = checks
  }

  package static func none(_ reason: Reason) -> MeterDiscovery {
    MeterDiscovery(unavailable: [reason])
  }
}

/// When a reader is read.
package enum ReadingPace: Hashable, Sendable {
  /// On the thread that takes the snapshot, and by the guard at least this often.
  case inline(guardPeriod: Seconds)
  /// On a thread of its own, this often, because a read may take long or hang.
  case polled(period: Seconds)

  package var isInline: Bool { guardPeriod != nil }

  /// How often the guard must read it; nil for a polled one.
  package var guardPeriod: Seconds? {
    if case .inline(let period) = self { period } else { nil }
  }
}

/// What one read gave for one channel.
package struct ChannelReading: Hashable, Sendable {
  /// Index into the reader's channels.
  package let channel: Int
  package let instant: Instant
  /// Half of the time that the answer took: it was true within so much of the instant.
  package let lag: Seconds
  /// In the descriptor's raw unit.
  package let value: Reading<UInt64>

  package init(
    channel: Int, instant: Instant, lag: Seconds = Seconds(0), value: Reading<UInt64>
  ) {
    self.channel = channel
    self.instant = instant
    self.lag = lag
    self.value = value
  }

  /// An answer to a question that was asked at `began` and answered at `ended`: true at some moment between the two.
  package init(
    channel: Int, asked began: Instant, answered ended: Instant, value: Reading<UInt64>
  ) {
    self.init(
      channel: channel, instant: Instant.midpoint(began, ended),
      lag: Seconds(ended.since(began).value / 2), value: value)
  }
}

extension MeterChannel {
  /// Why a value that was just read is no measurement, or nil: the run's own limits, and an exact 0.
  ///
  /// What draws nothing does not run, so an exact 0 is what a driver without a sensor shows.
  func refusal(of raw: UInt64) -> Reason? {
    if raw == 0 {
      return Reason(
        .implausible,
        "\(descriptor.id) reads exactly 0, and what runs draws more: it measures nothing now")
    }
    guard rules.unit.isPower else { return nil }
    return rules.powerRefusal(raw).map { Reason($0.code, "\(descriptor.id): \($0.message)") }
  }
}

/// Channels that are read together, opened and ready.
///
/// Only one thread reads at a time.
package protocol MeterReader: Sendable {
  var channels: [MeterChannel] { get }
  var pace: ReadingPace { get }
  /// Reads every channel; several readings for one channel are in the order of time.
  func read(_ clock: any MonotonicClock) -> [ChannelReading]
}
