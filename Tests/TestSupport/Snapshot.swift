internal import Glibc
internal import LinuxSystem
package import Testing

/// Compares text with the golden file `Snapshots/<name>` beside the test's own file.
///
/// With `RECORD_SNAPSHOTS=1` in the environment the file is written instead, and the test still fails when it
/// changed, so that a recording run is never mistaken for a passing one.
package func assertSnapshot(
  _ actual: String, named name: String, sourceLocation: SourceLocation = #_sourceLocation,
  testFile: String = #filePath
) {
  let folder =
    testFile.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/Snapshots"
  assertFile(actual, at: folder + "/" + name, sourceLocation: sourceLocation)
}

/// Compares text with a file that is made from the sources, and writes it as `assertSnapshot` does.
package func assertFile(
  _ actual: String, at path: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let name = path.split(separator: "/").last.map(String.init) ?? path
  let golden = try? SystemRoot.live.bytes(path, limit: 1 << 26)
  if golden == Array(actual.utf8) { return }
  if unsafe getenv("RECORD_SNAPSHOTS") != nil {
    do {
      try AtomicFile.createFolder(
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
          .joined(separator: "/"))
      try AtomicFile.write(Array(actual.utf8), to: path)
      Issue.record("recorded \(name); look at the difference", sourceLocation: sourceLocation)
    } catch {
      Issue.record("cannot record \(path): \(error)", sourceLocation: sourceLocation)
    }
    return
  }
  guard let golden else {
    Issue.record(
      "no golden file \(path): run once with RECORD_SNAPSHOTS=1", sourceLocation: sourceLocation)
    return
  }
  let difference = firstDifference(
    expected: String(decoding: golden, as: UTF8.self), actual: actual)
  Issue.record("differs from \(name), \(difference)", sourceLocation: sourceLocation)
}

/// The text with what stands between the lines `<!-- NAME -->` and `<!-- end of NAME -->` replaced.
///
/// - Throws: when the two lines are not there, each once.
package func replacingBlock(_ name: String, in text: String, with block: String) throws -> String {
  let begin = "<!-- \(name) -->\n"
  let end = "<!-- end of \(name) -->\n"
  let head = text.components(of: begin)
  guard head.count == 2 else { throw MissingBlock(name: name) }
  let tail = head[1].components(of: end)
  guard tail.count == 2 else { throw MissingBlock(name: name) }
  return head[0] + begin + block + end + tail[1]
}

/// A text without the two lines of a block.
package struct MissingBlock: Error, CustomStringConvertible {
  package let name: String
  package var description: String {
    "the lines <!-- \(name) --> and <!-- end of \(name) --> are not there once"
  }
}

extension String {
  fileprivate func components(of separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}

/// The first line that differs, for the test's message.
private func firstDifference(expected: String, actual: String) -> String {
  let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
  for index in 0..<max(old.count, new.count) {
    let before = index < old.count ? String(old[index]) : "(end)"
    let after = index < new.count ? String(new[index]) : "(end)"
    if before != after { return "line \(index + 1): expected \"\(before)\", is \"\(after)\"" }
  }
  return "in line endings only"
}
