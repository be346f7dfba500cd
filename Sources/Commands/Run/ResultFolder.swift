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

/// Names of files by time.
enum FileStamp {
  /// `20261121T010203Z` of seconds since 1970 (the civil calendar by Hinnant, "chrono-compatible low-level date
  /// algorithms").
  static func text(unixTime: Double) -> String {
    let seconds = Int(unixTime.rounded(.down))
    let days = seconds / 86400
    let rest = seconds % 86400
    let shifted = days + 719_468
    let era = shifted / 146_097
    let day = shifted % 146_097
    let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    let date = dayOfYear - (153 * part + 2) / 5 + 1
    let civil = year + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(civil)\(two(month))\(two(date))T\(two(rest / 3600))\(two(rest / 60 % 60))"
      + "\(two(rest % 60))Z"
  }
}
