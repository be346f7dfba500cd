import FleetEngines
import Foundation
import Model
import TestSupport
import Testing

/// The engine against scripts that answer as Slurm's programs do, or as they should not.
struct SlurmEngineTests {
  private static func job(
    _ node: String = "n1", options: [String] = [], delay: Double = 0, waits: Bool = true,
    minutes: Int = 30, command: [String] = ["/opt/hashwatt", "run"], folder: String = "/fleet"
  ) throws -> FleetJob {
    FleetJob(
      node: try #require(NodeName(rawValue: node)), name: "hashwatt-ab-s1", waitsForItsName: waits,
      delay: Seconds(delay), timeLimitMinutes: minutes, log: "\(folder)/logs/\(node)-1.log",
      folder: folder, command: command, options: options)
  }

  private static func engine(_ programs: FakePrograms, patience: Double = 20) -> SlurmEngine {
    SlurmEngine(searchPath: programs.path, patience: Seconds(patience))
  }

  private static func failure(_ body: () throws -> Void) -> Failure? {
    do {
      try body()
      return nil
    } catch {
      return error as? Failure
    }
  }

  private static func jobs(_ numbers: Int...) throws -> [FleetJobID] {
    try numbers.map { try #require(FleetJobID(rawValue: "\($0)")) }
  }

  // MARK: - Submitting

  @Test("a job is words of its own, and its script is quoted words")
  func words() throws {
    let programs = try FakePrograms()
    try programs.add("sbatch", "echo 4711")
    let evil = "a'b\"c$(touch /tmp/x);`id`\\ é\n"
    let id = try Self.engine(programs).submit(
      Self.job(
        options: ["account=phys ics;x", "exclusive=user", "hold"], delay: 12.7,
        command: ["/opt/hash watt", "run", "--note", evil], folder: "/fl eet/%x"))
    #expect(id.rawValue == "4711")
    #expect(
      try programs.words(of: "sbatch") == [
        "--parsable", "--nodes=1", "--ntasks=1", "--exclusive", "--nodelist=n1", "--requeue",
        "--open-mode=append", "--signal=B:INT@120", "--time=30", "--job-name=hashwatt-ab-s1",
        "--output=/fl eet/%%x/logs/n1-1.log", "--chdir=/fl eet/%x", "--dependency=singleton",
        "--begin=now+12", "--account=phys ics;x", "--exclusive=user", "--hold",
      ])
    // The shell reads the words back as they were.
    let script = try programs.input(of: "sbatch")
    #expect(script.hasPrefix("#!/bin/sh\nexec "))
    let shown = try ChildProcess.run(
      "/bin/sh",
      [
        "-c",
        "show() { for word in \"$@\"; do printf '%s\\0' \"$word\"; done; }\nshow"
          + script.dropFirst("#!/bin/sh\nexec".count),
      ])
    #expect(
      shown.output.split(separator: "\0", omittingEmptySubsequences: false).dropLast().map(
        String.init)
        == ["/opt/hash watt", "run", "--note", evil])
  }

  @Test("a job that waits for nobody says so, and a short one is warned in its middle")
  func plain() throws {
    let programs = try FakePrograms()
    try programs.add("sbatch", "echo '12;cluster'")
    #expect(try Self.engine(programs).submit(Self.job(waits: false, minutes: 1)).rawValue == "12")
    let words = try programs.words(of: "sbatch")
    #expect(words.contains("--signal=B:INT@30") && words.contains("--time=1"))
    #expect(!words.contains { $0.hasPrefix("--dependency") || $0.hasPrefix("--begin") })
  }

  @Test("a number is found below what a site prints above it")
  func chatter() throws {
    let programs = try FakePrograms()
    try programs.add("sbatch", "echo 'Welcome 99 users'; echo 'sbatch: info' >&2; echo 77")
    #expect(try Self.engine(programs).submit(Self.job()).rawValue == "77")
  }

  @Test(
    "options that are none, or are the fleet's own, are refused before anything runs",
    arguments: [
      "", "--account=x", "Account=x", "a b=c", "account=x\n#SBATCH --nodelist=all", "nodelist=n9",
      "nodel=n9",
      "wrap=reboot", "array=0-9", "time=1", "depend=x", "x;y", "=x", "output=/etc/x",
    ])
  func options(text: String) throws {
    let programs = try FakePrograms()
    try programs.add("sbatch", "echo 1")
    let failure = try #require(
      Self.failure { _ = try Self.engine(programs).submit(Self.job(options: [text])) })
    #expect(failure.exitCode == .usage)
    #expect(throws: (any Error).self) { try programs.words(of: "sbatch") }
  }

  @Test("what sbatch says is passed on in one harmless line")
  func refused() throws {
    let programs = try FakePrograms()
    try programs.add(
      "sbatch", "printf 'sbatch: error: Invalid node\\n\\033[31mname\\n' >&2; exit 1")
    let failure = try #require(Self.failure { _ = try Self.engine(programs).submit(Self.job()) })
    #expect(failure.exitCode == .unavailable)
    #expect(
      failure.message
        == "sbatch ended with status 1: sbatch: error: Invalid node \u{fffd}[31mname")
  }

  @Test(
    "an answer that holds no number is an error and no job",
    arguments: ["true", "echo", "echo abc", "echo -1", "echo 12x", "echo 123456789012345678901"])
  func noNumber(script: String) throws {
    let programs = try FakePrograms()
    try programs.add("sbatch", script)
    let failure = try #require(Self.failure { _ = try Self.engine(programs).submit(Self.job()) })
    #expect(failure.message.hasPrefix("sbatch gave no job's number"))
  }

  @Test(
    "a program that hangs is ended, one that floods is read as far as a limit, one that is killed is told of"
  )
  func misbehaviour() throws {
    let programs = try FakePrograms()
    try programs.add("sbatch", "sleep 600 & sleep 600")
    let hung = try #require(
      Self.failure { _ = try Self.engine(programs, patience: 0.3).submit(Self.job()) })
    #expect(hung.message == "sbatch took too long and was ended")
    #expect(hung.remedy?.contains("scontrol ping") == true)
    try programs.add("sbatch", "yes 'not a number' | head -c 20000000; exit 1")
    let flood = try #require(Self.failure { _ = try Self.engine(programs).submit(Self.job()) })
    #expect(flood.message.count < 400)
    try programs.add("sbatch", "kill -9 $$")
    let killed = try #require(Self.failure { _ = try Self.engine(programs).submit(Self.job()) })
    #expect(killed.message.contains("SIGKILL"))
  }

  @Test("without Slurm's programs it is said which one is missing")
  func absent() throws {
    let programs = try FakePrograms()
    let failure = try #require(Self.failure { _ = try Self.engine(programs).submit(Self.job()) })
    #expect(failure.exitCode == .unavailable)
    #expect(failure.line.contains("sbatch is not on the search path"))
    #expect(try Self.engine(programs).states([]).isEmpty)
  }

  // MARK: - States

  @Test("states are read from squeue, and only those that were asked for")
  func states() throws {
    let programs = try FakePrograms()
    try programs.add(
      "squeue",
      """
      echo '1|RUNNING|None'
      echo '2|PENDING|Dependency'
      echo '3|PENDING|ReqNodeNotAvail, UnavailableNodes:n3'
      echo '4|TIMEOUT|TimeLimit'
      echo '5|COMPLETING|None'
      echo '9|RUNNING|None'
      echo 'slurm: a line of something else'
      echo '6|PENDING'
      """)
    try programs.add("scontrol", "exit 1")
    let states = try Self.engine(programs).states(Self.jobs(1, 2, 3, 4, 5, 6))
    let ids = try Self.jobs(1, 2, 3, 4, 5, 6, 9)
    #expect(states[ids[0]] == .running && states[ids[4]] == .running)
    #expect(states[ids[1]] == .waiting("pending dependency"))
    #expect(states[ids[2]] == .nodeDown("ReqNodeNotAvail, UnavailableNodes:n3"))
    #expect(states[ids[3]] == .ended("TIMEOUT"))
    #expect(states[ids[5]] == nil && states[ids[6]] == nil)
    #expect(try programs.words(of: "squeue") == ["--me", "--noheader", "--format=%A|%T|%r"])
  }

  @Test(
    "a job that was taken back waits, and one that was taken away for good has ended",
    arguments: [
      ("PENDING|BeginTime", FleetJobState.waiting("pending begintime")),
      ("REQUEUED|None", .waiting("requeued none")),
      (
        "REQUEUE_HOLD|job requeued in held state",
        .waiting("requeue_hold job requeued in held state")
      ),
      ("SUSPENDED|None", .waiting("suspended none")),
      ("PENDING|NodeDown", .nodeDown("NodeDown")),
      ("PENDING|PartitionDown", .nodeDown("PartitionDown")),
      ("PREEMPTED|None", .ended("PREEMPTED")), ("NODE_FAIL|None", .ended("NODE_FAIL")),
      ("CANCELLED|None", .ended("CANCELLED")), ("OUT_OF_MEMORY|None", .ended("OUT_OF_MEMORY")),
      ("A_WORD_OF_LATER|None", .ended("A_WORD_OF_LATER")),
    ])
  func takenBack(line: String, state: FleetJobState) throws {
    let programs = try FakePrograms()
    try programs.add("squeue", "echo '1|\(line)'")
    let job = try Self.jobs(1)
    #expect(try Self.engine(programs).states(job) == [job[0]: state])
  }

  @Test(
    "how a job ended is asked of the controller, then of the accounting, and neither need be there")
  func endings() throws {
    let programs = try FakePrograms()
    try programs.add("squeue", "true")
    let job = try Self.jobs(7)
    #expect(try Self.engine(programs).states(job).isEmpty)
    try programs.add("sacct", "echo 'CANCELLED by 1000|0:0'")
    #expect(try Self.engine(programs).states(job) == [job[0]: .ended("CANCELLED by 1000")])
    try programs.add(
      "scontrol", "echo 'JobId=7 JobName=x JobState=FAILED Reason=NonZeroExitCode ExitCode=7:0'")
    #expect(try Self.engine(programs).states(job) == [job[0]: .ended("FAILED (exit code 7:0)")])
    try programs.add(
      "scontrol", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1")
    try programs.add("sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1")
    #expect(try Self.engine(programs).states(job).isEmpty)
  }

  @Test("a queue that does not answer is an error, not an empty queue")
  func noAnswer() throws {
    let programs = try FakePrograms()
    try programs.add(
      "squeue", "echo 'squeue: error: Unable to contact slurm controller' >&2; exit 1")
    let failure = try #require(
      Self.failure { _ = try Self.engine(programs).states(try Self.jobs(1)) })
    #expect(failure.message.hasSuffix("Unable to contact slurm controller"))
  }

  @Test("a partition's nodes are names, or refused")
  func partition() throws {
    let programs = try FakePrograms()
    try programs.add("sinfo", "printf 'n1\\nn2\\nn2\\n'")
    let engine = Self.engine(programs)
    #expect(try engine.nodes(ofPartition: "all").names.map(\.rawValue) == ["n1", "n2"])
    #expect(
      try programs.words(of: "sinfo")
        == ["--noheader", "--Node", "--partition=all", "--format=%N"])
    #expect(throws: Failure.self) { try engine.nodes(ofPartition: "a;b") }
    #expect(throws: Failure.self) { try engine.nodes(ofPartition: "--help") }
    try programs.add("sinfo", "true")
    #expect(throws: Failure.self) { try engine.nodes(ofPartition: "all") }
    try programs.add("sinfo", "echo '$(reboot)'")
    #expect(throws: Failure.self) { try engine.nodes(ofPartition: "all") }
  }
}
