internal import LinuxSystem
internal import Model

/// Files that the user names.
enum InputFile {
  /// Largest file that is read whole.
  private static let sizeLimit = 256 << 20

  /// The bytes of a file of at most `limit`; of one that gzip packed its content, of at most as many.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file.
  static func read(
    _ path: String, limit: Int = sizeLimit, remedy: String = "check the path and its permissions"
  ) throws(Failure) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = try SystemRoot.live.bytes(path, limit: limit)
    } catch {
      throw Failure(.badInput, "\(path): \(error.errno)", remedy: remedy)
    }
    guard Gzip.isPacked(bytes) else { return bytes }
    do {
      return try Gzip.unpacked(bytes, limit: limit)
    } catch {
      throw failure(path, error, limit)
    }
  }

  private static func failure(_ path: String, _ problem: Gzip.Problem, _ limit: Int) -> Failure {
    switch problem {
    case .cutOff:
      Failure(
        .badInput, "\(path): its gzip data ends too early", remedy: "use a copy that is whole")
    case .damaged:
      Failure(
        .badInput, "\(path): its gzip data is damaged, or something else follows it",
        remedy: "use a copy that is whole, or pack the file again")
    case .tooLong:
      Failure(
        .badInput, "\(path): unpacked it has more than \(limit >> 20) MiB",
        remedy: "look what it is before you unpack it: no file of hashwatt is so long")
    case .noMemory:
      Failure(
        .unavailable, "\(path): no memory to unpack it", remedy: "end other programs, or add memory"
      )
    }
  }
}
