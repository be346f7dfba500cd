internal import CKernels
package import Model

/// One implementation of one algorithm behind the C kernel ABI.
///
/// Built-in C kernels, the Swift reference and plug-ins are all values of this type, so that listing, choosing,
/// proving and timing treat them alike.
@safe package struct KernelVariant: Sendable {
  package let algorithm: AlgorithmID
  package let id: KernelID
  /// Hashes in one pass of its inner loop.
  package let lanes: Int
  /// Bytes of scratch memory that each concurrent call needs.
  package let scratchSize: Int
  /// Alignment of the scratch memory in bytes, at least 1.
  package let scratchAlignment: Int
  package let requiredFeatures: CPUFeatures
  /// What an attempt yields.
  package var unit: WorkUnit { .hash }
  /// What its arithmetic needs; nil where that is not written down (plug-ins, `swift`, `openssl`).
  package internal(set) var operations: KernelOperations?
  private let function: ScanFunction

  /// More lanes than this are taken for a mistake: the self-test has to hash twice as many nonces.
  package static let maximumLanes = 4096
  /// More scratch memory than this for each thread is taken for a mistake.
  package static let maximumScratch: UInt64 = 1 << 32

  /// Takes over a description that C code made.
  ///
  /// `prefix` is what the name is shown with: empty, `plugin:` or `other:`. Throws what the description breaks of the ABI's
  /// rules.
  internal init(describedBy kernel: hw_kernel, prefix: String = "") throws(DescriptionFault) {
    guard let name = unsafe kernel.name, let algorithm = unsafe kernel.algorithm else {
      throw DescriptionFault(problem: "a kernel has no name or no algorithm")
    }
    let text = unsafe String(cString: name)
    guard KernelVariant.isValid(name: text) else {
      throw DescriptionFault(
        problem: "the kernel name '\(text.prefix(60))' is not 1 to 48 of a-z, 0-9, '-' and '.'")
    }
    let version = unsafe kernel.abi_version
    guard version == HW_KERNEL_ABI_VERSION else {
      throw DescriptionFault(
        problem: "kernel '\(text)' has ABI version \(version), this program reads version"
          + " \(HW_KERNEL_ABI_VERSION)")
    }
    guard let function = unsafe kernel.scan else {
      throw DescriptionFault(problem: "kernel '\(text)' has no scan function")
    }
    let lanes = unsafe Int(kernel.lanes)
    guard (1...KernelVariant.maximumLanes).contains(lanes) else {
      throw DescriptionFault(
        problem: "kernel '\(text)' claims \(lanes) lanes, allowed are 1 to"
          + " \(KernelVariant.maximumLanes)")
    }
    let alignment = unsafe Int(kernel.scratch_alignment)
    guard alignment <= 1 << 21, alignment & (alignment - 1) == 0 || alignment == 0 else {
      throw DescriptionFault(
        problem:
          "kernel '\(text)' asks for scratch aligned to \(alignment) bytes, allowed are powers"
          + " of two up to 2 MiB")
    }
    let scratchSize = unsafe kernel.scratch_size
    guard scratchSize <= KernelVariant.maximumScratch else {
      throw DescriptionFault(
        problem: "kernel '\(text)' asks for \(scratchSize) bytes of scratch, allowed are"
          + " \(KernelVariant.maximumScratch)")
    }
    self.algorithm = AlgorithmID(rawValue: unsafe String(cString: algorithm))
    self.id = KernelID(rawValue: prefix + text)
    self.lanes = lanes
    self.scratchSize = Int(scratchSize)
    self.scratchAlignment = max(1, alignment)
    self.requiredFeatures = unsafe CPUFeatures(rawValue: kernel.required_features)
    self.function = unsafe ScanFunction(call: function)
  }

  /// A kernel written in Swift: one lane, no scratch, no required feature.
  internal init(
    algorithm: AlgorithmID, id: KernelID, scan: @escaping hw_scan_fn
  ) {
    self.algorithm = algorithm
    self.id = id
    lanes = 1
    scratchSize = 0
    scratchAlignment = 1
    requiredFeatures = []
    function = unsafe ScanFunction(call: scan)
  }

  /// Whether a name follows the ABI's rule.
  package static func isValid(name: String) -> Bool {
    (1...48).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      }
  }

  /// Scans a range of nonces.
  ///
  /// `nonces` receives the nonces that meet the target, from index 0 on, in the order of scanning; the kernel may
  /// write `capacity` of them. `scratch` has at least `scratchSize` bytes and is not in use by another call.
  ///
  /// - Returns: how many nonces of the range meet the target; when that exceeds `capacity`, only the first
  ///   `capacity` of them were stored.
  package func scan(
    _ work: Work, scratch: borrowing ScratchMemory, nonces: inout [UInt32], capacity: Int
  ) throws(KernelFault) -> UInt64 {
    precondition(capacity <= nonces.count, "the room must exist")
    var result = hw_scan_result(
      struct_size: UInt32(MemoryLayout<hw_scan_result>.size), reserved: 0, found: 0)
    let status = unsafe work.header.bytes.withUnsafeBufferPointer { header in
      unsafe work.target.bytes.withUnsafeBufferPointer { target in
        unsafe nonces.withUnsafeMutableBufferPointer { room in
          var request = unsafe hw_scan_request(
            struct_size: UInt32(MemoryLayout<hw_scan_request>.size),
            first_nonce: work.firstNonce, count: work.count, header: header.baseAddress,
            target: target.baseAddress, scratch: scratch.bytes.baseAddress,
            scratch_size: UInt64(scratch.bytes.count), nonces: room.baseAddress,
            nonce_capacity: UInt64(capacity))
          return unsafe function.call(&request, &result)
        }
      }
    }
    switch status {
    case HW_OK: return result.found
    case HW_BAD_REQUEST: throw KernelFault(algorithm, id, "it refused a valid request")
    case HW_LIBRARY_FAILED: throw KernelFault(algorithm, id, "the library behind it failed")
    default: throw KernelFault(algorithm, id, "it returned the unknown status \(status.rawValue)")
    }
  }
}

/// The address of a kernel's code.
///
/// It may be used from every thread: a C function carries no context, and the ABI forbids state between calls.
@safe private struct ScanFunction: @unchecked Sendable {
  let call: hw_scan_fn
}

/// What a description of a kernel breaks of the ABI's rules.
internal struct DescriptionFault: Error {
  let problem: String
}
