internal import Analysis
internal import Benchmarking
internal import Model
internal import Reporting
internal import Synchronization
internal import Text

/// One line on the terminal that is written over once a second; nothing where no person looks.
final class ProgressLine: Sendable {
  private let stream: any TextStream
  private let headline: [MeterID]
  private let isShown = Mutex(false)

  /// Of the meters, the power of the headline scope is shown.
  init(_ stream: any TextStream, meters: [MeterDescriptor]) {
    self.stream = stream
    headline = ScopeChannels.groups(meters).first?.meters.map(\.id) ?? []
  }

  func show(_ progress: RunProgress) {
    var parts = [progress.phase]
    if let series = progress.series {
      parts = ["\(series.algorithm) \(series.kernel)", progress.phase]
      if let index = progress.repeatIndex { parts[1] += " \(index + 1)" }
    }
    if let rate = progress.rate { parts.append(RateText.text(rate)) }
    let watts = headline.compactMap { progress.power[$0]?.value }
    if !watts.isEmpty, watts.count == headline.count {
      parts.append(QuantityText.text(watts.reduce(0, +), unit: "W"))
    }
    note("\(Self.left(progress)) left  " + parts.joined(separator: "  "))
  }

  /// The time until the end; once everything that must be is done, the time that repeats may still take.
  static func left(_ progress: RunProgress) -> String {
    guard let latest = progress.latest else { return clock(progress.remaining) }
    return progress.remaining.value >= 1
      ? "at least \(clock(progress.remaining))" : "at most \(clock(latest))"
  }

  /// Puts a text in the line.
  func note(_ text: String) {
    guard stream.isTerminal else { return }
    isShown.withLock { $0 = true }
    let fitting = DisplayText.truncated(text, to: max(10, stream.width - 1))
    try? stream.write("\r\u{1b}[K\(fitting)")
  }

  /// Clears the line, before other text.
  func clear() {
    let wasShown = isShown.withLock { shown in
      defer { shown = false }
      return shown
    }
    if wasShown { try? stream.write("\r\u{1b}[K") }
  }

  static func clock(_ time: Seconds) -> String {
    let seconds = Int(time.value.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let minutes = "\(seconds / 60 % 60)"
    return seconds >= 3600
      ? "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
      : "\(minutes):\(two(seconds % 60))"
  }
}
