internal import CKernels
internal import Model

/// The large memory of a prepared state that a library took.
package struct PreparedMemory: Hashable, Sendable {
  package let addresses: Range<UInt>
  package let hugePages: ScratchMemory.HugePages
}

/// What a kernel was prepared with for one key.
///
/// Filled by `KernelVariant.prepare` before it is shared, and only read afterwards: then any number of calls may use it
/// at once.
@safe package final class PreparedState: @unchecked Sendable {
  // Sendable: all fields are constants; the memory's bytes are written by the parts of `prepare` alone, which the ABI
  // keeps apart, before any scan, and `deinit` runs after the last one.
  package let key: [UInt8]
  private let memory: ScratchMemory
  private let release: hw_release_fn?
  /// The reference that was prepared, where that is the kernel.
  internal let reference: (any WorkReference)?

  internal init(
    key: [UInt8], memory: consuming ScratchMemory, release: hw_release_fn?
  ) {
    self.key = key
    self.memory = memory
    unsafe self.release = release
    reference = nil
  }

  internal init(reference: any WorkReference) throws(Failure) {
    key = []
    memory = try ScratchMemory(size: 0, alignment: 1, hugePages: false)
    unsafe release = nil
    self.reference = reference
  }

  deinit {
    if let address = unsafe memory.bytes.baseAddress { unsafe release?(address) }
  }

  internal var address: UnsafeMutableRawPointer? { unsafe memory.bytes.baseAddress }
  internal var size: Int { unsafe memory.bytes.count }
  /// What the guards around the memory take up as well, for the trial of plug-ins.
  package var guardedAddresses: Range<UInt> { memory.guardedAddresses }
}
