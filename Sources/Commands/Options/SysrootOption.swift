internal import Arguments
internal import LinuxSystem
internal import Model

/// `--sysroot`, which several commands have, judged in one place.
enum SysrootOption {
  static let option = Option(
    "sysroot", "DIR", .folder, "Read DIR/sys and DIR/proc in place of /sys and /proc.")

  /// The tree that stands in for the machine, or the live machine.
  ///
  /// - Throws: bad input for a folder that holds neither, whatever the command.
  static func root(_ arguments: ParsedArguments) throws(Failure) -> SystemRoot {
    guard let folder = arguments[option] else { return .live }
    let root = SystemRoot(prefix: folder)
    guard root.exists("/sys") || root.exists("/proc") else {
      throw Failure(
        .badInput,
        root.exists("")
          ? "--sysroot \(folder): holds neither sys nor proc"
          : "--sysroot \(folder): no such folder",
        remedy: "name the folder above sys and proc")
    }
    return root
  }
}
