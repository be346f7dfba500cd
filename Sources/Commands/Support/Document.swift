internal import LinuxSystem
internal import Model
internal import Reporting

/// Where a command's text goes: standard output, or a file that appears whole or not at all.
enum Document {
  /// Writes to `--output FILE` when it was given.
  static func write(_ text: String, to path: String?, _ context: CommandContext) throws {
    guard let path else { return try context.output.write(text) }
    do {
      try AtomicFile.write(Array(text.utf8), to: path)
    } catch {
      throw Failure(
        .unavailable, "\(path): not written: \(error.errno); what was there is untouched",
        remedy: "make room or choose another place")
    }
  }

  /// How text may look: colours and width of the terminal, neither in a file.
  static func style(_ path: String?, _ context: CommandContext) -> TextStyle {
    guard path == nil else { return .plain() }
    return .terminal(
      isTerminal: context.output.isTerminal, width: context.output.width,
      environment: context.environment)
  }
}
