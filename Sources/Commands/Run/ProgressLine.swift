internal import Analysis
internal import Benchmarking
internal import Model
internal import Reporting
internal import Synchronization
internal import Text

/// One line on the terminal for the whole run and its present step, drawn again each second whatever goes on; nothing
/// where no person looks.
final class ProgressLine: Sendable {
  private let stream: any TextStream
  private let clock: any MonotonicClock
  /// Seconds that the plan takes, before it has begun.
  private let planned: Seconds?
  private let state: Mutex<State>

  private struct State {
    var headline: [MeterID]
    var isShown = false
    var shown: Shown?
    /// When what is shown was told, and when the line was drawn.
    var since: Instant
    var drawn: Instant?
  }

  private enum Shown {
    case progress(RunProgress)
    case note(String)
  }

  /// Of the meters, the power of the headline scope is shown.
  init(
    _ stream: any TextStream, meters: [MeterDescriptor] = [], clock: any MonotonicClock,
    planned: Seconds? = nil
  ) {
    self.stream = stream
    self.clock = clock
    self.planned = planned
    state = Mutex(State(headline: Self.headline(meters), since: clock.now()))
  }

  /// The meters, once they are open.
  func follow(_ meters: [MeterDescriptor]) {
    state.withLock { $0.headline = Self.headline(meters) }
  }

  private static func headline(_ meters: [MeterDescriptor]) -> [MeterID] {
    ScopeChannels.groups(meters).first?.meters.map(\.id) ?? []
  }

  /// What is measured now.
  func show(_ progress: RunProgress) { tell(.progress(progress)) }

  /// What is done now, where nothing is measured.
  func note(_ text: String) { tell(.note(text)) }

  /// Draws the line again when a second has passed; cheap, and to be called from wherever somebody waits.
  func tick() {
    guard stream.isTerminal else { return }
    let now = clock.now()
    state.withLock { state in
      guard let drawn = state.drawn, now.since(drawn).value >= 1 else { return }
      draw(&state, now)
    }
  }

  /// Clears the line, before other text.
  func clear() {
    state.withLock { state in
      if state.isShown { try? stream.write("\r\u{1b}[K") }
      state.isShown = false
      state.shown = nil
      state.drawn = nil
    }
  }

  private func tell(_ shown: Shown) {
    guard stream.isTerminal else { return }
    let now = clock.now()
    state.withLock { state in
      state.shown = shown
      state.since = now
      draw(&state, now)
    }
  }

  private func draw(_ state: inout State, _ now: Instant) {
    guard let shown = state.shown else { return }
    let waited = now.since(state.since)
    let text =
      switch shown {
      case .progress(let progress): Self.text(progress, after: waited, state.headline)
      case .note(let note): text(note, after: waited)
      }
    state.isShown = true
    state.drawn = now
    let fitting = DisplayText.truncated(text, to: max(10, stream.width - 1))
    try? stream.write("\r\u{1b}[K\(fitting)")
  }

  /// `[........] 2:30 to come  kernel 4 of 9: timing sha256d avx2  0:02`.
  private func text(_ note: String, after waited: Seconds) -> String {
    let time = waited.value >= 1 ? "  \(Self.clock(waited))" : ""
    guard let planned else { return note + time }
    return "\(Self.bar(0)) \(Self.clock(planned)) to come  \(note)\(time)"
  }

  /// `[####....] 5/13  1:52 left  60.34 MH/s  98.20 W  window 2, sha256d avx512-2x16`: what 80 columns may cut comes
  /// last.
  static func text(
    _ progress: RunProgress, after waited: Seconds, _ headline: [MeterID]
  ) -> String {
    var parts: [String] = []
    if let steps = progress.steps { parts.append("\(steps.number)/\(steps.count)") }
    parts.append("\(left(progress, after: waited)) left")
    if let rate = progress.rate { parts.append(RateText.text(rate)) }
    let watts = headline.compactMap { progress.power[$0]?.value }
    if !watts.isEmpty, watts.count == headline.count {
      parts.append(QuantityText.text(watts.reduce(0, +), unit: "W"))
    }
    var phase = progress.phase
    if let series = progress.series {
      if let index = progress.repeatIndex { phase += " \(index + 1)" }
      phase += ", \(series.algorithm) \(series.kernel)"
    }
    parts.append(phase)
    return (progress.fraction.map { bar($0) + " " } ?? "") + parts.joined(separator: "  ")
  }

  private static func bar(_ fraction: Double) -> String {
    let width = 8
    let full = min(width, max(0, Int((fraction * Double(width)).rounded(.down))))
    return "[" + String(repeating: "#", count: full)
      + String(repeating: ".", count: width - full) + "]"
  }

  /// The time until the end; once everything that must be is done, the time that repeats may still take.
  static func left(_ progress: RunProgress, after waited: Seconds = Seconds(0)) -> String {
    func less(_ time: Seconds) -> String { clock(Seconds(max(0, time.value - waited.value))) }
    guard let latest = progress.latest else { return less(progress.remaining) }
    return progress.remaining.value >= 1
      ? "at least \(less(progress.remaining))" : "at most \(less(latest))"
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
