package import Arguments
package import Model
internal import Records

/// `hashwatt sign`: says who vouches for what no file can prove.
package enum SignCommand: Subcommand {
  static let key = Option(
    "key", "FILE", .file, "The private key, or the public one whose other half is in an agent.")

  package static let description = CommandDescription(
    name: "sign", summary: "sign results with a key of OpenSSH",
    discussion: """
      Writes RESULT.sig beside each result: a signature of its very bytes by 'ssh-keygen -Y sign' in the namespace \
      hashwatt. 'verify' proves the work; a signature says who answers for time, energy and machine.

      'hashwatt verify --allowed-signers FILE RESULT' checks it, and so do table, report and site; the file's form is in \
      ssh-keygen(1). A passphrase is never asked for: add such a key to an agent (ssh-add).
      """,
    options: [key],
    operands: OperandDescription(
      name: "RESULT", minimum: 1, maximum: nil, help: "Files that 'hashwatt run' wrote."),
    examples: ["hashwatt sign results/run.json --key ~/.ssh/id_ed25519"])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    guard let key = arguments[Self.key] else {
      throw ArgumentError("no key to sign with", remedy: "add --key FILE")
    }
    let signatures = try Signatures(context)
    for path in arguments.operands {
      let bytes = try InputFile.read(path)
      // What is no result is not signed as one.
      _ = try ResultFile.decode(bytes, name: path)
      try context.output.write("\(try signatures.sign(bytes, of: path, by: key))\n")
    }
    return .done
  }
}
