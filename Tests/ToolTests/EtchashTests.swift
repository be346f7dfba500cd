import Testing

/// Etchash by the built program, as far as a machine without a GPU has it.
@Suite("Etchash by the built program")
struct EtchashToolTests {
  private static let work =
    "cd0579c45287452061c18cf96e31da971ae19c0c845baca69b8c8edd111c32ec0000000000000000"

  @Test("the nonce of a vector is found by the reference, and by no other kernel")
  func scan() throws {
    // Its final hash is 20c1...: the vector's nonce is 1, and 0 is above that.
    let target = "20c10b1609311ff185b69396c0d0073dda359fab673279b3e6b584be471df4a3"
    let words = ["scan", "--algorithm", "etchash-test", "--work", Self.work, "--target", target]
    let found = try Tool.run(words + ["--first", "1", "--count", "1"])
    #expect(found.status == 0 && found.output == "1\n", "\(found.errors)")
    let lower = words.dropLast() + [String(target.dropLast()) + "2"]
    #expect(try Tool.run(lower + ["--first", "1", "--count", "1"]).status == 1)
    expectOneLine(
      try Tool.run(words + ["--kernel", "portable"]), code: 2, naming: ["'portable'"])
  }

  @Test(
    "an epoch that is missing, too large or of another algorithm is one line",
    arguments: [
      (["etchash"], "--epoch is missing"), (["etchash", "--epoch", "2048"], "from 0 to 2047"),
      (["etchash", "--epoch", "-1"], "--epoch"), (["etchash-test", "--epoch", "0"], "has none"),
      (["etchash", "--epoch", "0", "--key", "00"], "takes none"),
    ])
  func epoch(words: [String], part: String) throws {
    let target = String(repeating: "0", count: 64)
    expectOneLine(
      try Tool.run(
        ["scan", "--work", Self.work, "--target", target, "--count", "1", "--algorithm"] + words),
      code: 2, naming: [part])
  }

  @Test("a CPU has no kernel of it, with what one would do and the remedy")
  func processor() throws {
    for algorithm in ["etchash", "etchash-test"] {
      expectOneLine(
        try Tool.run(["run", "--algorithm", algorithm, "--dry-run"]), code: 3,
        naming: [algorithm, "0.3 to 0.5 MH/s", "--device gpu0", "opencl:pocl"])
    }
    let listed = try Tool.run(["kernels", "--device", "cpu"]).output.split(separator: "\n")
    for name in ["etchash", "etchash-test"] {
      #expect(listed.contains { $0.hasPrefix("\(name) ") && $0.contains("not usable") })
      #expect(listed.contains { $0.hasPrefix("\(name): ") && $0.contains("--device gpu0") })
    }
    #expect(try !Tool.run(["detect"]).output.contains("etchash"))
  }

  @Test("an epoch without Etchash, or too large a one, is no run's")
  func runEpoch() throws {
    expectOneLine(
      try Tool.run(["run", "--epoch", "3"]), code: 2, naming: ["--epoch is about etchash"])
    expectOneLine(
      try Tool.run(["run", "--algorithm", "etchash", "--epoch", "2048"]), code: 2,
      naming: ["from 0 to 2047"])
  }

  @Test(
    "an epoch that is no number of that range is one line",
    arguments: ["-1", "1.5", "1e2", " 3", "0x800", "0x", "4294967731", "many", "435 "])
  func noEpoch(text: String) throws {
    expectOneLine(
      try Tool.run(["run", "--algorithm", "etchash", "--epoch=\(text)"]), code: 2,
      naming: ["--epoch", "from 0 to 2047"])
  }

  @Test(
    "an epoch for algorithms without is one line",
    arguments: ["sha256d", "randomx", "equihash-200-9", "etchash-test"])
  func withoutEpochs(algorithm: String) throws {
    expectOneLine(
      try Tool.run(["run", "--algorithm", algorithm, "--epoch", "435"]), code: 2,
      naming: ["--epoch is about etchash"])
  }

  @Test("Ethereum cannot be mined, wherever somebody asks for it")
  func ethereum() throws {
    for word in ["ethash", "eth", "Ethereum"] {
      for command in ["run", "scan", "prove"] {
        expectOneLine(
          try Tool.run([command, "--algorithm", word]), code: 2,
          naming: ["cannot be mined since 2022-09-15"])
      }
      // Before a network file is asked for.
      expectOneLine(
        try Tool.run(["evaluate", "--chain", word]), code: 4,
        naming: ["\(word) cannot be mined since 2022-09-15"])
    }
  }
}
