package import LinuxSystem
package import Model

/// Reads small files below a root and turns failures into reasons.
package struct FactReader: Sendable {
  package let root: SystemRoot

  package init(root: SystemRoot) { self.root = root }

  /// The text of a file; a missing file, an empty one and one that cannot be read each have their reason.
  package func text(_ path: String) -> Reading<String> {
    do {
      let text = try root.text(path)
      return Reading(text.nonEmpty, else: Reason(.absent, "\(path) is empty"))
    } catch {
      return .unavailable(reason(error, path))
    }
  }

  package func integer(_ path: String) -> Reading<Int64> {
    switch text(path) {
    case .unavailable(let reason): return .unavailable(reason)
    case .value(let text):
      return Reading(
        Int64(text), else: Reason(.malformed, "\(path) holds '\(text.prefix(40))', not a number"))
    }
  }

  /// A file's `0` or another number as a flag.
  package func flag(_ path: String) -> Reading<Bool> { integer(path).map { $0 != 0 } }

  /// The CPUs that a file lists: `0-3,8`, or one by one between blanks as cpufreq does.
  package func list(_ path: String) -> [Int]? {
    guard let text = text(path).value else { return nil }
    return CPUList.parse(text.split(whereSeparator: \.isWhitespace).joined(separator: ","))
  }

  /// The integers of lines such as `MemFree:  123 kB`, by their first word without the colon.
  package func keyedIntegers(_ path: String) -> Reading<[Substring: Int64]> {
    text(path).map { FactReader.keyedIntegers($0) }
  }

  static func keyedIntegers(_ text: String) -> [Substring: Int64] {
    var values: [Substring: Int64] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard words.count >= 2, let key = words.first, let value = Int64(words[1]) else { continue }
      values[key.hasSuffix(":") ? key.dropLast() : key] = value
    }
    return values
  }

  /// The last part of where a link leads.
  package func linkName(_ path: String) -> String? {
    guard let target = try? root.linkTarget(path) else { return nil }
    return target.split(separator: "/").last.map(String.init)
  }

  /// The names in a folder, sorted; none where it cannot be listed.
  package func names(_ path: String) -> [String] { (try? root.names(path)) ?? [] }

  /// A reason for a failed read, with a remedy where one is known.
  package func reason(_ error: SystemError, _ path: String) -> Reason {
    switch error.errno {
    case .noSuchFile, .notDirectory, .noSuchDevice:
      root.isLive
        ? Reason(.absent, "this machine has no \(path)") : .notCaptured(path)
    case .permissionDenied, .notPermitted:
      Reason(.permission, "\(path): \(error.errno)", remedy: "run it as root")
    case .tooLarge:
      Reason(.failed, "\(path) is longer than \(SystemRoot.longestFile >> 20) MiB and was not read")
    default: Reason(.failed, "\(path): \(error.errno)")
    }
  }
}

extension Reason {
  /// Why something is unknown in a replay.
  package static func notCaptured(_ what: String, _ remedy: String? = nil) -> Reason {
    Reason(.notCaptured, "\(what) was not captured", remedy: remedy)
  }
}
