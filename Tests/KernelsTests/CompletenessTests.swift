import Foundation
import Kernels
import Model
import Testing

/// What a new algorithm still lacks: this list is the checklist of adding one.
struct CompletenessTests {
  /// The project's folder.
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test("the catalogue holds exactly the algorithms that have a name, in the order shown to users")
  func names() {
    #expect(AlgorithmCatalog.builtIn.all.map(\.id) == AlgorithmID.known)
  }

  @Test("nothing is missing of an algorithm", arguments: AlgorithmID.known)
  func lacks(id: AlgorithmID) throws {
    let algorithm = try #require(AlgorithmCatalog.builtIn.descriptor(of: id))
    var missing: [String] = []
    if algorithm.knownAnswers.isEmpty { missing.append("a known answer in its descriptor") }
    let key = KernelProof.key(algorithm.shape)
    if algorithm.shape.preparation != .none,
      !algorithm.knownAnswers.contains(where: { $0.key != key })
    {
      missing.append("a known answer with a published key")
    }
    if algorithm.kernels.count < 2, !algorithm.isOnlyOnDevices {
      missing.append("a kernel beside the Swift reference")
    }
    let isOfLibrary = algorithm.kernels.allSatisfy { $0.state?.library != nil }
    let anyKey = algorithm.knownAnswers.first?.key ?? key
    if !isOfLibrary, try algorithm.isOnlyOnDevices || algorithm.reference(key: anyKey).finds,
      algorithm.kernels.first?.id != KernelVariant.referenceName
    {
      missing.append("the Swift reference as its first kernel")
    }
    if algorithm.shape == .blockHeader {
      let blocks = try Figures.blocks().filter { $0.algorithm == id.rawValue }
      if blocks.count < 2 { missing.append("two blocks in Tests/KernelsTests/Figures/blocks.json") }
    } else if try Figures.vectors(of: id).count < 2 {
      missing.append("two vectors in Tests/KernelsTests/Figures/\(id).json")
    }
    var places = [
      ("Documentation/KernelABI.md", "its row in the table of shapes"),
      ("README.md", "its name"),
    ]
    // Nobody sells hardware for a trial.
    if id != .etchashTest {
      places.append(("Scripts/import-claims.py", "its name among the algorithms of claims"))
    }
    if algorithm.shape == .blockHeader {
      places.append(("Tests/CHarness/harness.c", "its family of kernels"))
    }
    for (path, what) in places where try !Self.text(path).contains("\(id)") {
      missing.append("\(what) in \(path)")
    }
    #expect(missing.isEmpty, "\(id) lacks \(missing.joined(separator: "; "))")
  }

  @Test("every answer and every kernel of an algorithm has its shape", arguments: AlgorithmID.known)
  func shapes(id: AlgorithmID) throws {
    let algorithm = try #require(AlgorithmCatalog.builtIn.descriptor(of: id))
    for answer in algorithm.knownAnswers {
      #expect(answer.input.bytes.count == algorithm.shape.size)
      #expect(answer.payload.count == algorithm.shape.payloadSize)
    }
    for kernel in algorithm.kernels {
      #expect(kernel.shape == algorithm.shape && kernel.algorithm == id)
    }
  }
}
