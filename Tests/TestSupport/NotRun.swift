internal import Glibc

/// What could not run on this machine; never silent, never a pass that looks like one.
package enum NotRun {
  /// Prints the line and appends it to the file that `HASHWATT_NOT_RUN_LIST` names, which `make test` shows at its end.
  package static func report(_ line: String) {
    let text = "NOT RUN: \(line)\n"
    append(text, to: "/dev/stdout")
    if let path = unsafe getenv("HASHWATT_NOT_RUN_LIST") {
      append(line + "\n", to: unsafe String(cString: path))
    }
  }

  private static func append(_ text: String, to path: String) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    defer { _ = close(descriptor) }
    // One write: lines of tests that run at the same time stay whole.
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
  }
}
