import Foundation
import Model
import Records
import TestSupport
import Testing

/// `fleet submit` and `fleet status` with scripts in place of Slurm's programs.
struct FleetSubmitTests {
  /// A folder with scripts for a search path of its own.
  private struct Scene {
    let folder: RecordFolder
    var fleet: String { folder.path + "/fleet" }

    init() throws {
      folder = try RecordFolder()
      // Numbers jobs from 1 and keeps the words of each.
      try add(
        "sbatch",
        """
        count=$(ls '\(folder.path)' | grep -c '^job-')
        number=$((count + 1))
        printf '%s\\n' "$@" > '\(folder.path)/job-'$number
        cat > '\(folder.path)/script-'$number
        case "$*" in *--nodelist=bad*) echo 'sbatch: error: invalid node name specified' >&2; exit 1 ;; esac
        echo $number
        """)
      try add("squeue", "true")
      try add("scontrol", "exit 1")
    }

    func add(_ name: String, _ script: String) throws {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/bin", withIntermediateDirectories: true)
      try ScriptFile.write("#!/bin/sh\n\(script)\n", to: "\(folder.path)/bin/\(name)")
    }

    func run(_ words: String...) -> (code: ExitCode, text: String, notes: String) {
      folder.run(["fleet"] + words, path: "\(folder.path)/bin:/usr/bin:/bin")
    }

    func submit(_ words: String...) -> (code: ExitCode, text: String, notes: String) {
      folder.run(
        ["fleet", "submit", fleet, "--program", "/opt/hashwatt"] + words + [
          "--", "--suite", "quick",
        ],
        path: "\(folder.path)/bin:/usr/bin:/bin")
    }

    func plan() throws -> FleetPlan {
      try FleetFile.decode(
        Array(try Data(contentsOf: URL(fileURLWithPath: fleet + "/fleet.json"))), name: "fleet.json"
      )
    }

    func words(_ job: Int) throws -> [Substring] {
      try String(contentsOfFile: "\(folder.path)/job-\(job)", encoding: .utf8).split(
        separator: "\n")
    }

    /// A result of a node as its job would have written it.
    func answer(
      _ node: Int, attempt: Int = 1, rate: Double = 120, complete: Bool = true,
      as name: String = "r"
    ) throws {
      let plan = try plan()
      var sample = SampleResult()
      sample.series = [
        SampleResult.Series(
          .sha256d, "avx512-2x16", rates: [0.999, 1, 1.001].map { $0 * rate * 1e6 })
      ]
      var result = sample.make()
      result.challenge = plan.challenge(of: plan.nodes[node - 1].name, attempt: attempt)
      result.challengeWasGiven = true
      result.isComplete = complete
      result.endReason = complete ? nil : Reason(.interrupted, "SIGINT came")
      result.startedAt += Double(100 * attempt + node)
      try folder.add(
        "fleet/results/\(plan.nodes[node - 1].name)/\(name).json",
        bytes: ResultFile.encode(result))
    }
  }

