internal import LinuxSystem
internal import Model

/// Files that the user names.
enum InputFile {
  /// Largest file that is read whole.
  private static let sizeLimit = 256 << 20

  /// The bytes of a file of at most `limit`.
  ///
  /// - Throws: `Failure` with exit code 4 that names the file.
  static func read(_ path: String, limit: Int = sizeLimit) throws(Failure) -> [UInt8] {
    do {
      return try SystemRoot.live.bytes(path, limit: limit)
    } catch {
      throw Failure(
        .badInput, "\(path): \(error.errno)", remedy: "check the path and its permissions")
    }
  }
}
