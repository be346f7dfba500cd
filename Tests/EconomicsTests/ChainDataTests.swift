import Economics
import Foundation
import Kernels
import Model
import Records
import Testing

/// The chains' files.
struct ChainDataTests {
  @Test("what is built in is what profiles/chains holds (make chains)")
  func builtIn() throws {
    let folder = "profiles/chains"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".json") }.sorted()
    #expect(BuiltInChains.texts.map(\.name) == names)
    for (name, text) in BuiltInChains.texts {
      #expect(try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) == text, "\(name)")
    }
  }

  @Test("the dataset that a purchase needs is the one that is hashed over, and in the chain's unit")
  func dataset() throws {
    for epoch: UInt32 in [195, 300, 435] {
      #expect(
        try Etchash.Epoch(epoch).datasetSize.value
          == EtchashDataSet.bytes(height: UInt64(epoch) * Etchash.Epoch.blocks))
    }
    let chain = try #require(try BuiltInChains.all().first { $0.algorithm == .etchash })
    #expect(chain.workUnit == AlgorithmDescriptor.etchash.shape.unit.rawValue)
  }

  @Test("every chain has rules that fit together, a source and a date")
  func whole() throws {
    for chain in try BuiltInChains.all() {
      #expect(!chain.source.address.isEmpty && chain.source.date.count == 10)
      if case .target(let limit, let one) = chain.difficulty {
        #expect(throws: Never.self) { try Target(compact: limit) }
        #expect(throws: Never.self) { try Target(compact: one) }
      }
      if let parent = chain.mergedWith {
        #expect(
          try BuiltInChains.all().contains { $0.id == parent && $0.algorithm == chain.algorithm })
      }
      #expect(chain.minerParts.map(\.fromHeight) == chain.minerParts.map(\.fromHeight).sorted())
    }
  }
}
