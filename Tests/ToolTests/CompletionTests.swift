import Foundation
import TestSupport
import Testing

/// The completions, tried in the shells themselves.
struct CompletionTests {
  /// Runs a shell; its standard output, or nil when the shell is not here.
  private func shell(_ name: String, _ arguments: [String]) throws -> (Int32, String)? {
    guard
      let path = ["/bin/", "/usr/bin/"].map({ $0 + name })
        .first(where: FileManager.default.isExecutableFile(atPath:))
    else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  private func script(_ shell: String, in folder: TemporaryFolder) throws -> String {
    let text = try Tool.run(["completions", shell]).output
    let path = folder.path + "/script"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  @Test(
    "bash completes commands and permitted words",
    arguments: [
      (["hashwatt", "comple"], "completions\n"),
      (["hashwatt", "completions", "f"], "fish\n"),
      (["hashwatt", "completions", "--h"], "--help\n"),
    ])
  func bash(words: [String], expected: String) throws {
    let folder = try TemporaryFolder()
    let script = try script("bash", in: folder)
    let program = """
      source '\(script)'; COMP_WORDS=(\(words.joined(separator: " "))); COMP_CWORD=\(words.count - 1)
      _hashwatt; printf '%s\\n' "${COMPREPLY[@]}"
      """
    let (status, output) = try #require(try shell("bash", ["-c", program]))
    #expect(status == 0)
    #expect(output == expected)
  }

  @Test("zsh accepts its script")
  func zsh() throws {
    let folder = try TemporaryFolder()
    guard let (status, output) = try shell("zsh", ["-n", try script("zsh", in: folder)]) else {
      NotRun.report("zsh completions: no zsh on this machine")
      return
    }
    #expect(status == 0, "\(output)")
  }

  @Test("fish completes commands and permitted words")
  func fish() throws {
    let folder = try TemporaryFolder()
    let script = try script("fish", in: folder)
    let program = "source '\(script)'; complete -C 'hashwatt completions f'"
    guard let (status, output) = try shell("fish", ["-c", program]) else {
      NotRun.report("fish completions: no fish on this machine")
      return
    }
    #expect(status == 0, "\(output)")
    #expect(output.split(separator: "\n").contains { $0.hasPrefix("fish") }, "\(output)")
  }
}
