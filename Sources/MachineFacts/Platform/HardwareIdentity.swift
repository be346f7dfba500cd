internal import CLinuxShims
internal import Glibc

/// What the present machine says of itself without a file.
package enum HardwareIdentity {
  /// The signature that a hypervisor gives through CPUID, such as `KVMKVMKVM`; nil where there is none.
  package static func hypervisorSignature() -> String? {
    var text = [CChar](repeating: 0, count: 13)
    let found = unsafe text.withUnsafeMutableBufferPointer { buffer -> CInt in
      guard let start = buffer.baseAddress else { return 0 }
      return unsafe hw_linux_hypervisor_signature(start)
    }
    guard found == 1 else { return nil }
    return String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The kernel's name and release and the machine's architecture, as `uname` gives them; nothing of the host's name.
  package static func kernel() -> (name: String, release: String, architecture: String)? {
    var buffer = utsname()
    guard unsafe uname(&buffer) == 0 else { return nil }
    return (
      unsafe text(of: buffer.sysname), unsafe text(of: buffer.release),
      unsafe text(of: buffer.machine)
    )
  }

  @unsafe
  private static func text<Field>(of field: Field) -> String {
    unsafe withUnsafeBytes(of: field) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
