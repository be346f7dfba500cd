internal import Arguments
internal import Detection
internal import LinuxSystem
internal import Model

/// The present machine, or what captures of another one say.
struct Captures {
  private let sources: DetectionSources

  init(_ arguments: ParsedArguments) {
    sources = DetectionSources(
      sysroot: arguments[SysrootOption.option], hwlocXML: arguments[DetectCommand.hwlocXML],
      pciDump: arguments[DetectCommand.pciDump])
  }

  /// Those that the options name, each read in a child process first.
  ///
  /// - Throws: bad input for a capture that crashes the libraries or takes too long; `Interrupted`.
  static func tried(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> Captures {
    let captures = Captures(arguments)
    // Without /proc nobody knows what to start for the trial; nearly every capture is harmless.
    if !captures.sources.isLive, let executable = try? ChildProcess.ownExecutable() {
      try CaptureTrial(executable: executable, isCancelled: context.isInterrupted)
        .check(captures.sources)
    }
    return captures
  }

  /// What the machine is, with what this program's kernels can compute on its devices.
  func report(_ context: CommandContext) throws -> DetectionReport {
    try Composition(
      root: .live, environment: context.environment, executable: context.executable
    ).detection(sources)
  }

  /// Writes what was read into a new folder, without anything personal.
  ///
  /// - Returns: what could not be captured.
  func write(to folder: String) throws -> [Reason] {
    try MachineCapture(sources, to: folder).write()
  }
}
