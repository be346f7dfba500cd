internal import CGPUKernels
package import Model

/// One way to build the device kernel of one algorithm, as `CGPUKernels` lists them.
package struct GPUShape: Hashable, Sendable {
  /// Place in the C table, by which a worker process is told which one is meant.
  package let index: Int
  package let algorithm: AlgorithmID
  /// Lower-case letters, digits and '-'.
  package let name: String
  /// Whether it is meant for cards, and for processors behind OpenCL; it is correct on both.
  package let suitsCards: Bool
  package let suitsProcessors: Bool
  /// Hashes that one item computes side by side.
  package let hashesPerItem: Int
  /// Items that share one hash.
  package let itemsPerHash: Int
  /// Bytes of scratch memory of each hash in work; 0 for algorithms without.
  package let scratchPerHash: UInt64
  /// Whether it works on the dataset of an epoch.
  package let hasDataset: Bool

  /// Every shape, algorithm by algorithm.
  package static let all: [GPUShape] = {
    var count = 0
    let start = unsafe hw_gpu_shapes(&count)
    return (0..<count).map { index in
      let shape = unsafe start + index
      return unsafe GPUShape(
        index: index, algorithm: AlgorithmID(rawValue: String(cString: shape.pointee.algorithm)),
        name: String(cString: shape.pointee.name),
        suitsCards: shape.pointee.devices & UInt32(hw_gpu_for_gpu) != 0,
        suitsProcessors: shape.pointee.devices & UInt32(hw_gpu_for_cpu) != 0,
        hashesPerItem: Int(shape.pointee.item_hashes),
        itemsPerHash: Int(shape.pointee.items_per_hash),
        scratchPerHash: hw_gpu_scratch_per_slot(shape), hasDataset: hw_gpu_has_dataset(shape))
    }
  }()

  package var hasScratch: Bool { scratchPerHash > 0 }

  /// The entry of the C table.
  internal var entry: UnsafePointer<hw_gpu_shape> {
    var count = 0
    return unsafe hw_gpu_shapes(&count) + index
  }

  /// SHA-256 of the source that the device's compiler gets, definitions included, in lower-case hex.
  package var sourceDigest: String {
    let parts = UnsafeMutablePointer<UnsafePointer<CChar>>.allocate(
      capacity: Int(hw_gpu_source_parts))
    defer { unsafe parts.deallocate() }
    var bytes: [UInt8] = []
    for index in 0..<(unsafe hw_gpu_source(entry, parts)) {
      bytes += unsafe Array(String(cString: parts[index]).utf8)
    }
    return Hexadecimal.encode(SHA256.hash(bytes))
  }
}

/// How a device is reached, and by whose compiler its kernels are made: the first word of a kernel's name.
package enum GPURoute: String, Hashable, Sendable, CaseIterable {
  /// The CUDA driver with kernels that were compiled to PTX when this program was built.
  case ptx
  /// The CUDA driver with NVIDIA's run-time compiler.
  case nvrtc
  /// OpenCL through the loader.
  case opencl
  /// A vendor's OpenCL library without a loader.
  case vendor

  /// The library that is opened for it.
  internal var library: GPULibraryKind {
    switch self {
    case .ptx, .nvrtc: .cuda
    case .opencl: .openCL
    case .vendor: .openCLVendor
    }
  }

  package var isCUDA: Bool { library == .cuda }

  /// `<route>-<shape>`, because the compiler makes the kernel as much as the source does.
  package func kernel(_ shape: GPUShape) -> KernelID {
    KernelID(rawValue: "\(rawValue)-\(shape.name)")
  }
}

/// The libraries by which devices are found.
package enum GPULibraryKind: String, Hashable, Sendable, CaseIterable {
  case cuda
  case openCL = "opencl"
  case openCLVendor = "opencl-vendor"
}
