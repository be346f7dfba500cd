/// Executable files that a test writes.
package enum ScriptFile {
  /// Writes a script that may be run at once.
  ///
  /// Another process writes it. This one has threads that start children: a child that is made while the file is open here
  /// keeps it open until its own `exec`, and whoever runs the script in that moment is told "Text file busy".
  package static func write(_ text: String, to path: String) throws {
    let outcome = try ChildProcess.run(
      "/bin/sh", ["-c", "cat > \"$0\" && chmod 755 \"$0\"", path], input: text)
    guard outcome.status == 0 else { throw NotWritten(reason: outcome.text) }
  }

  private struct NotWritten: Error {
    let reason: String
  }
}
