internal import CKernels

/// A kind of vector operation, as `hw_operations.h` numbers them.
package struct OperationKind: Hashable, Sendable {
  package let number: Int
  package let name: String

  /// Loads run beside the arithmetic, on ports of their own.
  package var isLoad: Bool { number == Int(HW_OPERATION_LOAD.rawValue) }

  /// Instructions of a hash of their own, which no compiler makes of other code.
  package var isSHA: Bool {
    number == Int(HW_OPERATION_SHA_ROUNDS.rawValue)
      || number == Int(HW_OPERATION_SHA_SCHEDULE.rawValue)
  }

  /// Shifts and rotates of lanes share their ports on every core that has both.
  package var isShiftOrRotate: Bool {
    number == Int(HW_OPERATION_SHIFT.rawValue) || number == Int(HW_OPERATION_ROTATE.rawValue)
  }

  /// Every kind, in the order of the ABI.
  package static let all: [OperationKind] = (0..<Int(HW_OPERATION_KINDS.rawValue)).map { number in
    let kind = hw_operation_kind(rawValue: UInt32(number))
    let name = unsafe hw_operation_name(kind).map { unsafe String(cString: $0) }
    return OperationKind(number: number, name: name ?? "kind \(number)")
  }
}

/// What the arithmetic of a kernel's template needs: a count for each kind of operation, on whole registers.
package struct KernelOperations: Hashable, Sendable {
  package let vectorBits: Int
  /// How many hashes `counts` are for.
  package let hashes: Int
  /// Kinds that the kernel does not use are left out.
  package let counts: [OperationKind: UInt64]

  package init(vectorBits: Int, hashes: Int, counts: [OperationKind: UInt64]) {
    self.vectorBits = vectorBits
    self.hashes = hashes
    self.counts = counts
  }

  /// Nil for kernels whose counts are not written down.
  internal init?(of kernel: UnsafePointer<hw_kernel>) {
    var operations = hw_operations()
    guard unsafe hw_kernel_operations(kernel, &operations) == 1 else { return nil }
    vectorBits = Int(operations.vector_bits)
    hashes = Int(operations.hashes)
    counts = unsafe withUnsafeBytes(of: &operations.counts) { bytes in
      let all = unsafe bytes.bindMemory(to: UInt64.self)
      return OperationKind.all.reduce(into: [:]) { counts, kind in
        let count = unsafe all[kind.number]
        if count > 0 { counts[kind] = count }
      }
    }
  }

  /// Operations of all kinds for one hash.
  package var perHash: Double { Double(counts.values.reduce(0, +)) / Double(hashes) }
}

/// A loop that keeps a core busy with one kind of operation.
@safe package struct ThroughputProbe: Sendable {
  package let kind: OperationKind
  package let vectorBits: Int
  package let requiredFeatures: CPUFeatures
  private let function: ProbeFunction

  /// Every loop of this architecture, those that the CPU cannot run included.
  package static let all: [ThroughputProbe] = {
    var count = 0
    guard let start = unsafe hw_throughput_probes(&count) else { return [] }
    return unsafe UnsafeBufferPointer(start: start, count: count).compactMap { probe in
      let number = Int(probe.kind.rawValue)
      guard let run = probe.run, OperationKind.all.indices.contains(number) else { return nil }
      return ThroughputProbe(
        kind: OperationKind.all[number], vectorBits: Int(probe.vector_bits),
        requiredFeatures: CPUFeatures(rawValue: probe.required_features),
        function: ProbeFunction(call: run))
    }
  }()

  /// Runs the loop and tells how many operations that were.
  package func run(iterations: UInt64) -> UInt64 { function.call(iterations) }

  /// Additions of which each waits for the last: as many cycles of the core as this returns.
  package static func cycleChain(iterations: UInt64) -> UInt64 { hw_cycle_chain(iterations) }
}

/// The address of a loop's code.
///
/// It may be called from every thread: a C function carries no context, and these loops touch registers alone.
private struct ProbeFunction: @unchecked Sendable {
  let call: @convention(c) (UInt64) -> UInt64
}
