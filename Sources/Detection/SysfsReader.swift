internal import LinuxSystem
internal import Model

/// Reads small files below a root and turns failures into reasons.
struct SysfsReader {
  let root: SystemRoot

  /// The text of a file; a missing file, an empty one and one that cannot be read each have their reason.
  func text(_ path: String) -> Reading<String> {
    do {
      let text = try root.text(path, limit: 1 << 16)
      return Reading(text.nonEmpty, else: Reason(.absent, "\(path) is empty"))
    } catch {
      return .unavailable(reason(error, path))
    }
  }

  func integer(_ path: String) -> Reading<Int64> {
    switch text(path) {
    case .unavailable(let reason): return .unavailable(reason)
    case .value(let text):
      return Reading(
        Int64(text), else: Reason(.malformed, "\(path) holds '\(text.prefix(40))', not a number"))
    }
  }

  /// The list of CPUs that a file holds.
  func list(_ path: String) -> [Int]? { text(path).value.flatMap { NumberList.parse($0) } }

  /// The last part of where a link leads.
  func linkName(_ path: String) -> String? {
    guard let target = try? root.linkTarget(path) else { return nil }
    return target.split(separator: "/").last.map(String.init)
  }

  func names(_ path: String) -> [String] { (try? root.names(path)) ?? [] }

  /// A reason for a failed read, with a remedy where one is known.
  func reason(_ error: SystemError, _ path: String) -> Reason {
    switch error.errno {
    case .noSuchFile, .notDirectory, .noSuchDevice:
      root.isLive
        ? Reason(.absent, "this machine has no \(path)") : .notCaptured(path)
    case .permissionDenied, .notPermitted:
      Reason(.permission, "\(path): \(error.errno)", remedy: "run it as root")
    default: Reason(.failed, "\(path): \(error.errno)")
    }
  }
}
