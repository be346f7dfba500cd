internal import LinuxSystem
internal import Model

/// Where results go: proven to be writable before anything is measured.
struct ResultFolder {
  let path: String

  /// Room that a result may need; asked for beforehand, so that a full disk is found before an hour is spent.
  private static let room = 1 << 20

  /// Creates the folder and tries it out with a file of the size of a result, which is removed again.
  init(_ path: String) throws {
    self.path = path
    do {
      try AtomicFile.createFolder(path)
      try AtomicFile.tryOut(folder: path, bytes: Self.room)
    } catch let error {
      throw Self.failure(path, error)
    }
  }

  /// Writes a file that was not there before, and returns its path.
  func write(_ bytes: [UInt8], name: String) throws -> String {
    var candidate = "\(path)/\(name).json"
    var number = 2
    while true {
      do {
        try AtomicFile.writeNew(bytes, to: candidate)
        return candidate
      } catch {
        guard error.errno == .alreadyExists, number < 1000 else { throw Self.failure(path, error) }
        candidate = "\(path)/\(name)-\(number).json"
        number += 1
      }
    }
  }

  private static func failure(_ path: String, _ error: SystemError) -> Failure {
    Failure(
      .unavailable, "cannot write results below \(path): \(error.errno)",
      remedy: "name a folder that can be written with --results")
  }
}
