internal import CLinuxShims

/// Which CPUs a thread may use.
package enum Affinity {
  /// Pins the calling thread to one CPU.
  ///
  /// - Throws: `EINVAL` when the CPU is offline or outside what the process may use.
  package static func pinCurrentThread(to cpu: Int) throws(SystemError) {
    let status = hw_linux_pin_current_thread(CInt(clamping: cpu))
    guard status == 0 else {
      throw SystemError(errno: Errno(rawValue: status), operation: "pin a thread to CPU \(cpu)")
    }
  }

  /// The CPUs that the calling thread may use, ascending.
  package static func allowedCPUs() throws(SystemError) -> [Int] {
    var buffer = [CInt](repeating: 0, count: 1 << 16)
    let count = unsafe buffer.withUnsafeMutableBufferPointer { cpus -> CInt in
      guard let start = cpus.baseAddress else { return 0 }
      return unsafe hw_linux_allowed_cpus(start, CInt(cpus.count))
    }
    guard count >= 0 else {
      throw SystemError(errno: Errno(rawValue: -count), operation: "read the CPU affinity")
    }
    return buffer.prefix(Int(count)).map(Int.init)
  }
}