  @Test("each node gets a job with a challenge of its own, and the plan remembers it")
  func submitted() throws {
    let scene = try Scene()
    let outcome = scene.submit("--nodes", "n[1-3]", "--at-once", "2", "--option", "account=lab")
    #expect(outcome.code == .done, "\(outcome.notes)")
    #expect(outcome.text.contains("3 of 3 nodes submitted"))
    #expect(outcome.text.contains("at most 2 nodes may begin or end at one moment"))
    let plan = try scene.plan()
    #expect(plan.nodes.map { $0.attempts.map { $0.job?.rawValue } } == [["1"], ["2"], ["3"]])
    for (index, node) in plan.nodes.enumerated() {
      let words = try scene.words(index + 1)
      #expect(words.contains("--nodelist=\(node.name)") && words.contains("--account=lab"))
      #expect(words.contains("--job-name=hashwatt-\(plan.id)-s\(index % 2 + 1)"))
      let script = try String(
        contentsOfFile: "\(scene.folder.path)/script-\(index + 1)", encoding: .utf8)
      let challenge = Hexadecimal.encode(plan.challenge(of: node.name, attempt: 1).bytes)
      #expect(
        script.contains("exec /opt/hashwatt run --suite quick --challenge \(challenge) --results "))
    }
    let mode = try FileManager.default.attributesOfItem(atPath: scene.fleet + "/fleet.json")
    #expect(mode[.posixPermissions] as? Int == 0o600)
    #expect(scene.submit("--nodes", "n1").notes.contains("is a fleet already"))
  }

  @Test(
    "the step of the load is told in watts where a result of such a node is named, or the fleet has some"
  )
  func loadStep() throws {
    let scene = try Scene()
    var sample = SampleResult()
    sample.series = [
      SampleResult.Series(
        .sha256d, "avx512-2x16", rates: [100e6, 100e6, 100e6],
        watts: [.cpuPackage: [250, 250, 250]])
    ]
    var result = sample.make()
    try scene.folder.add("no-idle.json", bytes: ResultFile.encode(result))
    var scopes = try #require(result.summaries[0].energy.value)
    scopes[0].dynamicWorkPerJoule = 0.5e6
    result.summaries[0].energy = .value(scopes)
    let path = try scene.folder.add("node.json", bytes: ResultFile.encode(result))
    let told = scene.submit("--nodes", "n[1-9]", "--at-once", "4", "--hardware", path, "--dry-run")
    #expect(
      told.text.replacing("\n", with: " ").contains(
        "at most 4 nodes may begin or end at one moment: a step of 800 W, for one takes 200 W more than idle in cpu-package, by node.json"
      ), "\(told.text)\(told.notes)")
    let none = scene.submit(
      "--nodes", "n1", "--hardware", scene.folder.path + "/no-idle.json", "--dry-run")
    #expect(
      none.code == .badInput && none.notes.contains("no power is in it for both idle and work"))
    #expect(
      scene.submit("--nodes", "n1", "--hardware", scene.folder.path + "/none.json", "--dry-run")
        .code
        == .badInput)
    // Of a fleet that goes on its own results tell.
    #expect(scene.submit("--nodes", "n1,n2").text.contains("whose watts are not known"))
    result.challenge = try scene.plan().challenge(
      of: try #require(NodeName(rawValue: "n1")), attempt: 1)
    try scene.folder.add("fleet/results/n1/r.json", bytes: ResultFile.encode(result))
    let again = scene.run("submit", scene.fleet, "--again")
    #expect(
      again.text.replacing("\n", with: " ").contains("a step of 200 W, for one takes 200 W more"),
      "\(again.text)\(again.notes)")
  }

  @Test("a dry run shows a job and leaves nothing behind")
  func dryRun() throws {
    let scene = try Scene()
    let outcome = scene.submit("--nodes", "n1", "--dry-run")
    #expect(outcome.code == .done, "\(outcome.notes)")
    #expect(
      outcome.text.contains("sbatch --parsable") && outcome.text.contains("exec /opt/hashwatt run"))
    #expect(!FileManager.default.fileExists(atPath: scene.fleet))
    #expect(!FileManager.default.fileExists(atPath: scene.folder.path + "/job-1"))
  }

  @Test("one node that Slurm refuses does not keep the others, and is told of")
  func refused() throws {
    let scene = try Scene()
    let outcome = scene.submit("--nodes", "n1,bad,n2")
    #expect(outcome.code == .unavailable)
    #expect(outcome.text.contains("2 of 3 nodes submitted"))
    #expect(outcome.notes.contains("1 not submitted: bad: sbatch ended with status 1"))
    #expect(try scene.plan().nodes.map { $0.attempts.last?.job == nil } == [false, true, false])
    // One that takes none is asked three times and no more.
    let silent = try Scene()
    try silent.add("sbatch", "echo x >> '\(silent.folder.path)/calls'; exit 1")
    #expect(silent.submit("--nodes", "n[1-50]").code == .unavailable)
    #expect(
      try String(contentsOfFile: silent.folder.path + "/calls", encoding: .utf8).count == 3 * 2)
  }

  @Test(
    "status tells from files, then from Slurm; again submits what is unfinished with a new challenge"
  )
  func again() throws {
    let scene = try Scene()
    #expect(scene.submit("--nodes", "n[1-5]").code == .done)
    try scene.answer(1)
    try scene.answer(2, complete: false)
    try scene.add(
      "squeue",
      "echo '3|RUNNING|None'; echo '4|PENDING|ReqNodeNotAvail, UnavailableNodes:n4'")
    let logs = scene.fleet + "/logs/n5-1.log"
    try "one\nhashwatt: no such file\n".write(toFile: logs, atomically: true, encoding: .utf8)
    let status = scene.run("status", scene.fleet)
    #expect(status.code == .no)
    assertSnapshot(status.text, named: "fleet-status.txt")
    #expect(scene.run("status", scene.fleet, "--format", "json").text.contains("\"node-down\""))
    #expect(scene.run("submit", scene.fleet, "--again").text.contains("2 of 2 nodes submitted"))
    #expect(try scene.plan().nodes.map(\.attempts.count) == [1, 2, 1, 1, 2])
    #expect(try scene.words(6).contains("--nodelist=n2"))
    try scene.add("squeue", "echo 'cannot contact' >&2; exit 1")
    #expect(scene.run("status", scene.fleet).code == .unavailable)
    // New options belong to a new fleet.
    #expect(scene.submit("--again").code == .usage)
  }

  @Test("a job that ends while status looks is not told to have failed")
  func endsMeanwhile() throws {
    let scene = try Scene()
    #expect(scene.submit("--nodes", "n1").code == .done)
    try scene.answer(1, as: "late")
    let results = scene.fleet + "/results/n1"
    try FileManager.default.moveItem(
      atPath: results + "/late.json", toPath: scene.folder.path + "/late.json")
    // Its file comes before Slurm says that it has ended, and so does a look at the folder that was earlier not see it.
    try scene.add(
      "squeue", "mv '\(scene.folder.path)/late.json' '\(results)/' && echo '1|COMPLETED|None'")
    let status = scene.run("status", scene.fleet)
    #expect(status.code == .done && status.text.contains("1 complete"), "\(status.text)")
  }

  @Test("collect knows nodes by their challenges, and names what is missing, strange, or too much")
  func collected() throws {
    let scene = try Scene()
    #expect(scene.submit("--nodes", "n[1-6]").code == .done)
    for node in 1...4 { try scene.answer(node, rate: 120 + 0.01 * Double(node)) }
    // One result of the fifth lies in the folder of the first.
    try scene.answer(5)
    try FileManager.default.moveItem(
      atPath: scene.fleet + "/results/n5/r.json", toPath: scene.fleet + "/results/n1/five.json")
    try scene.answer(1, rate: 119.9, as: "second")
    try scene.folder.add("fleet/results/n2/alien.json") { $0.note = "alien" }
    try "hashwatt: out of memory\n".write(
      toFile: scene.fleet + "/logs/n6-1.log", atomically: true, encoding: .utf8)
    let outcome = scene.run("collect", scene.fleet, "--no-verify", "--format", "json")
    #expect(outcome.code == .no)
    #expect(outcome.text.contains("5 of 6 nodes answered, not verified; 1 did not answer"))
    #expect(outcome.text.contains("hashwatt: out of memory"))
    #expect(outcome.text.contains("alien.json: a stranger"))
    #expect(
      outcome.text.contains("second.json is the run of") || outcome.text.contains("superseded by"))
    #expect(scene.run("collect", scene.fleet, scene.fleet + "/").code != .done)
  }

  @Test("a list of commands is written for engines that are not asked")
  func commands() throws {
    let scene = try Scene()
    let outcome = scene.submit("--nodes", "n1,n2", "--engine", "commands")
    #expect(outcome.code == .done, "\(outcome.notes)")
    let lines = try String(contentsOfFile: scene.fleet + "/commands.tsv", encoding: .utf8)
      .split(separator: "\n")
    #expect(
      lines.count == 2 && lines[0].hasPrefix("n1\t/opt/hashwatt run --suite quick --challenge "))
    #expect(FileManager.default.fileExists(atPath: scene.fleet + "/inventory.ini"))
    #expect(scene.run("status", scene.fleet).text.contains("2 open"))
    try scene.answer(1)
    #expect(scene.run("submit", scene.fleet, "--again").text.contains("1 command"))
  }

  @Test("what does not fit is refused in one line before anything is written")
  func usage() throws {
    let scene = try Scene()
    for (words, part) in [
      (["--nodes", "n1;id"], "is no node's name"), (["--nodes", "n1", "--engine", "pbs"], "pbs"),
      (["--nodes", "n1", "--at-once", "1", "--per-rack", "1"], "do not go together"),
      (["--nodes", "n1", "--per-rack", "1"], "--per-rack without --racks"),
      (["--nodes", "n1", "--expect", "x"], "is not a value of --expect"),
      (["--nodes", "n1", "--gate", "throughput=-1%"], "is no option of 'fleet submit'"),
      ([], "no nodes"),
      (["--nodes", "n1", "--time-limit", "0"], "--time-limit"),
    ] {
      let outcome = scene.folder.run(
        ["fleet", "submit", scene.fleet] + words + ["--", "--suite", "quick"],
        path: "\(scene.folder.path)/bin:/usr/bin:/bin")
      #expect(outcome.code == .usage && outcome.notes.contains(part), "\(words): \(outcome.notes)")
    }
    for run in [
      ["--challenge", String(repeating: "0", count: 64)], ["--results", "x"], ["--suit", "quick"],
      ["--window", "-1"], ["--meter", "redfish:admin:secret@192.0.2.1"], ["--dry-run"],
    ] {
      let outcome = scene.run(
        "submit", scene.fleet, "--nodes", "n1", "--program", "/opt/hashwatt", "--", run[0],
        run.count > 1 ? run[1] : "--roofline")
      #expect(outcome.code == .usage, "\(run): \(outcome.notes)")
      #expect(!outcome.notes.contains("secret"))
    }
    #expect(!FileManager.default.fileExists(atPath: scene.fleet))
    #expect(scene.run("status", scene.fleet).code == .badInput)
    #expect(scene.run("status", scene.fleet, "--format", "csv").code == .usage)
  }

  // MARK: - A folder that fails

  @Test("a folder that cannot be made costs nothing, for nothing was submitted")
  func unwritable() throws {
    let scene = try Scene()
    // Root may write anywhere, but nobody below a file.
    try scene.folder.add("file", bytes: [])
    for folder in ["\(scene.folder.path)/file/fleet", "/proc/fleet"] {
      let outcome = scene.run(
        "submit", folder, "--nodes", "n1", "--program", "/opt/hashwatt", "--", "--suite", "quick")
      #expect(outcome.code == .unavailable, "\(outcome.notes)")
      #expect(outcome.notes.contains("fleet: cannot be made: "), "\(outcome.notes)")
    }
    #expect(!FileManager.default.fileExists(atPath: scene.folder.path + "/job-1"))
  }

  @Test("a folder that is gone once all is submitted is an error that names the jobs")
  func failsAfterwards() throws {
    let scene = try Scene()
    try scene.add(
      "sbatch",
      """
      rm -r '\(scene.fleet)'; : > '\(scene.fleet)'
      echo 4711
      """)
    let outcome = scene.submit("--nodes", "n1,n2")
    #expect(outcome.code == .unavailable, "\(outcome.notes)")
    #expect(outcome.notes.contains("fleet.json: not written: "))
    #expect(outcome.notes.contains("n1: 4711, n2: 4711"), "\(outcome.notes)")
  }

  @Test("a job that was never written down is known by its result all the same")
  func forgottenJob() throws {
    let scene = try Scene()
    #expect(scene.submit("--nodes", "n1,n2").code == .done)
    // As the plan was before the jobs had numbers, which is on the disk before anything is submitted.
    var plan = try scene.plan()
    for index in plan.nodes.indices { plan.nodes[index].attempts[0].job = nil }
    try scene.folder.add("fleet/fleet.json", bytes: FleetFile.encode(plan))
    try scene.answer(1)
    let status = scene.run("status", scene.fleet)
    #expect(status.text.contains("1 complete; 1 not submitted"), "\(status.text)")
  }

  @Test(
    "what a slow folder has only the half of, or shows as what it is not, costs its node and no other"
  )
  func slowFolder() throws {
    let scene = try Scene()
    #expect(scene.submit("--nodes", "n[1-3]").code == .done)
    try scene.answer(1)
    let path = scene.fleet + "/results/n1/r.json"
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try scene.folder.add("fleet/results/n2/half.json", bytes: Array(whole.prefix(whole.count / 2)))
    try scene.folder.add("fleet/results/n2/empty.json", bytes: [])
    // A folder by a file's name, a link to nowhere, a pipe that nobody writes to, and links that lead back.
    let third = scene.fleet + "/results/n3"
    try FileManager.default.createDirectory(
      atPath: third + "/folder.json", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: third + "/gone.json", withDestinationPath: "nowhere")
    #expect(mkfifo(third + "/pipe.json", 0o600) == 0)
    for name in ["loop", "again"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(third)/\(name)", withDestinationPath: "..")
    }
    let status = scene.run("status", scene.fleet)
    #expect(status.code == .no)
    #expect(status.text.contains("not read:"), "\(status.text)")
    // A long path is broken where a line ends.
    let told = scene.run("status", scene.fleet, "--format", "json").text
    for name in ["half.json", "empty.json", "folder.json", "gone.json"] {
      #expect(told.contains("\(name): "), "\(name): \(told)")
    }
    #expect(!status.text.contains("superseded"), "\(status.text)")
    let report = scene.run("collect", scene.fleet, "--no-verify", "--format", "json")
    #expect(report.code == .no)
    #expect(report.text.contains("1 of 3 nodes answered, not verified"), "\(report.text)")
  }

  @Test("a scheduler that hangs, is absent or prints rubbish changes nothing that is known")
  func badScheduler() throws {
    let scene = try Scene()
    #expect(scene.submit("--nodes", "n1,n2").code == .done)
    let before = try scene.plan()
    try scene.answer(1)
    for (script, part) in [
      (
        "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1",
        "Unable to contact"
      ),
      ("kill -9 $$", "SIGKILL"), ("exec sh -c 'exit 127'", "127"),
    ] {
      try scene.add("squeue", script)
      for words in [["status", scene.fleet], ["submit", scene.fleet, "--again"]] {
        let outcome = scene.folder.run(
          ["fleet"] + words, path: "\(scene.folder.path)/bin:/usr/bin:/bin")
        #expect(outcome.code == .unavailable && outcome.notes.contains(part), "\(outcome.notes)")
      }
    }
    // No list of jobs in it: nothing is known of them, which is said, and the file that is there counts.
    try scene.add("squeue", "head -c 100000 /dev/zero | tr '\\0' '|'")
    #expect(scene.run("status", scene.fleet).text.contains("1 complete; 1 lost"))
    let alone = scene.folder.run(["fleet", "status", scene.fleet], path: scene.folder.path)
    #expect(alone.code == .unavailable && alone.notes.contains("squeue is not on the search path"))
    // Collecting asks nobody.
    let report = scene.folder.run(
      ["fleet", "collect", scene.fleet, "--no-verify"], path: scene.folder.path)
    #expect(report.text.contains("1 of 2 nodes answered"))
    #expect(try scene.plan() == before)
  }

  @Test("a plan that was changed by hand is refused with its place")
  func damagedPlan() throws {
    let scene = try Scene()
    #expect(scene.submit("--nodes", "n1,n2").code == .done)
    let path = scene.fleet + "/fleet.json"
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    for (from, to) in [
      ("\"n2\"", "\"n1\""), ("\"n2\"", "\"../n2\""), ("\"number\": 1", "\"number\": 2"),
      ("\"version\": 1", "\"version\": 9"), ("\"job\": \"1\"", "\"job\": \"1; id\""), ("{", "["),
    ] {
      try whole.replacingOccurrences(of: from, with: to).write(
        toFile: path, atomically: true, encoding: .utf8)
      #expect(scene.run("status", scene.fleet).code == .badInput, "\(to)")
    }
  }
}
