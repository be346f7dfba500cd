package import Arguments
internal import CPUBackend
internal import Kernels
package import Model

/// `hashwatt scan`: finds the nonces of one header that meet a target.
package enum ScanCommand: Subcommand {
  static let algorithm = Option(
    "algorithm", "A", .oneOf(AlgorithmCatalog.all.map(\.id.rawValue)), "The hash function.")
  static let kernel = Option(
    "kernel", "K", "The kernel; 'hashwatt kernels' lists them. Default: portable.")
  static let header = Option("header", "HEX160", "The header: 160 hexadecimal digits.")
  static let target = Option(
    "target", "HEX64", "The target: 64 hexadecimal digits. Default: the header's nBits.")
  static let first = Option("first", "N", "The first nonce. Default: 0.")
  static let count = Option("count", "N", "How many nonces. Default: all up to 2^32.")

  package static let description = CommandDescription(
    name: "scan", summary: "find the nonces of a header that meet a target",
    discussion: """
      Hashes the header with every nonce of a range and prints each nonce whose hash meets the target, one a line, \
      on one thread. The hash is read as a little-endian 256-bit integer and meets the target when it is not greater.

      The header is 80 bytes in the order in which they are hashed; its own nonce (its last four bytes) is ignored. \
      The target is the big-endian integer, as block explorers show it; without it, the header's own nBits field \
      gives the target. Nonces wrap at 2^32.

      Exit code 0 when a nonce was found, 1 when there is none in the range.
      """,
    options: [algorithm, kernel, PluginOption.option, header, target, first, count],
    examples: [
      "hashwatt scan --algorithm sha256d --first 274148000 --count 1000 --header 0100000050120119172a61"
        + "0421a6c3011dd330d9df07b63616c2cc1f1cd00200000000006657a9252aacd5c0b2940996ecff952228c3067cc38d"
        + "4885efb5a4ac4247e9f337221b4d4c86041b0f2b5710"
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    guard let name = arguments[Self.algorithm] else {
      throw ArgumentError("--algorithm is missing", remedy: "see 'hashwatt help scan'")
    }
    let algorithm = try AlgorithmCatalog.descriptor(named: name)
    let kernel = KernelID(rawValue: arguments[Self.kernel] ?? "portable")
    let catalog = try PluginOption.catalog(arguments, context)
    let variant = try catalog.select(kernel, for: algorithm.id, on: .current)
    if let fault = catalog.fault(of: variant) { throw fault }
    let header = try header(arguments)
    let target = try target(arguments, header)
    let first = try arguments.integer(Self.first, in: 0...UInt32.max) ?? 0
    let count =
      try arguments.integer(Self.count, in: 0...UInt64(1) << 32) ?? (1 << 32) - UInt64(first)
    var isFound = false
    let done = try NonceSearch.scan(
      Work(header: header, firstNonce: first, count: count, target: target), with: variant,
      patience: PluginOption.patience(context.environment), isCancelled: context.isInterrupted
    ) { nonce in
      isFound = true
      try context.output.write("\(nonce)\n")
    }
    if done < count {
      try context.notes.write("hashwatt: interrupted after \(done) of \(count) nonces\n")
      return .interrupted
    }
    return isFound ? .done : .no
  }

  private static func header(_ arguments: ParsedArguments) throws -> Header {
    guard let text = arguments[Self.header] else {
      throw ArgumentError("--header is missing", remedy: "give the 80 bytes as 160 hex digits")
    }
    guard let bytes = Hexadecimal.decode(text), let header = Header(bytes: bytes) else {
      throw ArgumentError(
        "--header: \(fault(text, digits: 160))", remedy: "give the 80 bytes as 160 hex digits")
    }
    return header
  }

  private static func target(_ arguments: ParsedArguments, _ header: Header) throws -> Target {
    guard let text = arguments[Self.target] else {
      do throws(CompactTargetFault) { return try Target(compact: header.compactTarget) } catch {
        throw Failure(
          .badInput,
          "the header's nBits 0x\(String(header.compactTarget, radix: 16)) give no target: \(error)",
          remedy: "give --target HEX64")
      }
    }
    guard let bytes = Hexadecimal.decode(text), let target = Target(bigEndian: bytes) else {
      throw ArgumentError(
        "--target: \(fault(text, digits: 64))",
        remedy: "give the big-endian integer as 64 hex digits")
    }
    return target
  }

  /// What is wrong with hexadecimal text.
  private static func fault(_ text: String, digits: Int) -> String {
    let isDigit = { (character: Character) in character.isASCII && character.isHexDigit }
    if let wrong = text.first(where: { !isDigit($0) }) {
      return "'\(wrong)' is not a hexadecimal digit"
    }
    return "\(text.count) digits where \(digits) belong"
  }
}
