package import Arguments
package import Model

/// `hashwatt scan`: finds the nonces of some work that meet a target.
package enum ScanCommand: Subcommand {
  static let algorithm = Option(
    "algorithm", "A", .oneOf(Composition.algorithms.map(\.rawValue)), "The hash function.",
    remedies: CoinWords.remedies(Composition.algorithms))
  static let kernel = Option(
    "kernel", "K",
    "The kernel; 'hashwatt kernels' lists them. Default: portable; of randomx librandomx-light-jit, of etchash swift."
  )
  static let work = Option(
    "work", "HEX", "The work: two hexadecimal digits for each of the algorithm's bytes.")
  static let key = Option(
    "key", "HEX", "What an algorithm with a prepared state is prepared for; others take none.")
  static let target = Option(
    "target", "HEX64", "The target: 64 hexadecimal digits. Default: a block header's own nBits.")
  static let first = Option("first", "N", "The first nonce. Default: 0.")
  static let count = Option("count", "N", "How many nonces. Default: all up to 2^32.")

  package static let description = CommandDescription(
    name: "scan", summary: "find the nonces of some work that meet a target",
    discussion: """
      Works on the bytes with every nonce of a range and prints each nonce that meets the target, one a line, on one \
      thread; behind it the proof's payload in hexadecimal, for algorithms that have one. The value of an attempt is \
      read as a little-endian 256-bit integer and meets the target when it is not greater.

      The work of sha256d, scrypt-1024-1-1 and keccak256 is a block header, 80 bytes in the order in which they are \
      hashed; what is at the place of the nonce (a header's last four bytes) is ignored. That of randomx is a hashing blob \
      of 76 bytes with the nonce at byte 39, and wants a --key of 32 bytes. That of etchash is the hash of a header without \
      mix and nonce, then the nonce's eight bytes, least significant first, of which the first four are scanned, and wants \
      an --epoch. The target is the big-endian \
      integer, as block explorers show it; without it, a header's own nBits field gives the target. Nonces wrap at \
      2^32.

      Exit code 0 when a nonce was found, 1 when there is none in the range.
      """,
    options: [
      algorithm, kernel, PluginOption.option, work, key, EpochOption.option, target, first, count,
    ],
    examples: [
      "hashwatt scan --algorithm sha256d --first 274148000 --count 1000 --work 0100000050120119172a61"
        + "0421a6c3011dd330d9df07b63616c2cc1f1cd00200000000006657a9252aacd5c0b2940996ecff952228c3067cc38d"
        + "4885efb5a4ac4247e9f337221b4d4c86041b0f2b5710"
    ])

  package static func run(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws -> ExitCode {
    guard let name = arguments[Self.algorithm] else {
      throw ArgumentError("--algorithm is missing", remedy: "see 'hashwatt help scan'")
    }
    let scan = try Composition.scan(
      name, arguments[Self.kernel], arguments, context)
    let input = try input(arguments, scan.shape)
    let key = try key(arguments, scan)
    let target = try target(arguments, scan.shape, input)
    let first = try arguments.integer(Self.first, in: 0...UInt32.max) ?? 0
    let count =
      try arguments.integer(Self.count, in: 0...UInt64(1) << 32) ?? (1 << 32) - UInt64(first)
    var isFound = false
    let done = try scan.search(
      Work(input: input, firstNonce: first, count: count, target: target), key: key,
      isCancelled: context.isInterrupted
    ) { nonce, payload in
      isFound = true
      let proof = payload.isEmpty ? "" : " " + Hexadecimal.encode(payload)
      try context.output.write("\(nonce)\(proof)\n")
    }
    if done < count {
      try context.notes.write("hashwatt: interrupted after \(done) of \(count) nonces\n")
      return .interrupted
    }
    return isFound ? .done : .no
  }

  private static func input(
    _ arguments: ParsedArguments, _ shape: WorkShape
  ) throws -> WorkInput {
    let remedy = "give the \(shape.size) bytes as \(2 * shape.size) hex digits"
    guard let text = arguments[Self.work] else {
      throw ArgumentError("--work is missing", remedy: remedy)
    }
    guard let bytes = Hexadecimal.decode(text), let input = WorkInput(bytes: bytes, shape) else {
      throw ArgumentError("--work: \(fault(text, digits: 2 * shape.size))", remedy: remedy)
    }
    return input
  }

  private static func key(
    _ arguments: ParsedArguments, _ scan: KernelScan
  ) throws -> [UInt8] {
    let text = arguments[Self.key]
    let epoch = try EpochOption.read(arguments)
    guard epoch == nil || scan.shape.preparation == .epoch else {
      throw ArgumentError("--epoch: \(scan.algorithm) has none", remedy: "leave it out")
    }
    guard case .keyed(let size, _, _) = scan.shape.preparation else {
      guard text == nil else {
        throw ArgumentError("--key: \(scan.algorithm) takes none", remedy: "leave it out")
      }
      guard scan.shape.preparation == .epoch else { return [] }
      guard let epoch else {
        throw ArgumentError("--epoch is missing", remedy: EpochOption.remedy)
      }
      return epoch.littleEndianBytes
    }
    guard let text, let key = Hexadecimal.decode(text), key.count == size else {
      throw ArgumentError(
        text.map { "--key: \(fault($0, digits: 2 * size))" } ?? "--key is missing",
        remedy: "give the \(size) bytes as \(2 * size) hex digits")
    }
    return key
  }

  private static func target(
    _ arguments: ParsedArguments, _ shape: WorkShape, _ input: WorkInput
  ) throws -> Target {
    guard let text = arguments[Self.target] else {
      guard let word = input.compactTarget(shape) else {
        throw ArgumentError(
          "--target is missing, and this work has no target of its own",
          remedy: "give the big-endian integer as 64 hex digits")
      }
      do throws(CompactTargetFault) { return try Target(compact: word) } catch {
        throw Failure(
          .badInput,
          "the header's nBits 0x\(String(word, radix: 16)) give no target: \(error)",
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
