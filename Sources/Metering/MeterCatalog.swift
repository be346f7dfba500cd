internal import LinuxSystem
internal import MeterCore
package import Model
internal import Text

/// Every source of energy or power that this version knows, in the order in which they are tried.
package enum MeterCatalog {
  package static let all: [any MeterSource] = [
    PowercapSource(),
    PerfSource(),
    HwmonSource(),
    BatterySource(),
    NVMLSource(),
    DCMISource(),
    RedfishSource(),
    ShellySource(),
    TasmotaSource(),
    CgminerSource(),
    AxeOSSource(),
    CSVSource(),
    ExecSource(),
    ManualSource(),
  ]

  /// Powercap first, perf only for what powercap does not give: both read the same registers.
  static func withoutDoubles(_ readers: [any MeterReader]) -> [any MeterReader] {
    let shown = readers.flatMap(\.channels).map(\.descriptor).filter { $0.source == .powercap }
    return readers.compactMap { reader in
      let subset = SubsetReader(reader) { channel in
        channel.source != .perf || !shown.contains { $0.scope == channel.scope }
      }
      return subset.channels.isEmpty
        ? nil : subset.channels.count == reader.channels.count ? reader : subset
    }
  }

  /// The same readers, with the accuracy that their user states.
  ///
  /// - Throws: `Failure` for a statement about a meter that nobody asked for; one that does not answer is excused.
  private static func stating(
    _ accuracies: [StatedAccuracy], _ readers: [any MeterReader], _ unavailable: [UnavailableMeter]
  ) throws(Failure) -> [any MeterReader] {
    let open = readers.flatMap(\.channels).map(\.descriptor.id)
    for stated in accuracies {
      guard
        open.contains(where: stated.concerns)
          || unavailable.contains(where: { Redaction.word(stated.meter).hasPrefix($0.source) })
      else {
        throw Failure(
          .usage, "--meter-accuracy \(Redaction.word(stated.meter)): no such meter is open",
          remedy: open.isEmpty
            ? "name it with --meter too"
            : "use one of \(open.map(\.rawValue).joined(separator: ", "))")
      }
    }
    guard !accuracies.isEmpty else { return readers }
    return readers.map { reader in
      let channels = reader.channels.map { channel in
        var channel = channel
        for stated in accuracies where stated.concerns(channel.descriptor.id) {
          channel.descriptor.accuracy = stated.accuracy
        }
        return channel
      }
      return SubsetReader(reader, channels, keeping: Set(channels.indices))
    }
  }

  /// What opening gave: a session, with no channel when there is no meter, and why the rest is not in it.
  package struct Opened: Sendable {
    package let session: any MeterSession
    package let unavailable: [UnavailableMeter]
  }

  /// Opens the meters that were named, or all that this machine has by itself when none was.
  ///
  /// A selection is a source (`powercap`), a channel of it (`powercap:package-0`), a meter that only its user can name
  /// (`shelly:192.0.2.7`), or `none`. A meter that does not answer is unavailable with its reason and leaves the others
  /// unharmed.
  ///
  /// - Throws: `Failure` for a selection that is no meter's name, or a raw log that cannot be written.
  package static func open(
    selection: [String], environment: MeterEnvironment, options: MeterOptions = MeterOptions(),
    among sources: [any MeterSource] = all
  ) throws -> Opened {
    let choices = try selection.map { try MeterSelection($0, sources) }
    var readers: [any MeterReader] = []
    var checks: [Check] = []
    var unavailable: [UnavailableMeter] = []
    func take(_ source: any MeterSource, _ argument: String, only channel: String?) {
      let found = source.discover(
        MeterRequest(environment: environment, argument: argument, channel: channel))
      let wanted = channel.map { name in
        found.readers.map { SubsetReader($0) { $0.id.rawValue == name } }.filter {
          !$0.channels.isEmpty
        }
      }
      let shown =
        argument.isEmpty ? source.name : Redaction.word("\(source.name):\(argument)")
      if let channel, wanted?.isEmpty == true {
        let names = found.readers.flatMap { $0.channels.map(\.descriptor.id.rawValue) }
        let reason =
          found.unavailable.first
          ?? Reason(
            .absent, "\(source.name) has no channel \(channel)",
            remedy: names.isEmpty ? nil : "use one of \(names.joined(separator: ", "))")
        unavailable.append(UnavailableMeter(source: channel, reason: reason))
        return
      }
      readers += wanted ?? found.readers
      checks += found.checks
      unavailable += found.unavailable.map { UnavailableMeter(source: shown, reason: $0) }
    }
    if choices.isEmpty {
      for source in sources where source.argumentName == nil { take(source, "", only: nil) }
    }
    for choice in choices {
      switch choice {
      case .nothing: break
      case .source(let source): take(source, "", only: nil)
      case .channel(let source, let id): take(source, "", only: id)
      case .named(let source, let argument): take(source, argument, only: nil)
      }
    }
    checks += RAPLCrossCheck.checks(readers, environment)
    if choices.isEmpty { readers = withoutDoubles(readers) }
    readers = try stating(options.accuracies, readers, unavailable)
    checks += ScopeRivals.checks(readers.flatMap(\.channels).map(\.descriptor))
    do {
      let bank = try MeterBank(
        readers: readers, checks: checks, clock: environment.clock,
        watch: DisturbanceWatch.of(environment.root), options: options)
      return Opened(session: bank, unavailable: unavailable)
    } catch {
      throw Failure(
        .unavailable, error.description, remedy: "name a raw log that can be written")
    }
  }
}

/// What one `--meter` asks for.
enum MeterSelection {
  case nothing
  case source(any MeterSource)
  case channel(any MeterSource, String)
  case named(any MeterSource, String)

  init(_ text: String, _ sources: [any MeterSource]) throws {
    if text == "none" {
      self = .nothing
      return
    }
    let colon = text.firstIndex(of: ":")
    let name = colon.map { String(text[..<$0]) } ?? text
    let argument = colon.map { String(text[text.index(after: $0)...]) }
    guard let source = sources.first(where: { $0.name == name }) else {
      let known = sources.map { source in
        source.argumentName.map { "\(source.name):\($0)" } ?? source.name
      }
      throw Failure.unknown(
        "meter", name, place: " in --meter \(text)", among: sources.map(\.name) + ["none"],
        shown: known + ["none"])
    }
    if let wanted = source.argumentName {
      guard let argument, !argument.isEmpty else {
        throw Failure(
          .usage, "--meter \(Redaction.word(text)): \(name) needs its \(wanted)",
          remedy: "write --meter \(name):\(wanted)")
      }
      self = .named(source, argument)
    } else if argument != nil {
      self = .channel(source, text)
    } else {
      self = .source(source)
    }
  }
}
