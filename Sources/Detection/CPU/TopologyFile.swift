internal import LinuxSystem
internal import Model

/// Looks at an exported topology before hwloc does, which refuses without saying why.
enum TopologyFile {
  private static let remedy = "export it with 'lstopo --of xml FILE' of a hwloc 2 release"

  /// Throws `Failure` with one line where the file is not a topology that this hwloc can read.
  static func check(_ path: String) throws {
    let bytes: [UInt8]
    do {
      bytes = try FileDescriptor.openForReading(path).readHead(1 << 16)
    } catch {
      throw Failure(.badInput, "\(path): \(error.errno)", remedy: remedy)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let start = text.firstRange(of: "<topology") ?? text.firstRange(of: "<root") else {
      throw Failure(.badInput, "\(path): not a topology that hwloc exported", remedy: remedy)
    }
    let head = text[start.upperBound...].prefix { $0 != ">" }
    guard let mark = head.firstRange(of: "version=\"") else { return }
    let version = head[mark.upperBound...].prefix { $0 != "\"" }
    if let major = version.split(separator: ".").first.flatMap({ Int($0) }), major > 2 {
      throw Failure(
        .badInput, "\(path): topology of format \(version), this hwloc reads up to format 2",
        remedy: "export it with 'lstopo --of xml --export-xml-flags v2 FILE'")
    }
  }
}
