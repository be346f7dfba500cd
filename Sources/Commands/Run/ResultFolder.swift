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

  /// The folder that a file lies in, which is there.
  init(of file: String) {
    let slash = file.lastIndex(of: "/")
    path = slash.map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
  }

  /// Writes a file that was not there before, and returns its path.
  ///
  /// The name is also one that no file with the `other` suffix has.
  func write(
    _ bytes: [UInt8], name: String, suffix: String = ".json", beside other: String? = nil
  ) throws -> String {
    var candidate = "\(path)/\(name)"
    var number = 2
    while true {
      let isTaken = other.map { SystemRoot.live.exists(candidate + $0) } ?? false
      do {
        if !isTaken {
          try AtomicFile.writeNew(bytes, to: candidate + suffix)
          return candidate + suffix
        }
      } catch {
        guard error.errno == .alreadyExists else { throw Self.failure(path, error) }
      }
      guard number < 1000 else {
        throw Self.failure(path, SystemError(errno: .alreadyExists, operation: "create"))
      }
      candidate = "\(path)/\(name)-\(number)"
      number += 1
    }
  }

  private static func failure(_ path: String, _ error: SystemError) -> Failure {
    Failure(
      .unavailable, "cannot write results below \(path): \(error.errno)",
      remedy: "name a folder that can be written with --results")
  }
}
