import LinuxSystem
import Model
import Testing

@Suite struct ChildProcessTests {
  static func shell(
    _ script: String, environment: [String: String]? = nil, input: String = "",
    outputLimit: Int = 1 << 16, limit: Double = 20
  ) throws -> ChildProcess.Outcome {
    try ChildProcess.run(
      "/bin/sh", ["-c", script], environment: environment, input: input,
      outputLimit: outputLimit, limit: Seconds(limit))
  }

  @Test func aTextGoesInAndAnotherComesOut() throws {
    let text = String(repeating: "0123456789abcde\n", count: 20_000)
    let outcome = try Self.shell("cat", input: text, outputLimit: 1 << 20)
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output == text)
    #expect(try Self.shell("cat").output == "")
  }

  @Test func whatIsMoreThanTheLimitIsDropped() throws {
    let outcome = try Self.shell("head -c 100000 /dev/zero | tr '\\0' x; exit 3", outputLimit: 1000)
    #expect(outcome.ending == .exited(3))
    #expect(outcome.output == String(repeating: "x", count: 1000))
  }

  @Test(
    arguments: [
      ("exit 7", .exited(7), "ended with status 7"),
      ("kill -SEGV $$", .killed("SIGSEGV"), "was ended by SIGSEGV"),
    ] as [(String, ChildProcess.Ending, String)])
  func itsEndIsTold(script: String, ending: ChildProcess.Ending, words: String) throws {
    let outcome = try Self.shell(script)
    #expect(outcome.ending == ending)
    #expect(outcome.ending.words == words)
  }

  @Test func theEnvironmentIsWhatWasGiven() throws {
    #expect(try Self.shell("echo $ONE", environment: ["ONE": "1"]).output == "1\n")
    #expect(try Self.shell("echo ${PATH:+set}").output == "set\n")
  }

  /// What is late is ended with all that it started, also where those keep the output open.
  @Test func aChildThatHangsIsEndedWithItsChildren() throws {
    let outcome = try Self.shell("sleep 600 & echo $!; sleep 600", limit: 0.3)
    #expect(outcome.ending == .timedOut)
    let number = outcome.output.split(separator: "\n").first.map(String.init) ?? "0"
    #expect(Self.isGone(number))
  }

  @Test func whatAChildLeavesBehindIsEndedToo() throws {
    let outcome = try Self.shell("sleep 600 & echo $!")
    #expect(outcome.ending == .exited(0))
    #expect(Self.isGone(outcome.output.split(separator: "\n").first.map(String.init) ?? "0"))
  }

  @Test func aProgramThatIsNotThereThrows() {
    #expect(throws: SystemError.self) {
      _ = try ChildProcess.run("/nonexistent/program", [], limit: Seconds(1))
    }
    #expect(ChildProcess.find("sh", path: "/nonexistent:/bin:/usr/bin") == "/bin/sh")
    #expect(ChildProcess.find("no-such-program", path: "/bin:/usr/bin") == nil)
  }

  /// Whether a process has ended, or is only waiting for its parent to hear of it.
  static func isGone(_ number: String) -> Bool {
    for _ in 0..<200 {
      guard let stat = try? SystemRoot.live.text("/proc/\(number)/stat") else { return true }
      if stat.split(separator: ")").last?.hasPrefix(" Z") == true { return true }
      let clock = RawMonotonicClock()
      clock.sleep(until: clock.now().advanced(by: Seconds(0.01))) { false }
    }
    return false
  }
}
