internal import CKernels
package import Model

/// Everything that the program knows about one algorithm.
package struct AlgorithmDescriptor: Sendable {
  package let id: AlgorithmID
  /// The readable reference: the hash of a header, 32 bytes in wire order.
  package let reference: @Sendable (Header) -> [UInt8]
  /// Headers of real chains with their hashes; the self-test begins with them.
  package let knownAnswers: [KnownAnswer]
  /// The kernels of this architecture, the Swift reference first.
  package let kernels: [KernelVariant]

  internal init(
    id: AlgorithmID, reference: @escaping @Sendable (Header) -> [UInt8],
    knownAnswers: [KnownAnswer],
    swiftKernel: KernelVariant, cKernels: [KernelVariant]
  ) {
    self.id = id
    self.reference = reference
    self.knownAnswers = knownAnswers
    kernels = [swiftKernel] + cKernels
  }
}

/// The header of a real block and its proof-of-work hash.
package struct KnownAnswer: Hashable, Sendable {
  /// Which block of which chain.
  package let name: String
  package let header: Header
  /// In display order: the hash's bytes reversed, so that it reads as a big-endian integer.
  package let displayHash: [UInt8]

  internal init(_ name: String, header: String, displayHash: String) {
    guard let bytes = Hexadecimal.decode(header), let header = Header(bytes: bytes),
      let hash = Hexadecimal.decode(displayHash), hash.count == 32
    else { preconditionFailure("a known answer is 80 and 32 bytes of hexadecimal") }
    self.name = name
    self.header = header
    self.displayHash = hash
  }

  /// The hash in wire order, as the reference gives it.
  package var hash: [UInt8] { displayHash.reversed() }
}

/// Takes over a C table of kernels: `accessor` returns its start and sets its length.
internal func kernelTable(
  _ accessor: (UnsafeMutablePointer<Int>) -> UnsafePointer<hw_kernel>?
) -> [KernelVariant] {
  var count = 0
  guard let start = unsafe accessor(&count) else { return [] }
  return (0..<count).map { index in
    let kernel = unsafe start + index
    do throws(DescriptionFault) {
      var variant = unsafe try KernelVariant(describedBy: kernel.pointee)
      variant.operations = unsafe KernelOperations(of: kernel)
      return variant
    } catch {
      preconditionFailure("a built-in kernel breaks the ABI's rules: \(error.problem)")
    }
  }
}
