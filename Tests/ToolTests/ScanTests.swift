import Testing

/// `hashwatt kernels` and `hashwatt scan`, as the built program.
struct ScanTests {
  /// Bitcoin block 100000.
  static let header =
    "0100000050120119172a610421a6c3011dd330d9df07b63616c2cc1f1cd00200000000006657a9252aacd5c0b2940996"
    + "ecff952228c3067cc38d4885efb5a4ac4247e9f337221b4d4c86041b0f2b5710"

  private func scan(_ words: String...) throws -> Tool.Outcome {
    try Tool.run(["scan", "--algorithm", "sha256d", "--work", Self.header] + words)
  }

  @Test("the real nonce of block 100000 is found, by each kind of kernel")
  func realNonce() throws {
    for kernel in ["portable", "swift", "openssl"] {
      let outcome = try scan("--kernel", kernel, "--first", "274148000", "--count", "1000")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output == "274148111\n")
      #expect(outcome.errors.isEmpty)
    }
  }

  @Test("no nonce in the range: nothing printed, the answer is no")
  func noNonce() throws {
    let outcome = try scan("--first", "274148112", "--count", "1000")
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.isEmpty)
  }

  @Test("an empty range has no nonce")
  func emptyRange() throws {
    #expect(try scan("--first", "274148111", "--count", "0").status == 1)
  }

  @Test(
    "wrong values are one line and exit 2",
    arguments: [
      (["--algorithm", "sha256"], "'sha256d'"),
      (["--algorithm", "sha256d", "--work", "0102"], "--work"),
      (["--algorithm", "sha256d", "--work", String(repeating: "zz", count: 80)], "--work"),
      (["--algorithm", "sha256d"], "--work"),
      (["--work", header], "--algorithm"),
      (["--algorithm", "sha256d", "--work", header, "--target", "ff"], "--target"),
      (["--algorithm", "sha256d", "--work", header, "--first", "4294967296"], "--first"),
      (["--algorithm", "sha256d", "--work", header, "--first", "-1"], "--first"),
      (["--algorithm", "sha256d", "--work", header, "--count", "many"], "--count"),
      (["--algorithm", "sha256d", "--work", header, "--kernel", "protable"], "'portable'"),
      (["--algorithm", "sha256d", "--work", header, "--cuont", "1"], "'--count'"),
    ])
  func wrongValues(words: [String], part: String) throws {
    expectOneLine(try Tool.run(["scan"] + words), code: 2, naming: [part])
  }

  @Test("a kernel that this CPU cannot run is refused with the reason, exit 3")
  func unsupportedKernel() throws {
    // No CPU runs kernels of both architectures.
    #if arch(x86_64)
      let other = "neon"
    #else
      let other = "avx2"
    #endif
    let listed = try Tool.run(["kernels"]).output
    let word = listed.split { $0.isWhitespace }.first { $0.hasPrefix(other) }
    guard let kernel = word else {
      // A build that lists its own architecture only does not know the name at all.
      expectOneLine(try scan("--kernel", other), code: 2, naming: [other])
      return
    }
    expectOneLine(try scan("--kernel", String(kernel)), code: 3, naming: [String(kernel)])
  }

  @Test("a pipe that closes early ends the list quietly")
  func closedPipe() throws {
    let outcome = try Tool.run(["kernels"], to: .closedPipe)
    #expect(outcome.status == -13)
    #expect(outcome.errors.isEmpty)
  }

  @Test("Ctrl-C ends a long scan with 130")
  func interrupt() throws {
    let running = try Tool.start([
      "scan", "--algorithm", "scrypt-1024-1-1", "--kernel", "swift", "--work", Self.header,
      "--target", String(repeating: "0", count: 64),
    ])
    // The handler is set once the command works; a signal before that ends the process at once, which is 130 to a shell.
    try Tool.waitUntilBusy(running)
    running.send(2)
    let outcome = running.finish()
    #expect(outcome.status == 130)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("hashwatt: interrupted"))
  }
}
