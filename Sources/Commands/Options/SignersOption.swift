internal import Arguments
internal import Model

/// `--allowed-signers`, which several commands have.
enum SignersOption {
  static let option = Option(
    "allowed-signers", "FILE", .file,
    "Check each result's signature by this file of keys (ssh-keygen(1), ALLOWED SIGNERS).")

  static func signatures(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws(Failure) -> Signatures { try Signatures(context, allowed: arguments[option]) }
}
