package import LinuxSystem

/// What an installed system calls its machine: 32 hexadecimal digits, confidential (machine-id(5)).
package enum MachineIdentifier {
  /// Nil where there is none, or it cannot be read.
  package static func read(_ root: SystemRoot) -> String? { try? root.text("/etc/machine-id") }
}
