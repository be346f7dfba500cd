import Foundation
import TestSupport
import Testing

/// Scripts/check-submission.sh, as the workflow of a collection runs it.
struct SubmissionScriptTests {
  private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try git("init", "--quiet", "--initial-branch=main")
    try "A collection.\n".write(
      toFile: folder.path + "/README", atomically: false, encoding: .utf8)
    try commit()
    try git("branch", "base")
  }

  @discardableResult
  private func git(_ words: String...) throws -> String {
    let outcome = try ChildProcess.run(
      try #require(ChildProcess.find("git")), words, in: folder.path,
      environment: [
        "HOME": folder.path, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
        "GIT_CONFIG_NOSYSTEM": "1",
      ])
    #expect(outcome.status == 0, "\(outcome.text)")
    return outcome.output
  }

  private func commit() throws {
    try git("add", "-A")
    try git("commit", "--quiet", "-m", "x")
  }

  private func check() throws -> ChildProcess.Outcome {
    try ChildProcess.run(
      "/bin/bash", ["\(Self.project)/Scripts/check-submission.sh", folder.path, "base"],
      environment: [
        "HASHWATT": Tool.path, "HOME": folder.path,
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      ])
  }

  /// The one result of the folder.
  private func result() throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/results")
    return folder.path + "/results/" + (try #require(names.first { $0.hasSuffix(".json") }))
  }

  @Test("a branch with a true result is taken, one with a changed result is not")
  func branches() throws {
    #expect(try check().output.contains("No result and no profile is handed in"))
    let run = try Tool.run(
      [
        "run", "--algorithm", "sha256d", "--kernel", "portable", "--threads", "1", "--warmup", "0",
        "--window", "0.2", "--repeats", "2", "--idle", "0", "--results", "results", "--profiles",
        "own",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    try commit()
    let taken = try check()
    #expect(taken.status == 0, "\(taken.text)")
    #expect(taken.output.contains("**good**, verified"))

    // Somebody makes it a little faster.
    let path = try result()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let faster = text.replacingOccurrences(
      of: #""units": ([0-9])"#, with: #""units": 9$1"#, options: .regularExpression)
    #expect(faster != text)
    try faster.write(toFile: path, atomically: false, encoding: .utf8)
    try commit()
    let refused = try check()
    #expect(refused.status == 1, "\(refused.text)")
    #expect(refused.output.contains("**wrong**"))

    // What the collection has already is not to be changed.
    try git("branch", "--force", "base")
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    try commit()
    let edited = try check()
    #expect(edited.status == 1 && edited.output.contains("never changed"), "\(edited.text)")
  }

  // MARK: - The workflow

  /// The lines of a step's `run: |` in a workflow, and the shell that all steps are run by.
  private static func step(_ name: String, of workflow: String) throws -> (
    script: String, shell: String?
  ) {
    let lines = workflow.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: "      - name: \(name)"))
    let end = lines[(start + 1)...].firstIndex { $0.hasPrefix("      - ") } ?? lines.endIndex
    let run = try #require(lines[start..<end].firstIndex(of: "        run: |"))
    let script = lines[(run + 1)..<end].map { $0.dropFirst(10) }.joined(separator: "\n")
    let shell = lines.first { $0.hasPrefix("    shell: ") }?.dropFirst("    shell: ".count)
    return (script, shell.map(String.init))
  }

  /// Runs the step "check" as the code host does, in a folder with the script and what is handed in.
  private func workflow() throws -> (status: Int32, summary: String) {
    let file = "\(Self.project)/.github/workflows/submissions.yml"
    let step = try Self.step("check", of: try String(contentsOfFile: file, encoding: .utf8))
    let place = try TemporaryFolder()
    let files = FileManager.default
    try files.createSymbolicLink(
      atPath: place.path + "/Scripts", withDestinationPath: Self.project + "/Scripts")
    try files.createSymbolicLink(
      atPath: place.path + "/submission", withDestinationPath: folder.path)
    try step.script.write(toFile: place.path + "/step", atomically: false, encoding: .utf8)
    // Workflow syntax for GitHub Actions, jobs.<job_id>.steps[*].shell: the default has no pipefail.
    let flags = step.shell == "bash" ? ["--noprofile", "--norc", "-eo", "pipefail"] : ["-e"]
    let summary = place.path + "/summary"
    let outcome = try ChildProcess.run(
      "/bin/bash", flags + [place.path + "/step"], in: place.path,
      environment: [
        "HASHWATT": Tool.path, "HOME": place.path, "BASE": "base",
        "GITHUB_STEP_SUMMARY": summary,
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      ])
    return (outcome.status, (try? String(contentsOfFile: summary, encoding: .utf8)) ?? "")
  }

  @Test("the workflow's step ends as the check does, and shows what it found")
  func workflowStep() throws {
    let nothing = try workflow()
    #expect(nothing.status == 0 && nothing.summary.contains("No result and no profile"))
    try FileManager.default.createDirectory(
      atPath: folder.path + "/results", withIntermediateDirectories: true)
    try "{}".write(
      toFile: folder.path + "/results/bad.json", atomically: false, encoding: .utf8)
    try commit()
    let bad = try workflow()
    #expect(bad.status == 1, "a pull request with a bad file would be green")
    #expect(bad.summary.contains("**wrong**"), "\(bad.summary)")
    try git("mv", "results/bad.json", "results/bad.json.gz")
    try commit()
    #expect(try workflow().status == 1)
  }
}
