import Arguments
import Model
import Testing

private let selfTest = Flag("self-test", "Proves every kernel.")
private let algorithm = RepeatedOption("algorithm", "A", "An algorithm.")
private let format = Option("format", "FORMAT", .oneOf(["text", "json"]), "How to print.")
private let first = Option("first", "N", "The first nonce.")
private let idle = Option("idle", "S", "Idle seconds.")

private let command = CommandDescription(
  name: "sample", summary: "a command for tests",
  options: [selfTest, algorithm, format, first, idle],
  operands: OperandDescription(name: "RESULT", minimum: 1, maximum: 2, help: "A file."))

struct ArgumentParserTests {
  private func parse(_ words: String...) throws(ArgumentError) -> ParsedArguments {
    try ArgumentParser(command).parse(words)
  }

  @Test("both spellings of a value, options and operands mixed")
  func spellings() throws {
    let parsed = try parse("--algorithm", "sha256d", "a.json", "--format=json", "--algorithm=x=y")
    #expect(parsed[algorithm] == ["sha256d", "x=y"])
    #expect(parsed[format] == "json")
    #expect(parsed.operands == ["a.json"])
    #expect(!parsed[selfTest])
  }

  @Test("two dashes end the options, one dash is an operand")
  func endOfOptions() throws {
    #expect(try parse("--self-test", "--", "--format").operands == ["--format"])
    #expect(try parse("--self-test", "-").operands == ["-"])
    #expect(try parse("--self-test", "-")[selfTest])
  }

  @Test("a value may begin with one dash")
  func negativeValue() throws {
    #expect(try parse("--first", "-5", "a")[first] == "-5")
    #expect(try parse("--first=--5", "a")[first] == "--5")
  }

  @Test(
    "one exact line for each wrong command line",
    arguments: [
      (["a", "--algoritm", "x"], "unknown option '--algoritm'", "did you mean '--algorithm'?"),
      (["a", "--algo=x"], "unknown option '--algo'", "did you mean '--algorithm'?"),
      (["a", "--zzzzzzz"], "unknown option '--zzzzzzz'", "see 'hashwatt help sample'"),
      (["a", "-x"], "unknown option '-x'", "see 'hashwatt help sample'"),
      (["a", "--format", "jsn"], "'jsn' is not a value of --format", "did you mean 'json'?"),
      (["a", "--format", "yaml"], "'yaml' is not a value of --format", "give one of text, json"),
      (["a", "--first"], "--first needs a value", "give '--first N'"),
      (["a", "--first="], "--first needs a value", "give '--first N'"),
      (["a", "--first", "--format", "text"], "--first needs a value", "give '--first N'"),
      (["a", "--first", "1", "--first", "2"], "--first is given twice", "give it once"),
      (["a", "--self-test=yes"], "--self-test takes no value", "give it alone"),
      ([], "RESULT is missing", "see 'hashwatt help sample'"),
      (["a", "b", "c"], "'c' is one RESULT too many", "give at most 2"),
    ])
  func refusals(words: [String], message: String, remedy: String) {
    #expect(throws: ArgumentError(message, remedy: remedy)) {
      try ArgumentParser(command).parse(words)
    }
  }

  @Test("help is asked for only before the end of the options")
  func help() {
    #expect(ArgumentParser.asksForHelp(["a", "--help"]))
    #expect(ArgumentParser.asksForHelp(["-h"]))
    #expect(!ArgumentParser.asksForHelp(["a", "--", "--help"]))
  }

  @Test("numbers: decimal, hexadecimal, bounds")
  func numbers() throws {
    let (n, d, bad) = (Option("n", "N", ""), Option("d", "N", ""), Option("bad", "N", ""))
    let (s, nan, absent) = (Option("s", "N", ""), Option("nan", "N", ""), Option("absent", "N", ""))
    let parsed = try ArgumentParser(
      CommandDescription(name: "c", summary: "", options: [n, d, bad, s, nan, absent])
    ).parse(["--n", "0xff", "--d", "12", "--bad", "12x", "--s", "1.5", "--nan", "nan"])
    #expect(try parsed.integer(n, in: 0...UInt32.max) == 255)
    #expect(try parsed.integer(d, in: 0...20) == 12)
    #expect(try parsed.integer(absent, in: 0...20) == nil)
    #expect(try parsed.number(s, in: 0...60) == 1.5)
    #expect(
      throws: ArgumentError(
        "'12x' is not a value of --bad", remedy: "give a whole number from 1 to 4")
    ) { try parsed.integer(bad, in: 1...4) }
    #expect(
      throws: ArgumentError("'12' is not a value of --d", remedy: "give a whole number from 1 to 4")
    ) { try parsed.integer(d, in: 1...4) }
    #expect(
      throws: ArgumentError("'nan' is not a value of --nan", remedy: "give a number from 0 to 60")
    ) { try parsed.number(nan, in: 0...60) }
  }
}
