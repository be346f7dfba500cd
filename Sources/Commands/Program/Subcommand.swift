package import Arguments
package import Model

/// One subcommand; one file each, one line in `CommandCatalog.all`.
package protocol Subcommand: SendableMetatype {
  static var description: CommandDescription { get }
  /// Does the work; output and errors go through the context. Throws `UserFacingError`s.
  ///
  /// - Returns: the exit code; `.no` when the answer is no.
  static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws -> ExitCode
}

/// What a command may touch of the world around it.
package struct CommandContext: Sendable {
  /// Standard output: the command's product.
  package let output: any TextStream
  /// Standard error: progress and notes.
  package let notes: any TextStream
  /// Environment variables, each listed in `Documentation/EnvironmentVariables.md`.
  package let environment: [String: String]
  /// True once the user pressed Ctrl-C (or SIGTERM came).
  package let isInterrupted: @Sendable () -> Bool
  /// The file of this program, where it may be started again as a worker; nil inside of another program.
  package let executable: String?

  package init(
    output: any TextStream, notes: any TextStream, environment: [String: String],
    executable: String? = nil, isInterrupted: @escaping @Sendable () -> Bool
  ) {
    self.output = output
    self.notes = notes
    self.environment = environment
    self.executable = executable
    self.isInterrupted = isInterrupted
  }
}

/// Somewhere that text goes.
package protocol TextStream: Sendable {
  /// Writes text as it is; a closed pipe or a full disk throws.
  func write(_ text: String) throws
  /// Whether a person looks at it.
  var isTerminal: Bool { get }
  /// Columns of the terminal; 80 where there is none.
  var width: Int { get }
}
