internal import LinuxSystem
internal import Model
internal import ResultIndex

extension Composition {
  /// What this program remembers of the files below a folder, and what is to be said of it.
  static func recordIndex(
    _ folder: String, makes: Bool
  ) -> (index: (any RecordIndex)?, note: String?) {
    guard let program else { return (nil, nil) }
    let opened = SQLiteIndex.open(folder, program: program, makes: makes)
    return (opened.index, opened.note)
  }

  /// Tells this build from every other: what one derives from a file another may derive differently.
  ///
  /// Its digest would do, but takes half a second. Packages may set the time at which a file was written, and nobody sets when it
  /// came to this machine.
  private static let program = SystemRoot.live.identity("/proc/self/exe").map { file in
    "\(ToolIdentity.currentVersion) \(file.size) \(file.modified) \(file.changed) \(file.inode)"
  }
}
