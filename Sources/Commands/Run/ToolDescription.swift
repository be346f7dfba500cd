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
        return .value(digest(try bytes("/proc/self/exe")))
      } catch {
        return .unavailable(Reason(.failed, error.description))
      }
    #endif
  }

  /// Digest of a file that is a program itself; nil for one that cannot be read here, and for a script, which starts another.
  static func digest(ofProgram path: String) -> String? {
    guard let bytes = try? Self.bytes(path), bytes.starts(with: Self.elfMagic) else { return nil }
    return digest(bytes)
  }

  /// How an executable file begins (ELF specification, e_ident).
  private static let elfMagic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]

  private static func bytes(_ path: String) throws(SystemError) -> [UInt8] {
    try SystemRoot.live.bytes(path, limit: 1 << 30)
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    Hexadecimal.encode(LargeDigest.sha256(bytes))
  }
}
