import Kernels
import Model
import Testing

struct SelectionTests {
  private let everyFeature = CPUFeatures(
    rawValue: KernelCatalog.builtIn.variants.reduce(0) { $0 | $1.requiredFeatures.rawValue })

  private func isOnlyOnDevices(_ algorithm: AlgorithmID) -> Bool {
    KernelCatalog.builtIn.algorithms.descriptor(of: algorithm)?.isOnlyOnDevices == true
  }

  @Test("every subset of the CPU's feature bits decides each kernel by the missing bits alone")
  func everySubset() throws {
    let bits = (0..<UInt64(64)).map { UInt64(1) << $0 }.filter { everyFeature.rawValue & $0 != 0 }
    for subset in 0..<(1 << bits.count) {
      let mask = bits.enumerated().reduce(UInt64(0)) { mask, bit in
        subset >> bit.offset & 1 == 1 ? mask | bit.element : mask
      }
      let features = CPUFeatures(rawValue: mask)
      for variant in KernelCatalog.builtIn.variants
      where variant.state?.library == nil && !isOnlyOnDevices(variant.algorithm) {
        let missing = variant.requiredFeatures.rawValue & ~mask
        if missing == 0 {
          let chosen = try KernelCatalog.builtIn.select(
            variant.id, for: variant.algorithm, on: features)
          #expect(chosen.id == variant.id && chosen.algorithm == variant.algorithm)
        } else {
          let error = #expect(throws: Failure.self) {
            try KernelCatalog.builtIn.select(variant.id, for: variant.algorithm, on: features)
          }
          #expect(error?.exitCode == .unavailable)
          for name in CPUFeatures(rawValue: missing).names {
            #expect(error?.message.contains(name) == true)
          }
        }
        let isUsable = KernelCatalog.builtIn.usable(for: variant.algorithm, on: features)
          .contains { $0.id == variant.id }
        #expect(isUsable == (missing == 0))
      }
    }
  }

  @Test("an unknown kernel is refused with the usable names, and the nearest one suggested")
  func unknown() {
    let error = #expect(throws: Failure.self) {
      try KernelCatalog.builtIn.select(KernelID(rawValue: "swfit"), for: .sha256d, on: [])
    }
    #expect(error?.exitCode == .usage)
    #expect(error?.line.contains("'swfit'") == true)
    #expect(error?.line.contains("did you mean 'swift'?") == true)
    #expect(error?.line.contains("openssl") == true)
  }

  @Test("an unknown algorithm is refused with the nearest one suggested")
  func unknownAlgorithm() {
    let error = #expect(throws: Failure.self) {
      try AlgorithmCatalog.builtIn.descriptor(named: "sha256")
    }
    #expect(error?.exitCode == .usage)
    #expect(error?.line.contains("did you mean 'sha256d'?") == true)
  }

  @Test(
    "the usual algorithms have the kernels that every machine can run", arguments: AlgorithmID.usual
  )
  func baseline(id: AlgorithmID) throws {
    let algorithm = try #require(AlgorithmCatalog.builtIn.descriptor(of: id))
    let names = KernelCatalog.builtIn.usable(for: algorithm.id, on: []).map(\.id.rawValue)
    #expect(names.first == "swift")
    #expect(names.contains("openssl") == (algorithm.id != .keccak256))
  }

  @Test("names are unique within an algorithm and follow the rule")
  func names() {
    for algorithm in AlgorithmCatalog.builtIn.all {
      let names = algorithm.kernels.map(\.id.rawValue)
      #expect(Set(names).count == names.count)
      #expect(names.allSatisfy(KernelVariant.isValid(name:)))
    }
  }
}
