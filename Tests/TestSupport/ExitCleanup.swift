import Foundation
import LinuxSystem

/// Removes at the end of the tests' process the folders that statics still hold then, for nothing releases those.
enum ExitCleanup {
  private static let folders = Locked<[String]>([])
  private static let isRegistered: Bool =
    atexit {
      for folder in ExitCleanup.folders.withLock({ $0 }) {
        try? FileManager.default.removeItem(atPath: folder)
      }
    } == 0

  static func add(_ folder: String) {
    folders.withLock { $0.append(folder) }
    precondition(isRegistered, "atexit has no room")
  }
}
