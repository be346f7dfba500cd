internal import CKernels

/// A word by which another thread ends a long call of a kernel.
@safe package final class StopWord: @unchecked Sendable {
  // Sendable: the word is written and read by atomic operations alone, and freed after the last reference is gone.
  internal let address: UnsafeMutablePointer<UInt32>

  package init() {
    unsafe address = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    unsafe address.initialize(to: 0)
  }

  deinit { unsafe address.deallocate() }

  /// From now on calls that look at the word end.
  package func set() { unsafe hw_stop(address) }

  package var isSet: Bool { unsafe hw_is_stopped(address) != 0 }
}
