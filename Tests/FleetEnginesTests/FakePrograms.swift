import Foundation
import TestSupport

/// A folder of programs that stand in for a scheduler's, each a script that a test writes.
struct FakePrograms {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  init() throws { folder = try TemporaryFolder() }

  /// A script of `/bin/sh`; before it runs, its words are in `NAME.words`, one a line, and its input in `NAME.input`.
  func add(_ name: String, _ script: String) throws {
    let text = """
      #!/bin/sh
      printf '%s\\n' "$@" > '\(path)/\(name).words'
      [ -t 0 ] || cat > '\(path)/\(name).input'
      \(script)

      """
    try ScriptFile.write(text, to: "\(path)/\(name)")
  }

  func words(of name: String) throws -> [String] {
    try String(contentsOfFile: "\(path)/\(name).words", encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  func input(of name: String) throws -> String {
    try String(contentsOfFile: "\(path)/\(name).input", encoding: .utf8)
  }
}
