internal import LinuxSystem
internal import MeterCore
package import Model
internal import Text

extension MeterSourceID {
  static let csv = MeterSourceID("csv", isOnMachine: false)
}

/// A CSV file that another program appends rows to while the run lasts.
package struct CSVSource: MeterSource {
  package init() {}

  package var id: MeterSourceID { .csv }
  package var summary: String { "a CSV file that grows: time and power_w or energy_j" }
  package var argumentName: String? { "FILE" }

  package func discover(_ request: MeterRequest) -> MeterDiscovery {
    let path = request.argument
    do throws(SystemError) {
      let file = try FileDescriptor.openForReading(path)
      switch CSVReader.open(file, path, request.environment.clock) {
      case .value(let reader): return MeterDiscovery(readers: [reader])
      case .unavailable(let reason): return .none(reason)
      }
    } catch {
      return .none(
        Reason(
          error.errno == .noSuchFile ? .absent : .permission, "csv:\(path): \(error.errno)",
          remedy: "start the meter's logger first"))
    }
  }
}

/// Reads the rows that were added since the last read.
///
/// The header names the columns: `time` (seconds since 1970) and a quantity with its unit. The rows' own times count, so
/// the clock of the machine that writes them must agree with this one's.
final class CSVReader: MeterReader {
  struct Columns: Hashable {
    let time: Int
    let value: Int
    let unit: RawUnit
    let factor: Double
  }

  private struct State: Sendable {
    var offset: Int
    var partial: [UInt8] = []
    var lastTime: Double?
    var line: Int
  }

  let channels: [MeterChannel]
  let pace: ReadingPace
  private let file: FileDescriptor
  private let path: String
  private let columns: Columns
  /// What must be added to a row's time to get the monotonic clock's.
  private let shift: Double
  private let state: Locked<State>

  private init(
    _ file: consuming FileDescriptor, _ path: String, _ columns: Columns, _ period: Seconds,
    _ shift: Double, _ state: State
  ) {
    self.file = file
    self.path = path
    self.columns = columns
    self.shift = shift
    self.state = Locked(state)
    pace = .polled(period: Seconds(max(0.1, min(1, period.value))))
    channels = [
      MeterChannel(
        descriptor: MeterDescriptor(
          id: MeterID(rawValue: "csv:\(path)"), source: .csv, label: path, scope: .wall,
          covers: .machine, part: path,
          kind: columns.unit.isPower ? .measuredSampled : .measuredCounter,
          quantity: columns.unit.isPower ? .averagePower : .energyCounter,
          rawUnit: columns.unit.symbol, resolution: nil, updatePeriod: period,
          accuracy: MeterAccuracy(
            gainBound: nil, source: "not known: the meter was named by the user",
            isAssumed: false), privilege: "none"),
        rules: ChannelRules(
          unit: columns.unit, maximumPower: Watts(50_000), tick: period, gapLimit: period * 3.5))
    ]
  }

  /// Reads the header and what is there already, which tells how often rows come; measuring begins at the file's end.
  static func open(
    _ file: consuming FileDescriptor, _ path: String, _ clock: any MonotonicClock
  ) -> Reading<any MeterReader> {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try file.readToEnd(limit: 1 << 26) } catch {
      return .unavailable(Reason(.failed, "csv:\(path): \(error.errno)"))
    }
    let end = bytes.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    let lines = Self.lines(bytes[..<end])
    guard let header = lines.first, let columns = Self.columns(header) else {
      return .unavailable(
        Reason(
          .malformed, "csv:\(path) has no header with a time and a unit",
          remedy: "begin the file with 'time,power_w' or 'time,energy_j'"))
    }
    var times: [Double] = []
    for line in lines.dropFirst().suffix(100) {
      if let (time, _) = Self.row(line, columns).value { times.append(time) }
    }
    var gaps = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > 0 }
    gaps.sort()
    let period = gaps.isEmpty ? 1 : max(0.01, min(60, gaps[gaps.count / 2]))
    let shift = Double(clock.now().nanoseconds) * 1e-9 - RawMonotonicClock.unixTime()
    return .value(
      CSVReader(
        file, path, columns, Seconds(period), shift,
        State(offset: end, lastTime: times.last, line: lines.count)))
  }

  /// Whole lines, ended by a line feed with or without a carriage return; a byte-order mark at the start is none of them.
  private static func lines(_ bytes: ArraySlice<UInt8>) -> [String] {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes
    return text.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast().map { line in
      String(decoding: line.last == 0x0d ? line.dropLast() : line, as: UTF8.self)
    }
  }

  static func columns(_ header: String) -> Columns? {
    let names = header.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0).trimmed
    }
    guard
      let time = names.firstIndex(where: {
        ["time", "time_s", "unix_time"].contains($0.lowercased())
      }), let value = names.firstIndex(where: { QuantityText.unit(ofColumn: $0) != nil }),
      let (unit, factor) = QuantityText.unit(ofColumn: names[value])
    else { return nil }
    return Columns(time: time, value: value, unit: unit, factor: factor)
  }

  static func row(_ line: String, _ columns: Columns) -> Reading<(Double, UInt64)> {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0).trimmed
    }
    guard fields.count > max(columns.time, columns.value), let time = Double(fields[columns.time]),
      time.isFinite, let value = Double(fields[columns.value])
    else { return .unavailable(Reason(.malformed, "is no row: '\(line.prefix(40))'")) }
    return QuantityText.make(value, columns.unit, columns.factor).map { (time, $0.raw) }
  }

  func read(_ clock: any MonotonicClock) -> [ChannelReading] {
    let now = clock.now()
    return state.withLock { state in
      var fresh: [ChannelReading] = []
      func miss(_ reason: Reason) {
        fresh.append(ChannelReading(channel: 0, instant: now, value: .unavailable(reason)))
      }
      for line in lines(&state) {
        state.line += 1
        let place = "csv:\(path) line \(state.line)"
        switch Self.row(line, columns) {
        case .unavailable(let reason): miss(Reason(reason.code, "\(place) \(reason.message)"))
        case .value(let (time, raw)):
          let seconds = time + shift
          guard seconds > 0, seconds < Double(now.nanoseconds) * 1e-9 + 5 else {
            miss(
              Reason(
                .implausible, "\(place) lies in the future",
                remedy: "set the clock of the machine that writes it"))
            continue
          }
          // A time that runs backwards goes on to the accumulator, which voids the window.
          state.lastTime = time
          fresh.append(
            ChannelReading(
              channel: 0, instant: Instant(nanoseconds: UInt64(seconds * 1e9)),
              value: .value(raw)))
        }
      }
      if fresh.isEmpty { miss(Reason(.lost, "csv:\(path) has no new row")) }
      return fresh
    }
  }

  /// Whole lines that were added.
  private func lines(_ state: inout State) -> [String] {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while let count = try? file.read(into: &buffer, at: state.offset), count > 0 {
      state.offset += count
      state.partial += buffer.prefix(count)
    }
    guard let end = state.partial.lastIndex(of: 0x0a) else { return [] }
    let lines = Self.lines(state.partial[...end])
    state.partial.removeSubrange(...end)
    return lines.filter { !$0.isEmpty }
  }
}
