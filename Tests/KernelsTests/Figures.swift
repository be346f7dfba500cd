import Foundation
import Kernels
import Model
import Testing

/// The published figures in `Figures/`, each with its source named.
enum Figures {
  struct Blocks: Decodable {
    let blocks: [Block]
  }

  /// A block of a real chain.
  struct Block: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let algorithm: String
    let header: String
    let hash: String
    let midstate: String?
    let pbkdf2: String?
    var testDescription: String { name }
  }

  struct CompactTargets: Decodable {
    struct Accepted: Decodable {
      let nbits: String
      let target: String
    }

    struct Rejected: Decodable {
      let nbits: String
      let why: String
    }

    let targets: [Accepted]
    let rejected: [Rejected]
  }

  struct Primitives: Decodable {
    struct Digest: Decodable {
      let message: String
      let digest: String
    }

    struct Keyed: Decodable {
      let key: String
      let message: String
      let digest: String
    }

    struct Derived: Decodable {
      let password: String
      let salt: String
      let iterations: Int
      let digest: String
    }

    struct Scrypt: Decodable {
      let password: String
      let salt: String
      let cost: Int
      let blockSize: Int
      let parallelization: Int
      let digest: String
    }

    struct Salsa: Decodable {
      let input: String
      let output: String
    }

    let sha256: [Digest]
    let keccak256: [Digest]
    let sha3256: [Digest]
    let hmac: [Keyed]
    let pbkdf2: [Derived]
    let scrypt: [Scrypt]
    let salsa: Salsa
  }

  static func load<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Figures/\(name).json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(contentsOf: file))
  }

  struct Vectors: Decodable {
    let vectors: [Vector]
  }

  /// Work of any shape with what it comes to.
  struct Vector: Decodable, Sendable {
    /// What a state is prepared from, as text; nil where there is none.
    let key: String?
    /// Of which epoch of its chain it is; nil where there is none.
    let epoch: UInt32?
    /// Etchash's second digest, in hexadecimal.
    let mix: String?
    /// The work as text, or in hexadecimal.
    let input: String
    let isHexadecimal: Bool?
    /// What proves it besides its nonce, in hexadecimal; nil where the nonce does.
    let payload: String?
    let value: String

    func bytes() throws -> [UInt8] {
      isHexadecimal == true ? try #require(Hexadecimal.decode(input)) : Array(input.utf8)
    }
  }

  /// The vectors of an algorithm that is not one of block headers; none where its file is missing.
  static func vectors(of algorithm: AlgorithmID) throws -> [Vector] {
    (try? load(Vectors.self, "\(algorithm)").vectors) ?? []
  }

  static func blocks() throws -> [Block] { try load(Blocks.self, "blocks").blocks }
}

/// The bytes of hexadecimal text that must be right.
func bytes(_ text: String) throws -> [UInt8] { try #require(Hexadecimal.decode(text)) }

extension Figures.Block {
  func parsedHeader() throws -> WorkInput {
    try #require(WorkInput(bytes: bytes(header), .blockHeader))
  }
}
