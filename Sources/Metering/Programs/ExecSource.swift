internal import LinuxSystem
internal import MeterCore
package import Model
internal import Synchronization
internal import Text

extension MeterSourceID {
  static let exec = MeterSourceID("exec", isOnMachine: false)
}

/// A command of the user's that prints one reading with its unit each time it is run.
package struct ExecSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .exec }
  package var summary: String {
    "a command that prints a reading, such as '65.2 W' or '1200 J'"
  }
  package var argumentName: String? { "CMD" }

  /// A command that takes longer is killed, with all that it started.
  static let timeout = Seconds(5)

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let variables = request.environment.variables
    let command = request.argument
    // The line may hold a token, and what is called by it goes into files that are published.
    let shown = Redaction.command(command)
    switch Self.ask(command, variables) {
    case .unavailable(let reason): return .none(reason)
    case .value(let first):
      return MeterDiscovery(readers: [
        PrintedReader(source: id, name: shown, unit: first.unit) {
          Self.ask(command, variables)
        }
      ])
    }
  }

  private static func ask(_ command: String, _ variables: [String: String]) -> Reading<QuantityText>
  {
    let shown = Redaction.command(command)
    let outcome: ChildProcess.Outcome
    do throws(SystemError) {
      outcome = try ChildProcess.run(
        "/bin/sh", ["-c", command], environment: variables, limit: timeout)
    } catch {
      return .unavailable(Reason(.failed, "exec:\(shown): \(error)"))
    }
    switch outcome.ending {
    case .exited(0): break
    case .timedOut:
      return .unavailable(
        Reason(.failed, "exec:\(shown) took more than \(Int(timeout.value)) s and was ended"))
    default: return .unavailable(Reason(.failed, "exec:\(shown) \(outcome.ending.words)"))
    }
    let lines = outcome.output.split(whereSeparator: \.isNewline)
    guard let last = lines.last(where: { !String($0).trimmed.isEmpty }) else {
      return .unavailable(Reason(.malformed, "exec:\(shown) printed nothing"))
    }
    switch QuantityText.parse(String(last)) {
    case .value(let quantity): return .value(quantity)
    case .unavailable(let reason):
      return .unavailable(
        Reason(reason.code, "exec:\(shown): \(reason.message)", remedy: reason.remedy))
    }
  }
}

/// One channel whose readings are texts with a unit that must stay the same.
struct PrintedReader: MeterReader {
  let channels: [MeterChannel]
  let pace: ReadingPace
  private let unit: RawUnit
  private let name: String
  private let ask: @Sendable () -> Reading<QuantityText>

  init(
    source: MeterSourceID, name: String, unit: RawUnit, period: Seconds = Seconds(1),
    ask: @escaping @Sendable () -> Reading<QuantityText>
  ) {
    self.unit = unit
    self.name = "\(source):\(name)"
    self.ask = ask
    pace = .polled(period: period)
    channels = [
      MeterChannel(
        descriptor: MeterDescriptor(
          id: MeterID(rawValue: "\(source):\(name)"), source: source, label: name, scope: .wall,
          covers: .machine, part: name, kind: unit.isPower ? .measuredSampled : .measuredCounter,
          quantity: unit.isPower ? .averagePower : .energyCounter, rawUnit: unit.symbol,
          resolution: nil, updatePeriod: period,
          accuracy: MeterAccuracy(
            gainBound: nil, source: "not known: the meter was named by the user",
            isAssumed: false), privilege: "none"),
        rules: ChannelRules(
          unit: unit, maximumPower: Watts(50_000), tick: period, gapLimit: period * 3.5))
    ]
  }

  func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    let began = clock.now()
    let answer = ask()
    let ended = clock.now()
    let value = answer.flatMap { quantity -> Reading<UInt64> in
      quantity.unit == unit
        ? .value(quantity.raw)
        : .unavailable(
          Reason(.malformed, "\(name) changed from \(unit.symbol) to \(quantity.unit.symbol)"))
    }
    return [ChannelReading(channel: 0, asked: began, answered: ended, value: value)]
  }
}
