internal import CLinuxShims

/// Environment variables that a C library reads, for the time of one call.
package enum EnvironmentOverride {
  /// Gives each variable its value, nil taking it away.
  ///
  /// The C library's list of variables belongs to the whole process: callers hold a lock of their own around this and
  /// the calls that it is for.
  package static func apply(_ variables: [(name: String, value: String?)]) throws(SystemError) {
    for (name, value) in variables {
      let status =
        if let value { unsafe hw_linux_environment_set(name, value) } else {
          unsafe hw_linux_environment_set(name, nil)
        }
      guard status == 0 else {
        throw SystemError(errno: Errno(rawValue: status), operation: "set \(name)")
      }
    }
  }
}
