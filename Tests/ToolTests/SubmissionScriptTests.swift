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
}
