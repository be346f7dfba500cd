internal import LinuxSystem

/// Standard output or standard error as a text stream.
struct StandardStream: TextStream {
  private let channel: StandardChannel
  /// Whether a failed write is let go: notes and progress must never end a run.
  private let isBestEffort: Bool
  let width: Int

  init(_ channel: StandardChannel, environment: [String: String], isBestEffort: Bool) {
    self.channel = channel
    self.isBestEffort = isBestEffort
    let fromEnvironment = environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
    self.width = channel.columns ?? fromEnvironment ?? 80
  }

  var isTerminal: Bool { channel.isTerminal }

  func write(_ text: String) throws {
    do {
      try channel.write(Array(text.utf8))
    } catch  where isBestEffort {
      return
    }
  }
}
