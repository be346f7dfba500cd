internal import CKernels

/// The instruction-set tiers that a CPU offers or a kernel needs: the `HW_CPU_*` bits of the kernel ABI.
///
/// Everything that chooses among kernels takes such a value as a parameter, so that tests can try every subset.
package struct CPUFeatures: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// What the CPU that runs this offers and the operating system lets us use.
  package static let current = CPUFeatures(rawValue: hw_cpu_features())

  /// The names of the bits that are set, lowest bit first; a bit without a name is shown by its number.
  package var names: [String] {
    (0..<UInt64(64)).filter { rawValue >> $0 & 1 == 1 }.map { bit in
      guard let name = unsafe hw_cpu_feature_name(1 << bit) else { return "feature bit \(bit)" }
      return unsafe String(cString: name)
    }
  }
}
