internal import LinuxSystem
internal import Model

/// What this program is.
enum ToolDescription {
  static func identity() -> ToolIdentity {
    #if DEBUG
      let configuration = "debug"
    #else
      let configuration = "release"
    #endif
    #if compiler(>=6.4)
      let compiler = "Swift 6.4 or later"
    #elseif compiler(>=6.3)
      let compiler = "Swift 6.3"
    #else
      let compiler = "Swift before 6.3"
    #endif
    return ToolIdentity(
      version: ToolIdentity.currentVersion, executableDigest: digest(), compiler: compiler,
      configuration: configuration)
  }

  private static func digest() -> Reading<String> {
    #if DEBUG
      return .unavailable(
        Reason(.notMeasured, "a debug build does not take the digest of its own file"))
    #else
      do {
        let bytes = try SystemRoot.live.bytes("/proc/self/exe", limit: 1 << 30)
        return .value(Hexadecimal.encode(SHA256.hash(bytes)))
      } catch {
        return .unavailable(Reason(.failed, error.description))
      }
    #endif
  }
}
