internal import CKernels
package import Model

/// Everything that the program knows about one algorithm.
package struct AlgorithmDescriptor: Sendable {
  package let id: AlgorithmID
  package let shape: WorkShape
  /// Work of real chains with its outcome; the self-test begins with them.
  package let knownAnswers: [KnownAnswer]
  /// The kernels of this architecture, the Swift reference first where there is one.
  package let kernels: [KernelVariant]
  private let prepare: @Sendable ([UInt8]) throws(Failure) -> any WorkReference

  /// An algorithm that is prepared: `reference` builds the readable reference for a key.
  package init(
    id: AlgorithmID, shape: WorkShape, knownAnswers: [KnownAnswer], kernels: [KernelVariant] = [],
    reference: @escaping @Sendable (_ key: [UInt8]) throws(Failure) -> any WorkReference
  ) {
    self.id = id
    self.shape = shape
    self.knownAnswers = knownAnswers
    self.kernels = [KernelVariant(reference: reference, of: id, shape)] + kernels
    prepare = reference
  }

  /// An algorithm whose reference is a library's, or judges only: there is no `swift` kernel.
  package init(
    id: AlgorithmID, shape: WorkShape, knownAnswers: [KnownAnswer],
    onlyKernels: [KernelVariant],
    reference: @escaping @Sendable (_ key: [UInt8]) throws(Failure) -> any WorkReference
  ) {
    self.id = id
    self.shape = shape
    self.knownAnswers = knownAnswers
    kernels = onlyKernels
    prepare = reference
  }

  /// An algorithm that only devices behind drivers have kernels of: the reference finds and judges, and a run on the CPU is
  /// refused by the reason.
  package init(
    id: AlgorithmID, shape: WorkShape, knownAnswers: [KnownAnswer], onlyOnDevices reason: Reason,
    reference: @escaping @Sendable (_ key: [UInt8]) throws(Failure) -> any WorkReference
  ) {
    self.id = id
    self.shape = shape
    self.knownAnswers = knownAnswers
    var own = KernelVariant(reference: reference, of: id, shape)
    own.libraryObstacle = { reason }
    kernels = [own]
    prepare = reference
  }

  /// An algorithm of block headers: one hash of the 80 bytes an attempt.
  package init(
    id: AlgorithmID, knownAnswers: [KnownAnswer], kernels: [KernelVariant],
    hash: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) {
    self.init(
      id: id, shape: .blockHeader, knownAnswers: knownAnswers, kernels: kernels
    ) { _ throws(Failure) in HashReference(hash) }
  }

  /// The reference as a kernel, whatever a run would say of it; nil where it is a library's, or judges only.
  package var referenceKernel: KernelVariant? {
    kernels.first { $0.id == KernelVariant.referenceName }
  }

  /// Whether the reference is all that the CPU has of it.
  package var isOnlyOnDevices: Bool { referenceKernel != nil && kernels.count == 1 }

  /// The readable reference, prepared for a key; an empty key for a shape that is not prepared.
  package func reference(key: [UInt8] = []) throws(Failure) -> any WorkReference {
    try prepare(key)
  }
}

/// Work whose outcome is known from elsewhere: a real block, a published vector.
package struct KnownAnswer: Hashable, Sendable {
  /// Which block of which chain.
  package let name: String
  /// What the state is prepared from; empty for shapes that are not prepared.
  package let key: [UInt8]
  package let input: WorkInput
  package let payload: [UInt8]
  /// Least significant byte first, as it is compared with a target.
  package let value: [UInt8]

  package init(
    _ name: String, key: [UInt8] = [], input: WorkInput, payload: [UInt8] = [], value: [UInt8]
  ) {
    precondition(value.count == 32, "a value has 32 bytes")
    self.name = name
    self.key = key
    self.input = input
    self.payload = payload
    self.value = value
  }

  /// The header of a block and its proof-of-work hash in display order, a big-endian integer.
  package init(_ name: String, header: String, displayHash: String) {
    guard let bytes = Hexadecimal.decode(header), let input = WorkInput(bytes: bytes, .blockHeader),
      let hash = Hexadecimal.decode(displayHash), hash.count == 32
    else { preconditionFailure("a known answer is 80 and 32 bytes of hexadecimal") }
    self.init(name, input: input, value: hash.reversed())
  }
}

/// Takes over a C table of kernels of algorithms of one shape: `accessor` returns its start and sets its length.
internal func kernelTable(
  _ shape: WorkShape, _ accessor: (UnsafeMutablePointer<Int>) -> UnsafePointer<hw_kernel>?
) -> [KernelVariant] {
  var count = 0
  guard let start = unsafe accessor(&count) else { return [] }
  return (0..<count).map { index in
    let kernel = unsafe start + index
    do throws(DescriptionFault) {
      var variant = unsafe try KernelVariant(describedBy: kernel.pointee, shape)
      variant.operations = unsafe KernelOperations(of: kernel)
      return variant
    } catch {
      preconditionFailure("a built-in kernel breaks the ABI's rules: \(error.problem)")
    }
  }
}
